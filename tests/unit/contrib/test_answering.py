"""A request goes on where the policy allows it, and nowhere else."""

import asyncio
import logging
import threading
from http import HTTPStatus
from typing import Any

import pytest

from oikeus import Decision, DecisionPoint, ModelError, Request
from oikeus.contrib.answering import Answer, answer

ALLOWED = ("person:a", "read", "file", "1.1.1")
DENIED = ("person:a", "read", "file", "1.2")
PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""


def answered(point: DecisionPoint, *asked: Any) -> Answer:  # noqa: ANN401 # some are no text
    """The answer to one request."""
    return asyncio.run(answer(point, *asked))


def test_allow_goes_on(point: DecisionPoint) -> None:
    """Without a word."""
    found = answered(point, *ALLOWED)
    assert (found.goes_on, found.status, found.detail) == (True, HTTPStatus.OK, "")


def test_deny_is_forbidden_with_the_reason_of_the_decision(
    point: DecisionPoint,
) -> None:
    """The point's own sentence, which names roles and organisations only."""
    found = answered(point, *DENIED)
    assert not found.goes_on
    assert found.status is HTTPStatus.FORBIDDEN
    assert found.detail == point.decide(Request(*DENIED)).reason
    assert "person:" not in found.detail


def test_nobody_is_asked_to_sign_in(point: DecisionPoint) -> None:
    """Nothing is decided about them."""
    found = answered(point, None, *ALLOWED[1:])
    assert not found.goes_on
    assert found.status is HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    "asked",
    [
        ("", "read", "file", "1.1"),
        ("a", "read", "file", "1.1"),
        ("role:clerk", "read", "file", "1.1"),
        ("person:a", "read", None, "1.1"),
        ("person:a", "read", "file", None),
        (False, "read", "file", "1.1"),
    ],
    ids=str,
)
def test_request_that_cannot_be_decided_goes_nowhere(
    point: DecisionPoint, asked: tuple[Any, ...]
) -> None:
    """The application made it of something that is no id."""
    assert answered(point, *asked).status is HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize("place", ["", "1.1@1", "person:a", "x" * 10_000])
def test_organisation_that_is_no_id_is_a_bad_request(
    point: DecisionPoint, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes from a path: whoever sent it is told, and it is no failure of ours."""
    found = answered(point, "person:a", "read", "file", place)
    assert found.status is HTTPStatus.BAD_REQUEST
    assert found.detail == "the organisation asked about is no id, expected an OID"
    assert not caplog.records


def test_error_is_no_answer_and_tells_nobody_anything(
    point: DecisionPoint,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What failed is in the log, and the id of a person only in that for debugging."""

    def allows(subject: str, *_: str) -> bool:
        message = f"it failed for {subject}"
        raise ModelError(message)

    monkeypatch.setattr(point, "allows", allows)
    caplog.set_level(logging.DEBUG, "oikeus.contrib")
    found = answered(point, *ALLOWED)
    assert found.status is HTTPStatus.SERVICE_UNAVAILABLE
    assert found.detail == "no decision could be made"
    levels = [record.levelno for record in caplog.records]
    assert levels == [logging.ERROR, logging.DEBUG]
    assert caplog.records[0].getMessage() == "no decision was made: ModelError"
    assert "it failed for person:a" in caplog.text


def test_deny_that_cannot_be_explained_goes_nowhere(
    point: DecisionPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second question that fails changes nothing for the better."""

    def decide(_: Request) -> Decision:
        raise RuntimeError

    monkeypatch.setattr(point, "decide", decide)
    assert answered(point, *DENIED).status is HTTPStatus.SERVICE_UNAVAILABLE
    assert answered(point, *ALLOWED).goes_on


@pytest.mark.parametrize("told", ["deny", 1, object()])
def test_what_is_merely_true_is_no_allow(
    point: DecisionPoint, monkeypatch: pytest.MonkeyPatch, told: object
) -> None:
    """A coroutine that nobody awaited is true as well."""
    monkeypatch.setattr(point, "allows", lambda *_: told)
    assert answered(point, *DENIED).status is HTTPStatus.FORBIDDEN
    monkeypatch.setattr(point, "decide", lambda _: told)
    assert answered(point, *DENIED).status is HTTPStatus.SERVICE_UNAVAILABLE


def test_version_that_comes_between_answers_as_a_whole(
    point: DecisionPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forbidden with an allow's reason would be an answer of no version."""
    monkeypatch.setattr(point, "allows", lambda *_: False)
    assert answered(point, *ALLOWED).goes_on
    assert answered(point, *DENIED).status is HTTPStatus.FORBIDDEN


def test_others_are_served_while_a_deny_is_explained(
    point: DecisionPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the event loop it would wait for itself here."""
    meanwhile, decide = threading.Event(), point.decide

    def waiting(request: Request) -> Decision:
        assert meanwhile.wait(PATIENCE)
        return decide(request)

    async def both() -> Answer:
        denied = asyncio.ensure_future(answer(point, *DENIED))
        await asyncio.sleep(0)
        assert (await answer(point, *ALLOWED)).goes_on
        meanwhile.set()
        return await denied

    monkeypatch.setattr(point, "decide", waiting)
    assert asyncio.run(both()).status is HTTPStatus.FORBIDDEN


class Elsewhere:
    """A point at a service: it answers when somebody else was served meanwhile."""

    def __init__(self, point: DecisionPoint) -> None:
        self._point = point
        self.meanwhile = threading.Event()

    def allows(self, *asked: str) -> bool:
        """Ask as a service is asked."""
        assert self.meanwhile.wait(PATIENCE)
        return self._point.allows(*asked)  # type: ignore[arg-type]

    def decide(self, request: Request) -> Decision:
        """The same for the reason."""
        assert self.meanwhile.wait(PATIENCE)
        return self._point.decide(request)


@pytest.mark.parametrize(
    ("asked", "status"), [(ALLOWED, HTTPStatus.OK), (DENIED, HTTPStatus.FORBIDDEN)]
)
def test_others_are_served_while_a_service_is_asked(
    point: DecisionPoint, asked: tuple[str, ...], status: HTTPStatus
) -> None:
    """On the event loop it would wait for itself here."""
    there: Any = Elsewhere(point)

    async def both() -> Answer:
        waiting = asyncio.ensure_future(answer(there, *asked))
        await asyncio.sleep(0)
        assert (await answer(point, *ALLOWED)).goes_on
        there.meanwhile.set()
        return await waiting

    assert asyncio.run(both()).status is status
