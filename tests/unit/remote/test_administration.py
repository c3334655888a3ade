"""Acts at a service: what is sent, and what comes of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from oikeus import (
    ApplicationState,
    LogFilter,
    RefusedError,
    RemoteAdministration,
    ServiceError,
)

from .conftest import PROBLEM, Scripted
from .test_shapes import APPLICATION, GRANT, LINE, OURS, VERSION
from .test_statuses import REFUSAL

Act = Callable[[RemoteAdministration], Any]

RIGHT = ("person:anna", "user", "1.2")
SENT = {"subject": "person:anna", "role": "user", "organisation": "1.2"}
DAY = date(2026, 3, 1)
GRANTED = {
    "version": 9,
    "changed": True,
    "granted": GRANT,
    "replaced": None,
    "power": LINE,
    "warnings": [],
}
REVOKED = {"version": 9, "revoked": [GRANT], "power": LINE, "warnings": []}
BLOCKED = {"version": 9, "changed": True, "subject": "person:anna"}

ACTS: dict[str, tuple[Act, Any, str, dict[str, Any]]] = {
    "grant": (
        lambda it: it.grant(*RIGHT),
        GRANTED,
        "grants",
        {**SENT, "reason": ""},
    ),
    "grant for days": (
        lambda it: it.grant(*RIGHT, first=DAY, last=DAY, reason="new"),
        GRANTED,
        "grants",
        {**SENT, "from": "2026-03-01", "until": "2026-03-01", "reason": "new"},
    ),
    "renew": (
        lambda it: it.renew(*RIGHT, last=DAY, reason="on"),
        GRANTED,
        "grants/renew",
        {**SENT, "until": "2026-03-01", "reason": "on"},
    ),
    "revoke": (
        lambda it: it.revoke(*RIGHT, reason="gone"),
        REVOKED,
        "grants/revoke",
        {**SENT, "reason": "gone"},
    ),
    "credential": (
        lambda it: it.create_credential("key", "1.2", reason="new"),
        GRANTED,
        "credentials",
        {"name": "key", "organisation": "1.2", "reason": "new"},
    ),
    "no credential": (
        lambda it: it.remove_credential("key", "1.2"),
        REVOKED,
        "credentials/remove",
        {"name": "key", "organisation": "1.2", "reason": ""},
    ),
    "block": (
        lambda it: it.block("person:anna", reason="leaked"),
        BLOCKED,
        "blocks",
        {"subject": "person:anna", "reason": "leaked"},
    ),
    "unblock": (
        lambda it: it.unblock("person:anna"),
        BLOCKED,
        "blocks/lift",
        {"subject": "person:anna", "reason": ""},
    ),
    "request": (
        lambda it: it.request("user", "1.2", reason="new here"),
        {"version": 9, "request": APPLICATION, "granters": ["head"], "apply_to": None},
        "requests",
        {"role": "user", "organisation": "1.2", "reason": "new here"},
    ),
    "approve": (
        lambda it: it.approve(9, first=DAY),
        {**GRANTED, "request": APPLICATION},
        "requests/9/approve",
        {"from": "2026-03-01", "reason": ""},
    ),
    "reject": (
        lambda it: it.reject(9, reason="not here"),
        {"version": 9, "request": APPLICATION},
        "requests/9/reject",
        {"reason": "not here"},
    ),
    "withdraw": (
        lambda it: it.withdraw(9),
        {"version": 9, "request": APPLICATION},
        "requests/9/withdraw",
        {"reason": ""},
    ),
}


@pytest.fixture
def administration(point: Any) -> RemoteAdministration:  # noqa: ANN401
    """Somebody who acts at the service."""
    made = point.administration
    assert isinstance(made, RemoteAdministration)
    return made


@pytest.mark.parametrize("case", ACTS, ids=list(ACTS))
def test_act_is_sent_once_and_seen_afterwards(
    administration: RemoteAdministration, service: Scripted, case: str
) -> None:
    """Nobody is named as the granter: the token says who acts."""
    act, answered, path, body = ACTS[case]
    service.will(answered)
    act(administration)
    (call,) = service.calls
    assert (call.method, call.path, call.reads) == ("POST", f"/admin/v1/{path}", False)
    assert service.bodies() == [body]
    assert administration.session.at_least == 9


@pytest.mark.parametrize("case", ACTS, ids=list(ACTS))
def test_refused_act_raises_what_it_raises_here(
    administration: RemoteAdministration, service: Scripted, case: str
) -> None:
    """With its reason; nothing was done, and nothing is waited for."""
    service.will({**REFUSAL, "done": "nothing"}, 403, PROBLEM)
    with pytest.raises(RefusedError, match="refused: the granter has no power"):
        ACTS[case][0](administration)
    assert administration.session.at_least == 0


@pytest.mark.parametrize("case", ACTS, ids=list(ACTS))
def test_act_with_an_odd_answer_may_have_been_done(
    administration: RemoteAdministration, service: Scripted, case: str
) -> None:
    """And is not sent again."""
    service.will({})
    with pytest.raises(ServiceError) as odd:
        ACTS[case][0](administration)
    assert odd.value.is_unsure
    assert len(service.calls) == 1


def test_acts_say_what_they_did(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """In the values that acts here have."""

    def done(case: str) -> Any:  # noqa: ANN401
        act, answered, _, _ = ACTS[case]
        service.will(answered)
        return act(administration)

    assert done("grant").grant == OURS
    assert done("revoke").grants == (OURS,)
    assert done("request").granters == ("head",)
    assert done("approve").granted.grant == OURS
    assert done("reject").id == 9
    assert done("block") == 9
    service.will({**BLOCKED, "changed": False})
    assert administration.block("person:anna", reason="leaked") is None


def test_applications_are_listed_page_by_page(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """All that the token's subject may see, or those asked for."""
    service.will({"requests": [APPLICATION], "next": 9})
    service.will({"requests": [{**APPLICATION, "id": 12}], "next": None})
    found = administration.applications(
        to="person:head", states=[ApplicationState.REQUESTED]
    )
    assert [each.id for each in found] == [9, 12]
    first = "/admin/v1/requests?to=person%3Ahead&state=requested&limit=1000"
    assert [call.path for call in service.calls] == [first, f"{first}&after=9"]
    service.will({"requests": [], "next": None})
    assert administration.applications(by="person:anna") == ()
    assert service.calls[-1].path == "/admin/v1/requests?by=person%3Aanna&limit=1000"


