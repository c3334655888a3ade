"""A small policy in which no check finds anything, and what they find in others.

The files are those of the golden cases; `lint` puts texts in the place of some of them,
or beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from oikeus import Contents, Linted, LintFinding
from oikeus.administration.laying import lay_over
from oikeus.analysis.linting.examined import Examined
from oikeus.analysis.linting.running import lint as run
from oikeus.policy.case_texts import CaseTexts
from oikeus.policy.folder import texts_of
from oikeus.policy.lines import read_lines
from oikeus.policy.model import parse_model
from oikeus.terms import Line

ROOT = Path(__file__).resolve().parents[4]
RIGHT = ROOT / "tests" / "golden" / "checks" / "right"
MODEL = (ROOT / "model.conf").read_text(encoding="utf-8")
FILES: Mapping[str, str] = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((RIGHT / "policies").glob("*.*"))
}
REGISTER = (RIGHT / "register.csv").read_text(encoding="utf-8")
DAY = date(2026, 6, 1)


def lint(
    files: Mapping[str, str] | None = None,
    *,
    model: str = MODEL,
    register: str = REGISTER,
    also: tuple[LintFinding, ...] = (),
    cases: Mapping[str, str] | None = None,
) -> Linted:
    """Check the right policy with some files otherwise.

    Unless there are cases, nothing is said of rules that none of them tests.
    """
    texts = {**FILES, **(files or {})}
    encoded = {name: text.encode() for name, text in texts.items()}
    folder = texts_of("policies", encoded)
    lines = read_lines(register, "register.csv").lines
    in_force = tuple(Line(line.ptype, line.values) for line in lines)
    contents = Contents(0, None, None, in_force, MappingProxyType({}))
    laid = lay_over(folder, parse_model(model), contents)
    texts_of_cases = CaseTexts(tuple((cases or {}).items()), ())
    examined = Examined(
        Path("policies"), folder, texts_of_cases, laid.policies, laid.snapshot, DAY
    )
    linted = run(examined, also)
    if cases is not None:
        return linted
    # what is tested is another matter
    kept = (one for one in linted.findings if one.check != "rule-without-test")
    return replace(linted, findings=tuple(kept))


def found(check: str, files: Mapping[str, str] | None = None, **more: str) -> list[str]:
    """What a check finds: the places, and the reasons."""
    return [
        f"{one.place}: {one.reason}"
        for one in lint(files, **more).findings  # type: ignore[arg-type] # texts only
        if one.check == check
    ]


def ids(linted: Linted) -> set[str]:
    """The checks that found anything."""
    return {one.check for one in linted.findings}


def edited(text: str, old: str, new: str) -> str:
    """A text that is otherwise at the one place that reads so."""
    assert text.count(old) == 1
    return text.replace(old, new)
