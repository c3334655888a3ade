"""Serves: binds the address, and runs one process or several, each with its snapshot.

What the processes are told goes to them through a pipe, never on a command line, which
everybody on the machine can read.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from typing import TextIO

from starlette.datastructures import Headers
from starlette.routing import Router
from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from ..administration.administration import Administration
from ..bearers import TokenBook
from ..decide.allowing import today_in_finland
from ..errors import StoreError
from ..runtime import LivePoint
from ..store import Scope, Store
from .administering.endpoints import administration_routes
from .application import application
from .callers import Caller
from .node import Decided, Node
from .openapi import openapi_route
from .problems import HttpError
from .protocol import PatientProtocol
from .settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is served, where and to whom; each process makes its own of it.

    Attributes:
        db: the database's URL.
        host: the address to listen at; one of this machine alone.
        port: 0 for any that is free.
        workers: how many processes.
        under: the organisation of which only that part is loaded.
        anybody: whether everybody may ask, without saying who they are.
        settings: how the service answers.
    """

    db: str
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    under: str | None = None
    anybody: bool = False
    settings: Settings = field(default_factory=Settings)

    def __call__(self) -> ASGIApp:
        """Make the application of one process."""
        store = Store.open(self.db, create=False)
        point = LivePoint(store, every=1.0, under=self.under)
        authenticator = Anybody() if self.anybody else Bearers(TokenBook(store))
        node = Node(
            point=point,
            authenticator=authenticator,
            observer=Nobody(),
            administration=Administration(store, actor="service"),
        )

        @asynccontextmanager
        async def running(_: Router) -> AsyncIterator[None]:
            refreshing = asyncio.create_task(_refreshed(authenticator))
            _say(f"deciding by version {point.version}")
            yield
            refreshing.cancel()
            point.close()

        routes = [*administration_routes(node), openapi_route(node)]
        return application(node, self.settings, routes, lifespan=running)


class Anybody:
    """Lets everybody evaluate and search, whoever they are."""

    _CALLER = Caller("anybody", None, frozenset({Scope.EVALUATE, Scope.SEARCH}))

    def caller(self, headers: Headers) -> Caller:  # noqa: ARG002 # as the seam has it
        """Nobody in particular."""
        return self._CALLER


class Bearers:
    """Knows callers by the tokens that they bring."""

    def __init__(self, book: TokenBook) -> None:
        self.book = book

    def caller(self, headers: Headers) -> Caller:
        """The bearer of the token in the header Authorization.

        Raises:
            HttpError: 401.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        bearer = None
        if scheme.lower() == "bearer":
            bearer = self.book.verify(token.strip(), today_in_finland())
        if bearer is None:
            challenge = {"WWW-Authenticate": "Bearer"}
            detail = "this takes a token"
            raise HttpError(HTTPStatus.UNAUTHORIZED, detail, challenge)
        name = f"token:{bearer.id}"
        return Caller(name, bearer.subject, bearer.scopes, bearer.organisations)


class Nobody:
    """Learns of no decision."""

    def decided(self, decided: Decided) -> None:
        """Pass it over."""


async def _refreshed(authenticator: Anybody | Bearers) -> None:
    while isinstance(authenticator, Bearers):
        await asyncio.sleep(1.0)
        with suppress(StoreError):
            await asyncio.to_thread(authenticator.book.refresh)


def serve(serving: Serving) -> None:
    """Serve until a signal ends it.

    Raises:
        StoreError: the database cannot be used, or the address cannot be listened at.
    """
    with Store.open(serving.db, create=False) as store:
        store.head()
    bound = bind(serving.host, serving.port)
    host, port = bound.getsockname()[:2]
    _say(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}")
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises again what ended it, when all is done
        signal.signal(number, lambda *_: None)
    configured = _configured(serving)
    if serving.workers == 1:
        Server(configured).run([bound])
    else:
        Multiprocess(configured, [bound]).run()


def bind(host: str, port: int) -> socket.socket:
    """Bind an address of this machine, which nobody else can reach.

    Raises:
        StoreError: it is another one, or is taken.
    """
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        message = f"`{host}` is no address of this machine alone, expected 127.0.0.1"
        raise StoreError(message)
    family = socket.AF_INET6 if ":" in str(address) else socket.AF_INET
    try:
        return socket.create_server((str(address), port), family=family, backlog=1024)
    except OSError as error:
        reason = (error.strerror or "for an unknown reason").lower()
        message = f"cannot listen at {host}, port {port}: {reason}"
        raise StoreError(message) from error


def _configured(serving: Serving) -> Config:
    settings = serving.settings
    PatientProtocol.receiving = settings.receiving
    return Config(
        serving,
        factory=True,
        loop="uvloop",
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        workers=serving.workers,
        limit_concurrency=settings.connections,
        timeout_keep_alive=settings.idle,
        timeout_graceful_shutdown=settings.ending,
        timeout_worker_healthcheck=30,
    )


def _say(text: str, stream: TextIO | None = None) -> None:
    (stream or sys.stderr).write(f"oikeus[{os.getpid()}]: {text}\n")
