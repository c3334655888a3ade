"""The nouns and labels of a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import oikeus
from oikeus_cli.report.wording import Words, compared, plural

from .conftest import Compare


@pytest.fixture
def words(compare: Compare, repository: Path) -> Words:
    """Those of the shipped catalogue, which the first version has."""
    model = oikeus.load_model(repository / "model.conf")
    catalogue = oikeus.load_policies(repository / "policies", model).catalogue
    report = compare()
    snapshot = replace(report.before.snapshot, catalogue=catalogue)
    return Words(
        replace(report, before=replace(report.before, snapshot=snapshot)), "sv"
    )


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("office", "offices"),
        ("agency", "agencies"),
        ("day", "days"),
        ("branch", "branches"),
        ("campus", "campuses"),
    ],
)
def test_regular_nouns_have_their_plural(one: str, many: str) -> None:
    """A label of the catalogue names one, and a sentence may be about more."""
    assert plural(one) == many


def test_level_is_called_by_its_english_label(words: Words) -> None:
    """A sentence is English, whatever language labels are in."""
    assert words.level("level:toimipiste", 1) == "office"
    assert words.level("level:toimipiste", 2) == "offices"
    assert words.level("level:moon", 2) == "organisations of level moon"
    assert words.level("", 1) == "organisation without a level"


def test_kind_is_called_by_what_it_is(words: Words) -> None:
    """People and systems have words of their own."""
    assert [words.kind("person", count) for count in (1, 2)] == ["person", "people"]
    assert words.kind("robot", 1) == "subject of kind robot"


def test_role_has_its_label_in_the_language(words: Words, repository: Path) -> None:
    """The label stands beside the role; one that has none stands alone."""
    text = (repository / "policies" / "ehoks.yaml").read_text(encoding="utf-8")
    assert words.role("ehoks-kayttaja")
    assert f"sv: {words.role('ehoks-kayttaja')}" in text
    assert words.role("nobody") == ""


def test_texts_are_compared_word_by_word() -> None:
    """What both have stays unmarked, and nothing is lost."""
    before, after = "a && b && c", "a || b"
    old, new = compared(before, after)
    assert "".join(text for text, _ in old) == before
    assert "".join(text for text, _ in new) == after
    assert new == [("a ", False), ("|| ", True), ("b", False)]
