"""A key that stands twice in what is asked: a gateway may have read the other one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.types import ASGIApp

from .asking import ask
from .test_batches import MANY, QUESTION

ONE = "/access/v1/evaluation"
TWICE = "a key stands twice in an object, expected each once"


def with_more(body: Any, *, at: str, more: str) -> bytes:  # noqa: ANN401
    """A body with something more before what it says."""
    text = json.dumps(body)
    assert text.count(at) == 1
    return text.replace(at, f"{more}, {at}").encode()


PLACES = {
    "part": ('"action": ', '"action": {"name": "update"}'),
    "id": ('"id": "user"', '"id": "boss"'),
    "spelt otherwise": ('"id": "user"', '"\\u0069d": "boss"'),
    "property": ('"organisation": "1.2"', '"organisation": "1.3"'),
    "what nobody asks for": ('"action": ', '"x": {"y": 1, "y": 2}'),
    "no text": ('"action": ', '"x": null, "x": null'),
    "made up for by quotes": (
        '"id": "user"',
        '"id": 1, "x": "\\u0022\\u0022"',
    ),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_question_in_which_a_key_stands_twice_is_refused(
    app: ASGIApp, place: tuple[str, str]
) -> None:
    """Wherever it stands, and whether or not anybody asks for it."""
    body = with_more(QUESTION, at=place[0], more=place[1])
    for path in (ONE, MANY, "/access/v1/search/subject"):
        answer = ask(app, path, body)
        assert answer.status == 400
        if '"id": 1' not in place[1]:
            assert answer.json["detail"] == TWICE
    # the same without the second one
    assert ask(app, ONE, QUESTION).json["decision"] is True


def test_members_that_nobody_knows_are_passed_over(app: ASGIApp) -> None:
    """Each by its own name."""
    more = '"x": {"id": "boss", "y": [{"id": 1}, {"id": "\\"\\\\"}]}, "y": "x"'
    body = with_more(QUESTION, at='"action": ', more=more)
    assert ask(app, ONE, body).json["decision"] is True


def test_item_in_which_a_key_stands_twice_is_not_decided(app: ASGIApp) -> None:
    """The others are."""
    items = '"evaluations": [{}, {"action": {"name": "read"}, "action": {"name": "x"}}]'
    body = with_more(QUESTION, at='"action": ', more=items)
    first, second = ask(app, MANY, body).json["evaluations"]
    assert first["decision"] is True
    error = {"status": 400, "message": TWICE}
    assert second == {"decision": False, "context": {"error": error}}


def test_request_in_which_a_key_stands_twice_beside_its_items_is_refused(
    app: ASGIApp,
) -> None:
    """All of it: which items are meant is not known."""
    items = '"evaluations": [{}], "evaluations": [{"subject": 1}]'
    body = with_more(QUESTION, at='"action": ', more=items)
    answer = ask(app, MANY, body)
    assert (answer.status, answer.json["detail"]) == (400, TWICE)
