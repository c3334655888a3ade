"""Requirements on the decision point and its door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import pytest

from oikeus.decide import allowing
from oikeus.decide.allowing import today_in_finland
from oikeus.decide.decision_point import DecisionPoint, role_id
from oikeus.errors import RequestError
from oikeus.terms import Request

from .small_world import DAY, held, point, snapshot

USER = held("person:1", "user", "north", "2026-03-01..2026-03-31")
READ = Request("person:1", "read", "plan", "north")
PARTS = ("person:1", "read", "plan", "north")


def test_today_is_the_day_in_finland(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortly before midnight in UTC it is tomorrow there."""
    zones: list[tzinfo] = []

    class Clock:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            zones.append(zone)
            return datetime(2026, 6, 30, 21, 30, tzinfo=UTC).astimezone(zone)

    monkeypatch.setattr(allowing, "datetime", Clock)
    assert today_in_finland() == date(2026, 7, 1)
    assert [str(zone) for zone in zones] == ["Europe/Helsinki"]


def test_questions_without_a_day_are_decided_for_today() -> None:
    """The clock is the decision point's; a question may name another day."""
    asked = point(USER)
    before = date(2026, 2, 28)
    assert asked.decide(READ).at == DAY
    assert asked.allows(*PARTS)
    assert not asked.allows(*PARTS, before)
    assert not asked.decide(READ, before)
    assert asked.who_can("read", "plan", "north") == ("person:1",)
    assert asked.who_can("read", "plan", "north", before) == ()
    assert asked.what_can("person:1", at=before) == ()
    assert asked.where_can("person:1", "read", "plan", before) == ()


def test_a_clock_that_gives_no_day_is_refused() -> None:
    """A datetime does not compare with the days of a grant."""
    clock = DecisionPoint(
        snapshot(USER), today=lambda: datetime(2026, 3, 1, tzinfo=UTC)
    )
    with pytest.raises(RequestError, match="expected a date without a time"):
        clock.allows(*PARTS)


def test_the_version_and_its_inert_rows_are_told() -> None:
    """By the snapshot that is decided by."""
    asked = point(held("person:1", "boss", "north-school"), version=7)
    assert asked.version == asked.snapshot.version == 7
    assert len(asked.inert) == 1


def test_a_role_may_be_named_without_its_type() -> None:
    """In questions about powers."""
    assert role_id("user") == role_id("role:user") == "role:user"
    asked = point(held("person:1", "boss", "north"))
    for role in ("user", "role:user"):
        assert asked.may_grant("person:1", "person:2", role, "north")
        assert asked.who_may_grant("person:2", role, "north") == ("person:1",)


UNKNOWN_KIND = "`alien:1` is of no known kind, expected person:ID or system:ID"

REFUSED: dict[str, tuple[Callable[[DecisionPoint], object], str]] = {
    "subject of unknown kind": (
        lambda asked: asked.decide(Request("alien:1", "read", "plan", "north")),
        UNKNOWN_KIND,
    ),
    "the same, without reasons": (
        lambda asked: asked.allows("alien:1", "read", "plan", "north"),
        UNKNOWN_KIND,
    ),
    "granter of unknown kind": (
        lambda asked: asked.may_grant("alien:1", "person:2", "user", "north"),
        UNKNOWN_KIND,
    ),
    "recipient of unknown kind": (
        lambda asked: asked.may_grant("person:1", "alien:1", "user", "north"),
        UNKNOWN_KIND,
    ),
    "recipient of unknown kind, who may": (
        lambda asked: asked.who_may_grant("alien:1", "user", "north"),
        UNKNOWN_KIND,
    ),
    "what may an unknown kind": (lambda asked: asked.what_can("alien:1"), UNKNOWN_KIND),
    "where may an unknown kind": (
        lambda asked: asked.where_can("alien:1", "read", "plan"),
        UNKNOWN_KIND,
    ),
    "a role for a subject": (
        lambda asked: asked.what_can("role:user"),
        "the subject `role:user` is a role, expected person:ID or system:ID",
    ),
    "a subject without a kind": (
        lambda asked: asked.where_can("anna", "read", "plan"),
        "the subject `anna` has no kind, expected person:ID or system:ID",
    ),
    "what is no request": (
        lambda asked: asked.decide(("person:1", "read", "plan", "north")),  # type: ignore[arg-type]
        "what is to be decided is no request, expected a `Request`",
    ),
    "a blank role": (
        lambda asked: asked.may_grant("person:1", "person:2", "", "north"),
        "the role is blank, expected a value",
    ),
    "a role without a name": (
        lambda asked: asked.who_may_grant("person:2", "role:", "north"),
        "`role:` is no role, expected role:NAME",
    ),
    "a blank organisation": (
        lambda asked: asked.what_can("person:1", ""),
        "the organisation is blank, expected a value",
    ),
    "a domain for an organisation": (
        lambda asked: asked.who_can("read", "plan", "north@2026-03-01"),
        "the organisation holds @, which ids cannot",
    ),
}


