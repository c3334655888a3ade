"""Requirements on stock Casbin with the one domain matching function."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import casbin
import pytest
from casbin.model import Model as CasbinModel
from casbin.persist import Adapter

from oikeus.decide.interop import LONGEST, prepare
from oikeus.errors import ModelError
from oikeus.terms import Line

from .small_world import DAY, SHIPPED, held, lines, point


class Lines(Adapter):  # type: ignore[misc]
    """Gives Casbin lines as they are; they may be exchanged for others."""

    def __init__(self, given: Iterable[Line]) -> None:
        self.given = [*given]

    def load_policy(self, model: CasbinModel) -> None:
        """Put the lines into a model."""
        for line in self.given:
            model[line.ptype[0]][line.ptype].policy.append([*line.values])


USER = held("person:1", "user", "north", "2026-02-01..2026-03-31")


def stock(*rows: str, text: str = SHIPPED.text) -> casbin.Enforcer:
    """A stock enforcer of the small world and further rows, not prepared."""
    model = CasbinModel()
    model.load_model_from_text(text)
    return casbin.Enforcer(model, Lines(lines(*rows)))


def reads(enforcer: casbin.Enforcer, place: str = "north", day: str = "") -> bool:
    """Ask whether person:1 may read the plan."""
    asked = ("person:1", "person", place, day or DAY.isoformat(), "plan", "read")
    return bool(enforcer.enforce(*asked))


def gives(enforcer: casbin.Enforcer, place: str, role: str = "role:user") -> bool:
    """Ask whether person:1 may give person:2 a role."""
    context = enforcer.new_enforce_context("2")
    people = ("person:1", "person", "person:2", "person")
    return bool(enforcer.enforce(context, *people, place, DAY.isoformat(), role))


def test_without_the_function_everything_is_denied() -> None:
    """Nothing fails open in a Casbin that was not prepared."""
    enforcer = stock(USER, held("person:1", "boss", "north"))
    assert not reads(enforcer)
    assert not gives(enforcer, "north")


def test_with_the_function_grants_cover_days_and_subtrees() -> None:
    """Both days are inclusive; below is covered, above and beside is not."""
    enforcer = stock(USER)
    prepare(enforcer)
    assert reads(enforcer)
    assert reads(enforcer, "north-office")
    assert not reads(enforcer, "root")
    assert not reads(enforcer, "south")
    found = {day: reads(enforcer, day=day) for day in ("2026-02-01", "2026-03-31")}
    assert all(found.values())
    assert not reads(enforcer, day="2026-01-31")
    assert not reads(enforcer, day="2026-04-01")


def test_it_may_be_prepared_before_the_policy_is_loaded() -> None:
    """Loading takes away nothing of it, and reloading neither."""
    model = CasbinModel()
    model.load_model_from_text(SHIPPED.text)
    enforcer = casbin.Enforcer(model)
    prepare(enforcer)
    enforcer.set_adapter(Lines(lines(USER)))
    enforcer.load_policy()
    assert reads(enforcer)


def test_it_stays_right_when_the_policy_is_reloaded() -> None:
    """Reloading with other lines gives their answers, in both directions."""
    enforcer = stock(USER)
    prepare(enforcer)
    assert reads(enforcer)
    assert not reads(enforcer, "south")
    enforcer.adapter.given = [*lines(held("person:1", "user", "south"))]
    enforcer.load_policy()
    assert not reads(enforcer)
    assert reads(enforcer, "south")
    enforcer.adapter.given = [*lines(USER, "g2, south, north")]
    enforcer.load_policy()
    assert reads(enforcer, "south")


def test_changes_of_the_tree_in_place_count_once_the_links_are_built_anew() -> None:
    """Casbin keeps what it found for a domain until then."""
    enforcer = stock(USER)
    prepare(enforcer)
    assert not reads(enforcer, "south")
    enforcer.add_named_grouping_policy("g2", "south", "north")
    enforcer.build_role_links()
    assert reads(enforcer, "south")
    enforcer.remove_named_grouping_policy("g2", "south", "north")
    enforcer.build_role_links()
    assert not reads(enforcer, "south")


@pytest.mark.parametrize(
    "domain",
    [
        "north",
        "north@",
        "@2026-01-01..2026-12-31",
        "north@2026-01-01",
        "north@2026..2027",
        "north@2026-1-1..2026-12-31",
        "north@20260101..20271231",
        "north@2026-02-30..2026-12-31",
        "north@2026-12-31..2026-01-01",
        "north@@2026-01-01..2026-12-31",
        "north@2026-01-01..2026-12-31@role:user",
        "a..b@2026-01-01..2026-12-31",
    ],
)
def test_a_grant_in_a_domain_of_another_form_decides_nothing(domain: str) -> None:
    """Days are compared as text only where they are days (ruling K)."""
    enforcer = stock(f"g, person:1, role:user, {domain}", "g2, north, a..b")
    prepare(enforcer)
    assert not reads(enforcer)


@pytest.mark.parametrize(
    "rows",
    [
        [held("person:1", "boss", "north-school")],
        [held("person:1", "robot", "north")],
        [USER, "g3, person:1, blocked"],
        [held("person:1", "boss", "north"), held("role:boss", "chief", "root")],
        [held("person:1", "a@b", "north"), "p, role:a@b, plan, read, allow"],
        [held("person:1", "deputy", "north"), held("role:deputy", "user", "north")],
    ],
)
def test_rows_that_are_inert_here_are_inert_there(rows: list[str]) -> None:
    """Wrong level, wrong kind, blocked, a role that leads to a role (rulings F, K)."""
    rows = [*rows, "g3, role:a@b, person", "g4, north, role:a@b"]
    rows += ["g3, role:deputy, person", "g4, level:provider, role:deputy"]
    enforcer = stock(*rows)
    prepare(enforcer)
    ours = point(*rows)
    for place in ("root", "north", "north-school", "south"):
        expected = ours.allows("person:1", "read", "plan", place, DAY)
        assert reads(enforcer, place) is expected
        for role in ("boss", "user"):
            may = ours.may_grant("person:1", "person:2", role, place, DAY).allowed
            assert gives(enforcer, place, f"role:{role}") is may


def test_chains_are_followed_as_far_as_a_register_needs() -> None:
    """Stock Casbin would stop after ten; too short a chain could hide a status."""
    deep = [f"g2, d{number + 1}, d{number}" for number in range(90)]
    rows = [USER, held("person:1", "boss", "north"), "g2, d0, north", *deep]
    rows += ["g4, d90, level:school", "g3, person:3, x", "g3, x, blocked"]
    enforcer = stock(*rows)
    prepare(enforcer)
    assert len(deep) + 5 < LONGEST
    assert reads(enforcer, "d90")
    assert gives(enforcer, "d90")
    passive = stock(*rows, "g2, north, status:passive")
    prepare(passive)
    assert reads(passive, "d90")
    assert not gives(passive, "d90")


def test_a_cycle_in_the_tree_ends_the_search() -> None:
    """Neither an error nor an allow comes of it."""
    rows = [
        USER,
        "g2, south, bare",
        "g2, bare, south",
        held("person:1", "boss", "bare"),
    ]
    enforcer = stock(*rows)
    prepare(enforcer)
    assert not reads(enforcer, "bare", (DAY + timedelta(days=366)).isoformat())
    assert reads(enforcer, "south")
    assert not gives(enforcer, "south")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("g = _, _, _", "g = _, _", "the model's `g` is not of 3 columns"),
        ("g4 = _, _", "", "the model's `g4` is not of 2 columns"),
        ("g3 = _, _\n", "g3 = _, _, (_, _)\n", "the model's `g3` is not of 2 columns"),
        (
            "r = sub, kind, org, day,",
            "r = sub, dom,",
            "the model's `r` lacks day, kind, org",
        ),
        ("p2 = sub, role, mode", "p2 = sub, that, mode", "the model's `p2` lacks role"),
        ("r2 = sub, by", "r3 = sub, by", "the model's `r2` lacks by, day, kind, org"),
    ],
)
def test_another_model_is_refused(old: str, new: str, message: str) -> None:
    """In it the same lines would mean something else."""
    assert old in SHIPPED.text
    model = CasbinModel()
    model.load_model_from_text(SHIPPED.text.replace(old, new))
    with pytest.raises(ModelError, match=f"^{message}"):
        prepare(casbin.Enforcer(model))


def test_a_model_without_role_definitions_is_refused() -> None:
    """Casbin's simplest model has no `g` at all."""
    model = CasbinModel()
    text = SHIPPED.text.partition("[role_definition]")[0]
    model.load_model_from_text(text + SHIPPED.text[SHIPPED.text.index("[policy_eff") :])
    with pytest.raises(ModelError, match=r"^the model's `g` is not of 3 columns"):
        prepare(casbin.Enforcer(model))
