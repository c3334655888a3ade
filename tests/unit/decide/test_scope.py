"""Requirements on a part of the organisations that is decided by itself."""

from __future__ import annotations

import pytest

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.scope import Scope
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError
from oikeus.terms import Request

from .small_world import DAY, SHIPPED, TERMS, held, lines, row, written

GRANTS = (
    held("person:1", "user", "north"),
    held("person:2", "user", "south"),
    held("person:3", "user", "north-school"),
    held("person:4", "chief", "root"),
)


def part(top: str, *rows: str) -> Snapshot:
    """Index what decides about a part."""
    every = lines(*rows)
    scope = Scope.under(top, every)
    plain = [row(grant) for grant in GRANTS]
    batches = [[(a, b, c)] for a, b, c in (line.values for line in plain)]
    return Snapshot.build(
        SHIPPED, scope.lines(every), grants=scope.batches(batches), scope=scope
    )


def test_what_is_above_is_kept_for_what_is_below() -> None:
    """Grants at and above the part cover it; others are not even there."""
    made = part("north-school")
    assert {*made.facts.grants} == {"person:1", "person:3", "person:4"}
    assert "south" not in made.tree
    assert "root" in made.tree
    asked = DecisionPoint(made)
    assert asked.allows("person:1", "read", "plan", "north-office", DAY)
    assert asked.who_can("read", "plan", "north-school", DAY) == (
        "person:1",
        "person:3",
    )
    assert asked.where_can("person:1", "read", "plan", DAY) == (
        *("north-school", "north-office"),
    )


@pytest.mark.parametrize("place", ["north", "root", "south", "mars"])
@pytest.mark.parametrize("subject", ["person:1", "person:9"])
def test_questions_about_other_places_are_refused(place: str, subject: str) -> None:
    """By every method: a deny would look like an answer."""
    asked = DecisionPoint(part("north-school"))
    question = subject, "read", "plan", place
    assert not asked.allows(subject, "burn", "plan", "north-school", DAY)
    for ask in (
        lambda: asked.allows(*question, DAY),
        lambda: asked.allows_many([question], DAY),
        lambda: asked.decide(Request(*question), DAY),
        lambda: asked.may_grant(subject, "person:8", "user", place, DAY),
        lambda: asked.who_can("read", "plan", place, DAY),
        lambda: asked.who_may_grant("person:8", "user", place, DAY),
        lambda: asked.what_can(subject, place, DAY),
    ):
        with pytest.raises(RequestError) as refused:
            ask()
        assert str(refused.value) == (
            f"organisation `{place}` is not at or below `north-school`, "
            "which is all that is loaded; ask where everything is"
        )


def test_a_model_that_is_not_folded_refuses_them_too() -> None:
    """Whatever decides."""
    every = lines(*GRANTS)
    scope = Scope.under("north", every)
    model = written(*TERMS, "regexMatch(r.act, p.act)")
    asked = DecisionPoint(Snapshot.build(model, scope.lines(every), scope=scope))
    assert asked.allows("person:1", "read", "plan", "north-office", DAY)
    with pytest.raises(RequestError, match="is not at or below `north`"):
        asked.allows("person:1", "read", "plan", "south", DAY)


def test_links_are_followed_as_the_model_follows_them() -> None:
    """A mode that hangs below an organisation hands down what is granted there."""
    every = lines("g2, mode:auto, south", "g2, north-school", *GRANTS)
    scope = Scope.under("north", every)
    assert scope.within == {"north", "north-school", "north-office"}
    assert scope.kept == {*scope.within, "root", "south", "mode:auto", "mode:hand"}
    made = Snapshot.build(SHIPPED, scope.lines(every), scope=scope)
    assert DecisionPoint(made).allows("person:2", "read", "plan", "north", DAY)


def test_lines_about_other_places_are_left_out() -> None:
    """Rules, levels and what no register brought stay."""
    every = lines("g4, attic, level:school", "q", "g2, mode:hand, bare")
    scope = Scope.under("north", every)
    left = {str(line) for line in {*every} - {*scope.lines(every)}}
    assert left == {
        *("g2, south, root", "g4, south, level:provider", "g2, south, mode:hand"),
        *("g2, bare, root", "g4, bare, level:provider", "g2, mode:hand, bare"),
    }


def test_an_unknown_place_has_no_part() -> None:
    """It is refused before anything is loaded."""
    with pytest.raises(RequestError) as refused:
        Scope.under("mars", lines())
    assert str(refused.value) == (
        "organisation `mars` is not in the register, expected one of "
        "`oikeus show organisations`"
    )
