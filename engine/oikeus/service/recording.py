"""Records the decisions of a process, in a thread of its own.

A decision is taken in where it is made and formatted where it is written: what the
event loop pays is a lock that is held for an instant. The queue is bounded, and what
happens when it is full is the owner's choice (`Full`).

INVARIANT: nothing goes missing in silence. What has no record is counted, and a line in
the file says how many and of when, as soon as a line can be written.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from ..decide.dropped import Dropped
from ..decide.pseudonyms import Pseudonyms
from ..decide.record import DecisionRecord
from ..terms import Effect, Request
from .node import Decided
from .problems import HttpError

_LOG = logging.getLogger(__name__)

CAPACITY = 10_000
"""How many decisions wait to be written, unless the owner says another number."""

_GATHER = 0.02
"""How many seconds the writer gathers: what is written at once costs little each."""
_AGAIN = 1.0
"""How many seconds pass before what could not be written is tried again."""


class Full(StrEnum):
    """What becomes of a decision that cannot be recorded."""

    DROP = "drop"
    """It is answered, and counted as one without a record."""

    REFUSE = "refuse"
    """It is not answered: 503. No answer goes out that was not taken in."""


class Sink(Protocol):
    """Where lines go."""

    def write(self, lines: bytes) -> None:
        """Write whole lines, all of them.

        Raises:
            OSError: none of them was written.
        """

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of decisions, at one moment.

    Attributes:
        written: how many have a record.
        dropped: how many will never have one.
        waiting: how many are still to be written.
        failures: how many times writing failed.
    """

    written: int
    dropped: int
    waiting: int
    failures: int


class Recorder:
    """An observer that records decisions on access; powers have no records.

    Args:
        sink: where lines go; it is closed with the recorder.
        full: what becomes of a decision that cannot be recorded.
        capacity: how many wait at most.
        pseudonyms: hide ids of subjects; none to write them in clear.
    """

    def __init__(
        self,
        sink: Sink,
        *,
        full: Full = Full.DROP,
        capacity: int = CAPACITY,
        pseudonyms: Pseudonyms | None = None,
    ) -> None:
        self._sink = sink
        self._refuses = full is Full.REFUSE
        self._capacity = capacity
        self._hide = _as_it_is if pseudonyms is None else pseudonyms.hide
        self._lock = threading.Lock()
        self._queue: list[Decided] = []
        self._gap: Dropped | None = None
        self._writing = 0
        self._written = self._dropped = self._failures = 0
        self._is_failing = False
        self._is_closed = threading.Event()
        self._due = threading.Event()
        self._thread = threading.Thread(target=self._run, name="oikeus-records")
        self._thread.daemon = True
        self._thread.start()

    @property
    def counts(self) -> Counts:
        """What became of decisions so far."""
        with self._lock:
            waiting = self._writing + len(self._queue)
            return Counts(self._written, self._dropped, waiting, self._failures)

    def decided(self, decided: Decided) -> None:
        """Take a decision in.

        Raises:
            HttpError: 503, when it cannot be recorded and may not be answered then.
        """
        if type(decided.request) is not Request:
            return
        with self._lock:
            waiting = self._writing + len(self._queue)
            if waiting < self._capacity and not (self._refuses and self._is_failing):
                self._queue.append(decided)
            elif self._refuses:
                raise _refusal()
            else:
                self._drop(decided)
        if not self._due.is_set():
            self._due.set()

    def close(self, patience: float = 5.0) -> None:
        """Write what waits, and end.

        Args:
            patience: how many seconds that may take; what has no record then is told.
        """
        self._is_closed.set()
        self._due.set()
        self._thread.join(patience)
        counts = self.counts
        if counts.waiting or self._thread.is_alive():
            _LOG.error("%d decisions have no record at the end", counts.waiting)
        if counts.dropped:
            _LOG.error("%d decisions were dropped in all", counts.dropped)

    def _run(self) -> None:
        while not self._is_closed.is_set():
            self._due.wait()
            self._is_closed.wait(_GATHER)
            self._due.clear()
            self._write_all()
        self._write_all()
        self._sink.close()

    def _write_all(self) -> None:
        """Write until nothing waits, or nothing can be written any more."""
        while True:
            with self._lock:
                batch, self._queue = self._queue, []
                gap, self._gap = self._gap, None
                self._writing = len(batch)
            if not batch and gap is None:
                return
            self._write(batch, gap)
            with self._lock:
                self._writing = 0
                if self._is_failing:
                    self._keep(batch, gap)
            if self._is_failing and self._is_closed.wait(_AGAIN):
                return

    def _write(self, batch: list[Decided], gap: Dropped | None) -> None:
        lines = [*self._lines(batch)]
        whole = len(lines)
        if gap:
            # what was dropped came when the queue was full: after what was in it
            lines.append(gap.to_json())
        try:
            self._sink.write("".join(f"{line}\n" for line in lines).encode())
        except OSError as error:
            self._fail(error)
            return
        if self._is_failing:
            _LOG.warning("decisions can be recorded again")
        self._is_failing = False
        self._written += whole

    def _lines(self, batch: list[Decided]) -> Iterator[str]:
        for decided in [*batch]:
            try:
                yield self._hide(record_of(decided)).to_json()
            except Exception as error:  # noqa: BLE001 - a dead writer would go unseen
                _LOG.error("a decision has no record: %s", type(error).__name__)
                batch.remove(decided)
                with self._lock:
                    self._drop(decided)

    def _fail(self, error: OSError) -> None:
        self._failures += 1
        if not self._is_failing:
            reason = (error.strerror or "for an unknown reason").lower()
            _LOG.error("decisions cannot be recorded (%s)", reason)
        self._is_failing = True

    def _keep(self, batch: list[Decided], gap: Dropped | None) -> None:
        """Take back what was not written, with the lock held; its room was kept."""
        self._gap = _joined(gap, self._gap)
        self._queue = batch + self._queue

    def _drop(self, decided: Decided) -> None:
        self._dropped += 1
        self._gap = _joined(self._gap, Dropped(1, decided.time, decided.time))


def record_of(decided: Decided) -> DecisionRecord:
    """The record of a decision on access.

    An allow has a rule: where none is known it was not asked, and nothing else tells.
    """
    assert isinstance(decided.request, Request)  # noqa: S101 # others are not queued
    return DecisionRecord(
        id=decided.id,
        time=decided.time,
        request=decided.request,
        at=decided.at,
        effect=Effect.ALLOW if decided.allowed else Effect.DENY,
        version=decided.version,
        rule=decided.rule,
        grant=decided.grant.line if decided.grant else None,
        is_explained=decided.rule is not None,
    )


def _as_it_is(record: DecisionRecord) -> DecisionRecord:
    return record


def _joined(one: Dropped | None, other: Dropped | None) -> Dropped | None:
    if one is None or other is None:
        return one or other
    count = one.count + other.count
    return Dropped(count, min(one.first, other.first), max(one.last, other.last))


def _refusal() -> HttpError:
    detail = "the decision cannot be recorded now, and is not given without a record"
    headers: dict[str, str] = {"Retry-After": "1"}
    return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
