"""Requirements on the Casbin adapter: what it loads, and what it stands on."""

import sys
from pathlib import Path

import casbin
import pytest
import sqlalchemy_adapter
from sqlalchemy import create_engine, text

from oikeus.errors import StoreError
from oikeus.store import Store
from oikeus.store.actor import operating_system_user
from oikeus.store.adapter import Adapter

MODEL = Path(__file__).with_name("rbac.conf")


def _model() -> casbin.Model:
    return casbin.Enforcer.new_model(str(MODEL))


def _loaded(adapter: Adapter) -> casbin.Model:
    model = _model()
    adapter.load_policy(model)
    return model


def _rules(adapter: Adapter, ptype: str = "p") -> list[list[str]]:
    rules = _loaded(adapter).model[ptype[0]][ptype].policy
    assert all(type(rule) is list for rule in rules)
    return list(rules)


def test_a_part_of_the_rules_is_never_saved_as_the_whole(adapter: Adapter) -> None:
    """What a filter left out would be deleted otherwise."""
    adapter.add_policy("p", "p", ["alice", "data", "read"])
    model = _model()
    wanted = sqlalchemy_adapter.adapter.Filter()
    wanted.v0 = ["nobody"]
    adapter.load_filtered_policy(model, wanted)
    assert adapter.is_filtered()
    with pytest.raises(StoreError) as caught:
        adapter.save_policy(model)
    assert str(caught.value) == "a policy that was loaded by a filter cannot be saved"
    assert len(_rules(adapter)) == 1
    assert not adapter.is_filtered()


@pytest.mark.parametrize(
    ("columns", "subjects"),
    [
        ({}, ["alice", "bob", "carol"]),
        ({"v0": ["alice", "bob"]}, ["alice", "bob"]),
        ({"v0": "alice"}, ["alice"]),
        ({"v0": "", "v1": ["data2"]}, ["bob", "carol"]),
        ({"ptype": ["p"], "v1": "data2", "v2": ("read",)}, ["bob"]),
        ({"ptype": "g"}, []),
        ({"v0": ["' OR 1=1 --"]}, []),
    ],
)
def test_a_filter_loads_what_matches(
    adapter: Adapter, columns: dict[str, object], subjects: list[str]
) -> None:
    """A filter names values by column, as a list or as one; a blank names none."""
    adapter.add_policies(
        "p",
        "p",
        [
            ["alice", "data1", "read"],
            ["bob", "data2", "read"],
            ["carol", "data2", "share"],
        ],
    )
    wanted = sqlalchemy_adapter.adapter.Filter()
    for name, value in columns.items():
        setattr(wanted, name, value)
    model = _model()
    adapter.load_filtered_policy(model, wanted)
    assert [rule[0] for rule in model.model["p"]["p"].policy] == subjects


@pytest.mark.parametrize("value", [7, None, "\ud800"])
def test_a_filter_for_what_no_column_holds_is_refused(
    adapter: Adapter, value: object
) -> None:
    """A filter that could never match is a mistake, and is told as one."""
    wanted = sqlalchemy_adapter.adapter.Filter()
    wanted.v0 = ["alice", value]
    with pytest.raises(StoreError, match="the v0 is"):
        adapter.load_filtered_policy(_model(), wanted)


def test_no_filter_loads_everything(adapter: Adapter) -> None:
    """Nothing is left out, and so the rules can be saved."""
    adapter.add_policy("p", "p", ["alice", "data", "read"])
    model = _model()
    adapter.load_filtered_policy(model, None)
    assert model.model["p"]["p"].policy == [["alice", "data", "read"]]
    assert not adapter.is_filtered()


def test_what_the_model_does_not_have_is_not_loaded(adapter: Adapter) -> None:
    """Rules of an unknown type are passed over, as the stock adapter does."""
    for section, ptype in (("p", "p"), ("p", "p3"), ("g", "g2"), ("x", "x")):
        adapter.add_policy(section, ptype, ["alice", "data", "read"])
    loaded = _loaded(adapter)
    assert loaded.model["p"]["p"].policy == [["alice", "data", "read"]]
    assert loaded.model["g"]["g"].policy == []


def test_the_actor_is_the_operating_system_user_unless_told(
    sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment cannot make somebody else the actor."""
    monkeypatch.setenv("LOGNAME", "somebody-else")
    adapter = Adapter(sqlite)
    adapter.add_policy("p", "p", ["alice", "data", "read"])
    adapter.close()
    with Store.open(sqlite) as store:
        assert store.versions()[0].actor == f"os:{operating_system_user()}"
    assert operating_system_user() != "somebody-else"


def test_a_user_without_a_name_is_known_by_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A container may run under a number that no user list has."""
    monkeypatch.setattr("os.getuid", lambda: 987_654_321)
    assert operating_system_user() == "uid 987654321"


def test_a_system_without_a_user_list_is_asked_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the module for it is missing, the standard library's guess is taken."""
    monkeypatch.setitem(sys.modules, "pwd", None)
    monkeypatch.setattr("getpass.getuser", lambda: "guest")
    assert operating_system_user() == "guest"


def test_an_engine_that_was_handed_in_stays_open() -> None:
    """An adapter uses somebody's engine as it is, memory included, and leaves it so."""
    engine = create_engine("sqlite://")
    adapter = Adapter(engine)
    adapter.add_policy("p", "p", ["alice", "data", "read"])
    adapter.close()
    again = Adapter(engine)
    assert _rules(again) == [["alice", "data", "read"]]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version FROM oikeus_head")) == 1
    engine.dispose()


def test_a_new_file_is_made_only_when_wanted(sqlite: str) -> None:
    """The adapter opens a database as the store does."""
    with pytest.raises(StoreError):
        Adapter(f"{sqlite}.absent", create=False)
    adapter = Adapter(f"{sqlite}.new", filtered=True)
    assert adapter.is_filtered()
    assert casbin.Enforcer(_model(), adapter).get_policy() == []
    adapter.close()
