"""A reader during a thousand swaps sees only complete versions.

Each version bears its number in its grants, in its rules and in the tree. Some
questions are allowed by every version and others by none, but only while all three are
of one version; of some lists of questions every version allows exactly one.
"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.grants import Row
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.model import Model
from oikeus.runtime import LivePoint
from oikeus.store import Change, Store
from oikeus.terms import Line

from .matchers import GRANT, model_of
from .worlds import MODEL, ROOT, line

DAY = date(2026, 3, 1)
READERS = 4
SWAPS = 1000
STAMPS = 12
_SPAN = "2026-01-01..2026-12-31"
_CATALOGUE = (ROOT / "policies" / "ehoks.yaml").read_text(encoding="utf-8")

TRYING = model_of(
    f"r.sub != p.sub && {GRANT} && keyMatch(r.act, p.act) && r.obj == p.obj"
)
WRITTEN = model_of(f"r.obj == p.obj && r.act == p.act && {GRANT}")
FORMS = (MODEL, TRYING, MODEL, WRITTEN)
"""Models of each form: folded, folded with a rest, and not folded at all."""


def _lines(stamp: int) -> list[Line]:
    """The rules and the tree of a version; the child stands below another parent."""
    parent, role = f"top{stamp % 3}", f"role:r{stamp % 2}"
    return [
        *(line("g3", f"role:{name}", "person") for name in ("r0", "r1", "user")),
        *(line("g4", "level:top", f"role:{name}") for name in ("r0", "r1", "user")),
        *(line("g4", f"top{number}", "level:top") for number in range(3)),
        *(line("g2", f"top{number}", "root") for number in range(3)),
        line("g2", "child", parent),
        line("p", role, "hoks", "keep", "allow"),
        line("p", f"role:r{1 - stamp % 2}", "hoks", "keep", "deny"),
        line("p", "role:user", "hoks", f"do-{stamp}", "allow"),
    ]


def _grants(stamp: int) -> list[Row]:
    """The grants of a version, at the parent of the child."""
    domain = f"top{stamp % 3}@{_SPAN}"
    return [
        ("person:always", f"role:r{stamp % 2}", domain),
        (f"person:{stamp}", "role:user", domain),
    ]


def _next(snapshot: Snapshot, number: int, model: Model | None = None) -> Snapshot:
    before, stamp = snapshot.version % STAMPS, number % STAMPS
    return snapshot.following(
        number,
        removed=_grants(before),
        added=_grants(stamp),
        lines=_lines(stamp),
        model=model,
    )


EACH = [(f"person:{n}", f"do-{n}", "hoks", "child") for n in range(STAMPS)]


def _wrong(point: DecisionPoint, kept: Callable[..., bool]) -> Iterator[object]:
    """Ask, and give the answers that no version has."""
    for allows in (kept, point.allows):
        if not allows("person:always", "keep", "hoks", "child", DAY):
            yield "what every version allows was denied"
        for number in range(STAMPS):
            other = f"do-{(number + 1) % STAMPS}"
            if allows(f"person:{number}", other, "hoks", "child", DAY):
                yield "what every version denies was allowed"
    if sum(found := point.allows_many(EACH, DAY)) != 1:
        yield "not one version", found
    snapshot = point.snapshot
    stamp = snapshot.version % STAMPS
    readers = DecisionPoint(snapshot).who_can(f"do-{stamp}", "hoks", "child", DAY)
    if readers != (f"person:{stamp}",):
        yield snapshot.version, readers


@contextmanager
def _readers(point: DecisionPoint) -> Iterator[None]:
    """Ask in some threads meanwhile; each of them often, and never wrongly answered."""
    kept, stop = point.allows, threading.Event()
    wrong: list[object] = []
    asked = [0] * READERS

    def ask(thread: int) -> None:
        while not stop.is_set():
            try:
                wrong.extend(_wrong(point, kept))
                asked[thread] += 1
            except Exception as error:  # noqa: BLE001 - a thread must not die unseen
                wrong.append(error)

    threads = [threading.Thread(target=ask, args=(each,)) for each in range(READERS)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)
    assert not wrong, wrong[:3]
    assert min(asked) > 0


def _first() -> Snapshot:
    return Snapshot.build(MODEL, _lines(0), grants=[_grants(0)])


def test_a_thousand_swaps_are_seen_whole() -> None:
    """Grants, rules and tree change at once, for those that kept the function too."""
    point = DecisionPoint(_first())
    with _readers(point):
        for number in range(1, SWAPS + 1):
            point._publish(_next(point.snapshot, number))  # noqa: SLF001 # as a point that follows does
    assert point.version == SWAPS


def test_swaps_to_other_models_are_seen_whole() -> None:
    """A function that was kept goes on, whatever form the model has."""
    point = DecisionPoint(_first())
    with _readers(point):
        for number in range(1, SWAPS // 5 + 1):
            model = FORMS[number // 3 % len(FORMS)]
            point._publish(_next(point.snapshot, number, model))  # noqa: SLF001 # as a point that follows does
    assert point.version == SWAPS // 5


@pytest.mark.parametrize("under", [None, "root"])
def test_a_database_that_is_followed_is_seen_whole(under: str | None) -> None:
    """A version is published when all of it was read."""

    def commit(before: set[Line], after: list[Line]) -> set[Line]:
        change = Change(
            "casbin",
            "os:tester",
            "as the test wants",
            add=tuple(after),
            remove=tuple(before - {*after}),
            model=MODEL.text,
            catalogue=_CATALOGUE,
        )
        with store.writing() as writer:
            writer.commit(change)
        return {*after}

    def lines(stamp: int) -> list[Line]:
        root = line("g4", "root", "level:root")
        return [root, *_lines(stamp), *(Line("g", row) for row in _grants(stamp))]

    with Store.open("sqlite://") as store:
        known = commit(set(), lines(1))
        point = LivePoint(store, under=under)
        with _readers(point):
            for number in range(2, 14):
                known = commit(known, lines(number % STAMPS))
                assert point.refresh()
        assert point.version == 13


def test_a_version_that_nobody_reads_any_more_is_let_go() -> None:
    """The next ones share with it, and keep nothing else of it."""
    point = DecisionPoint(_first())
    gone = []
    for number in range(1, 5):
        point.allows(*EACH[0], DAY)
        gone.append(weakref.ref(point.snapshot))
        point._publish(_next(point.snapshot, number))  # noqa: SLF001 # as a point that follows does
    gc.collect()
    assert [found() for found in gone] == [None] * len(gone)
