"""The load client: a process of its own that asks over HTTP, and checks each answer.

It takes jobs as lines of JSON, one after the other, and answers each with a line. It is
lean, so that it costs far less than what it measures: plain sockets that stay open,
requests that were written beforehand, one `select` for all. What it costs is counted
with each job.

INVARIANT: an answer counts once its status is 200 and its decisions are the right ones;
anything else ends the job.

A closed job has so many requests on their way at all times, each connection one. An
open job sends by a schedule, whatever was answered by then, and counts from the moment
when a request was due: one that waits for a free connection grows older meanwhile, so
that a server that stalls cannot hide it.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from select import select
from time import perf_counter_ns, process_time_ns
from typing import Any, TypeAlias

_AT_ONCE = 1 << 18
_OK = b"HTTP/1.1 200"
_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SHOWN = 300
_NANO = 1e9

Asked: TypeAlias = tuple[bytes, list[bytes]]
"""A request as it is sent, and the decisions that are found in the right answer."""


class WrongAnswerError(Exception):
    """An answer that does not count."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a job found; times in nanoseconds.

    Attributes:
        answers: how many there were.
        seconds: from the first request until the last answer.
        p50: half of the answers took longer, counted from when they were due.
        p99: one in a hundred did.
        p999: one in a thousand did.
        late: one in a hundred requests was sent later than that after it was due.
        client: the time of the processor that this client took, in seconds.
    """

    answers: int
    seconds: float
    p50: float
    p99: float
    p999: float
    late: float
    client: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


class _Connection:
    """One that stays open, with at most one request on its way."""

    __slots__ = ("due", "read", "socket", "wanted")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = b""
        self.due = 0
        self.wanted: list[bytes] = []

    def ask(self, asked: Asked, due: int) -> None:
        """Send a request."""
        request, self.wanted = asked
        self.due = due
        self.socket.sendall(request)

    def answered(self, found: Callable[[bytes], list[bytes]]) -> bool:
        """Take in what came; whether it is the whole answer, and the right one."""
        came = self.socket.recv(_AT_ONCE)
        whole = self.read + came if self.read else came
        head = whole.find(_HEAD_ENDS)
        length = _LENGTH.search(whole, 0, head + 2) if head > 0 else None
        if came and (head < 0 or (length and len(whole) < _end(head, length))):
            self.read = whole
            return False
        self.read = b""
        if (
            length is None
            or not whole.startswith(_OK)
            or found(whole[head:]) != self.wanted
        ):
            message = f"expected 200 and {self.wanted[:3]!r}, got {whole[:_SHOWN]!r}"
            raise WrongAnswerError(message)
        return True


def _end(head: int, length: re.Match[bytes]) -> int:
    return head + len(_HEAD_ENDS) + int(length[1])


class _Load:
    """What is asked of one server, and how its answers are read."""

    def __init__(self, kept: str) -> None:
        job = json.loads(Path(kept).read_text(encoding="utf-8"))
        self.port: int = job["port"]
        self.found = re.compile(job["decision"].encode()).findall
        self.asked: Iterator[Asked] = cycle(
            [
                (request.encode(), [each.encode() for each in wanted])
                for request, wanted in job["asked"]
            ]
        )

    @contextmanager
    def connected(self, count: int) -> Iterator[list[_Connection]]:
        """So many connections, for one job: a server closes what is idle for long."""
        with ExitStack() as stack:
            made = [_Connection(self.port) for _ in range(count)]
            for each in made:
                stack.enter_context(each.socket)
            yield made


def closed(
    load: _Load, connections: Sequence[_Connection], count: int, seconds: float
) -> Done:
    """Keep a request on its way on each, for so long, and so many at least."""
    took: list[int] = []
    open_ones = {each.socket.fileno(): each for each in connections}
    found, asked = load.found, load.asked
    cost, begun = process_time_ns(), perf_counter_ns()
    until = begun + int(seconds * _NANO)
    for each in open_ones.values():
        each.ask(next(asked), perf_counter_ns())
    waiting = [*open_ones]
    sent = len(waiting)
    while waiting:
        ready, _, _ = select(waiting, (), ())
        for number in ready:
            connection = open_ones[number]
            if not connection.answered(found):
                continue
            now = perf_counter_ns()
            took.append(now - connection.due)
            if sent < count or now < until:
                connection.ask(next(asked), now)
                sent += 1
            else:
                waiting.remove(number)
    return _done(took, [0], begun, cost)


def scheduled(
    load: _Load, connections: Sequence[_Connection], rate: float, seconds: float
) -> Done:
    """Send so many a second for so long, whatever has been answered."""
    took: list[int] = []
    late: list[int] = []
    free = [*connections]
    busy: dict[int, _Connection] = {}
    found, asked = load.found, load.asked
    cost, begun = process_time_ns(), perf_counter_ns()
    count, step = max(1, round(rate * seconds)), _NANO / rate
    sent = 0
    while len(took) < count:
        now = perf_counter_ns()
        due = begun + int(sent * step)
        while sent < count and free and due <= now:
            connection = free.pop()
            connection.ask(next(asked), due)
            busy[connection.socket.fileno()] = connection
            late.append(now - due)
            sent += 1
            now, due = perf_counter_ns(), begun + int(sent * step)
        pause = (due - now) / _NANO if free and sent < count else None
        ready, _, _ = select([*busy], (), (), pause)
        for number in ready:
            connection = busy[number]
            if connection.answered(found):
                took.append(perf_counter_ns() - connection.due)
                free.append(busy.pop(number))
    return _done(took, late, begun, cost)


def _done(took: Sequence[int], late: Sequence[int], begun: int, cost: int) -> Done:
    seconds = (perf_counter_ns() - begun) / _NANO
    client = (process_time_ns() - cost) / _NANO
    ordered = sorted(took)
    p50, p99, p999 = (_part(ordered, part) for part in (0.5, 0.99, 0.999))
    waited = _part(sorted(late), 0.99)
    return Done(len(took), seconds, p50, p99, p999, waited, client)


def _part(ordered: Sequence[int], part: float) -> int:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def _run(loads: dict[str, _Load], job: dict[str, Any]) -> Done:
    kept = job.pop("load")
    if kept not in loads:
        loads[kept] = _Load(kept)
    load = loads[kept]
    work: Callable[..., Done] = scheduled if "rate" in job else closed
    with load.connected(job.pop("connections")) as connections:
        return work(load, connections, **job)


def main() -> None:
    """Do jobs until there are no more."""
    loads: dict[str, _Load] = {}
    for line in sys.stdin:
        try:
            found: dict[str, object] = asdict(_run(loads, json.loads(line)))
        except (OSError, WrongAnswerError) as error:
            found = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
