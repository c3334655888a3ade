"""The processes of a service: each is made anew when it ends, and none in a hurry.

- When the first ones cannot begin, nor will others: the service ends with an error.
- Once one has served, the service goes on whatever becomes of others: those that still
  serve are needed more then. One that cannot begin is tried again after a pause, which
  grows.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from socket import socket

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from ..errors import RecordError, RequestError, SettingsError, StoreError
from .protocol import PatientConfig

_LOG = logging.getLogger("oikeus.service")

_SHORTEST, _LONGEST = 0.5, 5.0
"""How many seconds pass before a process that could not begin is made anew."""

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
            plain = isinstance(error, _PLAIN)
            reason = str(error) if plain else type(error).__name__
            _LOG.error("a process cannot begin: %s", reason)
            raise SystemExit(STARTUP_FAILURE) from None


class Workers(Multiprocess):
    """As many processes as are asked for.

    Args:
        config: what each is told.
        sockets: what they listen at.
        clock: seconds that only go on.
    """

    config: WorkerConfig

    def __init__(
        self,
        config: WorkerConfig,
        sockets: list[socket],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(config, sockets)
        self._clock = clock
        self._has_served = self._has_failed = False
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

    def keep_subprocess_alive(self) -> None:
        """Look after each process once."""
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if place in self._due:
                if self._clock() >= self._due[place]:
                    self._begin(place)
            elif process.is_alive(self.config.timeout_worker_healthcheck):
                self._note(place, process)
            else:
                self._bury(place, process)

    def _note(self, place: int, process: Process) -> None:
        """A process lives; whether it serves already is asked until it does."""
        is_watched = not self._has_served or place in self._pauses
        if is_watched and process.is_ready(self.config.timeout_worker_healthcheck):
            self._has_served = True
            self._pauses.pop(place, None)

    def _bury(self, place: int, process: Process) -> None:
        """A process has ended, or hangs."""
        process.kill()
        process.join()
        could_not_begin = process.exitcode == STARTUP_FAILURE
        if could_not_begin and not self._has_served:
            self._has_failed = True
            self.should_exit.set()
            return
        _LOG.warning("process %s has ended, another one takes its place", process.pid)
        if not could_not_begin and place not in self._pauses:
            # one that served: it is missed
            self._pauses[place] = _SHORTEST
            self._begin(place)
            return
        pause = self._pauses.get(place, _SHORTEST)
        self._pauses[place] = min(2 * pause, _LONGEST)
        self._due[place] = self._clock() + pause

    def _begin(self, place: int) -> None:
        self._due.pop(place, None)
        process = Process(self.config, self.sockets)
        process.start()
        self.processes[place] = process
