"""A matcher holds in one of its ways, and each way narrows what it can be about."""

from __future__ import annotations

from oikeus.analysis.testing.ways import MOST, Way, ways_of
from oikeus.decide.compiled import compile_matchers
from oikeus.policy.model import parse_model

from .small_suite import model

GRANT = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'


def ways(name: str, text: str | None = None) -> tuple[Way, ...]:
    """The ways of a matcher of the shipped model, or of one with another `m3`."""
    head, m3, tail = model().text.partition("\nm3 = ")
    written = parse_model(head + m3 + (tail if text is None else text))
    return ways_of(compile_matchers(written)[name].plan)


def test_what_insists_on_a_grant_is_left_whole() -> None:
    """However many choices stand beside that."""
    for name in ("m", "m2"):
        (way,) = ways(name)
        assert way.insists
        assert way.is_of_rules
        assert not way.is_own


def test_revoking_is_giving_up_or_taking_away() -> None:
    """One's own right whatever the rules say; another's by a rule about the role."""
    own, other = ways("m3")
    assert (own.is_own, own.insists, own.is_of_rules) == (True, False, False)
    assert not own.asks_grants
    assert own.key(["a"] * 7) == ()
    assert (other.is_own, other.insists, other.is_of_rules) == (False, True, True)
    assert other.asks_grants
    assert not other.asks_recipient
    asked = ("person:a", "person", "person:b", "person", "org", "day", "role:x")
    assert other.key(asked) == ("role:x",)
    assert other.key_of(("role:y", "role:x", "*", "*")) == ("role:x",)


def test_choices_are_multiplied_up_to_a_number_of_ways() -> None:
    """Beyond it the matcher is one way."""
    choice = '(r2.role == "a" || r2.role == "b" || r2.kind == "c")'
    assert len(ways("m3", choice)) == 3
    two = choice.replace("r2.role", "r2.org")
    assert [way.asks_recipient for way in ways("m3", f"{choice} && {two}")] == [
        *(False, False, True, False, False, True, True, True, True),
    ]
    three = choice.replace("r2.role", "r2.day")
    assert MOST < 3 * 3 * 3
    (whole,) = ways("m3", f"{choice} && {two} && {three}")
    assert not whole.insists


def test_a_choice_of_a_grant_is_told_apart() -> None:
    """And what it stands beside holds in each way."""
    free, bound = ways(
        "m3", f'r2.to == r2.sub && (g3(r2.to, "x") || {GRANT} && r2.role == p2.role)'
    )
    assert (free.is_own, bound.is_own) == (True, True)
    assert (free.insists, bound.insists) == (False, True)
