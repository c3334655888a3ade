"""Many threads may ask one decision point while its snapshot is exchanged."""

from __future__ import annotations

import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.terms import Line, Request

from .worlds import MODEL, SHIPPED, line

DAY = date(2026, 3, 1)
THREADS = 8
SECONDS = 3.0


class Followed(DecisionPoint):
    """A decision point whose snapshot is exchanged, as a database's is."""

    def exchange(self, snapshot: Snapshot) -> None:
        """Decide by another version from now on."""
        self._publish(snapshot)


def _version(number: int) -> Snapshot:
    """A world of two halves: one subject reads at odd versions, the other at even."""
    rows: list[Line] = [line("g4", "o0", "level:root")]
    for place in ("o1", "o2"):
        rows += [line("g2", place, "o0"), line("g4", place, "level:oppilaitos")]
    holder, place = f"person:{number % 2}", f"o{1 + number % 2}"
    span = "2026-01-01..2026-12-31"
    rows.append(line("g", holder, "role:ehoks-kayttaja", f"{place}@{span}"))
    return Snapshot.build(MODEL, [*SHIPPED, *rows], version=number)


@contextmanager
def _often_interrupted() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _wrong(point: DecisionPoint) -> Iterator[object]:
    """Ask every question once, and give the answers that no version has."""
    for subject in ("person:0", "person:1"):
        decision = point.decide(Request(subject, "read", "hoks", "o1"), DAY)
        # only even versions let person:0 read, at o1
        expected = decision.version % 2 == 0 and subject == "person:0"
        if decision.allowed is not expected:
            yield decision
    # whatever version they are of, no version lets either do it there
    if point.allows("person:1", "read", "hoks", "o1", DAY) or point.allows(
        "person:0", "read", "hoks", "o2", DAY
    ):
        yield "allows"
    power = point.may_grant("person:0", "person:1", "ehoks-kayttaja", "o1", DAY)
    if power.allowed or not power.reason.startswith("the granter has no power"):
        yield power
    found = point.what_can("person:1", at=DAY)
    if {place for each in found for place in each.organisations} not in ({"o2"}, set()):
        yield found
    readers = point.who_can("read", "hoks", "o1", DAY)
    if readers not in ((), ("person:0",)):
        yield readers


def test_every_answer_is_of_one_whole_version() -> None:
    """Eight threads never see half a change, never fail, and change nothing outside."""
    versions = [_version(number) for number in (1, 2)]
    point = Followed(versions[0])
    stop = threading.Event()
    wrong: list[object] = []
    asked = [0] * THREADS

    def ask(thread: int) -> None:
        while not stop.is_set():
            try:
                wrong.extend(_wrong(point))
                asked[thread] += 1
            except Exception as error:  # noqa: BLE001 - a thread must not die unseen
                wrong.append(error)

    filters = list(warnings.filters)
    threads = [threading.Thread(target=ask, args=(each,)) for each in range(THREADS)]
    with _often_interrupted():
        for thread in threads:
            thread.start()
        end, turn = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            turn += 1
            # a new one now and then: its matchers are new to all threads at once
            point.exchange(_version(turn) if turn % 20 == 0 else versions[turn % 2])
            time.sleep(0.002)
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong, wrong[:3]
    assert min(asked) > 0
    assert list(warnings.filters) == filters
