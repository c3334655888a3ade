"""The document of the API says what is served, and what can come of it."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.datastructures import Headers
from starlette.requests import Request

from oikeus import DecisionPoint, Scope, Store, snapshot_of
from oikeus.service.administering.endpoints import OPERATIONS
from oikeus.service.callers import Caller
from oikeus.service.described import SERVED
from oikeus.service.node import Decided, Node, Observer
from oikeus.service.openapi import document, document_text, openapi_route
from oikeus.service.operations import Described, Method
from oikeus.service.problems import HttpError

from ...conftest import GoldenCheck


class Answer(msgspec.Struct):
    """An answer."""

    text: str


@pytest.fixture(scope="module")
def written() -> Any:  # noqa: ANN401 # JSON
    """The document, read."""
    return json.loads(document_text())


@pytest.fixture
def point(loaded: Store) -> DecisionPoint:
    """One over the small world."""
    return DecisionPoint(snapshot_of(loaded.load()))


def references(node: object) -> set[str]:
    """All references of a document."""
    if isinstance(node, dict):
        found = {node["$ref"]} if "$ref" in node else set()
        return found.union(*map(references, node.values()))
    if isinstance(node, list):
        return set().union(*map(references, node))
    return set()


def test_each_operation_is_described_once(written: Any) -> None:  # noqa: ANN401
    """By its name, method and path."""
    described = [
        (path, method.upper(), each["operationId"])
        for path, methods in written["paths"].items()
        for method, each in methods.items()
    ]
    served = [(each.path, str(each.method), each.name) for each in SERVED]
    assert sorted(described) == sorted(served)
    assert len({name for *_, name in served}) == len(served)


def test_references_lead_somewhere(written: Any) -> None:  # noqa: ANN401
    """And nothing stands there that none leads to."""
    leading = references(written)
    parts = written["components"]
    assert leading == {
        f"#/components/{part}/{name}"
        for part in ("schemas", "responses")
        for name in parts[part]
    }


def test_examples_fit_their_types() -> None:
    """Whoever copies one gets an answer."""
    for each in SERVED:
        if each.method is Method.POST:
            msgspec.convert(dict(each.example), each.asked)


def test_whoever_acts_is_no_member_of_a_body(written: Any) -> None:  # noqa: ANN401
    """The granter is the token's subject, and unknown members are refused."""
    schemas = written["components"]["schemas"]
    acts = [each for each in OPERATIONS if each.method is Method.POST]
    assert acts
    for each in acts:
        schema = schemas[each.asked.__name__]
        assert schema["additionalProperties"] is False
        assert {"granter", "actor", "as"}.isdisjoint(schema["properties"])


def test_parameter_is_left_out_and_never_null(written: Any) -> None:  # noqa: ANN401
    """A query has no null."""
    versions = written["paths"]["/admin/v1/versions"]["get"]
    (actor,) = (one for one in versions["parameters"] if one["name"] == "actor")
    assert (actor["in"], actor["schema"]["type"]) == ("query", "string")
    assert "since" in versions["description"]


def test_what_takes_no_token_says_so() -> None:
    """And tells of no problem that only tokens have."""
    health = Described(
        name="live",
        method=Method.GET,
        path="/health/live",
        summary="Whether the process lives",
        answers={HTTPStatus.OK: Answer},
        is_open=True,
    )
    metrics = Described(
        name="metrics",
        method=Method.GET,
        path="/metrics",
        summary="What it has done",
        answers={HTTPStatus.OK: str},
        media_type="text/plain",
        scopes=(Scope.AUDIT,),
        problems=(HTTPStatus.NOT_FOUND,),
    )
    paths = document([health, metrics], "1")["paths"]
    live = paths["/health/live"]["get"]
    assert (live["security"], [*live["responses"]]) == ([], ["200"])
    assert "takes no token" in live["description"]
    found = paths["/metrics"]["get"]
    assert [*found["responses"]] == ["200", "401", "403", "404", "500"]
    content = {"text/plain": {"schema": {"type": "string"}}}
    assert found["responses"]["200"]["content"] == content
    assert "security" not in found


def test_committed_document_is_the_one_that_is_served(
    repository: Path, golden: GoldenCheck
) -> None:
    """Whoever generates a client from the repository has the present one."""
    golden(repository / "docs" / "openapi.json", document_text())


class Known:
    """Knows whoever brings a token."""

    def caller(self, headers: Headers) -> Caller:
        """Somebody."""
        if "authorization" not in headers:
            detail = "expected a token"
            raise HttpError(HTTPStatus.UNAUTHORIZED, detail)
        return Caller("token:1", None, frozenset())

    def check(self, caller: Caller) -> None:
        """They stay known."""


class Nobody(Observer):
    """Is told of decisions, and keeps none."""

    def decided(self, decided: Decided) -> None:
        """Take a decision in."""


def test_document_is_given_to_any_token(point: DecisionPoint) -> None:
    """It holds no data; but nothing is said without one."""
    node = Node(point=point, authenticator=Known(), observer=Nobody())
    endpoint = openapi_route(node).endpoint

    def ask(*headers: tuple[bytes, bytes]) -> Any:  # noqa: ANN401 # a response
        scope = {"type": "http", "method": "GET", "headers": headers}
        return asyncio.run(endpoint(Request(scope)))

    found = ask((b"authorization", b"Bearer x"))
    assert (found.status_code, found.media_type) == (200, "application/json")
    assert found.body.decode() == document_text()
    assert ask().status_code == 401
