"""What plans, loads, imports and roll-backs do to grants that they strand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oikeus import (
    Case,
    Change,
    Consequence,
    Grant,
    Line,
    Model,
    Plan,
    PlanError,
    Preview,
    Span,
    Store,
    apply_plan,
    apply_policies,
    compare,
    import_organisations,
    parse_plan,
    plan_text,
    preview,
    preview_plan,
    preview_rollback,
    read_files,
    roll_back,
)

DAY = date(2026, 6, 1)
CLERK = Grant(
    "person:a", "role:clerk", "1.1", Span(date(2026, 1, 1), date(2026, 12, 31))
)
OLD = replace(CLERK, span=Span(date(2025, 1, 1), date(2025, 12, 31)))
GIVEN = replace(CLERK, subject="person:b")
MODE = "g2, 1.1, mode:paper"

Planned = Callable[..., Preview]
Say = Callable[..., None]


def today() -> date:
    """A day in the middle of the year."""
    return DAY


@pytest.fixture
def held(loaded: Store) -> Store:
    """Grants in force: one that ended, one imported, one that somebody gave."""
    with loaded.writing() as writer:
        lines = CLERK.line, OLD.line
        writer.commit(Change("grants", "os:t", "m", add=lines))
    with loaded.writing() as writer:
        power = Change("grant", "os:t", "m", add=(GIVEN.line,), granter="person:chief")
        writer.commit(power)
    return loaded


@pytest.fixture
def say(folder: Path) -> Say:
    """Let the catalogue say what happens; and the provider have another mode."""

    def write(line: str = MODE, /, **cases: str) -> None:
        words = folder / "words.yaml"
        text = words.read_text().partition("circumstances:")[0]
        said = "".join(f"  {case}: {word}\n" for case, word in cases.items())
        words.write_text(f"{text}circumstances:\n{said}" if cases else text)
        places = folder / "places.csv"
        places.write_text(f"g4, 1.0, level:root\n{line}\n")

    return write


@pytest.fixture
def planned(held: Store, model: Model, folder: Path, say: Say) -> Planned:
    """Plan the change of a mode."""
    (folder.parent / "model.conf").write_text(model.text, encoding="utf-8")

    def make(word: str = "revoke") -> Preview:
        say(MODE.replace("paper", "screen"), mode=word)
        return preview(held, read_files(folder), today=today)

    return make


def test_plan_revokes_what_no_rule_would_allow(planned: Planned, held: Store) -> None:
    """In its version, besides what files own; what ended stays as it is."""
    found = planned()
    assert found.plan.revoke == (CLERK.line, GIVEN.line)
    assert {each.case for each in found.stranded} == {Case.MODE}
    assert not {CLERK.line, GIVEN.line} & {*found.after.contents.lines}
    read = parse_plan(plan_text(found.plan).encode())
    assert read == found.plan
    again = preview_plan(held, read, today=today)
    assert again.stranded == found.stranded
    assert again.after.contents == found.after.contents
    done = apply_plan(held, read, actor="os:t", today=today)
    assert (done.version, done.revoked) == (5, found.plan.revoke)
    lines = {*held.load().lines}
    assert OLD.line in lines
    assert CLERK.line not in lines


def test_plan_that_flags_changes_no_grant(planned: Planned, held: Store) -> None:
    """They go on deciding until they are reviewed (ruling D)."""
    found = planned("flag")
    assert found.plan.revoke == ()
    assert [each.consequence for each in found.stranded] == [Consequence.FLAG] * 2
    assert apply_plan(held, found.plan, actor="os:t", today=today).revoked == ()
    assert CLERK.line in held.load().lines


def test_folder_is_loaded_with_what_it_revokes(
    planned: Planned, held: Store, model: Model, folder: Path
) -> None:
    """As its plan says, in one version."""
    due = planned().plan.revoke
    done = apply_policies(held, model, folder, actor="os:t", today=today)
    assert (done.version, done.revoked) == (5, due)
    assert CLERK.line not in held.load().lines


def forged(plan: Plan, **changes: object) -> Plan:
    """A plan under its own digest that nobody has made."""
    return parse_plan(plan_text(replace(plan, **changes)).encode())  # type: ignore[arg-type]


def test_forged_plan_revokes_nobody_elses_grant(planned: Planned, held: Store) -> None:
    """Neither one that ended, nor one that a rule allows, nor the owner's block."""
    for extra in (OLD.line, Line("g3", ("person:x", "blocked"))):
        plan = planned().plan
        plan = forged(plan, revoke=(*plan.revoke, extra))
        for carry_out in (
            lambda each: preview_plan(held, each, today=today),
            lambda each: apply_plan(held, each, actor="os:t", today=today),
        ):
            with pytest.raises(PlanError) as refused:
                carry_out(plan)
            assert str(refused.value) == (
                f"the plan revokes `{extra}`, which the change does not: make another "
                "plan with `oikeus plan`"
            )
    assert held.head() == 4


def test_forged_plan_leaves_no_revocation_out(planned: Planned, held: Store) -> None:
    """Whoever was to lose a right loses it."""
    plan = planned().plan
    plan = forged(plan, revoke=plan.revoke[1:])
    with pytest.raises(PlanError) as refused:
        apply_plan(held, plan, actor="os:t", today=today)
    assert str(refused.value) == (
        f"the plan leaves `{CLERK.line}`, which the change revokes: make another plan "
        "with `oikeus plan`"
    )
    assert held.head() == 4


def test_plan_is_made_anew_when_a_grant_has_ended_since(
    planned: Planned, held: Store
) -> None:
    """Revoking it would change what was."""
    plan = planned().plan
    with pytest.raises(PlanError, match="which the change does not"):
        apply_plan(held, plan, actor="os:t", today=lambda: date(2027, 1, 1))


def test_comparison_lists_what_a_plan_found(planned: Planned) -> None:
    """What is revoked is not in force after it, and is listed all the same."""
    found = planned()
    told = compare(found.before, found.after, DAY, stranded=found.stranded)
    assert told.stranded == found.stranded
    assert compare(found.before, found.after, DAY).stranded == ()


def test_rollback_brings_back_what_a_load_revoked(
    planned: Planned, held: Store
) -> None:
    """The version is reversed as a whole, the grants given since it too."""
    before = held.load()
    apply_plan(held, planned().plan, actor="os:t", today=today)
    found = preview_rollback(held, 2, today=today)
    assert {CLERK.line, GIVEN.line} <= {*found.plan.add}
    assert found.after.snapshot.facts.of("person:a")
    assert roll_back(held, found, actor="os:t").version == 6
    assert {*held.load().lines} == {*before.lines}
    assert not preview_rollback(held, 2, today=today).plan


def test_rollback_says_what_does_not_come_back(
    planned: Planned, held: Store, folder: Path
) -> None:
    """What the same right overlaps by now, or would decide nothing."""
    apply_plan(held, planned().plan, actor="os:t", today=today)
    other = replace(CLERK, span=Span(DAY, date(2026, 8, 1)))
    level = Line("g4", ("1.1", "level:school"))
    with held.writing() as writer:
        writer.commit(Change("grants", "os:t", "m", add=(other.line,)))
    found = preview_rollback(held, 2, today=today)
    assert [str(each) for each in found.plan.warnings] == [
        (
            f"`{CLERK.line}`: was revoked by version 5 and stays so: the same right is "
            "in force from 2026-06-01"
        )
    ]
    assert GIVEN.line in found.plan.add
    assert CLERK.line not in found.plan.add
    with held.writing() as writer:
        writer.commit(Change("casbin", "os:t", "m", remove=(level,)))
    found = preview_rollback(held, 2, today=today)
    assert [str(each).partition("stays so: ")[2] for each in found.plan.warnings] == [
        "`role:clerk` cannot be held at `1.1`, whose levels are: none"
    ] * 2
    assert folder.exists()


def test_rollback_revokes_nothing(
    planned: Planned, held: Store, model: Model, folder: Path, say: Say
) -> None:
    """What the restored rules would revoke is flagged."""
    planned("revoke")
    with held.writing() as writer:
        gone = CLERK.line, GIVEN.line
        writer.commit(Change("casbin", "os:t", "m", remove=gone))
    apply_policies(held, model, folder, actor="os:t", today=today)
    say()
    apply_policies(held, model, folder, actor="os:t", today=today)
    with held.writing() as writer:
        writer.commit(Change("grants", "os:t", "m", add=(CLERK.line,)))
    found = preview_rollback(held, 6, today=today)
    assert found.plan.revoke == ()
    assert [(each.case, each.consequence) for each in found.stranded] == [
        (Case.MODE, Consequence.FLAG)
    ]


def entry(**changes: object) -> str:
    """The school on paper, as the register has it."""
    fields: dict[str, object] = {
        "oid": "1.1",
        "parentOid": "1.0",
        "status": "AKTIIVINEN",
        "tyypit": ["organisaatiotyyppi_02"],
    }
    return json.dumps(fields | changes)


@pytest.fixture
def revoking(held: Store, model: Model, folder: Path, say: Say) -> Store:
    """A policy that revokes what a passive organisation strands; version 5."""
    say(passive="revoke", granter="stay")
    apply_policies(held, model, folder, actor="os:t", today=today)
    assert held.head() == 5
    return held


def test_import_revokes_what_it_strands_in_its_version(revoking: Store) -> None:
    """As the catalogue in force says; a dry run only tells."""
    text = {"a.json": entry(status="PASSIIVINEN")}
    for dry_run in (True, False):
        done = import_organisations(
            revoking, text, actor="os:t", dry_run=dry_run, today=today
        )
        assert [(each.grant, each.consequence) for each in done.stranded] == [
            (CLERK, Consequence.REVOKE),
            (GIVEN, Consequence.REVOKE),
        ]
        assert done.version == (5 if dry_run else 6)
        assert (CLERK.line in revoking.load().lines) is dry_run
        assert OLD.line in revoking.load().lines


def test_register_is_not_rolled_back_and_nor_is_what_it_revoked(
    revoking: Store,
) -> None:
    """It is said of each grant."""
    text = {"a.json": entry(status="PASSIIVINEN")}
    import_organisations(revoking, text, actor="os:t", today=today)
    found = preview_rollback(revoking, 5, today=today)
    assert [str(each) for each in found.plan.warnings] == [
        f"`{grant.line}`: was revoked by version 6 and stays so: the register is not "
        "rolled back"
        for grant in (CLERK, GIVEN)
    ]
    assert not found.plan


def test_import_that_only_names_strands_nothing(revoking: Store) -> None:
    """Nor does one that brings places where nobody holds anything."""
    text = {"a.json": entry(nimi={"fi": "Koulu"})}
    done = import_organisations(revoking, text, actor="os:t", today=today)
    assert (done.version, done.stranded) == (6, ())


def test_import_into_a_database_without_grants_strands_nothing(
    store: Store, model: Model, folder: Path
) -> None:
    """Nothing is asked then."""
    (folder / "first.csv").unlink()
    apply_policies(store, model, folder, actor="os:t", today=today)
    done = import_organisations(store, {"a.json": entry()}, actor="os:t", today=today)
    assert (done.version, done.stranded) == (2, ())
