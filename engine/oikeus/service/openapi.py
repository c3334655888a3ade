"""The document of the whole API (OpenAPI 3.1), made of the operations and their types.

It holds no data: what is in it is the same for every deployment of this program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from .administering.failures import Refusal
from .operations import Method, Operation
from .problems import MEDIA_TYPE, Problem

_JSON = "application/json"
_SCHEMAS = "#/components/schemas/{name}"
_ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
_REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)

Document = dict[str, Any]


def document(operations: Iterable[Operation[Any, Any]], version: str) -> Document:
    """The document of an API.

    Args:
        operations: what is served.
        version: of the program.
    """
    served = tuple(operations)
    types = dict.fromkeys(
        kind for each in served for kind in (each.asked, *each.answers.values())
    )
    _, components = msgspec.json.schema_components(
        (*types, Problem, Refusal), ref_template=_SCHEMAS
    )
    paths: dict[str, Document] = {}
    for each in served:
        described = _operation(each, components)
        paths.setdefault(each.path, {})[each.method.lower()] = described
    queries = {each.asked.__name__ for each in served if each.method is Method.GET}
    schemas = {
        name: schema
        for name, schema in sorted(components.items())
        if name not in queries
    }
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
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation[Any, Any], schemas: Mapping[str, Any]) -> Document:
    scopes = " or ".join(f"`{scope.value}`" for scope in operation.scopes)
    described: Document = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": " ".join(
            filter(None, (operation.description, f"It takes the scope {scopes}."))
        ),
        "responses": dict(_responses(operation)),
    }
    parameters = [*_parameters(operation, schemas)]
    if parameters:
        described["parameters"] = parameters
    if operation.method is Method.POST:
        content: Document = {"schema": _reference(operation.asked)}
        if operation.example:
            content["example"] = dict(operation.example)
        described["requestBody"] = {"required": True, "content": {_JSON: content}}
    return described


def _parameters(
    operation: Operation[Any, Any], schemas: Mapping[str, Any]
) -> Iterator[Document]:
    if "{id}" in operation.path:
        number = {"type": "integer", "minimum": 1, "maximum": 2_147_483_647}
        yield {"name": "id", "in": "path", "required": True, "schema": number}
    if operation.method is not Method.GET:
        return
    for name, schema in schemas[operation.asked.__name__]["properties"].items():
        parameter = {"name": name, "in": "query", "schema": _of_text(schema)}
        if name in operation.example:
            parameter["example"] = operation.example[name]
        yield parameter


def _of_text(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a parameter, which is left out and never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) == 1:
        return dict(kinds[0])
    return schema


def _responses(operation: Operation[Any, Any]) -> Iterator[tuple[str, Document]]:
    for status, kind in sorted(operation.answers.items()):
        answer: Document = {
            "description": status.phrase,
            "content": {_JSON: {"schema": _reference(kind)}},
        }
        if status is HTTPStatus.CREATED:
            location = {"schema": {"type": "string"}}
            answer["headers"] = {"Location": location}
        yield str(status.value), answer
    for status in sorted({*_ALWAYS, *operation.problems}):
        yield str(status.value), _problem(status)


def _problem(status: HTTPStatus) -> Document:
    schema = _reference(Problem)
    if status in _REFUSALS:
        schema = {"anyOf": [_reference(Refusal), schema]}
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


def _reference(kind: type[msgspec.Struct]) -> Document:
    return {"$ref": _SCHEMAS.format(name=kind.__name__)}
