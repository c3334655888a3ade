"""A process from its begin to its end, also where it may not decide yet.

A node remembers the version that it decided by, also when it is started again. Where
the database does not hold that version, because a backup was restored, nobody but its
owner knows whether that is meant. Until then the process listens, says why it is not
ready, and answers nothing else. It takes nothing in either: not even who holds which
token, since one that was revoked may be good there.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import OtherHistoryError
from ..runtime import Freshness, LivePoint
from .application import Bounded
from .callers import Caller
from .observing import Observing, ObservingSettings
from .problems import HttpError, problem_response
from .standing import reason

_LOG = logging.getLogger("oikeus.service")

_EVERY = 1.0
"""How many seconds pass between two attempts."""

_COLLECTED = 20_000, 20, 50
"""After how many new objects cycles are looked for, and after how many looks again."""

_UNACCEPTED: Final = HttpError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "the database has another history than was decided by here, ask another node or "
    "try again later",
    {"Retry-After": "5"},
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What a process decides with.

    Attributes:
        point: follows the database.
        app: answers.
    """

    point: LivePoint
    app: ASGIApp


Enter = Callable[[Observing, ExitStack], Entered]
"""Makes what a process decides with; what is to be closed goes to the stack."""


class Entering:
    """The application of a process, which ends with it.

    Args:
        enter: makes what decides; again and again while the history of the database
            is not accepted.
        settings: how the process is observed.

    Raises:
        OikeusError: it can never decide.
    """

    def __init__(self, enter: Enter, settings: ObservingSettings) -> None:
        self._enter = enter
        self._observing = Observing(settings, self._freshness)
        self._stack = ExitStack()
        self._entered: Entered | None = None
        self._said: str | None = None
        self._waiting = Bounded(
            Router(
                self._observing.routes(_Nobody()),
                redirect_slashes=False,
                default=_refuse,
                lifespan=self._running,
            )
        )
        self._watched = self._observing.watch(self._answer)
        try:
            self._attempt()
        except OtherHistoryError as error:
            self._observing.health.is_foreign = True
            self._say(error)
        except BaseException:
            self._observing.close()
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and be observed in it."""
        await self._watched(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        entered = None if scope["type"] == "lifespan" else self._entered
        app = self._waiting if entered is None else entered.app
        await app(scope, receive, send)

    def _freshness(self) -> Freshness | None:
        return None if self._entered is None else self._entered.point.freshness

    def _attempt(self) -> None:
        with ExitStack() as stack:
            entered = self._enter(self._observing, stack)
            self._stack = stack.pop_all()
        self._entered = entered
        self._observing.health.is_foreign = False

    @asynccontextmanager
    async def _running(self, _: Router) -> AsyncIterator[None]:
        ending = asyncio.Event()
        self._begin()
        try:
            async with self._observing.running():
                later = asyncio.create_task(self._later(ending))
                try:
                    yield
                finally:
                    ending.set()
                    await later
        finally:
            self._stack.close()

    async def _later(self, ending: asyncio.Event) -> None:
        """Attempt until it goes well, or the process ends."""
        while self._entered is None and not ending.is_set():
            try:
                await asyncio.to_thread(self._attempt)
            except Exception as error:  # noqa: BLE001 # whatever it is may be mended
                self._say(error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(ending.wait(), _EVERY)
            else:
                self._begin()

    def _begin(self) -> None:
        """Say that it decides, where it does."""
        if self._entered is not None:
            _spare_the_collector()
            version = self._entered.point.version
            _LOG.info("process %d is deciding by version %d", os.getpid(), version)

    def _say(self, error: Exception) -> None:
        """Say once why it does not decide."""
        why = reason(type(error), str(error))
        if why != self._said:
            self._said = why
            _LOG.warning("process %d is deciding nothing: %s", os.getpid(), why)


class _Nobody:
    """Knows nobody: who holds which token is not known."""

    def caller(self, headers: Headers) -> Caller:
        """Nobody, whoever asks.

        Raises:
            HttpError: 503.
        """
        del headers
        raise _UNACCEPTED

    def check(self, caller: Caller) -> None:
        """Refuse whoever it is.

        Raises:
            HttpError: 503.
        """
        del caller
        raise _UNACCEPTED


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await problem_response(_UNACCEPTED)(scope, receive, send)


def _spare_the_collector() -> None:
    """Let the collector of cycles pass over the policy, and come less often.

    It would go through the whole policy again and again, and find nothing to collect:
    an answer to many questions takes twice as long with it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED)
