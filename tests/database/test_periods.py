"""Requirements on looking back through real databases, of both kinds."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from oikeus import apply_policies, block, load_model, recall, what_could, who_could
from oikeus.moments import day_of
from oikeus.store import Store
from oikeus.store.adapter import Adapter
from oikeus.terms import Line

Commit = Callable[..., int]

ROOT = Path(__file__).resolve().parents[2]
PLACE = "1.9"
PLACES = (
    Line("g2", (PLACE, "1.2.246.562.10.00000000001")),
    Line("g4", (PLACE, "level:oppilaitos")),
)
GRANT = ["person:1", "role:ehoks-kayttaja", f"{PLACE}@2026-01-01..2099-12-31"]
DEED = ("read", "hoks")


@pytest.fixture
def today(store: Store, adapter: Adapter, commit: Commit) -> date:
    """Policy, places, a grant that an adapter made, a block; the day they are of."""
    model = load_model(ROOT / "model.conf")
    apply_policies(store, model, ROOT / "policies", actor="os:me")
    commit(store, add=PLACES)
    adapter.add_policy("g", "g", GRANT)
    block(store, "person:1", reason="leaked", actor="os:me")
    return day_of(datetime.fromisoformat(store.version(1).time))


def test_intervals_are_those_of_the_log(store: Store, today: date) -> None:
    """Opened by the adapter's version, closed by the block's."""
    until = today + timedelta(days=1)
    (found,) = who_could(store, *DEED, PLACE, first=today, last=until)
    third, fourth = store.version(3), store.version(4)
    assert found.first == datetime.fromisoformat(third.time)
    assert found.until == datetime.fromisoformat(fourth.time)
    assert found.opened.version == third
    assert found.closed is not None
    assert (found.closed.text, found.closed.version) == ("blocked", fourth)
    told = what_could(store, "person:1", first=today, last=until)
    assert {(each.action, each.organisations) for each in told} == {
        (action, (PLACE,)) for action in ("read", "share")
    }


def test_recalled_point_decides_by_the_version(store: Store, today: date) -> None:
    """And what brought its grant is found."""
    question = ("person:1", *DEED, PLACE, today)
    answers = [recall(store, number).allows(*question) for number in (2, 3, 4)]
    assert answers == [False, True, False]
    assert store.brought_by(Line("g", tuple(GRANT)), 4) == 3
    assert store.version(3).actor == "person:tester"


def test_rows_that_are_no_text_are_nobodys(
    sqlite: str, commit: Commit, unguard: Callable[[Store], None]
) -> None:
    """They decide nothing, at any version, and stop no answer."""
    with Store.open(sqlite) as store:
        model = load_model(ROOT / "model.conf")
        apply_policies(store, model, ROOT / "policies", actor="os:me")
        commit(store, add=(*PLACES, Line("g", tuple(GRANT))))
        commit(store, add=(Line("g", ("person:2", *GRANT[1:])),))
        unguard(store)
        with store.database.writing() as connection:
            for table in ("casbin_rule", "oikeus_change"):
                odd = f"UPDATE {table} SET v0 = x'ff' WHERE v0 = 'person:2'"  # noqa: S608 # ours
                connection.exec_driver_sql(odd)
        today = day_of(datetime.fromisoformat(store.version(1).time))
        found = who_could(store, *DEED, PLACE, first=today, last=today)
        later = today + timedelta(days=1)
        loaded = who_could(store, *DEED, PLACE, first=later, last=later)
    assert [each.subject for each in found] == ["person:1"]
    assert [each.subject for each in loaded] == ["person:1"]
