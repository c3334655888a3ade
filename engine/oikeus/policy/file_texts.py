"""Reads the files of a folder of policies as text, and notes why one cannot be read.

Hidden files (an editor's locks, a file system's own) are passed over.
"""

from __future__ import annotations

import stat
from pathlib import Path

from ..errors import PolicyError, Problem
from .wording import shown

INVARIANTS = "invariants.yaml"
"""The YAML file of a policy's folder that is not its catalogue."""

LONGEST_FILE = 16 * 2**20
"""How many bytes a file of the folder may have; people write them, line by line."""


def is_of_policy(name: str) -> bool:
    """Whether a file of this name in a folder of policies is to be read.

    So is one that is meant for the invariants and would be passed over by its name.
    """
    suffix = Path(name).suffix.lower()
    is_read = suffix in (".csv", ".yaml") and not name.startswith(".")
    return is_read or is_misnamed(name)


def is_misnamed(name: str) -> bool:
    """Whether a file is meant for the invariants, and has not their name."""
    return name.lower() == f"{Path(INVARIANTS).stem}.yml"


def misnamed(name: str) -> Problem:
    """Why a file that is meant for the invariants is refused."""
    return Problem(name, 0, f"would not be read, expected the name `{INVARIANTS}`")


def files_with(
    folder: Path, suffix: str, expected: str = "a folder of policies"
) -> list[Path]:
    """The files of a folder with this suffix, in large or small letters, by name.

    Args:
        folder: where they are.
        suffix: such as `.csv`, in small letters.
        expected: what the folder should be.

    Raises:
        PolicyError: it cannot be listed.
    """
    try:
        files = sorted(folder.iterdir())
    except (OSError, ValueError) as error:
        text = _unreadable(error, expected)
        raise PolicyError([Problem(plain(folder), 0, text)]) from error
    return [
        path
        for path in files
        if path.suffix.lower() == suffix and not path.name.startswith(".")
    ]


def text_of(
    path: Path, problems: list[Problem], longest: int | None, name: str = ""
) -> str | None:
    """Read a file, or note why it cannot be; what could wait for ever is not opened.

    Args:
        path: of the file.
        problems: where it is noted.
        longest: how many bytes it may have; as many as it has by default.
        name: what problems call it; its folder's own name and its own by default.
    """
    name = name or name_of(path)
    try:
        mode = path.stat().st_mode
        # opening a folder fails by itself
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            with path.open("rb") as file:
                # one more than there may be: some files do not know how long they are
                data = file.read(-1 if longest is None else longest + 1)
            if longest is None or len(data) <= longest:
                return decoded(data, name, problems)
            text = too_long(longest)
        else:
            text = "is no regular file, expected a file of text"
    except (OSError, ValueError) as error:
        text = _unreadable(error, "a file of text")
    problems.append(Problem(name, 0, text))
    return None


def too_long(longest: int) -> str:
    """Why a file is not read."""
    return f"is longer than {longest} bytes, expected a file of text"


def decoded(data: bytes, name: str, problems: list[Problem]) -> str | None:
    """The text of a file, or a note of why it is none.

    How its lines end is no part of it: a checkout on Windows is the same policy.
    """
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        text = f"is not UTF-8 at byte {error.start + 1}, expected UTF-8"
    problems.append(Problem(name, 0, text))
    return None


def _unreadable(error: OSError | ValueError, expected: str) -> str:
    if isinstance(error, OSError):
        reason = (error.strerror or "for an unknown reason").lower()
    else:
        # a NUL, or half of a character: no path of any file
        reason = "no such path can be"
    return f"cannot be read ({reason}), expected {expected}"


def name_of(path: Path) -> str:
    """The path that a version records: the folder's own name and the file's.

    It is the same wherever the command is given, in the folder or beside it.
    """
    try:
        return f"{path.parent.resolve().name}/{plain(path.name)}"
    except ValueError:
        return plain(path)


def plain(path: Path | str) -> str:
    """A path as it is given, or escaped where it would break a line of text."""
    return str(path) if str(path).isprintable() else shown(path)
