"""The service does what its document says, whatever is sent to it.

Schemathesis makes requests of the document: some that fit it and some that do not. The
words of the example world are put into them as well, or nearly all would be refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from oikeus import Administration, Scope

from ..example_world import HOME
from .conftest import DAY, Served

pytestmark = pytest.mark.uncovered

Described: TypeAlias = APIOperation[Any, Any, Any, Any]
Sent: TypeAlias = Case[Any]

SCHEMA = schemathesis.openapi.from_dict(
    json.loads((HOME / "docs" / "openapi.json").read_text(encoding="utf-8"))
)
# the tests say who asks
SCHEMA.config.generation.with_security_parameters = False
OPERATIONS: list[Described] = [
    found.ok()  # type: ignore[union-attr] # or the test fails here
    for found in SCHEMA.get_all_operations()
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]

VASTUU = "person:1.2.246.562.24.90100000011"
PAA = "person:1.2.246.562.24.90100000012"
USER = "person:1.2.246.562.24.90100000013"
NEW = "person:1.2.246.562.24.90100000077"
KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
RIGHT = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}
NAMED = {"name": "keuda-uusi", "organisation": KEUDA}
QUESTION = {
    "subject": {"type": "person", "id": USER.removeprefix("person:")},
    "action": {"name": "read"},
    "resource": {"type": "hoks", "id": "1", "properties": {"organisation": SCHOOL}},
}

_subjects = st.sampled_from([NEW, "person:x", USER, PAA, "system:keuda-tiedonsiirto"])
WORDS: dict[str, st.SearchStrategy[Any]] = {
    "subject": _subjects,
    "to": _subjects,
    "by": _subjects,
    "granter": _subjects,
    "role": st.sampled_from(["ehoks-kayttaja", "ehoks-paakayttaja", "palvelukayttaja"]),
    "organisation": st.sampled_from([SCHOOL, KEUDA]),
    "name": st.sampled_from(["keuda-uusi", "keuda-tiedonsiirto"]),
    "reason": st.sampled_from(["as the test wants", " "]),
    "from": st.just("2026-03-01"),
    "until": st.just("2026-12-31"),
    "origin": st.sampled_from(["grant", "policy"]),
    "id": st.integers(1, 9),
}

bounded: Callable[[Callable[..., None]], Callable[..., None]] = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)


def name_of(operation: Described) -> str:
    """What the document calls it."""
    return str(operation.definition.raw["operationId"])


@pytest.fixture
def headers(served: Served) -> list[dict[str, str]]:
    """What four callers send: two who may grant, two who may not."""
    tokens = (
        served.token(VASTUU, *Scope),
        served.token(PAA, Scope.ADMINISTER),
        served.token(NEW, *Scope),
        served.token(USER, Scope.EVALUATE),
    )
    return [{"Authorization": f"Bearer {token}"} for token in tokens]


@pytest.fixture
def wishes(served: Served) -> list[int]:
    """Applications that PAA can decide."""
    desk = Administration(served.store, actor="os:tester", today=lambda: DAY)
    made = (desk.request(f"person:{n}", "ehoks-kayttaja", SCHOOL) for n in range(4))
    return [each.application.id for each in made]


@st.composite
def known(draw: st.DrawFn, operation: Described) -> Sent:
    """A request that fits the document, with words that the world knows."""
    case: Sent = draw(operation.as_strategy(GenerationMode.POSITIVE))
    if draw(st.integers(0, 3)):
        for part in (case.body, case.query, case.path_parameters):
            if isinstance(part, dict):
                known = {name: draw(WORDS[name]) for name in part if name in WORDS}
                part.update(known)
    return case


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_what_fits_is_answered_as_described(
    served: Served,
    wishes: list[int],
    headers: list[dict[str, str]],
    operation: Described,
) -> None:
    """By a status and a body that the document has, to whoever asks."""
    assert len(wishes) == 4

    @bounded
    @given(known(operation), st.sampled_from(headers))
    def ask(case: Sent, headers: dict[str, str]) -> None:
        response = case.call(app=served.app, headers=headers)
        case.validate_response(response, checks=CHECKS)

    ask()


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_what_does_not_fit_is_refused(
    served: Served, headers: list[dict[str, str]], operation: Described
) -> None:
    """By a status that the document has, and nothing is done."""
    if not (operation.body or operation.query or operation.path_parameters):
        return
    before = served.store.head()
    checks = [*CHECKS, negative_data_rejection]
    if name_of(operation) == "evaluateMany":
        # a question of several that is malformed is denied by itself, in a 200
        checks.remove(negative_data_rejection)

    @bounded
    @given(operation.as_strategy(GenerationMode.NEGATIVE))
    def ask(case: Sent) -> None:
        response = case.call(app=served.app, headers=headers[0])
        case.validate_response(response, checks=checks)

    ask()
    assert served.store.head() == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_nothing_is_answered_without_a_token(
    served: Served, operation: Described
) -> None:
    """But 401, as described; but for what is for anybody."""
    if operation.definition.raw.get("security") == []:
        response = _case(operation, 1, {}).call(app=served.app)
        assert response.status_code == 200
        return
    case = _case(operation, 1, {})
    for headers in ({}, {"Authorization": "Bearer oik_1_" + 64 * "0"}):
        response = case.call(app=served.app, headers=headers)
        assert response.status_code == 401
        case.validate_response(response, checks=CHECKS)


DONE: list[tuple[str, int, str, Any]] = [
    ("grant", 201, PAA, RIGHT),
    ("grant", 200, PAA, RIGHT),
    ("renewGrant", 200, PAA, {**RIGHT, "until": "2026-06-30"}),
    ("listGrants", 200, PAA, {"subject": NEW}),
    ("listGrants", 200, PAA, {"limit": 1}),
    ("listOrganisations", 200, PAA, {"limit": 1}),
    ("revokeGrant", 200, PAA, RIGHT),
    ("revokeGrant", 409, PAA, RIGHT),
    ("createCredential", 201, VASTUU, NAMED),
    ("createCredential", 409, VASTUU, NAMED),
    ("removeCredential", 200, VASTUU, NAMED),
    ("request", 201, NEW, {"role": "ehoks-kayttaja", "organisation": SCHOOL}),
    ("listRequests", 200, PAA, {"state": ["requested"]}),
    ("showRequest", 200, PAA, 0),
    ("approveRequest", 200, PAA, 0),
    ("approveRequest", 409, PAA, 0),
    ("rejectRequest", 200, PAA, 1),
    ("withdrawRequest", 403, PAA, 2),
    ("withdrawRequest", 200, "person:2", 2),
    ("block", 201, PAA, {"subject": USER, "reason": "left"}),
    ("block", 200, PAA, {"subject": USER, "reason": "left"}),
    ("liftBlock", 200, PAA, {"subject": USER}),
    ("listVersions", 200, NEW, {"limit": 1000}),
    ("showVersion", 200, NEW, 0),
    ("evaluate", 200, NEW, QUESTION),
    (
        "evaluate",
        200,
        NEW,
        {**QUESTION, "context": {"day": "2026-03-01", "explain": True}},
    ),
    ("evaluateMany", 200, NEW, QUESTION),
    ("evaluateMany", 200, NEW, {**QUESTION, "evaluations": [{}, {"subject": {}}]}),
    ("searchSubjects", 200, NEW, {**QUESTION, "subject": {"type": "person"}}),
    ("searchResources", 200, NEW, {**QUESTION, "resource": {"type": "hoks"}}),
    ("searchActions", 200, NEW, QUESTION),
    ("searchPermissions", 200, NEW, QUESTION),
    ("metrics", 200, NEW, {}),
    ("document", 200, NEW, {}),
    ("configuration", 200, NEW, {}),
    ("live", 200, NEW, {}),
    ("ready", 200, NEW, {}),
]
"""What is asked for, what is answered by, who asks, and with which words or number."""


def test_each_success_is_answered_as_described(
    served: Served, wishes: list[int]
) -> None:
    """And each conflict: what is drawn by chance may come to few of them."""
    described = {name_of(operation): operation for operation in OPERATIONS}
    tokens = {who: served.token(who, *Scope) for _, _, who, _ in DONE}
    for name, status, who, words in DONE:
        operation = described[name]
        number = wishes[words] if isinstance(words, int) else 0
        sent = {"reason": "as the test wants"} if number else words
        case = _case(operation, number, sent)
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        response = case.call(app=served.app, headers=headers)
        assert (name, response.status_code) == (name, status)
        case.validate_response(response, checks=CHECKS)
    assert {name for name, *_ in DONE} == {*described}


def _case(operation: Described, number: int, words: dict[str, Any]) -> Sent:
    """A request with a number in its path, if it has one, and words."""
    found: Sent
    if operation.method.upper() == "POST":
        path = {"id": number}
        found = operation.Case(
            path_parameters=path, body=words, media_type="application/json"
        )
    elif "{id}" in operation.path:
        found = operation.Case(path_parameters={"id": number})
    else:
        found = operation.Case(query=words)
    return found
