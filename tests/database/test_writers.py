"""Requirements on several writers at once: none loses what another has written."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oikeus import verify
from oikeus.store import Change, Store
from oikeus.terms import Line

pytestmark = pytest.mark.uncovered

SCRIPT = Path(__file__).with_name("many_commits.py")

COMMITS = 25


def test_processes_take_turns(url: str) -> None:
    """Each version is decided on the one before it, whichever process wrote that."""
    writers = [
        subprocess.Popen(  # noqa: S603 # ours
            [sys.executable, str(SCRIPT), url, name, str(COMMITS)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("person:first", "person:second")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate(timeout=120)[1] for writer in writers] == ["", ""]
    with Store.open(url) as store:
        versions = store.versions()
        lines = store.load().lines
    total = 2 * COMMITS
    assert [version.number for version in versions] == list(range(1, total + 1))
    assert [v.message for v in versions] == [f"on {n}" for n in range(total)]
    assert [version.time for version in versions] == sorted(v.time for v in versions)
    assert [line.values for line in lines if line.ptype == "p"] == [(str(total),)]
    counted = {line.values[1] for line in lines if line.ptype == "g"}
    assert counted == {str(number) for number in range(total)}


def test_sixteen_writers_make_one_chain(url: str) -> None:
    """None is lost, none counted twice, and each goes on from the last.

    There are 480, which takes some seconds; OIKEUS_COMMITS=2000 makes it 2,000.
    """
    total = int(os.environ.get("OIKEUS_COMMITS", "480"))
    processes, threads = 4, 4
    each = total // (processes * threads)
    writers = [
        subprocess.Popen(  # noqa: S603 # ours
            [sys.executable, str(SCRIPT), url, f"person:{n}", str(each), str(threads)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate(timeout=300)[1] for writer in writers] == [""] * 4
    with Store.open(url) as store:
        versions = store.versions()
        lines = store.load().lines
        found = verify(store)
    total = each * processes * threads
    assert [v.message for v in versions] == [f"on {n}" for n in range(total)]
    assert len({version.actor for version in versions}) == processes * threads
    assert [line.values for line in lines if line.ptype == "p"] == [(str(total),)]
    counted = {line.values[1] for line in lines if line.ptype == "g"}
    assert counted == {str(number) for number in range(total)}
    assert found.findings == ()
    assert (found.mark.number, found.lines) == (total, total + 1)


def _add_many(store: Store, name: str) -> None:
    for number in range(COMMITS):
        change = Change("policy", name, "x", add=(Line("g", (name, str(number))),))
        with store.writing() as writer:
            writer.commit(change)


def _check_threads(store: Store) -> None:
    names = [f"person:{number}" for number in range(4)]
    with ThreadPoolExecutor(len(names)) as pool:
        for done in [pool.submit(_add_many, store, name) for name in names]:
            done.result()
    total = len(names) * COMMITS
    assert [v.number for v in store.versions()] == list(range(1, total + 1))
    assert len(store.load().lines) == total


def test_threads_take_turns(store: Store) -> None:
    """One store serves the threads of a process."""
    _check_threads(store)


def test_threads_take_turns_at_a_database_in_memory() -> None:
    """One connection is enough, as long as nobody shares it within a transaction."""
    with Store.open("sqlite://") as store:
        _check_threads(store)


def test_readers_see_whole_versions_while_others_write(
    store: Store, commit: Callable[..., int]
) -> None:
    """A load in the middle of many commits is one of the versions, entirely."""

    def _swap() -> None:
        for number in range(COMMITS):
            old = store.load().lines
            new = tuple(Line("p", (str(number), str(part))) for part in range(20))
            commit(store, add=new, remove=old, model=str(number))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(_swap)
        seen = []
        while not writing.done():
            seen.append(store.load())
        writing.result()
    for contents in seen:
        expected = None if contents.version == 0 else str(contents.version - 1)
        assert contents.model == expected
        assert len(contents.lines) == (20 if contents.version else 0)
        assert {line.values[0] for line in contents.lines} <= {expected}
    assert len({contents.version for contents in seen}) > 1
