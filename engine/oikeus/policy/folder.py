"""A folder of policies: its CSV files, its catalogue, judged together or refused.

Nothing of a folder is usable while anything in it is wrong, so that a load is never
half done. Hidden files (an editor's locks, a file system's own) are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import PolicyError, Problem
from ..terms import Line
from .catalogue import Catalogue, read_catalogue
from .lines import read_lines
from .model import Model
from .validate import validate

NOT_CATALOGUES = frozenset({"invariants.yaml"})
"""YAML files of a policy folder that are not its catalogue."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What the files of a policy say.

    Attributes:
        lines: of all CSV files, in the order of the files' names.
        catalogue: the words and their labels.
        catalogue_text: the catalogue as it was written.
        warnings: what takes no effect yet.
    """

    lines: tuple[Line, ...]
    catalogue: Catalogue
    catalogue_text: str
    warnings: tuple[Problem, ...]


def load_policies(
    folder: Path,
    model: Model,
    *,
    more: Sequence[Path] = (),
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
    problems: list[Problem] = []
    lines: list[Line] = []
    for path in (*_files(folder, ".csv"), *more):
        reading = read_lines(_text(path, problems) or "", _name(path))
        lines.extend(reading.lines)
        problems.extend(reading.problems)
    file, text = _catalogue(folder, problems)
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
    except OSError as error:
        problems = [Problem(str(folder), 0, _unreadable(error, "a folder of policies"))]
        raise PolicyError(problems) from error
    return [
        path
        for path in files
        if path.suffix.lower() == suffix and not path.name.startswith(".")
    ]


def _catalogue(folder: Path, problems: list[Problem]) -> tuple[str, str | None]:
    """Find the catalogue of a folder: its name, and its text where there is one."""
    found = [
        path for path in _files(folder, ".yaml") if path.name not in NOT_CATALOGUES
    ]
    if len(found) == 1:
        return _name(found[0]), _text(found[0], problems)
    names = ", ".join(path.name for path in found) or "none"
    text = (
        f"expected one catalogue, a .yaml file, in a folder of policies; found {names}"
    )
    problems.append(Problem(str(folder), 0, text))
    return str(folder), None


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        text = _unreadable(error, "a file of text")
    except UnicodeDecodeError as error:
        text = f"is not UTF-8 at byte {error.start + 1}, expected UTF-8"
    problems.append(Problem(_name(path), 0, text))
    return None


def _unreadable(error: OSError, expected: str) -> str:
    reason = (error.strerror or "for an unknown reason").lower()
    return f"cannot be read ({reason}), expected {expected}"


def _name(path: Path) -> str:
    """The path that a version records: the folder's own name and the file's.

    It is the same wherever the command is given, in the folder or beside it.
    """
    return f"{path.parent.resolve().name}/{path.name}"