def test_log_is_read_to_as_many_as_are_wanted(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """The newest first; how many are before these is told."""
    for number in (9, 8, 7):
        service.will(
            {"versions": [{**VERSION, "version": number}], "earlier": 4, "next": number}
        )
    only = LogFilter(origin="grant", since=DAY, organisation="1.2", below=True)
    found = administration.log(only, most=3)
    assert [each.number for each in found.versions] == [9, 8, 7]
    assert found.earlier == 4
    asked = "origin=grant&since=2026-03-01&organisation=1.2&below=true"
    assert [call.path for call in service.calls] == [
        f"/admin/v1/versions?{asked}&limit=3",
        f"/admin/v1/versions?{asked}&limit=2&before=9",
        f"/admin/v1/versions?{asked}&limit=1&before=8",
    ]


def test_log_may_be_shorter(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """Then all of it is there."""
    service.will({"versions": [VERSION], "earlier": 0, "next": None})
    found = administration.log()
    assert (len(found.versions), found.earlier) == (1, 0)
    assert service.calls[0].path == "/admin/v1/versions?limit=50"


def test_changes_of_a_version_are_read_page_by_page(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """There may be a million."""
    values = ["role:head", "role:user", "*", "*"]
    change = {"op": "+", "kind": "p2", "values": values, "line": LINE}
    service.will({"version": VERSION, "changes": [change], "next": 1})
    service.will({"version": VERSION, "changes": [change], "next": None})
    assert len([*administration.changes(9)]) == 2
    assert [call.path for call in service.calls] == [
        "/admin/v1/versions/9?limit=1000",
        "/admin/v1/versions/9?limit=1000&offset=1",
    ]
