"""The files of cases that a folder of policies holds, as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import Problem
from .file_texts import LONGEST_FILE, files_with, name_of, plain, text_of

CASES = "tests"
"""The folder in a folder of policies that holds their cases."""


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """What stands in the files of cases of a folder, read and not yet judged.

    Attributes:
        files: the name and text of each that can be read, in the order of names.
        problems: the files that cannot be read, or that there are none.
    """

    files: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def read_case_texts(folder: Path | str) -> CaseTexts:
    """Read the files of cases of a policy, `tests/*.yaml` in its folder.

    Raises:
        PolicyError: the folder of cases cannot be listed.
    """
    place = Path(folder) / CASES
    above = name_of(place)
    problems: list[Problem] = []
    found = files_with(place, ".yaml", f"a folder of cases, `{CASES}`")
    texts = tuple(
        (name, text)
        for path in found
        for name in (f"{above}/{plain(path.name)}",)
        for text in (text_of(path, problems, LONGEST_FILE, name),)
        if text is not None
    )
    for path in files_with(place, ".yml"):
        text = "would not be run, expected a name that ends with .yaml"
        problems.append(Problem(f"{above}/{plain(path.name)}", 0, text))
    if not found:
        problems.append(Problem(above, 0, "holds no cases, expected .yaml files"))
    return CaseTexts(texts, tuple(problems))
