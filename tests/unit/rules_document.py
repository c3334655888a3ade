"""Reads docs/rules.md and writes what it must say of lines and cases."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from oikeus.analysis.testing.cases import PolicyCase
from oikeus.terms import Line

RULES = (*(f"R{number}" for number in range(1, 15)), *"ABCDEFGHIJKLMN")
"""The rules and rulings that there are."""

_EXCUSE = re.compile(r"^No (line|allowed case|refused case): .+", re.MULTILINE)
_HEADING = re.compile(r"^## (\S+)\n", re.MULTILINE)
_MADE = "### Lines and cases"


@dataclass(frozen=True, slots=True)
class Section:
    """One rule of the document.

    Attributes:
        rule: its number.
        sentence: what it says, in our words.
        excuses: of what there is none, each with the reason.
    """

    rule: str
    sentence: str
    excuses: tuple[str, ...]

    @property
    def missing(self) -> frozenset[str]:
        """What the document says that there is none of."""
        return frozenset(
            found[1] for found in map(_EXCUSE.match, self.excuses) if found
        )


@dataclass(frozen=True, slots=True)
class RulesDocument:
    """The document: what stands before the rules, and the rules."""

    preface: str
    sections: tuple[Section, ...]


def read_document(text: str) -> RulesDocument:
    """Take what is written by hand out of the document."""
    preface, *parts = _HEADING.split(text)
    sections = []
    for rule, body in zip(parts[::2], parts[1::2], strict=True):
        written = body.partition(_MADE)[0]
        excuses = tuple(found[0] for found in _EXCUSE.finditer(written))
        sentence = _EXCUSE.sub("", written).strip()
        sections.append(Section(rule, sentence, excuses))
    return RulesDocument(preface, tuple(sections))


def write_document(
    document: RulesDocument,
    lines: Iterable[Line],
    cases: Iterable[PolicyCase],
    transcripts: Container[str] = (),
) -> str:
    """Put the lines and cases that cite each rule below its sentence.

    Args:
        document: what is written by hand.
        lines: of the policy.
        cases: of the policy.
        transcripts: the rules that are shown through the command line as well.
    """
    lines, cases = tuple(lines), tuple(cases)
    parts = [document.preface]
    for section in document.sections:
        parts.append(f"## {section.rule}\n\n{section.sentence}\n\n")
        if section.excuses:
            parts.append("".join(f"{excuse}\n" for excuse in section.excuses) + "\n")
        made = [*_lines_of(section.rule, lines), *_cases_of(section.rule, cases)]
        if section.rule in transcripts:
            text = "The same through the command line, granting included"
            path = f"tests/golden/rules/{section.rule}.txt"
            made += [f"{text}: [`{path}`](../{path}).", ""]
        if made:
            parts.append("\n".join([_MADE, "", *made]) + "\n")
    return "".join(parts).rstrip("\n") + "\n"


def _lines_of(rule: str, lines: Iterable[Line]) -> Iterator[str]:
    found = [line for line in lines if line.source and rule in line.source.rules]
    if found:
        yield "```"
        yield from map(str, found)
        yield "```"
        yield ""


def _cases_of(rule: str, cases: Iterable[PolicyCase]) -> Iterator[str]:
    found = [case for case in cases if rule in case.rules]
    if found:
        yield "| file | case | shows |"
        yield "|---|---|---|"
        for case in found:
            name = case.file.rpartition("/")[2]
            yield f"| {name} | {case.why} | {', '.join(case.shows)} |"
        yield ""
