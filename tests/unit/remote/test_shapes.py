"""The values of an answer, as ours."""

from datetime import date
from typing import Any

import pytest

from oikeus import (
    ApplicationState,
    ApplicationStep,
    Grant,
    Line,
    Op,
    Scope,
    ServiceError,
    Source,
    Span,
    TokenState,
    TokenStep,
)
from oikeus.remote.reading import Fields
from oikeus.remote.shapes import (
    allowance_of,
    application_of,
    grant_of,
    granted_of,
    line_of,
    recorded_of,
    revoked_of,
    version_of,
)

GRANT = {
    "subject": "person:anna",
    "role": "user",
    "organisation": "1.2",
    "from": "2026-01-01",
    "until": "2026-12-31",
}
SPAN = Span(date(2026, 1, 1), date(2026, 12, 31))
OURS = Grant("person:anna", "role:user", "1.2", SPAN)
LINE = {
    "text": "p2, role:head, role:user, *, *",
    "file": "policies/ehoks.csv",
    "line": 7,
    "comment": "R8: why",
    "rules": ["R8"],
}
WRITTEN = Line("p2", ("role:head", "role:user", "*", "*"))
APPLICATION = {
    "id": 9,
    "subject": "person:anna",
    "role": "user",
    "organisation": "1.2",
    "state": "requested",
    "requested": "2026-03-01T09:30:00.000000Z",
    "until": "2026-04-30",
    "reason": "new here",
    "decided": None,
    "decided_by": None,
    "decision": "",
    "version": None,
}
VERSION: dict[str, Any] = {
    "version": 9,
    "time": "2026-03-01T09:30:00.000000Z",
    "actor": "token:17",
    "granter": "person:head",
    "power": "p2, role:head, role:user, *, *",
    "origin": "grant",
    "message": "new teacher",
    "added": 1,
    "removed": 0,
    "git_commit": None,
    "approval": None,
    "application": None,
    "token": None,
    "previous": "aa",
    "digest": "bb",
}


def test_line_is_read_with_its_source() -> None:
    """Where it is known."""
    line = line_of(Fields(LINE))
    assert line == WRITTEN
    assert line.source == Source("policies/ehoks.csv", 7, "R8: why")
    assert line_of(Fields({"text": "p, a"})).source is None
    assert line_of(Fields({"text": "p", "file": "f", "line": 1})).source == Source(
        "f", 1
    )


def test_grant_is_read_with_both_its_days() -> None:
    """Its role with its prefix, as all of ours have it."""
    assert grant_of(Fields(GRANT)) == OURS


@pytest.mark.parametrize(
    ("days", "odd"),
    [
        ({"from": "2027-01-01"}, "`until` is not a day from the first on"),
        ({"until": "soon"}, "`until` is not a day of the form 2026-03-01"),
    ],
)
def test_odd_grant_is_an_error(days: dict[str, str], odd: str) -> None:
    """One that ends before it begins could not be in force."""
    with pytest.raises(ServiceError, match=odd):
        grant_of(Fields({**GRANT, **days}))


def test_what_granting_did_is_read() -> None:
    """And what it took the place of."""
    answer = {
        "version": 9,
        "changed": True,
        "granted": GRANT,
        "replaced": None,
        "power": LINE,
        "warnings": ["blocked"],
    }
    done = granted_of(Fields(answer))
    assert (done.version, done.changed, done.grant) == (9, True, OURS)
    assert (done.replaced, done.power, done.warnings) == (None, WRITTEN, ("blocked",))
    assert granted_of(Fields({**answer, "replaced": GRANT})).replaced == OURS


def test_what_a_revocation_did_is_read() -> None:
    """One's own right rests on no line."""
    answer = {"version": 9, "revoked": [GRANT], "power": None, "warnings": []}
    done = revoked_of(Fields(answer))
    assert (done.version, done.grants, done.power) == (9, (OURS,), None)
    assert revoked_of(Fields({**answer, "power": LINE})).power == WRITTEN


def test_what_is_allowed_instead_is_read() -> None:
    """As a refusal tells it."""
    answer = {"role": "user", "levels": ["school"], "organisations": ["1.2"]}
    assert str(allowance_of(Fields(answer))) == "user at school in 1.2"


def test_application_is_read_as_it_stands() -> None:
    """Open, and decided."""
    found = application_of(Fields(APPLICATION))
    assert (found.id, found.role, found.until) == (9, "role:user", date(2026, 4, 30))
    assert (found.state, found.version) == (ApplicationState.REQUESTED, None)
    decided = {
        "state": "granted",
        "version": 10,
        "decided_by": "person:head",
        "decided": "2026-03-02T09:30:00.000000Z",
        "decision": "welcome",
    }
    found = application_of(Fields({**APPLICATION, **decided}))
    assert (found.state, found.version) == (ApplicationState.GRANTED, 10)
    assert (found.decided_by, found.decision) == ("person:head", "welcome")
    assert found.decided == "2026-03-02T09:30:00.000000Z"


def test_version_is_read_with_the_step_that_it_took() -> None:
    """The first step has the number of its version, and names none."""
    plain = version_of(Fields(VERSION))
    assert (plain.number, plain.granter, plain.added) == (9, "person:head", 1)
    assert (plain.application, plain.token) == (None, None)
    for number, own in ((9, None), (4, 4)):
        step = {key: APPLICATION[key] for key in APPLICATION} | {"id": number}
        token = {
            "id": number,
            "state": "active",
            "subject": "system:a",
            "scopes": ["evaluate"],
            "organisations": ["1.2"],
            "until": "2026-12-31",
            "label": "test",
        }
        both = version_of(Fields({**VERSION, "application": step, "token": token}))
        assert both.application == ApplicationStep(
            ApplicationState.REQUESTED,
            *("person:anna", "role:user", "1.2", date(2026, 4, 30), "new here", own),
        )
        assert both.token == TokenStep(
            TokenState.ACTIVE,
            "system:a",
            (Scope.EVALUATE,),
            ("1.2",),
            date(2026, 12, 31),
            "test",
            own,
        )


def test_change_of_a_line_is_read() -> None:
    """With where the line was written."""
    values = ["role:head", "role:user", "*", "*"]
    answer = {"op": "+", "kind": "p2", "values": values, "line": LINE}
    found = recorded_of(Fields(answer))
    assert (found.op, found.line) == (Op.ADDED, WRITTEN)
    assert str(found.line.source) == "policies/ehoks.csv:7"
