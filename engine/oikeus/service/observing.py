"""Everything by which a process is observed, put together from what the owner set."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..decide.pseudonyms import Pseudonyms
from ..errors import Problem, RecordError
from ..runtime import Freshness
from ..store import Scope
from .callers import Authenticator, needs
from .draining import draining
from .health import Health
from .logs import Form
from .metrics import Metrics
from .metrics_sharing import EVERY, MetricsFolder
from .node import Decided, Together
from .record_files import LARGEST, RecordFolder, RecordStream
from .record_queue import CAPACITY, Full
from .recording import Recorder, Sink
from .telemetry import telemetry
from .watching import Watching

_LOG = logging.getLogger(__name__)

STDOUT: Final = "-"
"""Stands for the standard output where a folder of records could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservingSettings:
    """How a process is observed.

    Attributes:
        records: the folder that decisions are recorded in, or `-` for the standard
            output; nothing to record none.
        ids_key: the file of the key that hides ids of subjects in records; nothing to
            record them in clear.
        full: what becomes of a decision that cannot be recorded.
        waiting: with how many decisions waiting to be recorded there is no room for
            those of another request.
        largest: how many bytes a file of records has before the next one is begun.
        keep: how many files of records stay; nothing for all.
        metrics_open: whether metrics are given to whoever asks.
        drain: how many seconds requests are still answered when the process is told
            to end.
        shared: the folder that the processes of one service leave their counts in;
            nothing for a process that is alone.
        log: how a line of the application log is written.
        level: the least that is written to it.
        access_log: whether requests are.
    """

    records: str | None = None
    ids_key: str | None = None
    full: Full = Full.DROP
    waiting: int = CAPACITY
    largest: int = LARGEST
    keep: int | None = None
    metrics_open: bool = False
    drain: float = 5.0
    shared: Path | None = None
    log: Form = Form.TEXT
    level: str = "INFO"
    access_log: bool = False


class Observing:
    """An observer of decisions, the routes that tell, and what watches requests.

    Args:
        settings: of the owner.
        freshness: of what the process decides by; nothing before there is a version.

    Raises:
        RecordError: the key cannot be used, or nothing can be written to the folder.
    """

    def __init__(
        self,
        settings: ObservingSettings,
        freshness: Callable[[], Freshness | None],
    ) -> None:
        self._settings = settings
        self._recorder = _recorder(settings)
        self._folder = MetricsFolder(settings.shared) if settings.shared else None
        self.health = Health(freshness, is_unrecorded=self._refuses)
        self.metrics = Metrics(self.health, self._recorder, self._folder)
        self._telemetry = telemetry()

    def decided(self, decided: Decided) -> None:
        """Record a decision, then count it.

        Raises:
            HttpError: 503, when it cannot be recorded and may not be answered then.
        """
        if self._recorder is not None:
            self._recorder.decided(decided)
        self.metrics.decided(decided)
        if self._telemetry is not None:
            self._telemetry.decided(decided)

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Record the decisions of one request, then count them.

        Raises:
            HttpError: 503, when they cannot be recorded: none may be answered then.
        """
        if self._recorder is not None:
            self._recorder.decided_together(together)
        self.metrics.decided_together(together)
        if self._telemetry is not None:
            self._telemetry.decided_together(together)

    def _refuses(self) -> bool:
        """Whether nothing is answered because it cannot be recorded."""
        return self._recorder is not None and self._recorder.is_refusing

    def routes(self, authenticator: Authenticator) -> list[Route]:
        """Health, which anybody may ask for, and metrics.

        Metrics need a token with the scope `audit`: how much is denied, and when, is
        nobody's affair. That a request comes from this machine is no proof of anything,
        because a proxy's do as well.
        """

        async def metrics(request: Request) -> Response:
            if not self._settings.metrics_open:
                needs(authenticator.caller(request.headers), Scope.AUDIT)
            accept = request.headers.get("accept", "")
            text, media_type = self.metrics.exposition(accept)
            return Response(text, headers={"Content-Type": media_type})

        return [*self.health.routes(), Route("/metrics", metrics, methods=["GET"])]

    def watch(self, app: ASGIApp) -> ASGIApp:
        """Put what counts, logs and traces requests around the application."""
        return Watching(
            app, metrics=self.metrics, health=self.health, telemetry=self._telemetry
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Observe, from when the application starts until it has ended.

        At the end all records are written. Requests are to have ended before.
        """
        publishing = asyncio.create_task(self._published())
        try:
            with draining(self.health, self._settings.drain):
                yield
        finally:
            publishing.cancel()
            await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Write the records that wait, and end."""
        if self._recorder is not None:
            self._recorder.close()
        if self._folder is not None:
            self._folder.close()

    async def _published(self) -> None:
        while self._folder is not None:
            try:
                self.metrics.publish()
            except OSError as error:
                # who asks is told of the same by a status
                _LOG.warning("counts cannot be shared: %s", type(error).__name__)
            await asyncio.sleep(EVERY)


def check_records(settings: ObservingSettings) -> None:
    """Find out whether decisions can be recorded as the owner said.

    Raises:
        RecordError: the key cannot be used, or nothing can be written to the folder.
    """
    if settings.records is not None:
        _pseudonyms(settings)
        _sink(replace(settings, keep=None), settings.records).close()


def _recorder(settings: ObservingSettings) -> Recorder | None:
    if settings.records is None:
        return None
    pseudonyms = _pseudonyms(settings)
    return Recorder(
        _sink(settings, settings.records),
        full=settings.full,
        capacity=settings.waiting,
        pseudonyms=pseudonyms,
    )


def _pseudonyms(settings: ObservingSettings) -> Pseudonyms | None:
    return None if settings.ids_key is None else Pseudonyms.from_file(settings.ids_key)


def _sink(settings: ObservingSettings, place: str) -> Sink:
    if place == STDOUT:
        return RecordStream()
    try:
        return RecordFolder(Path(place), largest=settings.largest, keep=settings.keep)
    except OSError as error:
        reason = (error.strerror or "for an unknown reason").lower()
        problem = f"decisions cannot be recorded there ({reason})"
        raise RecordError([Problem(place, 0, problem)]) from error
