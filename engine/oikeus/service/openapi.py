"""The document of the whole API (OpenAPI 3.1), made of the operations and their types.

It holds no data: what is in it is the same for every deployment of this program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from importlib.metadata import version as version_of
from inspect import cleandoc
from types import UnionType
from typing import Any, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..store import LAST_NUMBER
from .administering.failures import Refusal
from .described import SERVED
from .node import Node
from .operations import Described, Method, Operation
from .problems import MEDIA_TYPE, HttpError, Problem, problem_response

_JSON = "application/json"
_SCHEMAS = "#/components/schemas/{name}"
_NEEDED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.INTERNAL_SERVER_ERROR)
_SENT = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_OF_ACTS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
_REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)

Document = dict[str, Any]


def document_text() -> str:
    """The document of all that is served, as it is committed and given."""
    found = document(SERVED, version_of("oikeus"))
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def openapi_route(node: Node) -> Route:
    """Where the document is given, to any token that is good."""
    body = document_text().encode()

    async def answer(request: Request) -> Response:
        try:
            node.authenticator.caller(request.headers)
        except HttpError as error:
            return problem_response(error)
        return Response(body, media_type=_JSON)

    return Route("/openapi.json", answer, methods=["GET"])


def document(served: Iterable[Described], version: str) -> Document:
    """The document of an API.

    Args:
        served: all that it does.
        version: of the program.
    """
    each_served = tuple(served)
    types = _Types(each_served)
    paths: dict[str, Document] = {}
    for each in each_served:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, types)
    statuses = {status for each in each_served for status in _problems(each)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "oikeus",
            "version": version,
            "summary": "Access rights in organisation trees, decided and passed on",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(types.named.items())),
            "responses": {
                status.name: _problem(status, types) for status in sorted(statuses)
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


class _Types:
    """The schemas of all types of an API.

    Attributes:
        named: those that others refer to, by their names.
    """

    def __init__(self, served: Iterable[Described]) -> None:
        kinds: dict[Any, None] = dict.fromkeys((Problem, Refusal))
        queries = set()
        for each in served:
            for kind in (each.asked, *each.answers.values()):
                kinds |= dict.fromkeys(_each_of(kind))
            if each.method is Method.GET and each.asked is not None:
                queries.add(each.asked)
        # in one call: two types of one name would get longer ones
        schemas, self.named = msgspec.json.schema_components(
            kinds, ref_template=_SCHEMAS
        )
        self._schemas = dict(zip(kinds, schemas, strict=True))
        self._queries = {
            kind: self.named.pop(self._schemas[kind]["$ref"].rpartition("/")[2])
            for kind in queries
        }

    def of(self, kind: Any) -> Document:  # noqa: ANN401 # a type
        """What a body is."""
        found = [self._schemas[each] for each in _each_of(kind)]
        return found[0] if len(found) == 1 else {"anyOf": found}

    def query(self, kind: type) -> Document:
        """The parameters of a query, by their names."""
        return dict(self._queries[kind]["properties"])


def _each_of(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 # a type, or none
    """The types that a body may be of; it is written, and needs no telling apart."""
    if kind is None:
        return ()
    return get_args(kind) if isinstance(kind, UnionType) else (kind,)


def _operation(described: Described, types: _Types) -> Document:
    found: Document = {
        "operationId": described.name,
        "summary": described.summary,
        "description": _description(described),
        "responses": dict(_responses(described, types)),
    }
    if described.is_open:
        found["security"] = []
    parameters = [*_parameters(described, types)]
    if parameters:
        found["parameters"] = parameters
    if described.method is Method.POST:
        content: Document = {"schema": types.of(described.asked)}
        if described.example:
            content["example"] = dict(described.example)
        found["requestBody"] = {"required": True, "content": {_JSON: content}}
    return found


def _description(described: Described) -> str:
    scopes = " or ".join(f"`{scope.value}`" for scope in described.scopes)
    needs = f"It takes a token with the scope {scopes}."
    if not scopes:
        needs = "It takes no token." if described.is_open else "It takes a token."
    query = described.asked if described.method is Method.GET else None
    parts = (described.description, needs, query.__doc__ if query else None)
    return "\n\n".join(cleandoc(part) for part in parts if part)


def _parameters(described: Described, types: _Types) -> Iterator[Document]:
    if "{id}" in described.path:
        number = {"type": "integer", "minimum": 1, "maximum": LAST_NUMBER}
        yield {"name": "id", "in": "path", "required": True, "schema": number}
    if described.method is not Method.GET or described.asked is None:
        return
    for name, schema in types.query(described.asked).items():
        parameter = {"name": name, "in": "query", "schema": _of_text(schema)}
        if name in described.example:
            parameter["example"] = described.example[name]
        yield parameter


def _of_text(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a parameter, which is left out and never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return dict(kinds[0]) if kinds else schema


def _responses(described: Described, types: _Types) -> Iterator[tuple[str, Document]]:
    for status, kind in sorted(described.answers.items()):
        answer: Document = {
            "description": status.phrase,
            "content": {described.media_type: {"schema": types.of(kind)}},
        }
        if status is HTTPStatus.CREATED:
            where = "Where what was made can be looked at, if anywhere by itself."
            location = {"description": where, "schema": {"type": "string"}}
            answer["headers"] = {"Location": location}
        yield str(status.value), answer
    for status in _problems(described):
        yield str(status.value), {"$ref": f"#/components/responses/{status.name}"}


def _problems(described: Described) -> list[HTTPStatus]:
    """All statuses by which a problem is answered."""
    statuses = {*described.problems}
    if not described.is_open:
        statuses |= {*_NEEDED}
    if described.scopes:
        statuses.add(HTTPStatus.FORBIDDEN)
    if described.method is Method.POST:
        statuses |= {*_SENT}
    if isinstance(described, Operation):
        statuses |= {*_OF_ACTS}
    return sorted(statuses)


def _problem(status: HTTPStatus, types: _Types) -> Document:
    schema = types.of(Problem)
    if status in _REFUSALS:
        schema = types.of(Refusal | Problem)
    described: Document = {
        "description": status.phrase,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    headers = {
        HTTPStatus.UNAUTHORIZED: "WWW-Authenticate",
        HTTPStatus.SERVICE_UNAVAILABLE: "Retry-After",
    }
    if status in headers:
        described["headers"] = {headers[status]: {"schema": {"type": "string"}}}
    return described
