"""Rates of the service: as many decisions as each server gives, by turns, in one run.

A server and its client have a processor each, where there are two. An answer that is
not the right one ends the run. What counts of each is the median of its turns.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from . import cerbos, decision_server, fastapi_casbin
from .decision_server import Asked
from .figures import Figure, Findings, Measurement, Run
from .http_client import Done
from .http_load import Client, Load, processor_time
from .http_servers import free_port, post, python, running

OURS = "oikeus serve"
UNDECIDED = "the same, with a constant decision"
BARE = "a bare handler with a constant body"
CASBIN = "FastAPI and stock pycasbin"
INLINE = "FastAPI and stock pycasbin, on the event loop"
CERBOS = "Cerbos"
BATCHES = "oikeus serve, batches of 1,000"

WIDE, NARROW = 32, 2
"""How many requests are on their way at a time: single ones, and batches."""
TURNS = 10
_BATCH = 1_000
_ASKED = 400
"""How many questions all rivals are asked: stock Casbin takes long to know a place."""
_NANO = 1e9


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn found.

    Attributes:
        done: what the client says.
        server: the seconds of the processor that the server took, where that is known.
    """

    done: Done
    server: float | None


def rates(run: Run, folder: Path, url: str) -> Findings:
    """Everybody, one question a request; and ours in batches."""
    asked = Asked.of(run.small, _ASKED)
    bearer = decision_server.token(url, asked.world)
    with ExitStack() as stack:
        loads = [
            *stack.enter_context(_ours(folder, url, asked, bearer)),
            *stack.enter_context(_casbin(folder, run.small, asked)),
            *stack.enter_context(_cerbos(folder, asked)),
        ]
        client = stack.enter_context(Client(folder))
        turns = _race(client, loads, run.seconds)
    return _compared(run.small, turns)


@contextmanager
def _ours(folder: Path, url: str, asked: Asked, bearer: str) -> Iterator[list[Load]]:
    """Our three servers, and the first one's batches."""
    singles = decision_server.singles(asked.questions, asked.expected, bearer)
    always = [(request, ["true"]) for request, _ in singles]
    kinds = {
        "serve": (OURS, singles),
        "undecided": (UNDECIDED, always),
        "bare": (BARE, always),
    }
    more = Asked.of(asked.world.size.name, 2 * _BATCH)
    # a small world has fewer subjects than a batch has questions
    questions = [*islice(cycle(more.questions), 2 * _BATCH)]
    expected = [*islice(cycle(more.expected), 2 * _BATCH)]
    batches = decision_server.batches(questions, expected, bearer, _BATCH)
    loads: list[Load] = []
    with ExitStack() as stack:
        for kind, (name, requests) in kinds.items():
            port = free_port()
            command = decision_server.command(kind, url, port)
            log = folder / f"{kind}.log"
            process = stack.enter_context(running(command, port, log, os.environ))
            loads.append(Load(name, port, process, decision_server.DECISION, requests))
        first = loads[0]
        loads.append(Load(BATCHES, first.port, first.process, first.decision, batches))
        yield loads


@contextmanager
def _casbin(folder: Path, size: str, asked: Asked) -> Iterator[list[Load]]:
    """FastAPI with stock pycasbin, in threads and on the event loop."""
    headers = {"Authorization": f"Bearer {fastapi_casbin.TOKEN}"}
    names = ("subject", "action", "resource", "organisation")
    port = free_port()
    command = python("fastapi_casbin", str(port), size)
    log = folder / "fastapi.log"
    with running(command, port, log, os.environ) as process:
        yield [
            Load(
                name,
                port,
                process,
                decision_server.DECISION,
                [
                    (
                        post(path, dict(zip(names, question, strict=True)), headers),
                        [str(right).lower()],
                    )
                    for question, right in zip(
                        asked.questions, asked.expected, strict=True
                    )
                ],
            )
            for name, path in ((CASBIN, "/decide"), (INLINE, "/inline"))
        ]


@contextmanager
def _cerbos(folder: Path, asked: Asked) -> Iterator[list[Load]]:
    """Cerbos, or nobody where it is not installed."""
    program = cerbos.binary()
    if program is None:
        yield []
        return
    port, other = free_port(), free_port()
    command = cerbos.command(program, folder, port, other)
    requests = cerbos.requests(asked.world, asked.questions, asked.expected)
    with running(command, port, folder / "cerbos.log", os.environ) as process:
        yield [Load(CERBOS, port, process, cerbos.DECISION, requests)]


def _race(
    client: Client, loads: Sequence[Load], seconds: float
) -> dict[str, list[Turn]]:
    """Let each answer everything once, and then by turns for so long."""
    for load in loads:
        client.closed(load, connections=_connections(load), count=len(load.asked))
    turns: dict[str, list[Turn]] = {load.name: [] for load in loads}
    for _ in range(TURNS):
        for load in loads:
            before = processor_time(load.process)
            done = client.closed(
                load, connections=_connections(load), seconds=seconds / TURNS
            )
            after = processor_time(load.process)
            took = None if before is None or after is None else after - before
            turns[load.name].append(Turn(done, took))
    return turns


def _connections(load: Load) -> int:
    return NARROW if load.name == BATCHES else WIDE


def _compared(size: str, turns: dict[str, list[Turn]]) -> Findings:
    """The figures and rows of a race of servers."""
    found = {
        name: median(turn.done.rate for turn in each) for name, each in turns.items()
    }
    found[BATCHES] *= _BATCH
    ours = found[OURS]

    def figure(name: str, over: str, under: str, bar: float, note: str = "") -> Figure:
        if over not in found or under not in found:
            return Figure(name, None, bar, at_most=False, note=cerbos.NOT_INSTALLED)
        text = f"{found[over]:,.0f} to {found[under]:,.0f} a second"
        return Figure(
            name,
            found[over] / found[under],
            bar,
            at_most=False,
            note=f"{text}; {note}" if note else text,
        )

    one = f"single evaluations a second, {size} grants, to"
    return Findings(
        [
            figure(
                f"{one} the same handler with a constant decision", OURS, UNDECIDED, 0.7
            ),
            figure(f"{one} a bare constant handler", OURS, BARE, 0.4),
            figure(
                f"{one} FastAPI and stock pycasbin",
                OURS,
                CASBIN,
                4,
                f"{found[OURS] / found[INLINE]:.1f} to it on the event loop",
            ),
            figure(f"{one} Cerbos", OURS, CERBOS, 2),
            figure(
                f"decisions a second in batches of {_BATCH:,}, to single evaluations",
                BATCHES,
                OURS,
                20,
            ),
        ],
        [
            Measurement(
                "decisions over HTTP",
                size,
                name,
                _NANO / found[name],
                ratio=ours / found[name],
                note=_costs(each, _BATCH if name == BATCHES else 1),
            )
            for name, each in turns.items()
        ],
    )


def _costs(turns: Sequence[Turn], size: int) -> str:
    """What an answer cost in time of the processor, on either side."""
    answers = sum(turn.done.answers for turn in turns) * size / 1e6
    client = f"{sum(turn.done.client for turn in turns) / answers:.3g} us of the client"
    known = [turn.server for turn in turns if turn.server is not None]
    if len(known) < len(turns):
        return client
    return f"{sum(known) / answers:.3g} us of the server's processor, {client}'s"
