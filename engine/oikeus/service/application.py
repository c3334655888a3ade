"""The service as one ASGI application: its routes, and the boundary of its errors.

INVARIANT: whatever goes wrong is answered by a problem that tells nothing of what went
wrong inside. No exception becomes an allow, and none is left for the server to log
with its text, which may hold the id of a person.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import OutdatedError
from .batches import Batches
from .calls import Call, Endpoint, GoneError, answer, check_json, read_body
from .discovery import configuration
from .evaluating import Evaluating
from .node import Node
from .paths import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    PERMISSIONS,
    RESOURCES,
    SUBJECTS,
)
from .problems import Consequence, HttpError, problem_response
from .request_ids import request_id
from .searching import Searching
from .settings import Settings
from .threads import Threads

_LOG = logging.getLogger("oikeus.service")

_INSIDE = HttpError(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "the service failed, and this is no decision",
    done=Consequence.UNKNOWN,
)

_OUTDATED = HttpError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "what is known here is too old to decide by, ask another node or try again later",
    {"Retry-After": "5"},
)


def application(
    node: Node,
    settings: Settings,
    routes: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """Make the service.

    Args:
        node: decides, knows who asks, and is told of decisions.
        settings: limits, and what the service is called.
        routes: more than AuthZEN's: administration, health, metrics. Their errors are
            answered here as well: let them raise `HttpError`.
    """
    threads = Threads(settings.threads, settings.waiting)
    evaluating = Evaluating(node, settings, threads)
    searching = Searching(evaluating, settings, threads)
    endpoints: dict[str, Endpoint] = {
        EVALUATION: evaluating.one,
        EVALUATIONS: Batches(evaluating, settings).many,
        SUBJECTS: searching.subjects,
        RESOURCES: searching.resources,
        ACTIONS: searching.actions,
        PERMISSIONS: searching.permissions,
    }
    told = configuration(settings, lambda: node.point.snapshot.kinds)
    # no redirects: they would name the host that the request names
    router = Router([told, *routes], redirect_slashes=False)
    return _Service(node, settings, endpoints, Bounded(router))


class Bounded:
    """What stands before routes, so that whatever they raise is a problem.

    Args:
        router: of the routes.
    """

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered."""
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        sending = _Sending(send, request_id(scope["headers"]))
        scope["app"] = self  # so that the router raises what it answers otherwise
        try:
            await self._router(scope, receive, sending)
        except GoneError:
            return
        except Exception as error:  # noqa: BLE001 - the server would log its text
            known = _known(error)
            if not sending.started:
                await problem_response(known)(scope, receive, sending)


class _Service:
    """Answers calls; what is asked often goes past the router."""

    def __init__(
        self,
        node: Node,
        settings: Settings,
        endpoints: Mapping[str, Endpoint],
        router: Bounded,
    ) -> None:
        self._authenticator = node.authenticator
        self._longest = settings.longest_body
        self._endpoints = endpoints
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_http = scope["type"] == "http"
        endpoint = self._endpoints.get(scope["path"]) if is_http else None
        if endpoint is None:
            await self._router(scope, receive, send)
            return
        headers = Headers(raw=scope["headers"])
        identity = request_id(scope["headers"])
        try:
            body = await self._ask(endpoint, scope["method"], headers, receive)
        except GoneError:
            return
        except Exception as error:  # noqa: BLE001 - no exception may become an allow
            response = problem_response(_known(error))
            await response(scope, receive, _Sending(send, identity))
        else:
            await answer(send, body, identity)

    async def _ask(
        self, endpoint: Endpoint, method: str, headers: Headers, receive: Receive
    ) -> bytes:
        if method != "POST":
            detail = "this is asked with POST"
            raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": "POST"})
        caller = self._authenticator.caller(headers)
        check_json(headers)
        body = await read_body(headers, receive, self._longest)
        return await endpoint(Call(caller, headers, body))


class _Sending:
    """Gives a request its id back, whoever answers, and knows whether they began."""

    def __init__(self, send: Send, identity: bytes | None) -> None:
        self._send = send
        self._identity = identity
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            if self._identity is not None:
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = self._identity.decode()
        await self._send(message)


def _known(error: Exception) -> HttpError:
    """What is answered for an error; of one that is not ours only the type is logged.

    Its text may hold the id of a person: it is logged for debugging only.
    """
    if isinstance(error, HttpError):
        return error
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        return HttpError(status, status.description.lower(), error.headers or {})
    if isinstance(error, OutdatedError):
        return _OUTDATED
    _LOG.error("a request failed: %s", type(error).__name__)
    _LOG.debug("a request failed", exc_info=error)
    return _INSIDE
