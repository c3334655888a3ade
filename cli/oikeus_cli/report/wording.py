"""The nouns and labels of a report. Its own text is English; labels have a language."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from .values import Report

Language: TypeAlias = Literal["fi", "sv", "en"]

_KINDS = {"person": ("person", "people"), "system": ("system", "systems")}

Part: TypeAlias = tuple[str, bool]
"""A stretch of a text, and whether the other text has something else there."""


class Words:
    """Names and labels, of the second version or else of the first.

    Args:
        report: whose names they are.
        language: of labels and of the names of organisations, where they have such a
            name.
    """

    def __init__(self, report: Report, language: Language) -> None:
        self.language = language
        self._sides = report.after.snapshot, report.before.snapshot
        self._catalogues = [side.catalogue for side in self._sides if side.catalogue]

    def name(self, organisation: str) -> str:
        """What an organisation is called; empty where it has no name."""
        for side in self._sides:
            if names := side.names.get(organisation):
                return str(getattr(names, self.language)) or names.best
        return ""

    def role(self, role: str) -> str:
        """The label of a role; empty where it has none."""
        for catalogue in self._catalogues:
            if found := catalogue.roles.get(role):
                return str(getattr(found.label, self.language))
        return ""

    def level(self, level: str, count: int) -> str:
        """What organisations of a level, `level:…`, are called in a sentence."""
        level = level.removeprefix("level:")
        for catalogue in self._catalogues:
            if found := catalogue.levels.get(level):
                label = found.label.en
                return label if count == 1 else plural(label)
        noun = "organisation" if count == 1 else "organisations"
        return f"{noun} of level {level}" if level else f"{noun} without a level"

    def kind(self, kind: str, count: int) -> str:
        """What subjects of a kind are called in a sentence."""
        if kind in _KINDS:
            return _KINDS[kind][count != 1]
        noun = "subject" if count == 1 else "subjects"
        return f"{noun} of kind {kind}"


def plural(noun: str) -> str:
    """The plural of an English noun that is a regular one.

    >>> plural("agency"), plural("office"), plural("branch"), plural("day")
    ('agencies', 'offices', 'branches', 'days')
    """
    if noun.endswith("y") and noun[-2:-1] not in {*"aeiou"}:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def compared(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Mark what two texts do not have in common, word by word.

    >>> compared("a && b", "a || b")[0]
    [('a ', False), ('&& ', True), ('b', False)]
    """
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    was, is_now = ([word.rstrip() for word in text] for text in (old, new))
    # autojunk would take the operators of a long matcher for noise
    steps = SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes()
    return (
        [("".join(old[a:b]), tag != "equal") for tag, a, b, _, _ in steps if a < b],
        [("".join(new[a:b]), tag != "equal") for tag, _, _, a, b in steps if a < b],
    )
