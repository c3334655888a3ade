"""A folder of policies: its CSV files, its catalogue, judged together or refused.

Nothing of a folder is usable while anything in it is wrong, so that a load is never
half done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import PolicyError, Problem
from ..terms import Line
from .catalogue import Catalogue
from .catalogue_reading import read_catalogue
from .file_texts import (
    INVARIANTS,
    LONGEST_FILE,
    decoded,
    files_with,
    is_misnamed,
    misnamed,
    name_of,
    text_of,
)
from .invariants import Invariant, read_invariants
from .lines import read_lines
from .model import Model
from .validate import validate, validate_some


@dataclass(frozen=True, slots=True)
class Policies:
    """What the files of a policy say.

    Attributes:
        lines: of all CSV files, in the order of the files' names.
        catalogue: the words and their labels.
        catalogue_text: the catalogue as it was written.
        warnings: what is not wrong, but takes no effect yet or is hardly meant.
        invariants: what no delegation may lead to.
        invariants_text: the same as it was written; empty where there is no file.
    """

    lines: tuple[Line, ...]
    catalogue: Catalogue
    catalogue_text: str
    warnings: tuple[Problem, ...]
    invariants: tuple[Invariant, ...] = ()
    invariants_text: str = ""


@dataclass(frozen=True, slots=True)
class FolderTexts:
    """What stands in the files of a folder, read and not yet judged.

    Attributes:
        files: the name and text of each CSV file, in the order of names.
        catalogue_file: the name of the catalogue; the folder's where it has none.
        catalogue_text: its text; nothing where it cannot be read.
        problems: the files that cannot be read.
        invariants: the name and text of the file of invariants, where there is one.
        is_whole: whether each CSV file could be read.
    """

    files: tuple[tuple[str, str], ...]
    catalogue_file: str
    catalogue_text: str | None
    problems: tuple[Problem, ...]
    invariants: tuple[str, str] | None = None
    is_whole: bool = True


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
        *((path, LONGEST_FILE) for path in files_with(place, ".csv")),
        *((Path(path), None) for path in more),
    ]
    texts = tuple(
        (name_of(path), text_of(path, problems, longest) or "")
        for path, longest in found
    )
    is_whole = not problems
    file, text = _catalogue(place, problems)
    invariants = _invariants(place, problems)
    return FolderTexts(texts, file, text, tuple(problems), invariants, is_whole)


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
        name: decoded(data, f"{folder}/{name}", found)
        for name, data in sorted(files.items())
    }
    found += (misnamed(f"{folder}/{name}") for name in texts if is_misnamed(name))
    csv = [name for name in texts if name.lower().endswith(".csv")]
    yaml = [
        name for name in texts if name.lower().endswith(".yaml") and name != INVARIANTS
    ]
    invariants = texts.get(INVARIANTS)
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
        None if invariants is None else (f"{folder}/{INVARIANTS}", invariants),
        all(texts[name] is not None for name in csv),
    )


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
    invariants: tuple[Invariant, ...] = ()
    if text is not None:
        try:
            catalogue = read_catalogue(text, file)
            if texts.invariants is not None:
                name, written = texts.invariants
                invariants = read_invariants(written, name, catalogue)
        except PolicyError as error:
            # without the words, only the form of lines and the tree can be judged
            problems.extend(error.problems)
    if texts.is_whole:
        findings = validate(lines, model, catalogue, context, catalogue_file=file)
    else:
        findings = validate_some(lines, model)
    problems.extend(findings.problems)
    if problems or catalogue is None or text is None:
        raise PolicyError(problems)
    _, said = texts.invariants or ("", "")
    return Policies(tuple(lines), catalogue, text, findings.warnings, invariants, said)


def _catalogue(folder: Path, problems: list[Problem]) -> tuple[str, str | None]:
    """Find the catalogue of a folder: its name, and its text where there is one."""
    every = files_with(folder, ".yaml")
    found = [path for path in every if path.name != INVARIANTS]
    if len(found) == 1:
        return name_of(found[0]), text_of(found[0], problems, LONGEST_FILE)
    problems.append(_no_catalogue(str(folder), [path.name for path in found]))
    return str(folder), None


def _invariants(folder: Path, problems: list[Problem]) -> tuple[str, str] | None:
    """The file of invariants of a folder, where it has one that can be read."""
    every = files_with(folder, ".yml")
    problems += (misnamed(name_of(each)) for each in every if is_misnamed(each.name))
    path = folder / INVARIANTS
    if not (path.exists() or path.is_symlink()):  # one that leads nowhere is told
        return None
    text = text_of(path, problems, LONGEST_FILE)
    return None if text is None else (name_of(path), text)


def _no_catalogue(folder: str, names: Sequence[str]) -> Problem:
    found = ", ".join(names) or "none"
    text = (
        f"expected one catalogue, a .yaml file, in a folder of policies; found {found}"
    )
    return Problem(folder, 0, text)
