"""Requirements on several people who administer at once, and on one who is cut off."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

import oikeus
from oikeus import Administration, Op, RefusedError, Store, Version, verify

HOME = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)

VASTUU = "person:1.2.246.562.24.90100000011"
PAA = "person:1.2.246.562.24.90100000012"
PROVIDER = "1.2.246.562.10.90100000000"
PLACE = "1.2.246.562.10.90101000000"
SPAN = "2026-01-01,2099-12-31"
HEADER = "subject,role,organisation,from,until\n"

ROUNDS = 100
THREADS = 16
BEGUN = 3
"""How many versions there are before anybody grants."""


@pytest.fixture
def world(url: str) -> str:
    """The example world, with one who appoints and four who grant."""
    model = oikeus.load_model(HOME / "model.conf")
    extract = (HOME / "examples" / "organisations.json").read_text(encoding="utf-8")
    heads = [PAA, *granters()]
    rows = [f"{head},ehoks-paakayttaja,{PROVIDER},{SPAN}\n" for head in heads]
    rows.append(f"{VASTUU},vastuukayttaja,{PROVIDER},{SPAN}\n")
    with Store.open(url) as store:
        oikeus.apply_policies(store, model, HOME / "policies", actor="os:owner")
        oikeus.import_organisations(store, {"a.json": extract}, actor="os:owner")
        files = [("a.csv", HEADER + "".join(rows))]
        oikeus.import_grants(store, files, actor="os:owner")
        assert store.head() == BEGUN
    return url


def granters() -> list[str]:
    """Four who grant, each in a process of their own."""
    return [f"person:granter{number}" for number in range(4)]


@contextmanager
def desk(url: str, today: Callable[[], date] = lambda: DAY) -> Iterator[Administration]:
    """An administration with a connection of its own."""
    with Store.open(url) as store:
        yield Administration(store, actor="os:tester", today=today)


class Clock:
    """A clock that stops an act while it has the head locked: that is when it asks."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> date:
        """The day, when the test lets it go on."""
        self.asked.set()
        assert self.go_on.wait(10)
        return DAY


def both() -> ThreadPoolExecutor:
    """Two threads, which are done when the block is."""
    return ThreadPoolExecutor(2)


def grant(point: Administration, subject: str) -> int | None:
    """Let PAA grant; the version, or nothing where the power is refused."""
    try:
        return point.grant(subject, "ehoks-kayttaja", PLACE, granter=PAA).version
    except RefusedError as refused:
        if "the granter has no power over `ehoks-kayttaja`" not in refused.reason:
            raise
        return None


def revoke(point: Administration) -> int:
    """Take PAA's right away."""
    done = point.revoke(PAA, "ehoks-paakayttaja", PROVIDER, granter=VASTUU)
    return done.version


def give_back(point: Administration) -> int:
    """Appoint PAA again."""
    done = point.grant(PAA, "ehoks-paakayttaja", PROVIDER, granter=VASTUU)
    return done.version


def granted_without_power(store: Store) -> list[Version]:
    """The versions that rest on a power of PAA which was gone by then."""
    holds, found = False, []
    for version in store.versions():
        if version.granter == PAA and not holds:
            found.append(version)
        for each in store.changes(version.number):
            if each.line.values[:2] == (PAA, "role:ehoks-paakayttaja"):
                holds = each.op is Op.ADDED
    return found


def check_whole(store: Store, count: int) -> None:
    """No version is missing, and every row is as the log says."""
    numbers = [version.number for version in store.versions()]
    assert numbers == [*range(1, BEGUN + count + 1)]
    assert verify(store).findings == ()


def test_no_grant_follows_the_revocation_of_its_granters_right(world: str) -> None:
    """A hundred times at once: whichever comes first, the other knows of it."""
    outcomes, made = set(), 0
    start = threading.Barrier(2)

    def grants(number: int) -> int | None:
        start.wait()
        time.sleep(number % 5 / 1000)
        return grant(one, f"person:{number}")

    def revokes(number: int) -> int:
        start.wait()
        time.sleep(number % 3 / 1000)
        return revoke(other)

    with desk(world) as one, desk(world) as other, both() as pool:
        for number in range(ROUNDS):
            granting, revoking = (
                pool.submit(grants, number),
                pool.submit(revokes, number),
            )
            version, revoked = granting.result(), revoking.result()
            assert version is None or version < revoked
            made += 2 + (version is not None)
            assert give_back(other) == BEGUN + made
            outcomes.add(version is None)
    with Store.open(world) as store:
        assert granted_without_power(store) == []
        check_whole(store, made)
    assert outcomes == {True, False}


