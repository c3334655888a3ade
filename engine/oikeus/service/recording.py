"""Records the decisions of a process, in a thread of its own.

A decision is taken in where it is made and formatted where it is written: what the
event loop pays is a lock that is held for an instant.

INVARIANT: nothing goes missing in silence. What has no record is counted, and a line in
the file, where the record would have stood, says how many and of when.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from ..decide.dropped import Dropped
from ..decide.pseudonyms import Pseudonyms
from ..decide.record import DecisionRecord
from ..terms import Effect, Request
from .node import Decided, Together
from .record_queue import CAPACITY, Counts, Full, Item, RecordQueue, lines_of

_LOG = logging.getLogger(__name__)

_GATHER = 0.02
"""How many seconds the writer gathers: what is written at once costs little each."""
_AT_ONCE = 1_000
"""How many lines are written at once, so that no write is a long one."""
_AGAIN = 1.0
"""How many seconds pass before what could not be written is tried again."""


class Sink(Protocol):
    """Where lines go."""

    def write(self, lines: bytes) -> None:
        """Write whole lines, all of them.

        Raises:
            OSError: none of them was written.
        """

    def close(self) -> None:
        """Let go of it."""


class Recorder:
    """An observer that records decisions on access; powers have no records.

    Args:
        sink: where lines go; it is closed with the recorder.
        full: what becomes of a decision that cannot be recorded.
        capacity: with how many waiting there is no room for more.
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
        self._hide = _as_it_is if pseudonyms is None else pseudonyms.hide
        self._queue = RecordQueue(full, capacity)
        # what is being written, and how many records of it: they are the thread's alone
        self._lines, self._records = b"", 0
        self._is_closed, self._is_hopeless = threading.Event(), threading.Event()
        self._due = threading.Event()
        self._thread = threading.Thread(target=self._run, name="oikeus-records")
        self._thread.daemon = True
        self._thread.start()

    @property
    def counts(self) -> Counts:
        """What became of decisions so far."""
        return self._queue.counts

    @property
    def is_refusing(self) -> bool:
        """Whether a decision would be refused now, for want of a record."""
        return self._queue.is_refusing

    def decided(self, decided: Decided) -> None:
        """Take a decision in.

        Raises:
            HttpError: 503, when it cannot be recorded and may not be answered then.
        """
        if type(decided.request) is Request:
            self._put((decided,), 1)

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Take the decisions of one request in: all of them, or none.

        Raises:
            HttpError: 503, when they cannot be recorded and may not be answered then.
        """
        if on_access := [each for each in together if _is_on_access(each)]:
            self._put(on_access, sum(map(lines_of, on_access)))

    def close(self, patience: float = 5.0) -> None:
        """Write what waits, and end; nothing is taken in any more.

        Args:
            patience: after how many seconds in which nothing was written it ends all
                the same; what has no record then is told.
        """
        if self._is_closed.is_set():
            return
        self._queue.close()
        self._is_closed.set()
        self._due.set()
        before, written = -1, self.counts.written
        while self._thread.is_alive() and before != written:
            before = written
            self._thread.join(patience)
            written = self.counts.written
        self._is_hopeless.set()
        self._thread.join(_AGAIN)
        counts = self.counts
        if counts.waiting:
            _LOG.error("%d decisions have no record at the end", counts.waiting)
        if counts.dropped:
            _LOG.error("%d decisions were dropped in all", counts.dropped)

    def _put(self, decisions: Sequence[Decided | Together], count: int) -> None:
        self._queue.put(decisions, count)
        if not self._due.is_set():  # asking costs a tenth of setting it
            self._due.set()

    def _run(self) -> None:
        while not self._is_closed.is_set():
            self._due.wait()
            self._is_closed.wait(_GATHER)
            self._due.clear()
            self._write_all()
            if self._lines and not self._is_closed.wait(_AGAIN):
                self._due.set()
        self._write_all()
        while self._lines and not self._is_hopeless.wait(_AGAIN):
            self._write_all()
        self._sink.close()

    def _write_all(self) -> None:
        """Write until nothing waits, or nothing can be written any more."""
        while self._lines or self._make():
            try:
                self._sink.write(self._lines)
            except Exception as error:  # noqa: BLE001 - a dead writer would go unseen
                self._fail(error)
                return
            self._lines = b""
            if self._queue.written(self._records):
                _LOG.warning("decisions can be recorded again")

    def _make(self) -> bool:
        """Make the lines that come next; whether there are any."""
        lines = [*self._made(self._queue.take(_AT_ONCE))]
        self._records = sum(not is_gap for _, is_gap in lines)
        self._lines = "".join(f"{line}\n" for line, _ in lines).encode()
        return bool(lines)

    def _made(self, taken: Sequence[Item]) -> Iterator[tuple[str, bool]]:
        """Each line, and whether it tells of decisions that have no record."""
        for decided in _each(taken):
            if isinstance(decided, Dropped):
                yield decided.to_json(), True
                continue
            try:
                yield self._hide(record_of(decided)).to_json(), False
            except Exception as error:  # noqa: BLE001 - a dead writer would go unseen
                _LOG.error("a decision has no record: %s", type(error).__name__)
                self._queue.dropped(1)
                yield Dropped(1, decided.time, decided.time).to_json(), True

    def _fail(self, error: Exception) -> None:
        if not self._queue.failed():
            reason = getattr(error, "strerror", None) or type(error).__name__
            _LOG.error("decisions cannot be recorded (%s)", reason.lower())


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


def _is_on_access(told: Decided | Together) -> bool:
    return isinstance(told, Together) or type(told.request) is Request


def _each(items: Sequence[Item]) -> Iterator[Decided | Dropped]:
    for item in items:
        if isinstance(item, Together):
            yield from item
        else:
            yield item


def _as_it_is(record: DecisionRecord) -> DecisionRecord:
    return record
