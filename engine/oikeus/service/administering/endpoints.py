"""From a request to an operation and back: who asks, for what, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...decide.held import is_blocked
from ...errors import OikeusError, RefusedError
from ...store import LAST_NUMBER
from ..callers import Caller
from ..node import Node
from ..operations import Done, Method, Operation
from ..problems import HttpError, problem_response
from . import applications, blocks, credentials, grants, versions
from .acts import Acts, take_in
from .failures import failure, refusal_response
from .visits import Visit

OPERATIONS: tuple[Operation[Visit, Any], ...] = (
    *grants.OPERATIONS,
    *credentials.OPERATIONS,
    *applications.OPERATIONS,
    *blocks.OPERATIONS,
    *versions.OPERATIONS,
)
"""All of administration."""

_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_PRIVATE = {"Cache-Control": "no-store"}


class Endpoint:
    """Answers requests for one operation.

    Args:
        operation: which.
        node: the process that it is asked of.
        acts: the threads it is done in.
    """

    def __init__(
        self, operation: Operation[Visit, Any], node: Node, acts: Acts
    ) -> None:
        self._operation = operation
        self._node = node
        self._acts = acts
        self._decoder = msgspec.json.Decoder(operation.asked)
        self._members = [
            each.encode_name for each in msgspec.structs.fields(operation.asked)
        ]
        self._lists = {
            each.encode_name
            for each in msgspec.structs.fields(operation.asked)
            if each.default == ()
        }

    @property
    def route(self) -> Route:
        """Where it is found."""
        operation = self._operation
        return Route(
            operation.path, self.answer, methods=[operation.method], name=operation.name
        )

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        try:
            visit = self._visit(request)
            asked = await self._asked(request)
            done = await self._acts.do(lambda: self._perform(visit, asked))
        except RefusedError as error:
            return refusal_response(error)
        except OikeusError as error:
            return problem_response(failure(error))
        except HttpError as error:
            return problem_response(error)
        headers = {**_PRIVATE, "Location": done.location} if done.location else _PRIVATE
        body = msgspec.json.encode(done.answer)
        return Response(body, done.status, headers, "application/json")

    def _perform(self, visit: Visit, asked: msgspec.Struct) -> Done:
        done = self._operation.perform(visit, asked)
        if self._operation.method is Method.POST:
            # its maker is to see it at once, here at least
            take_in(self._node.point)
        return done

    def _visit(self, request: Request) -> Visit:
        """Who comes, if they may.

        Raises:
            HttpError: they may not, or nothing is served here.
        """
        caller = self._node.authenticator.caller(request.headers)
        self._check_scope(caller)
        if caller.subject is None:
            detail = "nobody is known here, expected a token of somebody"
            raise HttpError(HTTPStatus.FORBIDDEN, detail)
        snapshot = self._node.point.snapshot
        if is_blocked(snapshot, caller.subject):
            detail = "the subject is blocked, expected the block to be lifted"
            raise HttpError(HTTPStatus.FORBIDDEN, detail)
        if self._node.administration is None:
            detail = "this node does not administer, expected one that does"
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail)
        administration = self._node.administration.acting(caller.name)
        number = _number(request.path_params)
        return Visit(caller, caller.subject, administration, snapshot, number)

    def _check_scope(self, caller: Caller) -> None:
        scopes = self._operation.scopes
        if caller.scopes.isdisjoint(scopes):
            needed = " or ".join(f"`{scope.value}`" for scope in scopes)
            detail = f"the token lacks a scope, expected {needed}"
            raise HttpError(HTTPStatus.FORBIDDEN, detail)

    async def _asked(self, request: Request) -> msgspec.Struct:
        """What is asked for.

        Raises:
            HttpError: 400.
        """
        try:
            if self._operation.method is Method.GET:
                query = self._query(request)
                asked: msgspec.Struct = msgspec.convert(
                    query, self._operation.asked, strict=False
                )
            else:
                asked = self._decoder.decode(await request.body())
        except msgspec.ValidationError as error:
            raise HttpError(HTTPStatus.BAD_REQUEST, self._flaw(str(error))) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            detail = "the body is not JSON"
            raise HttpError(HTTPStatus.BAD_REQUEST, detail) from None
        return asked

    def _query(self, request: Request) -> Mapping[str, object]:
        query: dict[str, object] = {}
        for name in request.query_params:
            values = request.query_params.getlist(name)
            if len(values) > 1 and name not in self._lists:
                detail = "a parameter comes twice that may come once"
                raise HttpError(HTTPStatus.BAD_REQUEST, detail)
            query[name] = values if name in self._lists else values[0]
        return query

    def _flaw(self, text: str) -> str:
        """What is wrong in our form; what others call their members is not repeated."""
        if "unknown field" in text:
            known = ", ".join(f"`{member}`" for member in self._members) or "none"
            return (
                f"an unknown member, expected {known}; whoever acts is the token's "
                "subject"
            )
        return text[:1].lower() + text[1:]


def _number(path: Mapping[str, str]) -> int:
    """Which thing the path is about.

    Raises:
        HttpError: 404, when there can be none of this number.
    """
    if "id" not in path:
        return 0
    number = int(path["id"]) if _NUMBER.fullmatch(path["id"]) else 0
    if not 0 < number <= LAST_NUMBER:
        raise HttpError(HTTPStatus.NOT_FOUND, "there is nothing of this number")
    return number


def administration_routes(node: Node, acts: Acts | None = None) -> list[Route]:
    """All of administration, for the routes of an application.

    Args:
        node: the process.
        acts: the threads that acts are done in; their own unless told.
    """
    threads = acts or Acts()
    return [Endpoint(each, node, threads).route for each in OPERATIONS]
