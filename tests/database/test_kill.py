"""Requirements on a process that dies while it writes: nothing is ever half done."""

import signal
import time
from collections.abc import Callable

import pytest

from oikeus import verify
from oikeus.store import Contents, Store
from oikeus.terms import Line, Names

from .dying import started

pytestmark = pytest.mark.uncovered

SIZE = 7_000

Commit = Callable[..., int]


def _loaded(url: str, commit: Commit) -> Contents:
    """Commit a first version; return what is in force then."""
    with Store.open(url) as store:
        old = tuple(Line("g", (f"person:{n}", "role:old", "1.2")) for n in range(300))
        commit(store, add=old, model="old", catalogue="old", names={"1.2": Names("V")})
        return store.load()


@pytest.mark.parametrize(
    ("moment", "which"),
    [
        ("INSERT INTO oikeus_version", 1),
        ("DELETE FROM casbin_rule", 1),
        ("INSERT INTO casbin_rule", 2),
        ("INSERT INTO oikeus_change", 1),
        ("INSERT INTO oikeus_change", 2),
        ("INSERT INTO oikeus_names", 1),
        ("INSERT INTO oikeus_application", 1),
        ("INSERT INTO oikeus_token", 1),
        ("UPDATE oikeus_head", 1),
        ("COMMIT", 1),
    ],
)
def test_a_load_killed_half_way_leaves_the_database_as_it_was(
    url: str, commit: Commit, moment: str, which: int
) -> None:
    """A kill -9 before any step of a commit is as if the load had never begun."""
    before = _loaded(url, commit)
    process = started("big_change", url, moment, which)
    assert process.communicate(timeout=60)[0] == "writing\n"
    assert process.returncode == -signal.SIGKILL
    with Store.open(url) as store:
        assert store.load() == before
        assert len(store.versions()) == 1
        assert verify(store).findings == ()
        assert commit(store, add=(Line("p", ("a", "b")),)) == 2
        assert len(store.load().lines) == 301
        assert verify(store).findings == ()


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3])
def test_a_load_killed_at_any_moment_is_whole_or_absent(
    url: str, commit: Commit, delay: float
) -> None:
    """A kill -9 from outside finds the old version or the new one, never a mixture."""
    before = _loaded(url, commit)
    process = started("big_change", url, "none", 1)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    time.sleep(delay)
    process.kill()
    process.communicate(timeout=60)
    with Store.open(url) as store:
        after = store.load()
        if after.version == 1:
            assert after == before
        else:
            assert (after.version, after.model, after.catalogue) == (2, "new", "new")
            assert dict(after.names) == {"1.2": Names("Uusi")}
            assert {line.values[1] for line in after.lines} == {"role:new"}
            assert len(after.lines) == SIZE
        assert len(store.versions()) == after.version
        assert verify(store).findings == ()


def test_a_load_that_is_left_alone_is_whole(url: str, commit: Commit) -> None:
    """What the other cases kill does work: they prove nothing otherwise."""
    _loaded(url, commit)
    process = started("big_change", url, "none", 1)
    assert process.communicate(timeout=60)[0] == "writing\n"
    assert process.returncode == 0
    with Store.open(url) as store:
        assert len(store.load().lines) == SIZE
        assert store.versions()[1].removed == 300
        assert verify(store).findings == ()
