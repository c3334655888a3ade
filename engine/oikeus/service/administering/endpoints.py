"""From a request to an operation and back: who asks, for what, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...errors import OikeusError, RefusedError
from ...store import LAST_NUMBER
from ..callers import Caller, needs, needs_subject
from ..calls import check_json, read_body
from ..node import Node
from ..once import check_once
from ..operations import Done, Method, Operation
from ..problems import HttpError, plain, problem_response
from . import (
    applications,
    applying,
    blocks,
    credentials,
    grants,
    holding,
    organisations,
    versions,
)
from .acts import Acts, look, take_in
from .admission import TokenAdmission, check_not_blocked
from .failures import failure, refusal_response
from .visits import Visit

OPERATIONS: tuple[Operation[Visit, Any], ...] = (
    *holding.OPERATIONS,
    *grants.OPERATIONS,
    *credentials.OPERATIONS,
    *organisations.OPERATIONS,
    *applications.OPERATIONS,
    *applying.OPERATIONS,
    *blocks.OPERATIONS,
    *versions.OPERATIONS,
)
"""All of administration."""

_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_JSON = "application/json"
_LONGEST_BODY = 65_536
"""How many bytes an act may bring: ids, days and a reason are far fewer."""
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

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        try:
            self._caller(request)  # before anything is read
            number, asked = _number(request.path_params), await self._asked(request)
            done = await self._acts.do(lambda: self._perform(request, number, asked))
        except RefusedError as error:
            return refusal_response(error)
        except HttpError as error:
            return problem_response(error)
        headers = {**_PRIVATE, "Location": done.location} if done.location else _PRIVATE
        body = msgspec.json.encode(done.answer)
        return Response(body, done.status, headers, _JSON)

    def _caller(self, request: Request) -> Caller:
        """Who comes, if they may come at all.

        Raises:
            HttpError: 401, 403 or 503.
        """
        caller = self._node.authenticator.caller(request.headers)
        needs(caller, *self._operation.scopes)
        needs_subject(caller)
        return caller

    def _perform(self, request: Request, number: int, asked: msgspec.Struct) -> Done:
        """Do it, in a thread: all of it asks the database.

        Raises:
            RefusedError: the policy does not allow it; nothing was done.
            HttpError: it cannot be done, or has failed; it says whether it may have
                been done.
        """
        has_begun = False
        try:
            visit = self._visit(request, number)
            has_begun = self._operation.method is Method.POST
            done = _performed(self._operation, visit, asked)
        except RefusedError:
            raise
        except OikeusError as error:
            raise failure(error, has_begun=has_begun) from error
        if has_begun:
            # its maker is to see it at once, here at least
            take_in(self._node.point)
        return done

    def _visit(self, request: Request, number: int) -> Visit:
        """Who comes, by what is in force now.

        Raises:
            HttpError: 401, for a token that was revoked by now; 403, for a subject that
                is blocked; 503, where nothing is served.
            OtherHistoryError: the database was restored, and nobody accepted that: who
                holds which token is not known.
            StoreError: the database cannot be read.
        """
        if self._node.administration is None:
            detail = "this node does not administer, expected one that does"
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail)
        snapshot = self._node.administration.snapshot()
        # after that, so that what is known of tokens is never older than what is shown
        look(self._node.point)
        caller = self._caller(request)  # again: by the tokens that are in force now
        admission = TokenAdmission(caller, self._node.authenticator)
        administration = self._node.administration.acting(caller.name, admission)
        subject = needs_subject(caller)
        check_not_blocked(snapshot, subject)
        return Visit(caller, subject, administration, snapshot, number)

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
                _check_no_query(request)
                check_json(request.headers)
                body = await read_body(request.headers, request.receive, _LONGEST_BODY)
                asked = self._decoder.decode(body)
                check_once(body)
        except msgspec.ValidationError as error:
            raise HttpError(HTTPStatus.BAD_REQUEST, self._flaw(error)) from None
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

    def _flaw(self, error: msgspec.ValidationError) -> str:
        """What is wrong in our form; what others call their members is not repeated."""
        if "unknown field" in str(error):
            known = ", ".join(f"`{member}`" for member in self._members) or "none"
            return (
                f"an unknown member, expected {known}; whoever acts is the token's "
                "subject"
            )
        return plain(error)


def _performed(
    operation: Operation[Visit, Any], visit: Visit, asked: msgspec.Struct
) -> Done:
    """Perform an operation.

    Raises:
        RefusedError: the policy does not allow it; of what is allowed instead, that is
            told which the token reaches.
    """
    try:
        return operation.perform(visit, asked)
    except RefusedError as error:
        error.allowed = tuple(
            replace(each, organisations=within)
            for each in error.allowed
            if (within := visit.within_reach(each.organisations))
        )
        raise


def _check_no_query(request: Request) -> None:
    """Refuse what an act would pass over, and what addresses should not say.

    Raises:
        HttpError: 400.
    """
    if request.query_params:
        detail = "an act takes no parameters, expected all of it in the body"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail)


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


def administration_routes(
    node: Node, acts: Acts | None = None, looks: Acts | None = None
) -> list[Route]:
    """All of administration, for the routes of an application.

    Args:
        node: the process.
        acts: the threads that acts are done in; their own unless told.
        looks: those for what only looks, which waits for no writer; likewise.
    """
    threads = {Method.POST: acts or Acts(), Method.GET: looks or Acts()}
    paths: dict[str, dict[str, Endpoint]] = {}
    for each in OPERATIONS:
        endpoint = Endpoint(each, node, threads[each.method])
        paths.setdefault(each.path, {})[each.method] = endpoint
    # one route a path, so that a method that it has not is told all that it has
    return [_route(path, endpoints) for path, endpoints in paths.items()]


def _route(path: str, endpoints: Mapping[str, Endpoint]) -> Route:
    async def answer(request: Request) -> Response:
        method = Method.GET if request.method == "HEAD" else request.method
        return await endpoints[method].answer(request)

    return Route(path, answer, methods=[*endpoints])
