"""Checkpoints: the head at one moment, signed, to be kept where the database is not.

A chain shows neither that its end was cut off nor that all of it was written anew. Who
holds a checkpoint can tell: the version that it names must be there, with its digest.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import select

from ..canonical import canonical
from ..errors import SignatureError, TamperedError
from ..signatures import Signature, SigningKey, VerifyingKey
from .asking import asking
from .reading import mark_of
from .store import Store
from .tables import version
from .values import Mark

FORMAT: Final = "oikeus-checkpoint-1"
"""Names the form; another one would get another name."""

_TEXTS = ("digest", "time", "made", "key", "signature")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log, and who vouches for it.

    Attributes:
        version: its number; 0 when nothing had been committed.
        digest: of that version.
        time: of that version; blank before the first one.
        made: when the checkpoint was made, by the clock of who made it.
        key: the id of the key.
        signature: over all of this, in base64.
    """

    version: int
    digest: str
    time: str
    made: str
    key: str
    signature: str

    @classmethod
    def make(cls, mark: Mark, time: str, key: SigningKey) -> Self:
        """Vouch for a version, as of now."""
        made = datetime.now(UTC).isoformat(timespec="microseconds")
        form = {
            "version": mark.number,
            "digest": mark.digest,
            "time": time,
            "made": made.replace("+00:00", "Z"),
            "key": key.public.id,
        }
        signature = key.sign({"format": FORMAT, **form}).text
        return cls(**form, signature=signature)  # type: ignore[arg-type] # as made above

    @classmethod
    def read(cls, text: str, key: VerifyingKey) -> Self:
        """Read a checkpoint and make sure that the key vouches for it.

        Raises:
            SignatureError: it is no checkpoint.
            UnfitSignatureError: the signature does not fit.
        """
        found = cls.parse(text)
        found.require(key)
        return found

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a checkpoint that nobody vouches for yet; `require` makes sure.

        Raises:
            SignatureError: it is no checkpoint.
        """
        try:
            form: Any = json.loads(text)
        except (ValueError, RecursionError):
            form = None
        if not _is_checkpoint(form):
            message = "this is no checkpoint, expected the file of `oikeus checkpoint`"
            raise SignatureError(message)
        del form["format"]
        return cls(**form)

    @classmethod
    def load(cls, path: Path, key: VerifyingKey) -> Self:
        """Read the file of a checkpoint; see `read`.

        Raises:
            SignatureError: it cannot be read, or is no checkpoint.
            UnfitSignatureError: the signature does not fit.
        """
        return cls.read(_text(path), key)

    def require(self, key: VerifyingKey) -> None:
        """Make sure that the key vouches for it.

        Raises:
            UnfitSignatureError: the signature does not fit.
        """
        form = {"format": FORMAT, **asdict(self)}
        key.verify(form, Signature(self.key, form.pop("signature")))

    def keep(self, path: Path, key: VerifyingKey) -> Self:
        """Write the file, unless one is there that says the same and is older.

        A file that says anything else is evidence, and stays as it is.

        Args:
            path: the file.
            key: vouches for the one that is there.

        Returns:
            what the file holds now: this checkpoint, or the older one.

        Raises:
            TamperedError: the file has the same version with another digest.
            SignatureError: the file is anything else, or cannot be written.
        """
        if not os.path.lexists(path):
            self.save(path)
            return self
        try:
            found = self.parse(_text(path))
            if found.version == self.version and found.digest != self.digest:
                message = (
                    f"the checkpoint `{path}` has another digest of version "
                    f"{self.version} than the database: the log was written anew, or "
                    "this is another database; keep both as evidence"
                )
                raise TamperedError(message)
            found.require(key)
        except SignatureError as error:
            raise SignatureError(_occupied(path, f"({error})")) from None
        if found.mark != self.mark:
            raise SignatureError(_occupied(path, f"of version {found.version}"))
        return found

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all; what was there is gone.

        Raises:
            SignatureError: it cannot be written.
        """
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_text(self.text, encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"the checkpoint `{path}` cannot be written: {reason}"
            raise SignatureError(message) from None

    @property
    def mark(self) -> Mark:
        """What the version is told by."""
        return Mark(self.version, self.digest)

    @property
    def text(self) -> str:
        """The file: canonical JSON, on one line."""
        return canonical({"format": FORMAT, **asdict(self)}) + "\n"


def checkpoint(
    store: Store, key: SigningKey, *, mark: Mark | None = None
) -> Checkpoint:
    """Vouch for the head of a database, as it is now.

    Args:
        store: the database.
        key: of who vouches.
        mark: the version that was verified, to vouch for that one though another writer
            went on; the head unless told.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        mark = mark or mark_of(asking(connection))
        of_head = select(version.c.time).where(version.c.number == mark.number)
        time = connection.scalar(of_head) or ""
    return Checkpoint.make(mark, time, key)


_LONGEST = 65_536
"""How many bytes of a file are read: a checkpoint has some hundreds."""


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        message = f"the checkpoint `{path}` cannot be read: {reason}".lower()
        raise SignatureError(message) from None


def _occupied(path: Path, what: str) -> str:
    return f"`{path}` is there already {what}, expected a new file or the same head"


def _is_checkpoint(form: Any) -> bool:  # noqa: ANN401 # whatever the file holds
    return (
        isinstance(form, dict)
        and form.keys() == {"format", "version", *_TEXTS}
        and form["format"] == FORMAT
        and type(form["version"]) is int
        and all(isinstance(form[name], str) for name in _TEXTS)
    )
