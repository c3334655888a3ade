"""Casbin's watcher: an enforcer learns what others changed, and not what it did."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import casbin
import pytest

from oikeus import Adapter, Enforcer, Store, StoreError
from oikeus.contrib.casbin import Watcher

MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
"""
ANNA, BENGT = ("anna", "file", "read"), ("bengt", "file", "read")
PATIENCE = 20.0


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database without rules."""
    url = f"sqlite:///{tmp_path / 'rules.db'}"
    Store.open(url).close()
    return url


@pytest.fixture(params=[casbin.Enforcer, Enforcer], ids=["stock", "ours"])
def make(request: pytest.FixtureRequest, tmp_path: Path, url: str) -> Callable[[], Any]:
    """Make an enforcer over the database."""
    path = tmp_path / "model.conf"
    path.write_text(MODEL, encoding="utf-8")
    return lambda: request.param(str(path), Adapter(url))


def test_what_others_change_is_loaded_when_one_looks(
    make: Callable[[], Any], url: str
) -> None:
    """Once; nothing more where nothing else happened."""
    one, other = make(), make()
    watcher = Watcher(url, every=None)
    one.set_watcher(watcher)
    watcher.set_update_callback(one.load_policy)
    assert not watcher.look()
    other.add_policy(*ANNA)
    assert not one.enforce(*ANNA)
    assert watcher.look()
    assert one.enforce(*ANNA)
    assert not watcher.look()
    watcher.close()


def test_what_an_enforcer_changes_itself_is_not_loaded_again(
    make: Callable[[], Any], url: str
) -> None:
    """Unless somebody else wrote as well: then all is loaded."""
    one, other = make(), make()
    loaded: list[None] = []
    watcher = Watcher(url, every=None)
    one.set_watcher(watcher)
    watcher.set_update_callback(lambda: loaded.append(one.load_policy()))
    one.add_policy(*ANNA)
    one.add_policies([("cecilia", "file", "read"), ("david", "file", "read")])
    one.remove_policy("david", "file", "read")
    assert not watcher.look()
    other.load_policy()
    other.add_policy(*BENGT)
    one.add_policy("erik", "file", "read")
    assert watcher.look()
    assert loaded == [None]
    assert one.enforce(*BENGT)
    watcher.close()


def test_what_others_change_is_loaded_in_a_thread(
    make: Callable[[], Any], url: str
) -> None:
    """Of the watcher, which looks by itself; a store that was given stays open."""
    loaded = threading.Event()
    with Store.open(url) as store:
        watcher = Watcher(store, every=0.01)
        watcher.set_update_callback(loaded.set)
        make().add_policy(*ANNA)
        assert loaded.wait(PATIENCE)
        watcher.close()
        assert store.head() == 1


def test_rules_that_could_not_be_loaded_are_tried_again(
    make: Callable[[], Any], url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the kind of error alone; without a callback nothing is called."""
    tried, loaded = threading.Event(), threading.Event()

    def load() -> None:
        if not tried.is_set():
            tried.set()
            raise StoreError(url)
        loaded.set()

    silent = Watcher(url, every=None)
    watcher = Watcher(url, every=0.01)
    watcher.set_update_callback(load)
    with caplog.at_level(logging.WARNING, "oikeus.contrib"):
        make().add_policy(*ANNA)
        assert loaded.wait(PATIENCE)
    watcher.close()
    assert "the rules could not be loaded: StoreError" in caplog.text
    assert url not in caplog.text
    assert silent.look()
    silent.close()
