"""The processes of a service: each is made anew when it ends, and none in a hurry.

- When the first ones cannot begin, nor will others: the service ends with an error.
- Once one has served, the service goes on whatever becomes of others: those that still
  serve are needed more then. One that cannot begin is tried again after a pause, which
  grows.
- None outlives the service: they are told to end with it, told again when it is, and
  killed when it is told a third time or they take too long. Where it was killed itself,
  they end as if they had been told.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing import parent_process
from multiprocessing.connection import wait
from socket import socket
from typing import NoReturn

from uvicorn import Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from ..errors import RecordError, RequestError, SettingsError, StoreError
from .protocol import PatientConfig

_LOG = logging.getLogger("oikeus.service")

_SHORTEST, _LONGEST = 0.5, 5.0
"""How many seconds pass before a process that could not begin is made anew."""

_LOOK = 0.2
"""How many seconds pass between two looks at processes that are to end."""

_TOO_OFTEN = 3
"""How often a service is told to end that waits for its processes no more."""

_PLAIN = RecordError, RequestError, SettingsError, StoreError
"""What speaks of what the owner asked for, and not of the policy."""


class WorkerConfig(PatientConfig):
    """What a process of several is told; it says why it cannot begin."""

    def load(self) -> None:
        """Make the application.

        Raises:
            SystemExit: it cannot be made. The log says why, or of what kind that is
                where the reason may hold a line of the policy.
        """
        try:
            super().load()
        except Exception as error:  # noqa: BLE001 - its text may hold anything
            _cannot_begin(error)


def _cannot_begin(error: Exception) -> NoReturn:
    """End a process, and say why.

    Raises:
        SystemExit: always.
    """
    reason = str(error) if isinstance(error, _PLAIN) else type(error).__name__
    _LOG.error("a process cannot begin: %s", reason)
    raise SystemExit(STARTUP_FAILURE) from None


class WorkerServer(Server):
    """What serves in one process of several."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to listen.

        Raises:
            SettingsError: somebody else has come first.
        """
        try:
            await super().startup(sockets)
        except SettingsError:
            # or the application would be broken off, and say so at length
            await self.lifespan.shutdown()
            raise


class Worker(Process):
    """One process, which is asked how it is without waiting for its answer."""

    def __init__(self, config: WorkerConfig, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self._server: WorkerServer | None = None
        self.is_serving = False
        """Whether it said so, when it last answered."""
        self._asked: float | None = None

    @property
    def server(self) -> WorkerServer:
        """What serves, in the process itself."""
        if self._server is None:
            self._server = WorkerServer(self.config)
        return self._server

    def start(self) -> None:
        """Begin."""
        super().start()
        # so that the pipe ends with the process
        self.child_conn.close()

    def is_well(self, now: float) -> bool:
        """Whether it lives, and has answered within its time.

        Args:
            now: of a clock that only goes on.
        """
        if self.exitcode is not None:
            return False
        try:
            if self._asked is not None and self.parent_conn.poll():
                self.is_serving = self.parent_conn.recv()
                self._asked = None
            if self._asked is None:
                self._asked = now
                self.parent_conn.send(b"ping")
        except (OSError, EOFError):
            # it is about to end: its exit code will say how
            pass
        asked = now if self._asked is None else self._asked
        return now - asked < self.config.timeout_worker_healthcheck

    def target(self, sockets: list[socket] | None = None) -> None:
        """Serve; in the process itself.

        Raises:
            SystemExit: somebody else has come first to where it was to listen.
        """
        threading.Thread(target=end_with_parent, daemon=True).start()
        try:
            super().target(sockets)
        except SettingsError as error:
            _cannot_begin(error)


def end_with_parent() -> None:
    """Wait until the process that began this one is gone, and be told to end."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


class Workers(Multiprocess):
    """As many processes as are asked for; no signal changes how many.

    Args:
        config: what each is told.
        sockets: what they listen at.
        serving: is told once, when the first of them serves.
        patience: how many seconds they have to end.
        clock: seconds that only go on.
    """

    config: WorkerConfig
    processes: list[Worker]  # type: ignore[assignment] # ours

    def __init__(
        self,
        config: WorkerConfig,
        sockets: list[socket],
        *,
        serving: Callable[[], None],
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(config, sockets)
        self._serving = serving
        self._patience = patience
        self._clock = clock
        self._has_served = self._has_failed = False
        self._told = 0
        self._pauses: dict[int, float] = {}
        self._due: dict[int, float] = {}

    def run(self) -> None:
        """Serve until a signal ends it.

        Raises:
            SettingsError: no process could begin.
        """
        super().run()
        if self._has_failed:
            message = "no process could begin to serve, the log says why"
            raise SettingsError(message)

    def init_processes(self) -> None:
        """Begin all."""
        self.processes += [self._begun() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Look after each process once."""
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if place in self._due:
                if self._clock() >= self._due[place]:
                    self._begin(place)
            elif process.is_well(self._clock()):
                self._note(place, process)
            else:
                self._bury(place, process)

    def join_all(self) -> None:
        """Wait for all to end, but not for ever."""
        end, again = self._clock() + self._patience, False
        if self._has_failed:
            # none has served: there is nothing to finish
            self._kill(self.processes)
        while left := [each for each in self.processes if each.exitcode is None]:
            wait([each.process.sentinel for each in left], _LOOK)
            self.handle_signals()
            if self._told >= _TOO_OFTEN or self._clock() >= end:
                _LOG.error("processes do not end: %d are killed", len(left))
                self._kill(left)
            elif self._told > 1 and not again:
                again = True
                self.terminate_all()

    def handle_term(self) -> None:
        """End."""
        self._told += 1
        self.should_exit.set()

    handle_int = handle_term

    def handle_hup(self) -> None:
        """Go on."""

    handle_ttin = handle_ttou = handle_hup

    def _note(self, place: int, process: Worker) -> None:
        """A process lives; whether it serves is what it said last."""
        if not process.is_serving:
            return
        self._pauses.pop(place, None)
        if not self._has_served:
            self._has_served = True
            self._serving()

    def _bury(self, place: int, process: Worker) -> None:
        """A process has ended, or hangs."""
        self._kill([process])
        if not self._has_served:
            self._has_failed = True
            self.should_exit.set()
            return
        _LOG.warning("process %s has ended, another one takes its place", process.pid)
        if process.exitcode != STARTUP_FAILURE and place not in self._pauses:
            # one that served: it is missed
            self._pauses[place] = _SHORTEST
            self._begin(place)
            return
        pause = self._pauses.get(place, _SHORTEST)
        self._pauses[place] = min(2 * pause, _LONGEST)
        self._due[place] = self._clock() + pause

    def _begin(self, place: int) -> None:
        self._due.pop(place, None)
        self.processes[place] = self._begun()

    def _begun(self) -> Worker:
        process = Worker(self.config, self.sockets)
        process.start()
        return process

    def _kill(self, processes: Sequence[Worker]) -> None:
        for process in processes:
            process.kill()
        for process in processes:
            process.process.join()
