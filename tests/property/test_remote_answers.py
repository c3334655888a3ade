"""What a service may answer, and what is taken for an allow."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oikeus import OikeusError, RemotePoint, Request
from oikeus.remote.exchange import Call, Received
from oikeus.remote.secret import Secret
from oikeus.remote.session import Session

QUESTION = Request("person:anna", "read", "hoks", "1.2")
ALLOW: dict[str, Any] = {
    "decision": True,
    "context": {"id": "d-1", "version": 7, "reason": "a rule", "day": "2026-03-01"},
}
MEMBERS = [
    ("decision",),
    ("context",),
    *(("context", each) for each in ALLOW["context"]),
]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["true", "allow", "permit"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


class Answering:
    """Answers every call by the same body."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def send(self, call: Call, headers: Mapping[str, str]) -> Received:
        """That body."""
        del call, headers
        return Received(200, {"content-type": "application/json"}, self._body)

    def close(self) -> None:
        """Let go of nothing."""


def allowed(body: bytes, *, least: int = 0) -> list[bool]:
    """Whether it is an allow, by each way to ask; an error is none."""
    point = RemotePoint(Session(Answering(body), Secret("a.token.c")))
    point.wait_for(least)
    asks: list[Callable[[], bool]] = [
        lambda: point.allows("person:anna", "read", "hoks", "1.2"),
        lambda: point.decide(QUESTION).allowed,
        lambda: point.allows_many([QUESTION])[0],
    ]
    found = []
    for ask in asks:
        try:
            found.append(ask())
        except OikeusError:
            found.append(False)
    return found


def answer(told: object) -> bytes:
    """A body that answers one question, and several."""
    whole = {**told, "evaluations": [told]} if isinstance(told, dict) else told
    return json.dumps(whole).encode()


def test_allow_is_one() -> None:
    """By each way to ask; a version that is too old is none."""
    assert allowed(answer(ALLOW)) == [True] * 3
    assert allowed(answer(ALLOW), least=8) == [False] * 3


@given(st.sampled_from(MEMBERS), values)
def test_one_member_that_is_otherwise(place: tuple[str, ...], value: object) -> None:
    """Nothing but `true` decides, and what else is odd is an error of ours."""
    told = json.loads(json.dumps(ALLOW))
    inner = told if len(place) == 1 else told["context"]
    inner[place[-1]] = value
    found = allowed(answer(told))
    if place == ("decision",) and value is not True:
        assert found == [False] * 3
    if place == ("context", "version") and (type(value) is not int or value < 0):
        assert found == [False] * 3


@given(st.binary() | values.map(answer))
def test_anything_else_is_no_allow(body: bytes) -> None:
    """Whatever it is, it is refused as an error of ours."""
    assert allowed(body) == [False] * 3


@given(st.integers(0, len(answer(ALLOW)) - 1))
def test_answer_that_ends_early_is_none(end: int) -> None:
    """Wherever it was cut off."""
    assert allowed(answer(ALLOW)[:end]) == [False] * 3