def test_a_revocation_waits_for_the_grant_that_is_being_decided(world: str) -> None:
    """The grant rests on a power that is there until it is committed."""
    clock = Clock()
    with (
        desk(world, clock) as slow,
        desk(world) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        granting = pool.submit(grant, slow, "person:new")
        assert clock.asked.wait(10)
        revoking = pool.submit(revoke, other)
        time.sleep(0.2)
        assert not revoking.done()
        clock.go_on.set()
        assert granting.result() == BEGUN + 1
        assert revoking.result() == BEGUN + 2


def test_a_grant_waits_for_the_revocation_that_is_being_decided(world: str) -> None:
    """It is decided by what is in force then, whatever was when it was asked for."""
    clock = Clock()
    with (
        desk(world, clock) as slow,
        desk(world) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        assert grant(other, "person:before") == BEGUN + 1
        revoking = pool.submit(revoke, slow)
        assert clock.asked.wait(10)
        granting = pool.submit(grant, other, "person:new")
        time.sleep(0.2)
        assert not granting.done()
        clock.go_on.set()
        assert revoking.result() == BEGUN + 2
        assert granting.result() is None
    with Store.open(world) as store:
        check_whole(store, 2)


def test_sixteen_threads_share_one_administration(world: str) -> None:
    """Each grant is one version, and none is lost."""
    each = 6
    with Store.open(world) as store:
        point = Administration(store, actor="os:tester", today=lambda: DAY)
        start = threading.Barrier(THREADS)

        def work(thread: int) -> list[int | None]:
            start.wait()
            return [grant(point, f"person:{thread}-{n}") for n in range(each)]

        with ThreadPoolExecutor(THREADS) as pool:
            done = [*pool.map(work, range(THREADS))]
        versions = [version for mine in done for version in mine]
        assert sorted(filter(None, versions)) == [
            *range(BEGUN + 1, BEGUN + len(versions) + 1)
        ]
        held = {line.values[0] for line in store.load().lines if line.ptype == "g"}
        assert {f"person:{t}-{n}" for t in range(THREADS) for n in range(each)} <= held
        check_whole(store, THREADS * each)


def test_two_threads_with_one_wish_make_one_grant(world: str) -> None:
    """The second finds it done."""
    start = threading.Barrier(2)

    def same(point: Administration, number: int) -> int | None:
        start.wait()
        return grant(point, f"person:{number}")

    with desk(world) as one, desk(world) as other, both() as pool:
        for number in range(10):
            done = [pool.submit(same, point, number) for point in (one, other)]
            assert {each.result() for each in done} == {BEGUN + 1 + number}


def start_process(
    url: str, granter: str, *, count: int, threads: int, moment: str = "none"
) -> subprocess.Popen[str]:
    """A process that grants; it dies before this statement of its third grant."""
    words = (url, granter, str(count), str(threads), moment, "3")
    process = subprocess.Popen(  # noqa: S603 # ours
        [sys.executable, "-m", "tests.database.many_grants", *words],
        cwd=HOME,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: subprocess.Popen[str]) -> None:
    """Let it grant."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_administrations_in_several_processes_take_turns(world: str) -> None:
    """Each decides by what all the others have done."""
    count, threads = 6, 2
    processes = [
        start_process(world, granter, count=count, threads=threads)
        for granter in granters()
    ]
    for process in processes:
        begin(process)
    assert [each.communicate(timeout=120)[1] for each in processes] == [""] * 4
    total = len(processes) * count * threads
    with Store.open(world) as store:
        check_whole(store, total)
        versions = store.versions()[BEGUN:]
        assert {(each.origin, each.added, each.removed) for each in versions} == {
            ("grant", 1, 0)
        }
        assert all(each.granter == each.actor for each in versions)


MOMENTS = (
    "INSERT INTO oikeus_version",
    "INSERT INTO casbin_rule",
    "INSERT INTO oikeus_change",
    "UPDATE oikeus_head",
    "COMMIT",
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_grant_that_is_cut_off_was_never_given(world: str, moment: str) -> None:
    """A kill -9 before any step of the third leaves the two before it, and no more."""
    (granter, *_) = granters()
    process = start_process(world, granter, count=9, threads=1, moment=moment)
    begin(process)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    with Store.open(world) as store:
        check_whole(store, 2)
        point = Administration(store, actor="os:tester", today=lambda: DAY)
        assert grant(point, "person:next") == BEGUN + 3
        check_whole(store, 3)


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.4])
def test_one_who_is_killed_at_any_moment_leaves_whole_grants(
    world: str, delay: float
) -> None:
    """And keeps nobody from granting on."""
    (granter, *_) = granters()
    process = start_process(world, granter, count=0, threads=2)
    begin(process)
    time.sleep(delay)
    process.kill()
    process.communicate(timeout=60)
    with Store.open(world) as store:
        count = store.head() - BEGUN
        held = [
            line for line in store.load().lines if line.values[0].startswith(granter)
        ]
        assert len(held) == count + 1
        check_whole(store, count)
        point = Administration(store, actor="os:tester", today=lambda: DAY)
        assert grant(point, "person:next") == BEGUN + count + 1
