"""Requirements on likeness: when one subject may be asked for all who hold the same."""

from __future__ import annotations

import pytest

from oikeus.decide.compiled import compile_matchers
from oikeus.decide.matcher.likeness import Likeness, likeness

from ..small_world import SHIPPED, TERMS, without, written


def like(*terms: str) -> Likeness | None:
    """The likeness of a matcher for access."""
    return likeness(compile_matchers(written(*terms))["m"].plan)


def test_the_shipped_matchers_answer_alike() -> None:
    """They ask whether a subject is blocked, and nothing else of it."""
    for name in ("m", "m2"):
        found = likeness(compile_matchers(SHIPPED)[name].plan)
        assert found is not None
        assert found.links == {"g3"}
        assert "blocked" in found.words
    assert like(*TERMS, "g3(r.sub, r.kind)") is not None


@pytest.mark.parametrize(
    "term",
    [
        'r.sub != "person:1"',
        "g3(r.sub, p.obj)",
        "g3(r.obj, r.sub)",
        'g3(r.kind + ":1", "blocked")',
        'g(r.sub, "role:a", r.org + "@2026-01-01@role:a")',
        'g("person:1", "role:a", r.org + "@" + r.day + "@role:a")',
    ],
)
def test_what_may_tell_subjects_apart_is_not_alike(term: str) -> None:
    """By name, by grants on other days, by what is said of others."""
    assert like(*TERMS, term) is None


def test_without_a_grant_nobody_is_alike() -> None:
    """Then nothing is known of who could be allowed."""
    assert like(*without(TERMS[1])) is None
