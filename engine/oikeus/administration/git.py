"""What a git repository holds at a revision, read without a checkout.

Only the program `git` knows a repository, and only what reads objects is asked of it:
`rev-parse`, `ls-tree` and `cat-file`, which run no hook, filter or other program that
the repository names. What comes from outside goes into one word of a command, and never
first in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ..errors import PolicyError, Problem
from ..policy.wording import shown

_SECONDS = 60
_REGULAR = frozenset({"100644", "100755"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a name in a folder of a commit.

    Attributes:
        name: without the folder.
        id: of the object that holds it.
        size: in bytes; 0 where it is no regular file.
        is_file: whether it is a regular file, and no link, folder or other repository.
    """

    name: str
    id: str
    size: int
    is_file: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository with a checkout, whatever is checked out there."""

    top: Path

    @classmethod
    def around(cls, path: Path) -> Self | None:
        """The repository that a path is in, which need not be there now, if any."""
        place = resolved(path)
        while not place.is_dir() and place != place.parent:
            place = place.parent
        top = _git(place, "rev-parse", "--show-toplevel")
        return None if top is None else cls(Path(os.fsdecode(top[:-1])).resolve())

    def commit(self, revision: str) -> str:
        """The commit that a revision means.

        Raises:
            PolicyError: no such revision, or a word that can be none.
        """
        found = None
        if revision.strip() and revision.isprintable() and revision[0] != "-":
            found = self._object(f"{revision}^{{commit}}")
        if found is None:
            expected = f"expected one of the repository {shown(self.top.name)}"
            text = f"{shown(revision)} is no revision, {expected}"
            raise PolicyError([Problem("git", 0, text)])
        return found

    def within(self, path: Path) -> str | None:
        """The path of a file from the top of the repository, if it is in there."""
        place = resolved(path)
        if not place.is_relative_to(self.top):
            return None
        found = place.relative_to(self.top).as_posix()
        return "" if found == "." else found

    def list(self, commit: str, folder: str) -> tuple[Entry, ...] | None:
        """What stands in a folder at a commit; nothing where there is no folder."""
        tree = self._object(f"{commit}:{folder}")
        listed = tree and _git(self.top, "ls-tree", "-z", "--long", tree)
        if listed is None or isinstance(listed, str):
            return None
        return tuple(_entry(each) for each in listed.split(b"\0") if each)

    def read(self, id: str) -> bytes | None:  # noqa: A002 # the word of this project
        """The bytes of a file, by the id of its object."""
        return _git(self.top, "cat-file", "blob", id)

    def text(self, commit: str, path: str) -> str | None:
        """The text of a file at a commit, as `Path.read_text` gives that of one."""
        found = self._object(f"{commit}:{path}")
        data = None if found is None else self.read(found)
        if data is None:
            return None
        text = data.decode("utf-8", errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _object(self, name: str) -> str | None:
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        found = _git(self.top, *words)
        return None if found is None else found.decode("ascii").strip()


def resolved(path: Path) -> Path:
    """The path with all links followed.

    Raises:
        PolicyError: they lead in a circle, or no path can be so.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        text = "cannot be followed, expected links that lead to a folder"
        name = str(path) if str(path).isprintable() else shown(str(path))
        raise PolicyError([Problem(name, 0, text)]) from error


def _entry(listed: bytes) -> Entry:
    described, _, name = listed.partition(b"\t")
    mode, _, id_, size = described.decode("ascii").split()
    is_file = mode in _REGULAR
    return Entry(os.fsdecode(name), id_, int(size) if is_file else 0, is_file)


def _git(place: Path, *words: str) -> bytes | None:
    """What git answers; nothing where it refuses, or is not there."""
    program = shutil.which("git")
    if program is None:
        return None
    # a hook that runs this command has variables that would lead to its repository
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_")
    }
    try:
        done = subprocess.run(  # noqa: S603 # a fixed program, and no shell
            [program, "--no-replace-objects", "-C", str(place), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"},
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout
