"""Whatever is committed, restored and accepted: a point never goes back by itself."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus import LivePoint, OtherHistoryError, Store, accept_history
from oikeus.store import Change

from .worlds import MODEL, ROOT, line

_CATALOGUE = (ROOT / "policies" / "ehoks.yaml").read_text(encoding="utf-8")
_STEPS = st.lists(
    st.sampled_from(["commit", "commit", "look", "back up", "restore", "accept"]),
    max_size=25,
)


def _commit(store: Store, number: int) -> None:
    change = Change(
        "casbin",
        "os:tester",
        "x",
        add=(line("g3", f"person:{number}", "blocked"),),
        model=MODEL.text,
        catalogue=_CATALOGUE,
    )
    with store.writing() as writer:
        writer.commit(change)


@settings(max_examples=max(settings().max_examples // 4, 5))
@given(_STEPS)
def test_a_point_never_goes_back_and_catches_up(steps: list[str]) -> None:
    """It follows only what holds its version, or what was accepted since."""
    with tempfile.TemporaryDirectory() as folder:
        path, backup = Path(folder) / "oikeus.db", Path(folder) / "backup.db"
        url = f"sqlite:///{path}"
        with Store.open(url) as store:
            _commit(store, 0)
        shutil.copy(path, backup)
        with Store.open(url) as store, LivePoint(store) as point:
            for number, step in enumerate([*steps, "look", "accept", "look"], 1):
                if step == "commit":
                    _commit(store, number)
                elif step == "back up":
                    shutil.copy(path, backup)
                elif step == "restore":
                    shutil.copy(backup, path)
                elif step == "accept":
                    accept_history(store, store.head_mark(), actor="os:owner")
                else:
                    _look(store, point)
            assert point.freshness.mark == store.head_mark()


def _look(store: Store, point: LivePoint) -> None:
    """Look once; what it takes in or refuses is what the log says that it must."""
    known = point.freshness.mark
    log = {(each.number, each.digest) for each in store.versions()}
    accepted = any(
        each.origin == "accept" and each.time > known.time for each in store.versions()
    )
    goes_on = (known.number, known.digest) in log
    try:
        point.refresh()
    except OtherHistoryError:
        assert not goes_on
        assert not accepted
        assert point.freshness.mark == known
        assert point.freshness.foreign == store.head_mark()
    else:
        assert goes_on or accepted
        assert point.freshness.mark == store.head_mark()
        assert point.freshness.foreign is None