@pytest.mark.parametrize(("ask", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_decided_is_refused_at_the_door(
    ask: Callable[[DecisionPoint], object], message: str
) -> None:
    """Casbin would not refuse it; the whole text says what was expected."""
    with pytest.raises(RequestError) as refused:
        ask(point(USER))
    assert str(refused.value) == message


def test_without_a_policy_no_kind_is_known() -> None:
    """An empty version answers nothing about anybody."""
    with pytest.raises(RequestError) as refused:
        point(policy="", tree="").allows(*PARTS)
    assert str(refused.value) == "`person:1` is of no known kind, expected a policy"


def test_files_alone_are_enough_to_decide_by() -> None:
    """The shipped policy with two files more, without a database."""
    repository = Path(__file__).resolve().parents[3]
    asked = DecisionPoint.from_files(
        repository / "model.conf", str(repository / "policies"), today=lambda: DAY
    )
    assert asked.version == 0
    assert "role:ehoks-kayttaja" in asked.snapshot.roles
    assert asked.snapshot.catalogue is not None
    decision = asked.decide(Request("person:1", "read", "hoks", "1.2.3"))
    assert decision.reason == "organisation `1.2.3` is not in the register"


def test_many_requests_are_decided_in_their_order() -> None:
    """As tuples or as values, from any iterable, on one day."""
    asked = point(USER)
    no = ("person:1", "send", "plan", "north")
    assert asked.allows_many([PARTS, no, READ, Request(*no)]) == [True, False] * 2
    assert asked.allows_many(part for part in (no, PARTS)) == [False, True]
    assert asked.allows_many([[*PARTS]]) == [True]  # type: ignore[list-item] # as json has it
    assert asked.allows_many([]) == []
    assert asked.allows_many([READ, PARTS], date(2026, 2, 28)) == [False, False]
    with pytest.raises(RequestError, match="the day decided for is no day"):
        asked.allows_many([], datetime(2026, 3, 1, tzinfo=UTC))


NO_REQUEST = (
    "what is to be decided is no request, expected a `Request` or a tuple of subject, "
    "action, resource and organisation"
)
NOT_MANY: dict[str, tuple[object, str]] = {
    "three parts": (PARTS[:3], NO_REQUEST),
    "five parts": ((*PARTS, DAY), NO_REQUEST),
    "no parts": ((), NO_REQUEST),
    "text": ("person:1", NO_REQUEST),
    "nothing": (None, NO_REQUEST),
    "a blank": (
        ("person:1", "", "plan", "north"),
        "the action is blank, expected a value",
    ),
    "a number": (
        ("person:1", 1, "plan", "north"),
        "the action is not text, expected an id",
    ),
    "a list": (
        ("person:1", [], "plan", "north"),
        "the action is not text, expected an id",
    ),
    "unknown kind": (("alien:1", *PARTS[1:]), UNKNOWN_KIND),
}


@pytest.mark.parametrize(("request_", "message"), NOT_MANY.values(), ids=NOT_MANY)
def test_one_bad_request_refuses_them_all(request_: object, message: str) -> None:
    """The text says what was expected; nothing is half decided."""
    with pytest.raises(RequestError) as refused:
        point(USER).allows_many([PARTS, request_, READ])  # type: ignore[list-item] # as a caller may
    assert str(refused.value) == message


def test_an_error_that_no_request_explains_is_not_hidden() -> None:
    """It is no refusal."""
    asked = point(USER)

    def fail(*_: object) -> bool:
        raise TypeError

    asked.snapshot.__dict__["decide"] = fail
    with pytest.raises(TypeError):
        asked.allows_many([PARTS, READ])


def test_allows_is_a_method_of_the_class_as_well() -> None:
    """So that it can be read about, stood in for, and made otherwise by a subclass."""

    class Careful(DecisionPoint):
        def allows(self, *_: object, **__: object) -> bool:
            return False

    made = snapshot(held("person:1", "user", "north"))
    asked = ("person:1", "read", "plan", "north", DAY)
    assert DecisionPoint(made).allows(*asked)
    assert DecisionPoint.allows(DecisionPoint(made), *asked)
    assert DecisionPoint(made).allows.__doc__ == DecisionPoint.allows.__doc__
    assert not Careful(made).allows(*asked)
