"""Many questions at once: limits, explanations, and one version for all of them."""

from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint
from oikeus.service.application import application
from oikeus.service.settings import Settings

from .asking import Observed, ask, node

MANY = "/access/v1/evaluations"
QUESTION: dict[str, Any] = {
    "subject": {"type": "person", "id": "user"},
    "action": {"name": "read"},
    "resource": {"type": "hoks", "id": "1", "properties": {"organisation": "1.2"}},
}


def test_as_many_as_are_asked_each_told_of_by_an_id(ehoks: DecisionPoint) -> None:
    """More than are decided before the loop has its turn."""
    observed = Observed()
    served = application(node(ehoks, observer=observed), Settings())
    found = ask(served, MANY, QUESTION | {"evaluations": [{}] * 250}).json[
        "evaluations"
    ]
    ids = [each["context"]["id"] for each in found]
    assert len(set(ids)) == 250
    assert [each.id for each in observed.decisions] == ids
    assert {each.seconds for each in observed.decisions} == {None}
    assert sorted(ids) == ids


def test_more_than_may_be_asked(ehoks: DecisionPoint) -> None:
    """Of questions, and of explanations."""
    served = application(node(ehoks), Settings(most_evaluations=3, most_explained=1))
    body = QUESTION | {"evaluations": [{}] * 4}
    detail = "more than 3 evaluations, ask in several requests"
    assert ask(served, MANY, body).json["detail"] == detail
    body |= {"evaluations": [{}] * 2, "context": {"explain": True}}
    detail = "more than 1 explanations, ask in several requests"
    assert ask(served, MANY, body).json["detail"] == detail


def test_explanation_of_some(app: ASGIApp, ehoks: DecisionPoint) -> None:
    """The others have their brief reasons, and errors are errors."""
    explained = {"context": {"explain": True}}
    wrong = {"subject": {"type": "cat", "id": "1"}}
    items = [{}, explained, explained | wrong, {"context": {"at_least_version": -1}}]
    found = ask(app, MANY, QUESTION | {"evaluations": items}).json["evaluations"]
    assert [each["decision"] for each in found] == [True, True, False, False]
    assert found[0]["context"]["reason"] == "allowed by the role eHOKS user"
    assert found[1]["context"]["reason"].startswith("`ehoks-kayttaja` at `1.2`")
    assert found[2]["context"]["error"]["status"] == 400
    assert "at_least_version" in found[3]["context"]["error"]["message"]
    assert ehoks.version == 0


def test_version_that_one_of_them_names(ehoks: DecisionPoint) -> None:
    """All wait for it: they are decided by one version."""
    served = application(node(ehoks), Settings(patience=0.01))
    items = [{}, {"context": {"at_least_version": 3}}]
    assert ask(served, MANY, QUESTION | {"evaluations": items}).status == 503


@pytest.mark.parametrize("wrong", [{"subject": 1}, {"evaluations": 1}, {"options": 1}])
def test_what_is_malformed_besides_an_item(app: ASGIApp, wrong: dict[str, Any]) -> None:
    """All of the request is refused."""
    assert ask(app, MANY, {"evaluations": [{}]} | wrong).status == 400
    no_items = {"subject": {"type": "person"}}
    assert ask(app, MANY, no_items).status == 400
