"""Where a state of a policy can come from: a version, a day, git, or a folder.

- `7` and `head`: a version of the database
- `2026-03-01`: the last version of that day in Europe/Helsinki; an instant likewise
- `git:REVISION` or `git:REVISION:FOLDER`: files out of git, without a checkout
- anything else is the path of a folder

Files say nothing of the register, of blocks and of grants that came another way. They
are laid over what the state that they are compared with keeps of those, or the head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import StoreError
from ..moments import instant_of, parse_moment
from ..store import Contents, Store
from .files import PolicyFiles, read_files, read_revision
from .laying import NOTHING, lay_over
from .states import State, state_of

HEAD = "head"
_GIT = "git:"
_MOMENT = re.compile(r"[0-9]{1,10}|\d{4}-\d\d-\d\d([T ]\d.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origins:
    """What words about states of a policy are understood by.

    Attributes:
        store: the database; nothing where there is none.
        folder: what `git:REVISION` means where it names no folder.
        model: the path of the model; `model.conf` beside each folder by default.
    """

    store: Store | None = None
    folder: Path = Path("policies")
    model: Path | None = None


def load_states(first: str, second: str, origins: Origins) -> tuple[State, State]:
    """Read two states of a policy, to be compared.

    Raises:
        StoreError: no such version, or there is no database to ask for one.
        PolicyError: everything that is wrong in the files, or no such revision.
        ModelError: a model cannot be read, or not be decided with.
    """
    words = first, second
    folders = [word for word in words if not _is_other(word)]
    if folders:
        # a revision and a folder: the same folder is meant
        origins = Origins(origins.store, Path(folders[0]), origins.model)
    versions = {word: _version(word, origins) for word in words if _is_version(word)}
    base = next(iter(versions.values()), None)
    if base is None:
        base = NOTHING if origins.store is None else origins.store.load()
    before, after = (
        state_of(versions[word])
        if word in versions
        else _of_files(word, _files(word, origins), base)
        for word in words
    )
    return before, after


def _is_version(word: str) -> bool:
    return word == HEAD or _MOMENT.fullmatch(word) is not None


def _is_other(word: str) -> bool:
    return _is_version(word) or word.startswith(_GIT)


def _version(word: str, origins: Origins) -> Contents:
    if origins.store is None:
        message = f"`{word}` is a version, expected a database: name one with --db"
        raise StoreError(message)
    if word == HEAD:
        return origins.store.load()
    try:
        moment = parse_moment(word)
    except ValueError as error:
        raise StoreError(str(error)) from error
    if isinstance(moment, int):
        return origins.store.load(moment)
    number = origins.store.version_at(instant_of(moment))
    if not number:
        message = f"there was no version yet at `{word}`, expected a later day"
        raise StoreError(message)
    return origins.store.load(number)


def _files(word: str, origins: Origins) -> PolicyFiles:
    if not word.startswith(_GIT):
        return read_files(word, origins.model)
    revision, colon, folder = word.removeprefix(_GIT).partition(":")
    place = Path(folder) if colon else origins.folder
    return read_revision(revision, place, origins.model)


def _of_files(word: str, files: PolicyFiles, base: Contents) -> State:
    laid = lay_over(files.texts, files.model, base)
    return State(
        word,
        laid.contents,
        laid.snapshot,
        warnings=laid.policies.warnings,
        git_commit=files.git_commit,
        invariants=laid.policies.invariants,
    )
