"""Many questions at once are answered as each of them is by itself."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.service.batches import Batches
from oikeus.service.callers import Caller
from oikeus.service.calls import Call
from oikeus.service.evaluating import Evaluating
from oikeus.service.node import Decided
from oikeus.service.problems import HttpError
from oikeus.service.settings import Settings
from oikeus.service.threads import Threads
from oikeus.store import Scope

from ..unit.service.asking import Observed, node
from .worlds import MODEL, Question, World, worlds

DAWN = datetime(2026, 3, 1, tzinfo=UTC)

_ODD: tuple[dict[str, Any], ...] = (
    {"subject": {"type": "cat", "id": "1"}},
    {"subject": {"type": "person", "id": ""}},
    {"subject": {"type": "person", "id": " 0"}},
    {"subject": {"type": "person", "id": "å"}},
    {"subject": {"type": "role", "id": "a"}},
    {"subject": {"type": "person"}},
    {"subject": 1},
    {"action": {"name": ""}},
    {"action": {"name": "grant", "properties": {}}},
    {"resource": {"type": "hoks", "id": "1"}},
    {"resource": {"type": "hoks", "id": "1", "properties": {"organisation": 1}}},
    {"resource": {"type": "hoks", "id": "1", "properties": {"organisation": "a:b"}}},
    {"resource": {"type": "", "id": "1", "properties": {"organisation": "o1"}}},
    {"resource": {"type": "role", "id": "a", "properties": {"organisation": "o1"}}},
    {"context": {}},
    {"context": {"at_least_version": 0}},
    {"context": {"at_least_version": -1}},
    {"context": {"explain": True}},
    {"context": {"time": "now"}},
)


_ENDS = {
    "execute_all": None,
    "deny_on_first_deny": False,
    "permit_on_first_permit": True,
}


@given(worlds(), st.data())
def test_batch_is_its_questions(world: World, data: st.DataObject) -> None:
    """In answers, errors and what the observer learns, whatever the request repeats."""
    items, well, day = _drawn(world, data)
    organisations = data.draw(st.sampled_from([(), (), ("o1", "o2")]))
    caller = Caller("token:1", None, frozenset({Scope.EVALUATE}), organisations)
    point = DecisionPoint(Snapshot.build(MODEL, world.lines), today=lambda: day)
    body: dict[str, Any] = {"evaluations": items}
    for name in data.draw(st.sets(st.sampled_from(["subject", "action", "resource"]))):
        body[name] = well[name]
        items[-1].pop(name)
    context = data.draw(
        st.sampled_from([None, None, {"at_least_version": 0}, {"a": 1}])
    )
    if context is not None:
        body["context"] = context
    semantic = data.draw(st.sampled_from([*_ENDS]))
    body["options"] = {"evaluations_semantic": semantic}
    whole = [{**body, "evaluations": [], **item} for item in items]
    answers, told = _one_by_one(point, caller, whole, _ENDS[semantic])
    assert _together(point, caller, body) == (answers, told)


def _drawn(
    world: World, data: st.DataObject
) -> tuple[list[dict[str, Any]], dict[str, Any], date]:
    """A few questions of one day, some of them odd; and one that is not."""
    first = data.draw(st.sampled_from([*world.accesses()]))
    day = first[4]
    those = [question for question in world.accesses() if question[4] == day]
    powers = [question for question in world.powers() if question[0] == "person:0"]
    more = data.draw(st.lists(st.sampled_from(those), min_size=4, max_size=20))
    items = [*map(_access, [first, *more])]
    items += [*map(_power, data.draw(st.lists(st.sampled_from(powers), max_size=2)))]
    for odd in data.draw(st.lists(st.sampled_from(_ODD), max_size=4)):
        items.append(data.draw(st.sampled_from(items)) | odd)
    mixed = data.draw(st.permutations(items))
    return [dict(item) for item in mixed], _access(first), day


def _access(question: Question) -> dict[str, Any]:
    subject, action, resource, place, _ = question
    return {
        "subject": _entity(subject),
        "action": {"name": action},
        "resource": {
            "type": resource,
            "id": "17",
            "properties": {"organisation": place},
        },
    }


def _power(question: Question) -> dict[str, Any]:
    granter, recipient, role, place, _ = question
    said = {"organisation": place, "to": recipient}
    return {
        "subject": _entity(granter),
        "action": {"name": "grant"},
        "resource": {"type": "role", "id": role, "properties": said},
    }


def _entity(name: str) -> dict[str, str]:
    kind, _, rest = name.partition(":")
    return {"type": kind, "id": rest}


def _call(caller: Caller, body: object) -> Call:
    return Call(caller, Headers(), json.dumps(body).encode())


def _one_by_one(
    point: DecisionPoint,
    caller: Caller,
    questions: list[dict[str, Any]],
    end: bool | None,  # noqa: FBT001 # as the semantic has it
) -> tuple[list[Any], list[Decided]]:
    """What singles are answered, and what their observer learns."""
    observed = Observed()
    evaluating = Evaluating(node(point, observer=observed), Settings(), Threads(1, 1))
    answers: list[Any] = []
    for question in questions:
        try:
            found = asyncio.run(evaluating.one(_call(caller, question)))
            answers.append(_without_id(json.loads(found)))
        except HttpError as error:
            said = {"status": error.status.value, "message": error.detail}
            answers.append({"decision": False, "context": {"error": said}})
        if answers[-1]["decision"] is end:
            break
    return answers, [*map(_without_time, observed.decisions)]


def _together(
    point: DecisionPoint, caller: Caller, body: dict[str, Any]
) -> tuple[list[Any], list[Decided]]:
    """What a batch is answered, and what its observer learns."""
    observed = Observed()
    evaluating = Evaluating(node(point, observer=observed), Settings(), Threads(1, 1))
    found = asyncio.run(Batches(evaluating, Settings()).many(_call(caller, body)))
    answers = json.loads(found)["evaluations"]
    ids = [each["context"]["id"] for each in answers if "id" in each["context"]]
    assert ids == [each.id for each in observed.decisions]
    assert len({*ids}) == len(ids)
    decisions = [*map(_without_time, observed.decisions)]
    return [*map(_without_id, answers)], decisions


def _without_id(answer: dict[str, Any]) -> dict[str, Any]:
    answer["context"].pop("id", None)
    return answer


def _without_time(decided: Decided) -> Decided:
    return replace(decided, id="", time=DAWN, seconds=None)
