"""Requirements on finding the nearest miss."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oikeus.decide import nearest
from oikeus.decide.decision import Cause
from oikeus.decide.evaluator import Evaluator
from oikeus.decide.nearest import least_over_grants
from oikeus.decide.shortcomings import nearest_first
from oikeus.decide.snapshot import Snapshot
from oikeus.decide.whatif import Fix, Question, least_fixes
from oikeus.terms import Request

from .small_world import DAY, grant, held, point, snapshot

READ = Request("person:1", "read", "plan", "north")


def none(asked: Question[Request], role: str) -> Iterator[Fix[Request]]:
    """Nothing else could be fixed."""
    del asked, role
    yield from ()


def causes(made: Snapshot, *roles: str) -> list[Cause]:
    """What stood in the way of the grants of these roles."""
    question = Question(made.facts, READ, DAY)
    found = least_over_grants(made, question, roles, none)
    return [miss.cause for miss in found]


def test_only_grants_of_the_roles_are_looked_at_and_inert_ones() -> None:
    """Other grants could not have given what was asked; an inert one might."""
    made = snapshot(held("person:1", "user", "north", "2025"))
    assert causes(made, "role:user") == [Cause.ENDED]
    assert causes(made, "role:boss") == []
    inert = snapshot(held("person:1", "boss", "north-office"))
    assert causes(inert, "role:user") == [Cause.INERT, Cause.ELSEWHERE]


def test_a_grant_that_would_not_give_it_even_so_is_no_miss() -> None:
    """What cannot be fixed by what is known is not said to be near."""
    made = snapshot(held("person:1", "chief", "root", "2025"))
    assert causes(made, "role:chief") == []


def test_a_grant_that_covers_the_place_today_has_nothing_against_it() -> None:
    """Whatever kept it from giving something is not about the grant."""
    made = snapshot(held("person:1", "user", "north"))
    question = Question(made.facts, READ, DAY)
    (found,) = nearest_first(made, question, ["role:user"])
    assert (found.grants, found.fixes) == ((grant("person:1", "user", "north"),), [])


def test_the_search_ends_when_no_grant_can_be_nearer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody with many grants is refused as fast as anybody."""
    rows = [held("person:1", "user", "south", f"{year}") for year in range(1900, 2000)]
    made = snapshot(*rows, held("person:1", "user", "north", "2025"))
    asked = 0

    def counted(*given: object) -> object:
        nonlocal asked
        asked += 1
        return least_fixes(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(nearest, "least_fixes", counted)
    assert causes(made, "role:user") == [Cause.ENDED]
    assert asked == 1


def test_of_grants_that_cover_the_place_one_is_looked_at_for_each_role(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another one of the role would fare the same."""
    places = ("north", "root", "south")
    rows = [held("person:1", "chief", "root", str(year)) for year in (2025, 2026)]
    rows += [held("person:1", "user", place) for place in places]
    made = snapshot(*rows, "g4, root, level:school", "g2, north, south")
    asked: list[str] = []

    def counted(_: object, question: Question[Request], fixes: object) -> None:
        del fixes
        asked.extend(found.role for found in question.facts.of("person:1"))

    monkeypatch.setattr(nearest, "least_fixes", counted)
    causes(made, "role:user")
    assert asked == ["role:user"]


def test_a_row_with_a_blank_was_meant_for_nothing_that_can_be_said() -> None:
    """It is reported as inert, and takes no part in a reason."""
    question = Request("person:1", "read", "plan", "north")
    rows = "g, person:1, , north@2026-01-01..2026-12-31", "g, person:1"
    assert point(rows[0]).decide(question).reason == point().decide(question).reason
    assert len(point(*rows).inert) == 2


def test_of_grants_that_ended_where_they_cover_the_last_one_is_looked_at() -> None:
    """Another one of the role would fare the same, and is farther away."""
    rows = [held("person:1", "user", "north", str(year)) for year in range(2000, 2026)]
    made = snapshot(*rows, held("person:1", "user", "south", "2025"))
    found = [*nearest_first(made, Question(made.facts, READ, DAY), ["role:user"])]
    assert [short.grants for short in found] == [
        (grant("person:1", "user", "north", "2025"),),
        (grant("person:1", "user", "south", "2025"),),
    ]


def test_a_denied_power_is_explained_in_few_questions_to_who_has_many_grants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each grant elsewhere lacks the same two: the first is looked at, the rest seen.

    The role is for a system: what is nearer could only lack to be held here.
    """
    places = [f"far{number}" for number in range(60)]
    tree = [f"g2, {place}, root\ng4, {place}, level:provider" for place in places]
    rows = [held("person:1", "boss", place) for place in places]
    rows += [row for both in tree for row in both.split("\n")]
    rows += [f"g2, {place}, mode:auto" for place in places]
    asked, ask = 0, Evaluator.ask

    def counted(*given: object) -> object:
        nonlocal asked
        asked += 1
        return ask(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Evaluator, "ask", counted)
    found = point(*rows).may_grant("person:1", "person:2", "robot", "north")
    assert [miss.cause for miss in found.misses] == [Cause.ELSEWHERE, Cause.KIND]
    assert asked < 2 * nearest.MOST
