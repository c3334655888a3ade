"""Requirements on the guards: `verify` names what is gone, changed, or not ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from oikeus import Store, TamperedError, verify
from oikeus.store.guards import postgresql_guards, sqlite_guards
from oikeus.terms import Line

Commit = Callable[..., int]
Unguard = Callable[[Store], None]


def execute(store: Store, *statements: str) -> None:
    """As an owner can."""
    with store.database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def told(store: Store) -> list[str]:
    """The findings, none of which is about a row."""
    found = verify(store)
    assert all(each.guard for each in found.findings)
    assert found.clean is not bool(found.findings)
    return [str(each) for each in found.findings]


def test_every_guard_that_is_gone_is_named(store: Store) -> None:
    """Each by itself, with its table; as it was, nothing is told."""
    assert told(store) == []
    guards = sqlite_guards() if store.database.is_sqlite else postgresql_guards()
    for name, guard in guards.items():
        on = "" if store.database.is_sqlite else f" ON {guard.table}"
        with store.database.engine.connect() as base:
            form = (
                "SELECT sql FROM sqlite_master WHERE name = :name"
                if store.database.is_sqlite
                else "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
                "WHERE tgname = :name"
            )
            made = base.scalar(text(form), {"name": name})
        execute(store, f"DROP TRIGGER {name}{on}")
        assert told(store) == [
            (
                f"{guard.table}: the log is not guarded: the trigger `{name}` is "
                "missing, expected it as the schema made it"
            )
        ]
        execute(store, str(made))
        assert told(store) == []


def test_guards_that_are_gone_are_told_after_the_rows(
    store: Store, commit: Commit, unguard: Unguard
) -> None:
    """What was written past the log is what matters first."""
    commit(store, add=(Line("p", ("a",)),))
    unguard(store)
    execute(store, "DELETE FROM casbin_rule")
    first, *others = verify(store).findings
    assert (first.table, first.row, first.guard) == ("casbin_rule", "1", False)
    assert len(others) > 5
    assert all(each.guard for each in others)
    with pytest.raises(TamperedError, match="casbin_rule row 1: is missing"):
        verify(store).require()


CHANGED: dict[str, list[tuple[str, ...]]] = {
    "sqlite": [
        (
            "DROP TRIGGER oikeus_change_delete",
            (
                "CREATE TRIGGER oikeus_change_delete BEFORE DELETE ON oikeus_change "
                "WHEN OLD.version > 1 BEGIN SELECT RAISE(ABORT, 'x'); END"
            ),
        ),
    ],
    "postgresql": [
        ("ALTER TABLE oikeus_change DISABLE TRIGGER oikeus_change_refuse",),
        ("ALTER TABLE oikeus_change ENABLE REPLICA TRIGGER oikeus_change_refuse",),
        (
            "DROP TRIGGER oikeus_change_refuse ON oikeus_change",
            (
                "CREATE TRIGGER oikeus_change_refuse BEFORE UPDATE OR DELETE ON "
                "oikeus_change FOR EACH STATEMENT EXECUTE FUNCTION oikeus_refuse()"
            ),
        ),
        (
            "DROP TRIGGER oikeus_change_refuse ON oikeus_change",
            (
                "CREATE TRIGGER oikeus_change_refuse BEFORE UPDATE OF op OR DELETE OR "
                "TRUNCATE ON oikeus_change FOR EACH STATEMENT "
                "EXECUTE FUNCTION oikeus_refuse()"
            ),
        ),
        (
            (
                "CREATE OR REPLACE FUNCTION oikeus_change_append() RETURNS trigger "
                "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
            ),
        ),
    ],
}


def test_guard_that_was_changed_is_named(store: Store) -> None:
    """By a condition, by what it calls, or by being disabled."""
    kind = "sqlite" if store.database.is_sqlite else "postgresql"
    for statements in CHANGED[kind]:
        execute(store, *statements)
        (finding,) = [each for each in told(store) if "_change_" in each][:1]
        assert finding.startswith("oikeus_change: the log is not guarded: the trigger")
        assert "was changed or disabled" in finding


def test_trigger_of_somebody_else_is_named(store: Store) -> None:
    """It may write whatever it likes; one on another's table is no matter of ours."""
    if store.database.is_sqlite:
        made = "BEFORE DELETE ON {} BEGIN SELECT 1; END"
    else:
        execute(
            store,
            "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$",
        )
        made = "BEFORE DELETE ON {} FOR EACH ROW EXECUTE FUNCTION other()"
    execute(store, "CREATE TABLE theirs (id INTEGER)")
    for table in ("theirs", "casbin_rule", "oikeus_head"):
        execute(store, f"CREATE TRIGGER on_{table} {made.format(table)}")
    assert told(store) == [
        f"{table}: the trigger `on_{table}` is not of oikeus, expected none but its own"
        for table in ("casbin_rule", "oikeus_head")
    ]


def test_view_in_a_table_s_place_is_named(store: Store, commit: Commit) -> None:
    """It shows what others write, past every version."""
    commit(store, add=(Line("p", ("a",)),))
    execute(
        store,
        "ALTER TABLE casbin_rule RENAME TO theirs",
        "CREATE VIEW casbin_rule AS SELECT * FROM theirs",
    )
    assert told(store) == [
        "casbin_rule: is no table, expected one: it shows what others write"
    ]
