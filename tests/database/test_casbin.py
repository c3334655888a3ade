"""Requirements on living with Casbin: its enforcer and its adapter on our tables."""

import random
from collections.abc import Callable

import casbin
import pytest
import sqlalchemy_adapter
from sqlalchemy import create_engine

from oikeus.store import Op, Store
from oikeus.store.adapter import Adapter
from oikeus.terms import Line

MODEL = """
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
p2 = sub, obj
[role_definition]
g = _, _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
"""

WORDS = ("alice", "bob", "role:a", "a, b", "'; DROP TABLE casbin_rule", "x\ny", "%")
WIDTHS = {"p": 4, "p2": 2, "g": 3, "g2": 2}

Rules = list[list[str]]


@pytest.fixture
def enforcer(store: Store) -> casbin.Enforcer:
    """A stock enforcer that saves every change through our adapter."""
    model = casbin.Enforcer.new_model(text=MODEL)
    return casbin.Enforcer(model, Adapter(store, actor="person:tester"))


def _in_model(enforcer: casbin.Enforcer) -> set[Line]:
    return {
        Line(ptype, tuple(rule))
        for section in ("p", "g")
        for ptype, assertion in enforcer.model.model[section].items()
        for rule in assertion.policy
    }


def _in_log(store: Store) -> set[Line]:
    replayed: set[Line] = set()
    for version in store.versions():
        changes = store.changes(version.number)
        assert changes, "a version that changed nothing"
        for found in changes:
            (replayed.remove if found.op is Op.REMOVED else replayed.add)(found.line)
    return replayed


class _Clerk:
    """Makes management calls at random, none of which pycasbin itself gets wrong.

    Left out is what leaves pycasbin's own model half changed before any adapter is
    asked: a batch removal of which only a part is there, and new rules of a filtered
    update, or an updated rule, that are there already.
    """

    def __init__(self, enforcer: casbin.Enforcer, seed: int) -> None:
        self.enforcer = enforcer
        self.random = random.Random(seed)  # noqa: S311 # no secret
        self.calls: list[Callable[[str], object]] = [
            self.add,
            self.add,
            self.add_many,
            self.add_many,
            self.remove,
            self.remove_many,
            self.remove_matching,
            self.update,
            self.update_many,
            self.update_matching,
            self.save,
        ]

    def act(self) -> None:
        """Make one call."""
        self.random.choice(self.calls)(self.random.choice(tuple(WIDTHS)))

    def _present(self, ptype: str) -> Rules:
        return [
            list(rule) for rule in self.enforcer.model.model[ptype[0]][ptype].policy
        ]

    def _rules(self, ptype: str, count: int, *, new: bool = False) -> Rules:
        rules: Rules = []
        while len(rules) < count:
            rule = [self.random.choice(WORDS) for _ in range(WIDTHS[ptype])]
            if not new or rule not in rules + self._present(ptype):
                rules.append(rule)
        return rules

    def _some(self, ptype: str) -> Rules:
        present = self._present(ptype)
        return self.random.sample(present, min(len(present), 3))

    def _filter(self, ptype: str) -> tuple[int, list[str]]:
        index = self.random.randrange(WIDTHS[ptype])
        count = self.random.randint(1, WIDTHS[ptype] - index)
        return index, [self.random.choice(("", *WORDS)) for _ in range(count)]

    def add(self, ptype: str) -> None:
        """Add a rule, old or new."""
        (rule,) = self._rules(ptype, 1)
        if ptype[0] == "g":
            self.enforcer.add_named_grouping_policy(ptype, *rule)
        else:
            self.enforcer.add_named_policy(ptype, *rule)

    def add_many(self, ptype: str) -> None:
        """Add rules, some of them old or twice."""
        rules = self._rules(ptype, 3) + self._some(ptype)[:1]
        if ptype[0] == "g":
            self.enforcer.add_named_grouping_policies_ex(ptype, rules)
        else:
            self.enforcer.add_named_policies_ex(ptype, rules)
            self.enforcer.add_named_policies(ptype, self._rules(ptype, 2))

    def remove(self, ptype: str) -> None:
        """Remove a rule that may be there."""
        rule = self.random.choice(self._some(ptype) + self._rules(ptype, 1))
        if ptype[0] == "g":
            self.enforcer.remove_named_grouping_policy(ptype, *rule)
        else:
            self.enforcer.remove_named_policy(ptype, *rule)

    def remove_many(self, ptype: str) -> None:
        """Remove rules that are all there."""
        self.enforcer.remove_named_policies("p", self._some("p"))
        self.enforcer.remove_named_grouping_policies("g2", self._some("g2"))
        assert ptype

    def remove_matching(self, ptype: str) -> None:
        """Remove by filter."""
        index, values = self._filter(ptype)
        if ptype[0] == "g":
            self.enforcer.remove_filtered_named_grouping_policy(ptype, index, *values)
        else:
            self.enforcer.remove_filtered_named_policy(ptype, index, *values)

    def update(self, ptype: str) -> None:
        """Update a rule, if there is one."""
        for rule in self._some("p")[:1]:
            (new,) = self._rules("p", 1, new=True)
            assert self.enforcer.update_policy(rule, new)
        assert ptype

    def update_many(self, ptype: str) -> None:
        """Update rules pair by pair."""
        old = self._some("p2")
        new = self._rules("p2", len(old), new=True)
        assert self.enforcer.update_named_policies("p2", old, new)
        assert ptype

    def update_matching(self, ptype: str) -> None:
        """Replace whatever matches."""
        index, values = self._filter("p")
        new = self._rules("p", 2, new=True)
        self.enforcer.update_filtered_policies(new, index, *values)
        assert ptype

    def save(self, ptype: str) -> None:
        """Change the model behind the adapter's back and save it."""
        self.enforcer.enable_auto_save(auto_save=False)
        self.add(ptype)
        self.remove(ptype)
        self.enforcer.enable_auto_save(auto_save=True)
        self.enforcer.save_policy()


