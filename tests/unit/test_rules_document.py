"""In docs/rules.md every rule has its lines and cases, and they have their rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.analysis.testing.cases import PolicyCase

from ..conftest import GoldenCheck
from .policy_cases import shipped_policies, shipped_suite
from .rules_document import RULES, Section, read_document, write_document

LINES = shipped_policies().lines


def cases() -> list[PolicyCase]:
    """All cases of policies/tests."""
    return [*shipped_suite().cases]


def transcripts() -> set[str]:
    """The rules of which the cases through the command line are kept."""
    folder = Path(__file__).resolve().parents[1] / "golden" / "rules"
    return {path.stem for path in folder.glob("*.txt")} & {*RULES}


@pytest.fixture(scope="module")
def path() -> Path:
    """The document."""
    return Path(__file__).resolve().parents[2] / "docs" / "rules.md"


@pytest.fixture(scope="module")
def sections(path: Path) -> tuple[Section, ...]:
    """What the document says of each rule by hand."""
    return read_document(path.read_text(encoding="utf-8")).sections


def test_the_document_lists_the_lines_and_cases_that_there_are(
    path: Path, golden: GoldenCheck
) -> None:
    """It names what the comments and the cases cite, no more and no less."""
    document = read_document(path.read_text(encoding="utf-8"))
    golden(path, write_document(document, LINES, cases(), transcripts()))


def test_every_rule_has_one_section_and_one_sentence(
    sections: tuple[Section, ...],
) -> None:
    """R1 to R14 and A to N, in this order, each said in our own words."""
    assert tuple(section.rule for section in sections) == RULES
    assert all(len(section.sentence) > 30 for section in sections)


def test_every_rule_is_shown_through_the_command_line() -> None:
    """What a policy decides is one thing, what people can do with it another."""
    assert transcripts() == {*RULES}


def test_every_line_cites_a_rule_that_there_is() -> None:
    """A line of policy without a reason has no place in it."""
    for line in LINES:
        assert line.source is not None
        assert line.source.rules, f"{line.source}: `{line}` cites no rule"
        assert set(line.source.rules) <= set(RULES), f"{line.source}: `{line}`"


def test_every_case_cites_rules_that_there_are() -> None:
    """A case that shows no rule shows nothing."""
    for case in cases():
        assert set(case.rules) <= set(RULES), f"{case.file}:{case.line}"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_lines_and_cases_or_says_why_not(
    rule: str, sections: tuple[Section, ...]
) -> None:
    """A rule has a line, an allowed and a refused case, or a reason for having none."""
    (section,) = (each for each in sections if each.rule == rule)
    shown = {word for case in cases() if rule in case.rules for word in case.shows}
    there = {f"{word} case" for word in shown}
    if any(line.source and rule in line.source.rules for line in LINES):
        there.add("line")
    assert section.missing == {"line", "allowed case", "refused case"} - there


def test_the_document_survives_being_written_again() -> None:
    """Nothing that is written by hand is lost when the rest is refreshed."""
    text = "# Head\n\n## R1\n\nIt is\nso.\n\nNo line: because.\n\n## A\n\nSo too.\n"
    document = read_document(text)
    assert write_document(document, [], []) == text
    written = write_document(document, LINES, cases(), ["A"])
    assert read_document(written) == document
    assert write_document(read_document(written), LINES, cases(), ["A"]) == written


def test_a_line_stands_under_each_rule_that_it_cites() -> None:
    """Both directions: from the rule to its lines, and from the line to its rules."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text(
        encoding="utf-8"
    )
    under = dict(zip(RULES, text.split("\n## ")[1:], strict=True))
    for line in LINES:
        assert line.source is not None
        found = {rule for rule, section in under.items() if f"\n{line}\n" in section}
        assert found == set(line.source.rules), f"{line.source}: `{line}`"
