"""What all questions at a service share."""

from datetime import date

import pytest

from oikeus import RefusedError, ServiceError
from oikeus.remote.reading import Fields
from oikeus.remote.secret import Secret
from oikeus.remote.session import Session

from .conftest import PROBLEM, Scripted


def number(fields: Fields) -> int:
    """What was done."""
    return fields.number("done")


def test_question_is_sent_with_the_token(
    session: Session, service: Scripted, token: str
) -> None:
    """As JSON, and may be sent again."""
    service.will({"x": "y"})
    assert session.ask("/a", {"q": 1}).text("x") == "y"
    (call,), (headers,) = service.calls, service.headers
    assert (call.method, call.path, call.body, call.reads) == (
        *("POST", "/a"),
        *(b'{"q": 1}', True),
    )
    assert headers == {
        "Accept": "application/json, application/problem+json",
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
    }
    assert token not in repr(call) + repr(session)


def test_look_asks_for_what_is_said_only(session: Session, service: Scripted) -> None:
    """In the query; a list stands there item by item."""
    for _ in range(2):
        service.will({})
    session.look("/a")
    session.look("/a", {"x": None, "y": "ä&b", "z": ["1", "2"], "d": date(2026, 3, 1)})
    assert [call.path for call in service.calls] == [
        "/a",
        "/a?y=%C3%A4%26b&z=1&z=2&d=2026-03-01",
    ]
    assert [call.body for call in service.calls] == [None, None]
    assert all("Content-Type" not in headers for headers in service.headers)


def test_act_is_sent_once_and_seen_from_then_on(
    session: Session, service: Scripted
) -> None:
    """Whoever acted is answered by that version or a later one."""
    service.will({"done": 3, "version": 7})
    assert session.at_least == 0
    assert session.act("/a", {"x": None, "d": date(2026, 3, 1)}, number) == 3
    (call,) = service.calls
    assert (call.body, call.reads) == (b'{"d": "2026-03-01"}', False)
    assert session.at_least == 7
    session.wait_for(5)
    assert session.at_least == 7


@pytest.mark.parametrize("body", [{"done": "3", "version": 7}, {"done": 3}, b"{"])
def test_act_with_an_odd_answer_may_be_done(
    session: Session, service: Scripted, body: object
) -> None:
    """The service said that it succeeded."""
    service.will(body)
    with pytest.raises(ServiceError) as odd:
        session.act("/a", {}, number)
    assert odd.value.is_unsure
    assert session.at_least == 0


def test_token_that_a_service_repeats_is_not_shown(
    session: Session, service: Scripted, token: str
) -> None:
    """Neither in an error, nor in what is read."""
    service.will({"detail": f"unknown: {token}"}, 401, PROBLEM)
    with pytest.raises(ServiceError) as failed:
        session.ask("/a", {})
    assert str(failed.value) == "the service answered 401: unknown: …"
    escaped = "".join(f"\\u{ord(each):04x}" for each in token)
    for body in (
        {"x": token, "y": [token]},
        f'{{"x": "{escaped}", "y": ["{escaped}"]}}'.encode(),
    ):
        service.will(body)
        answered = session.ask("/a", {})
        assert (answered.text("x"), answered.texts("y")) == ("…", ("…",))
        assert token not in repr(answered)
    said = {"detail": "unknown", "status": 403, "done": "nothing"}
    spread = {**said, "reason": " ".join(token)}
    lists = {"rules": [f"{token[:40]}\n{token[40:]}"], "allowed": [], "granters": []}
    service.will(spread | lists, 403, PROBLEM)
    with pytest.raises(RefusedError) as refused:
        session.act("/a", {}, number)
    assert (refused.value.reason, refused.value.rules) == ("…", ("…",))


def test_nobody_asks_without_a_token(service: Scripted) -> None:
    """Where a service asks nobody who they are."""
    service.will({})
    Session(service, Secret(None)).ask("/a", {})
    assert "Authorization" not in service.headers[0]


def test_session_that_is_closed_closes_its_transport(
    session: Session, service: Scripted
) -> None:
    """And what is open there."""
    session.close()
    assert service.closed