@pytest.mark.parametrize("seed", range(3))
def test_every_management_call_keeps_database_and_model_equal(
    store: Store, enforcer: casbin.Enforcer, seed: int
) -> None:
    """Whatever an application calls, a restart finds what the running model had."""
    clerk = _Clerk(enforcer, seed)
    for _ in range(80):
        clerk.act()
        assert set(store.load().lines) == _in_model(enforcer)
    assert len(store.load().lines) == len(set(store.load().lines))
    assert _in_log(store) == _in_model(enforcer)
    assert {version.origin for version in store.versions()} == {"casbin"}
    before = _in_model(enforcer)
    enforcer.load_policy()
    assert _in_model(enforcer) == before


def test_a_stock_enforcer_decides_on_our_adapter(
    store: Store, enforcer: casbin.Enforcer
) -> None:
    """Our adapter is all that an application needs to change."""
    enforcer.add_policy("role:a", "1.2", "hoks", "read")
    enforcer.add_grouping_policy("alice", "role:a", "1.2")
    another = casbin.Enforcer(
        casbin.Enforcer.new_model(text=MODEL), Adapter(store, actor="person:tester")
    )
    for each in (enforcer, another):
        assert each.enforce("alice", "1.2", "hoks", "read") is True
        assert each.enforce("alice", "1.2", "hoks", "share") is False


def test_the_stock_adapter_reads_our_table(
    url: str, store: Store, enforcer: casbin.Enforcer
) -> None:
    """Any Casbin tool can be pointed at the database, for reading."""
    enforcer.add_policy("role:a", "1.2", "hoks", "read")
    enforcer.add_grouping_policy("alice", "role:a", "1.2")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    stock = casbin.Enforcer(
        casbin.Enforcer.new_model(text=MODEL), sqlalchemy_adapter.Adapter(engine)
    )
    assert _in_model(stock) == set(store.load().lines)
    assert stock.enforce("alice", "1.2", "hoks", "read") is True
    engine.dispose()


def test_a_filtered_enforcer_holds_what_it_asked_for(
    store: Store, enforcer: casbin.Enforcer
) -> None:
    """An enforcer of one organisation loads the rules of that organisation."""
    enforcer.add_policies(
        [["role:a", "1.2", "hoks", "read"], ["role:a", "1.3", "hoks", "read"]]
    )
    adapter = Adapter(store, filtered=True)
    filtered = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL), adapter)
    assert filtered.get_policy() == []
    wanted = sqlalchemy_adapter.adapter.Filter()
    wanted.v1 = ["1.3"]
    filtered.load_filtered_policy(wanted)
    assert filtered.get_policy() == [["role:a", "1.3", "hoks", "read"]]
    assert filtered.is_filtered()
