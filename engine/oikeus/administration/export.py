"""A version as files: what stock Casbin loads, and what tells which version it is.

All or nothing: the files are written into a folder beside the one that was asked for,
which takes its place when all of them are there.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from ..decide.stock import csv_text
from ..errors import ExportError, Problem, SignatureError, StoreError
from ..policy.file_texts import INVARIANTS
from ..policy.wording import shown
from ..store import Reader, Store, Version
from ..store.checkpoints import Checkpoint

FORMAT: Final = "oikeus-export-1"
"""Names the form of an export; another one would get another name."""

MODEL: Final = "model.conf"
LINES: Final = "lines.csv"
CATALOGUE: Final = "catalogue.yaml"
NAMES: Final = "names.json"
ABOUT: Final = "version.json"
CHECKPOINT: Final = "checkpoint.json"

_NO_POLICY = "version {} holds no policy, expected one since the first `oikeus apply`"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        version: the one that is now in files.
        lines: how many lines it has.
        files: the names of the files.
        vouched: the version that the checkpoint beside it vouches for, if one is.
    """

    version: Version
    lines: int
    files: tuple[str, ...]
    vouched: int | None = None


def export_version(
    store: Store,
    folder: Path,
    *,
    version: int | None = None,
    checkpoint: Path | None = None,
) -> Exported:
    """Write all that was in force at a version into a new or an empty folder.

    Only its owner can read the folder: grants name people.

    Args:
        store: where the version is.
        folder: made unless it is there; it must be empty.
        version: its number; the head unless told.
        checkpoint: the file of one of this version or a later one, to put beside it
            as `checkpoint.json`; its signature is for who receives it to verify.

    Raises:
        ExportError: the folder is not empty or cannot be written, the checkpoint cannot
            be read or does not vouch for this version, or a line is not one that Casbin
            would read as it is; with all such lines.
        StoreError: the database cannot be read, or has no such version or no policy.
    """
    place = folder.resolve()
    try:
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise _failed(folder, "is there, expected a new or an empty folder")
        sealed = checkpoint.read_bytes() if checkpoint else None
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            exported = _write(store, beside, version, checkpoint, sealed)
            # takes the place of an empty folder, and of no other
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        reason = (error.strerror or "for an unknown reason").lower()
        wrong = Path(error.filename or folder)
        if checkpoint is None or wrong != checkpoint:
            wrong = folder
        raise _failed(wrong, f"cannot be used ({reason})") from error
    return exported


def _failed(path: Path, text: str) -> ExportError:
    return ExportError([Problem(str(path), 0, text)])


def _write(
    store: Store,
    folder: Path,
    number: int | None,
    path: Path | None,
    checkpoint: bytes | None,
) -> Exported:
    # by its number, also the head: what is given away is what the log says
    with store.reading(store.head() if number is None else number) as reader:
        version = reader.version_row()
        vouched = None
        if path is not None and checkpoint is not None:
            vouched = _vouched(path, checkpoint, version)
        if reader.model is None or reader.catalogue is None:
            raise StoreError(_NO_POLICY.format(version.number))
        names = {name: asdict(called) for name, called in reader.names.items()}
        texts = {
            MODEL: reader.model.encode(),
            CATALOGUE: reader.catalogue.encode(),
            NAMES: _json(names),
            **({INVARIANTS: said.encode()} if (said := reader.invariants) else {}),
            **({} if checkpoint is None else {CHECKPOINT: checkpoint}),
        }
        with (folder / LINES).open("wb") as file:
            count, digest = _write_lines(reader, file)
    digests = {name: sha256(text).hexdigest() for name, text in texts.items()}
    digests[LINES] = digest
    about = {"format": FORMAT, **asdict(version), "lines": count, "files": digests}
    texts[ABOUT] = _json(about)
    for name, text in texts.items():
        (folder / name).write_bytes(text)
    return Exported(version, count, (*sorted(digests), ABOUT), vouched)


def _vouched(path: Path, text: bytes, version: Version) -> int:
    """The version of a checkpoint, which must be this one or come after it.

    Raises:
        ExportError: it is of another log or before, or no checkpoint.
    """
    try:
        found = Checkpoint.parse(text.decode(errors="replace"))
    except SignatureError as error:
        raise _failed(path, str(error)) from None
    if found.version < version.number:
        wrong = (
            f"vouches for version {found.version}, expected {version.number} or later"
        )
        raise _failed(path, wrong)
    if found.version == version.number and found.digest != version.digest:
        wrong = f"has another digest of version {version.number} than the database"
        raise _failed(path, wrong)
    return found.version


def _write_lines(reader: Reader, file: BinaryIO) -> tuple[int, str]:
    """Write the lines in their order; gives how many, and the digest of the file.

    Raises:
        ExportError: with all lines that Casbin would not read as they are.
    """
    problems: list[Problem] = []
    digest = sha256()
    count = 0
    with closing(reader.every_line()) as lines:
        for count, line in enumerate(lines, 1):
            text = csv_text(line)
            if text is None:
                problem = f"the line {shown(line)} holds what no CSV of Casbin can"
                problems.append(Problem(LINES, count, problem))
            elif not problems:
                written = f"{text}\n".encode()
                digest.update(written)
                file.write(written)
    if problems:
        raise ExportError(problems)
    return count, digest.hexdigest()


def _json(value: Any) -> bytes:  # noqa: ANN401 # anything that JSON can say
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()
