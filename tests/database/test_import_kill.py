"""Requirements on an import that dies half way: all of it is there, or nothing."""

import signal
import time

import pytest

from oikeus import (
    apply_policies,
    import_organisations,
    load_model,
    verify,
)
from oikeus.store import Contents, Store

from .big_import import HOLDERS, extract, take
from .dying import HOME, started

pytestmark = pytest.mark.uncovered

EARLIER = 150


def _loaded(url: str) -> Contents:
    """Bring in the policy, the organisations, and the rights of an earlier import."""
    register = HOME / "examples" / "organisations.json"
    with Store.open(url) as store:
        model = load_model(HOME / "model.conf")
        apply_policies(store, model, HOME / "policies", actor="os:tester")
        texts = {"organisations.json": register.read_text(encoding="utf-8")}
        import_organisations(store, texts, actor="os:tester")
        assert take(store, extract(0, EARLIER)) == 3
        return store.load()


def _systems(contents: Contents) -> int:
    """How many grants and registrations of systems there are."""
    return sum(line.values[0].startswith("system:") for line in contents.lines)


@pytest.mark.parametrize(
    ("moment", "which"),
    [
        ("INSERT INTO oikeus_version", 1),
        ("DELETE FROM casbin_rule", 1),
        ("INSERT INTO casbin_rule", 1),
        ("INSERT INTO oikeus_change", 1),
        ("UPDATE oikeus_head", 1),
        ("COMMIT", 1),
    ],
)
def test_an_import_killed_half_way_leaves_the_database_as_it_was(
    url: str, moment: str, which: int
) -> None:
    """Nobody got a right, nobody lost one, and it can be done again."""
    before = _loaded(url)
    assert _systems(before) == 3 * EARLIER
    process = started("big_import", url, moment, which)
    assert process.communicate(timeout=60)[0] == "importing\n"
    assert process.returncode == -signal.SIGKILL
    with Store.open(url) as store:
        assert store.load() == before
        assert len(store.versions()) == 3
        assert verify(store).findings == ()
        assert take(store, extract(100, HOLDERS)) == 4
        assert _systems(store.load()) == 3 * HOLDERS
        assert verify(store).findings == ()


@pytest.mark.parametrize("delay", [0.5, 1.0, 1.5])
def test_an_import_killed_at_any_moment_is_whole_or_absent(
    url: str, delay: float
) -> None:
    """A kill -9 from outside finds the old version or the new one."""
    before = _loaded(url)
    process = started("big_import", url, "none", 1)
    assert process.stdout is not None
    assert process.stdout.readline() == "importing\n"
    time.sleep(delay)
    process.kill()
    process.communicate(timeout=60)
    with Store.open(url) as store:
        after = store.load()
        assert after == before or _systems(after) == 3 * HOLDERS
        assert len(store.versions()) == after.version
        assert verify(store).findings == ()


def test_an_import_that_is_left_alone_is_whole(url: str) -> None:
    """What the other cases kill does work: they prove nothing otherwise."""
    _loaded(url)
    process = started("big_import", url, "none", 1)
    assert process.communicate(timeout=60)[0] == "importing\n"
    assert process.returncode == 0
    with Store.open(url) as store:
        assert _systems(store.load()) == 3 * HOLDERS
        version = store.versions()[3]
        # fifty stand in both documents
        assert (version.added, version.removed) == (3 * 1450, 3 * 100)
