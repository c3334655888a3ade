"""Requirements on how explanations name things."""

from __future__ import annotations

import pytest

from oikeus.decide.decision import Cause, Miss
from oikeus.decide.wording import (
    all_of,
    bare,
    grant_text,
    names,
    place_text,
    rule_text,
)
from oikeus.terms import Line, Names, Source

from .small_world import grant, snapshot


def test_ids_lose_the_type_that_the_sentence_names() -> None:
    """What has no type stays as it is."""
    assert bare("role:user") == "user"
    assert bare("north") == "north"
    assert bare("role:") == "role:"
    assert names(["level:a", "b"]) == "`a`, `b`"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Names(fi="Pohjoinen", sv="Norr"), "`north` (Pohjoinen)"),
        (Names(sv="Norr"), "`north` (Norr)"),
        (Names(), "`north`"),
    ],
)
def test_a_place_is_named_by_id_and_best_name(known: Names, expected: str) -> None:
    """A place without a name, or that is unknown, is named by its id alone."""
    made = snapshot(names={"north": known})
    assert place_text(made, "north") == expected
    assert place_text(made, "mars") == "`mars`"


def test_a_grant_is_named_by_role_place_and_last_day() -> None:
    """Never by its holder."""
    made = snapshot(names={"north": Names(fi="Pohjoinen")})
    text = grant_text(made, grant("person:1", "user", "north"))
    assert text == "`user` at `north` (Pohjoinen) until 2026-12-31"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, "`p, role:a, b, c, allow`"),
        (Source("x.csv", 3), "`p, role:a, b, c, allow` (x.csv:3)"),
        (
            Source("x.csv", 3, "R1, F: why"),
            "`p, role:a, b, c, allow` (x.csv:3; R1, F)",
        ),
    ],
)
def test_a_rule_is_quoted_with_its_place_and_rule_numbers(
    source: Source | None, expected: str
) -> None:
    """As far as they are known."""
    line = Line("p", ("role:a", "b", "c", "allow"), source)
    assert rule_text(line) == expected


def test_everything_that_stood_in_the_way_makes_one_sentence() -> None:
    """Nothing known makes no sentence."""
    misses = [Miss(Cause.ENDED, "it ended"), Miss(Cause.BLOCKED, "it is blocked")]
    assert all_of(misses) == "it ended and it is blocked"
    assert all_of([]) == ""
