"""Plain questions: what is not plain is left to the way of single questions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint, Line, Scope, Snapshot, load_model
from oikeus.decide.scope import Scope as Part
from oikeus.policy.authzen import AuthZen, Place
from oikeus.service.application import application
from oikeus.service.callers import Caller
from oikeus.service.node import Decided, Together, each_of
from oikeus.service.settings import Settings

from .asking import Observed, ask, node

HOME = Path(__file__).resolve().parents[3]
MANY = "/access/v1/evaluations"


def item(**changed: object) -> dict[str, Any]:
    """Whether the user may read."""
    return {
        "subject": {"type": "person", "id": "user"},
        "action": {"name": "read"},
        "resource": {"type": "hoks", "id": "1", "properties": {"organisation": "1.2"}},
    } | changed


def answers(app: ASGIApp, *items: object, **more: object) -> list[Any]:
    """What is answered of each."""
    found: list[Any] = ask(app, MANY, {"evaluations": items, **more}).json[
        "evaluations"
    ]
    return found


def at(organisation: str) -> dict[str, Any]:
    """The same question elsewhere."""
    place = {"type": "hoks", "id": "1", "properties": {"organisation": organisation}}
    return item(resource=place)


def test_organisations_of_a_caller(ehoks: DecisionPoint) -> None:
    """Each is looked at once; the others are refused one by one."""
    scopes = frozenset({Scope.EVALUATE})
    caller = Caller("token:1", None, scopes, ("1.2",))
    app = application(node(ehoks, caller), Settings())
    found = answers(app, item(), at("1.3"), item(), at("1.2.1"))
    assert [each["decision"] for each in found] == [True, False, True, True]
    assert found[1]["context"]["error"]["status"] == 403


def test_part_of_the_organisations(ehoks: DecisionPoint) -> None:
    """What is not loaded here is an error, as it is by itself."""
    places = frozenset({"1.2", "1.2.1"})
    part = Part("1.2", places, places, frozenset())
    point = DecisionPoint(replace(ehoks.snapshot, scope=part), today=ehoks.today)
    found = answers(application(node(point), Settings()), item(), at("1.3"))
    assert [each["decision"] for each in found] == [True, False]
    assert "decides about `1.2`" in found[1]["context"]["error"]["message"]


def test_words_that_no_question_can_have(app: ASGIApp) -> None:
    """The error says which."""
    found = answers(app, item(), item(action={"name": " read"}))
    assert "the action's name" in found[1]["context"]["error"]["message"]


def test_nothing_said_of_the_organisation(app: ASGIApp) -> None:
    """Nothing is guessed."""
    bare = item(resource={"type": "hoks", "id": "1"})
    (found,) = answers(app, bare)
    assert "resource.properties.organisation" in found["context"]["error"]["message"]
    nobody = {"action": {"name": "read"}}
    (found,) = answers(app, nobody)
    assert found["context"]["error"]["message"].startswith("a question has no subject")


@pytest.mark.parametrize("version", [0, 0.5, True, -1, 1])
def test_version_that_the_request_names(ehoks: DecisionPoint, version: object) -> None:
    """One that is there asks for nothing; another one is waited for, or is none."""
    app = application(node(ehoks), Settings(patience=0.01))
    body = {"evaluations": [item()], "context": {"at_least_version": version}}
    found = ask(app, MANY, body)
    if version == 1 and version is not True:
        assert found.status == 503
        return
    (answer,) = found.json["evaluations"]
    assert answer["decision"] is (version == 0)
    assert ("error" in answer["context"]) is (version != 0)


@pytest.mark.parametrize(
    ("semantic", "decisions"),
    [
        ("deny_on_first_deny", [True, True, False]),
        ("permit_on_first_permit", [True]),
        ("execute_all", [True, True, False, True, False]),
    ],
)
def test_end_among_plain_questions(
    ehoks: DecisionPoint, semantic: str, decisions: list[bool]
) -> None:
    """Nobody is told of what is not answered."""
    observed = Observed()
    app = application(node(ehoks, observer=observed), Settings())
    items = [item(), item(), at("1.3"), item(), at("1.3")]
    found = answers(app, *items, options={"evaluations_semantic": semantic})
    assert [each["decision"] for each in found] == decisions
    assert [each.allowed for each in observed.decisions] == decisions


def test_end_before_a_question_that_is_not_plain(app: ASGIApp) -> None:
    """That one is not decided."""
    barred = item(subject={"type": "person", "id": "barred"})
    options = {"evaluations_semantic": "permit_on_first_permit"}
    (found,) = answers(app, item(), barred, options=options)
    assert found["decision"] is True


def test_organisation_that_is_the_id_of_the_resource(ehoks: DecisionPoint) -> None:
    """As the catalogue may say."""
    catalogue = ehoks.snapshot.catalogue
    assert catalogue is not None
    said = replace(catalogue, authzen=AuthZen(organisation=Place()))
    snapshot = replace(ehoks.snapshot, catalogue=said)
    point = DecisionPoint(snapshot, today=ehoks.today)
    app = application(node(point), Settings())
    there, elsewhere = (
        item(resource={"type": "hoks", "id": place}) for place in ("1.2", "1.3")
    )
    found = answers(app, there, elsewhere)
    assert [each["decision"] for each in found] == [True, False]


def test_end_at_a_question_that_is_not_plain(ehoks: DecisionPoint) -> None:
    """Those before it are answered, and those after it are not."""
    observed = Observed()
    app = application(node(ehoks, observer=observed), Settings())
    barred = item(subject={"type": "person", "id": "barred"})
    options = {"evaluations_semantic": "deny_on_first_deny"}
    found = answers(app, item(), barred, item(), options=options)
    assert [each["decision"] for each in found] == [True, False]
    assert found[1]["context"]["reason"] == "the subject is blocked"
    assert len(observed.decisions) == 2


def test_turns_of_the_loop(ehoks: DecisionPoint) -> None:
    """Others get theirs while a batch is decided, plain or not."""
    app = application(node(ehoks), Settings())
    barred = item(subject={"type": "person", "id": "barred"})
    found = answers(app, *[item()] * 600, *[barred] * 120)
    assert [each["decision"] for each in found] == [True] * 600 + [False] * 120


def test_some_rules_deny(lines: tuple[Line, ...]) -> None:
    """Whether one did is asked of the model."""
    deny = Line("p", ("role:ehoks-kayttaja", "hoks", "share", "deny"))
    model = load_model(HOME / "model.conf")
    day = datetime(2026, 3, 1, tzinfo=UTC).date()
    point = DecisionPoint(Snapshot.build(model, [*lines, deny]), today=lambda: day)
    app = application(node(point), Settings())
    found = answers(app, item(), item(action={"name": "share"}), at("1.3"))
    assert [each["context"]["reason"] for each in found] == [
        "allowed by the role ehoks-kayttaja",
        "a rule forbids it",
        "no role held here today permits it",
    ]


def test_observer_that_fails(ehoks: DecisionPoint) -> None:
    """None of the decisions is answered."""
    app = application(node(ehoks, observer=Observed(failure=OSError())), Settings())
    found = ask(app, MANY, {"evaluations": [item(), item()]})
    assert found.status == 503


def test_decisions_of_a_request_are_told_at_its_end(ehoks: DecisionPoint) -> None:
    """All at once: an observer that fails has taken none of them in."""
    told: list[int] = []

    class Counting(Observed):
        def decided_together(self, together: Sequence[Decided | Together]) -> None:
            told.append(sum(1 for _ in each_of(together)))

    app = application(node(ehoks, observer=Counting()), Settings())
    asked = [item() for _ in range(600)]
    explained = item(context={"explain": True})
    ask(app, MANY, {"evaluations": [*asked, explained, *asked[:7]]})
    assert told == [608]


def test_decisions_told_together() -> None:
    """How many there are costs nothing; each is made when it is asked for."""
    asked = [("person:a", "read", "hoks", "1.2"), ("person:b", "read", "hoks", "1.2")]
    time = datetime(2026, 3, 1, tzinfo=UTC)
    caller = Caller("token:1", None, frozenset())
    together = Together("id", 7, time, caller, time.date(), 3, asked, [True, False])
    assert len(together) == 2
    assert [(each.id, each.request.organisation) for each in together] == [
        ("id0007", "1.2"),
        ("id0008", "1.2"),
    ]
