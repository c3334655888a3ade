"""Serves: binds the address, and runs one process or several, each with its snapshot.

What the processes are told goes to them through a pipe, never on a command line, which
everybody on the machine can read.
"""

from __future__ import annotations

import logging
import os
import signal
import ssl
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import TypeVar

from starlette.types import ASGIApp
from uvicorn import Config, Server

from ..administration.administration import Administration
from ..bearers import TokenBook
from ..runtime import MAX_STALE, LivePoint
from ..runtime.state_folder import SharedState
from ..store import Store
from .administering.acts import Acts
from .administering.endpoints import administration_routes
from .application import application
from .authenticating import admitting
from .entering import Entered, Entering
from .exposure import AuthSettings, Tls
from .key_source import KeySource
from .listening import WAITING, bind, listen
from .logs import configure
from .loops import make_room
from .node import Node
from .observing import Observing, ObservingSettings, check_records
from .openapi import openapi_route
from .protocol import PatientConfig
from .settings import Settings
from .standing import StandingLog
from .workers import WorkerConfig, Workers

_LOG = logging.getLogger("oikeus.service")

Configured = TypeVar("Configured", bound=PatientConfig)

_EVERY = 1.0
"""How many seconds pass between two looks at the database."""

_AFTERWARDS = 15.0
"""How many seconds a process has when it has answered: records are written then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is served, where and to whom; each process makes its own of it.

    Attributes:
        db: the database's URL.
        port: 0 for any that is free.
        workers: how many processes.
        under: the organisation of which only that part is loaded.
        max_stale: for how many seconds each process decides without having seen that
            there is nothing newer.
        state: the folder in which the processes remember what they decide by.
        auth: on what terms it is reached.
        public_url: what its callers call it; where it listens unless told.
        settings: how the service answers; what its callers call it is said above.
        observing: how each process is observed.
    """

    db: str = field(repr=False)
    auth: AuthSettings
    port: int = 8080
    workers: int = 1
    under: str | None = None
    max_stale: float = MAX_STALE
    state: Path | None = None
    public_url: str | None = None
    settings: Settings = field(default_factory=Settings)
    observing: ObservingSettings = field(default_factory=ObservingSettings)

    def __call__(self) -> ASGIApp:
        """Make the application of one process, which ends with it.

        Raises:
            StoreError: the database cannot be used.
            SettingsError: nor the file with the provider's keys.
            RecordError: nor the folder of records, or the key that hides ids.
        """
        _configure_log(self)
        return Entering(self._enter, self.observing)

    def _enter(self, observing: Observing, stack: ExitStack) -> Entered:
        """Decide by the head of the database, from now on."""
        store = stack.enter_context(Store.open(self.db, create=False))
        state = None if self.state is None else SharedState.of(self.state, store)
        point = stack.enter_context(
            LivePoint(
                store,
                every=_EVERY,
                under=self.under,
                max_stale=self.max_stale,
                state=state,
            )
        )
        point.on_look(StandingLog().note)
        book, acts, looks = TokenBook(store), Acts(), Acts()
        stack.callback(acts.close)
        stack.callback(looks.close)
        # no version decides before its tokens are known
        point.on_change(book.refresh)
        administration = Administration(store, actor="service")
        administration.know(point.freshness.mark, point.snapshot)
        node = Node(
            point=point,
            authenticator=stack.enter_context(admitting(self.auth, book)),
            observer=observing,
            administration=administration,
        )
        routes = [
            *administration_routes(node, acts, looks),
            openapi_route(node),
            *observing.routes(node.authenticator),
        ]
        return Entered(point, application(node, self.settings, routes))


def _configure_log(serving: Serving) -> None:
    log = serving.observing
    configure(log.log, level=log.level, access=log.access_log)


def serve(serving: Serving) -> None:
    """Serve until a signal ends it.

    It is said where it listens when it does, and not before all is there to serve.

    Raises:
        StoreError: the database cannot be used.
        SettingsError: the address cannot be listened at, the certificate or the keys
            of the provider cannot be used, or no process could begin.
        RecordError: the folder of records, or the key that hides ids, cannot be used.
    """
    _check(serving)
    make_room(serving.settings.connections)
    with bind(serving.auth.host, serving.port) as bound:
        host, port = bound.getsockname()[:2]
        address = _address(serving.auth, host, port)
        begin = _serve_alone if serving.workers == 1 else _serve_together
        begin(_called(serving, port), bound, address)


def _check(serving: Serving) -> None:
    """Find out once what no process could use."""
    if serving.auth.tls is not None:
        serving.auth.tls.context()
    jwt = serving.auth.jwt
    if jwt is not None and jwt.file is not None:
        KeySource(jwt).start().close()
    check_records(serving.observing)
    with Store.open(serving.db, create=False) as store:
        store.head()


def _serve_alone(serving: Serving, bound: socket, address: str) -> None:
    config = _configured(serving, PatientConfig)
    config.load()
    server = Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        # one that comes before the server listens to signals; and the one that ended
        # it, which it raises again when all is done
        signal.signal(number, server.handle_exit)
    listen(bound)
    _say(f"listening on {address}")
    server.run([bound])


def _serve_together(serving: Serving, bound: socket, address: str) -> None:
    _configure_log(serving)
    with TemporaryDirectory(prefix="oikeus-") as shared:
        observing = replace(serving.observing, shared=Path(shared))
        shared_by_all = replace(serving, observing=observing)
        Workers(
            _configured(shared_by_all, WorkerConfig),
            [bound],
            serving=lambda: _say(f"listening on {address}"),
            patience=observing.drain + serving.settings.ending + _AFTERWARDS,
        ).run()


def _address(auth: AuthSettings, host: str, port: int) -> str:
    scheme = "http" if auth.tls is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _called(serving: Serving, port: int) -> Serving:
    """What is served, with the address by which callers call it."""
    address = serving.public_url or _address(serving.auth, serving.auth.host, port)
    return replace(serving, settings=replace(serving.settings, public_url=address))


def _configured(serving: Serving, made: type[Configured]) -> Configured:
    settings, tls = serving.settings, serving.auth.tls
    return made(
        serving,
        receiving=settings.receiving,
        connections=settings.connections,
        factory=True,
        backlog=WAITING,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        workers=serving.workers,
        ssl_context_factory=None if tls is None else _Secured(tls),
        timeout_keep_alive=settings.idle,
        timeout_graceful_shutdown=settings.ending,
        timeout_worker_healthcheck=30,
    )


@dataclass(frozen=True, slots=True)
class _Secured:
    """Makes the TLS of a process; it goes to the processes as files' names."""

    tls: Tls

    def __call__(
        self, config: Config, default: Callable[[], ssl.SSLContext]
    ) -> ssl.SSLContext:
        """What connections are made with."""
        del config, default
        return self.tls.context()


def _say(text: str) -> None:
    sys.stderr.write(f"oikeus[{os.getpid()}]: {text}\n")
