"""The service: decisions over HTTP by real servers, and how fast commits spread.

Two servers with worlds of two sizes are asked at a fixed rate, by turns, whatever they
have answered by then; what counts is the time from when each question was due.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from . import decision_server
from .decision_server import Asked
from .figures import Figure, Findings, Measurement, Run
from .http_client import Done
from .http_load import Client, Load
from .http_servers import free_port, running
from .propagation import propagation
from .service_rates import OURS, TURNS, WIDE, rates

_OPEN = 64
"""How many requests may be on their way at a fixed rate."""


def service(run: Run) -> Findings:
    """Measure the service against rivals, and against itself at a larger size."""
    found = Findings()
    with tempfile.TemporaryDirectory(prefix="oikeus-bench-") as scratch:
        folder = Path(scratch)
        url = decision_server.make(folder, run.small)
        found += rates(run, folder, url)
        found += steadiness(run, folder, url)
    found += propagation(run)
    return found


def steadiness(run: Run, folder: Path, url: str) -> Findings:
    """How long answers take at a fixed rate, at two sizes."""
    sizes = {run.small: url, run.large: decision_server.make(folder, run.large)}
    with ExitStack() as stack:
        loads: list[Load] = []
        for size, each in sizes.items():
            asked = Asked.of(size, 10 * run.questions)
            bearer = decision_server.token(each, asked.world)
            port = free_port()
            command = decision_server.command("serve", each, port)
            log = folder / f"serve-{port}.log"
            process = stack.enter_context(running(command, port, log, os.environ))
            requests = decision_server.singles(asked.questions, asked.expected, bearer)
            loads.append(Load(size, port, process, decision_server.DECISION, requests))
        client = stack.enter_context(Client(folder))
        for load in loads:
            client.closed(load, connections=WIDE, count=len(load.asked))
        sustained = client.closed(loads[0], connections=WIDE, seconds=run.seconds / 2)
        rate = sustained.rate / 2
        turns: dict[str, list[Done]] = {load.name: [] for load in loads}
        for _ in range(TURNS):
            for load in loads:
                done = client.scheduled(
                    load, connections=_OPEN, rate=rate, seconds=run.seconds / TURNS
                )
                turns[load.name].append(done)
    return _steady(run, rate, turns)


def _steady(run: Run, rate: float, turns: dict[str, list[Done]]) -> Findings:
    what = f"answers at a fixed rate of {rate:,.0f} a second"
    p99 = {name: median(done.p99 for done in each) for name, each in turns.items()}
    small = p99[run.small]
    late = max(median(done.late for done in each) for each in turns.values())
    figure = Figure(
        f"p99 at half of what {run.small} grants sustain, {run.large} to {run.small}",
        p99[run.large] / small,
        1.5,
        at_most=True,
        note=(
            f"{p99[run.large] / 1e6:.2f} ms to {small / 1e6:.2f} ms, counted from when "
            f"each was due; the client was {late / 1e6:.2f} ms late at p99"
        ),
    )
    rows = [
        Measurement(
            what,
            name,
            OURS,
            median(done.p50 for done in each),
            p99[name],
            p99[name] / small,
            f"p999 {median(done.p999 for done in each) / 1e6:.2f} ms; ratio of the p99",
        )
        for name, each in turns.items()
    ]
    return Findings([figure], rows)
