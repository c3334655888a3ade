"""A folder of policies: its CSV files, its catalogue, judged together or refused.

Nothing of a folder is usable while anything in it is wrong, so that a load is never
half done. Hidden files (an editor's locks, a file system's own) are passed over.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import PolicyError, Problem
from ..terms import Line
from .catalogue import Catalogue, read_catalogue
from .lines import read_lines
from .model import Model
from .validate import validate
from .wording import shown

NOT_CATALOGUES = frozenset({"invariants.yaml"})
"""YAML files of a policy folder that are not its catalogue."""

LONGEST_FILE = 16 * 2**20
"""How many bytes a file of the folder may have; people write them, line by line."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What the files of a policy say.

    Attributes:
        lines: of all CSV files, in the order of the files' names.
        catalogue: the words and their labels.
        catalogue_text: the catalogue as it was written.
        warnings: what is not wrong, but takes no effect yet or is hardly meant.
    """

    lines: tuple[Line, ...]
    catalogue: Catalogue
    catalogue_text: str
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class FolderTexts:
    """What stands in the files of a folder, read and not yet judged.

    Attributes:
        files: the name and text of each CSV file, in the order of names.
        catalogue_file: the name of the catalogue; the folder's where it has none.
        catalogue_text: its text; nothing where it cannot be read.
        problems: the files that cannot be read.
    """

    files: tuple[tuple[str, str], ...]
    catalogue_file: str
    catalogue_text: str | None
    problems: tuple[Problem, ...]


def load_policies(
    folder: Path | str,
    model: Model,
    *,
    more: Sequence[Path | str] = (),
    context: Iterable[Line] = (),
) -> Policies:
    """Read and judge a folder of policies.

    Args:
        folder: holds `*.csv` and one catalogue, `*.yaml`.
        model: what the lines are for.
        more: further CSV files that count as the folder's own.
        context: lines in force from elsewhere: the register, earlier grants.

    Raises:
        PolicyError: everything that is wrong, in all files.
    """
    return judge_texts(read_folder(folder, more), model, context)


def read_folder(folder: Path | str, more: Sequence[Path | str] = ()) -> FolderTexts:
    """Read a folder and judge nothing, so that no lock need be held meanwhile.

    Args:
        folder: holds `*.csv` and one catalogue, `*.yaml`.
        more: further CSV files that count as the folder's own, of any length.

    Raises:
        PolicyError: the folder cannot be listed.
    """
    problems: list[Problem] = []
    place = Path(folder)
    found = [
        *((path, LONGEST_FILE) for path in _files(place, ".csv")),
        *((Path(path), None) for path in more),
    ]
    texts = tuple(
        (_name(path), _text(path, problems, longest) or "") for path, longest in found
    )
    file, text = _catalogue(place, problems)
    return FolderTexts(texts, file, text, tuple(problems))


def texts_of(
    folder: str, files: Mapping[str, bytes], problems: Sequence[Problem] = ()
) -> FolderTexts:
    """The texts of a folder that was read in another way, such as out of git.

    Args:
        folder: its own name.
        files: what stands in those that `is_of_policy` tells, by their names.
        problems: the files that cannot be read.
    """
    found = [*problems]
    texts = {
        name: _decoded(data, f"{folder}/{name}", found)
        for name, data in sorted(files.items())
    }
    csv = (name for name in texts if name.lower().endswith(".csv"))
    yaml = [name for name in texts if name.lower().endswith(".yaml")]
    file, text = folder, None
    if len(yaml) == 1:
        file, text = f"{folder}/{yaml[0]}", texts[yaml[0]]
    else:
        found.append(_no_catalogue(folder, yaml))
    return FolderTexts(
        tuple((f"{folder}/{name}", texts[name] or "") for name in csv),
        file,
        text,
        tuple(found),
    )


def is_of_policy(name: str) -> bool:
    """Whether a file of this name in a folder of policies is part of the policy."""
    suffix = Path(name).suffix.lower()
    is_catalogue = suffix == ".yaml" and name not in NOT_CATALOGUES
    return (suffix == ".csv" or is_catalogue) and not name.startswith(".")


def judge_texts(
    texts: FolderTexts, model: Model, context: Iterable[Line] = ()
) -> Policies:
    """Judge what stands in a folder.

    Args:
        texts: of its files.
        model: what the lines are for.
        context: lines in force from elsewhere: the register, earlier grants.

    Raises:
        PolicyError: everything that is wrong, in all files.
    """
    problems = [*texts.problems]
    lines: list[Line] = []
    for name, written in texts.files:
        reading = read_lines(written, name)
        lines.extend(reading.lines)
        problems.extend(reading.problems)
    file, text = texts.catalogue_file, texts.catalogue_text
    catalogue = None
    if text is not None:
        try:
            catalogue = read_catalogue(text, file)
        except PolicyError as error:
            # without the words, only the form of lines and the tree can be judged
            problems.extend(error.problems)
    findings = validate(lines, model, catalogue, context, catalogue_file=file)
    problems.extend(findings.problems)
    if problems or catalogue is None or text is None:
        raise PolicyError(problems)
    return Policies(tuple(lines), catalogue, text, findings.warnings)


def _files(folder: Path, suffix: str) -> list[Path]:
    """The files of a folder with this suffix, in large or small letters, by name."""
    try:
        files = sorted(folder.iterdir())
    except (OSError, ValueError) as error:
        text = _unreadable(error, "a folder of policies")
        raise PolicyError([Problem(_plain(folder), 0, text)]) from error
    return [
        path
        for path in files
        if path.suffix.lower() == suffix and is_of_policy(path.name)
    ]


def _catalogue(folder: Path, problems: list[Problem]) -> tuple[str, str | None]:
    """Find the catalogue of a folder: its name, and its text where there is one."""
    found = _files(folder, ".yaml")
    if len(found) == 1:
        return _name(found[0]), _text(found[0], problems, LONGEST_FILE)
    problems.append(_no_catalogue(str(folder), [path.name for path in found]))
    return str(folder), None


def _no_catalogue(folder: str, names: Sequence[str]) -> Problem:
    found = ", ".join(names) or "none"
    text = (
        f"expected one catalogue, a .yaml file, in a folder of policies; found {found}"
    )
    return Problem(folder, 0, text)


def _text(path: Path, problems: list[Problem], longest: int | None) -> str | None:
    """Read a file, or note why it cannot be; what could wait for ever is not opened."""
    try:
        mode = path.stat().st_mode
        # opening a folder fails by itself
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            with path.open("rb") as file:
                # one more than there may be: some files do not know how long they are
                data = file.read(-1 if longest is None else longest + 1)
            if longest is None or len(data) <= longest:
                return _decoded(data, _name(path), problems)
            text = too_long(longest)
        else:
            text = "is no regular file, expected a file of text"
    except (OSError, ValueError) as error:
        text = _unreadable(error, "a file of text")
    problems.append(Problem(_name(path), 0, text))
    return None


def too_long(longest: int) -> str:
    """Why a file is not read."""
    return f"is longer than {longest} bytes, expected a file of text"


def _decoded(data: bytes, name: str, problems: list[Problem]) -> str | None:
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


def _name(path: Path) -> str:
    """The path that a version records: the folder's own name and the file's.

    It is the same wherever the command is given, in the folder or beside it.
    """
    try:
        return f"{path.parent.resolve().name}/{_plain(path.name)}"
    except ValueError:
        return _plain(path)


def _plain(path: Path | str) -> str:
    """A path as it is given, or escaped where it would break a line of text."""
    return str(path) if str(path).isprintable() else shown(path)
