"""Requirements on `verify`: whatever is changed past the store is found, and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, text
from sqlalchemy.exc import DBAPIError

import oikeus
from oikeus import (
    Checkpoint,
    SigningKey,
    TamperedError,
    Verification,
    checkpoint,
    make_key,
)
from oikeus.store import (
    ApplicationState,
    ApplicationStep,
    Change,
    Mark,
    Scope,
    Store,
    TokenState,
    TokenStep,
    tables,
    walking,
)
from oikeus.store.adapter import Adapter
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]
Unguard = Callable[[Store], None]
Rechain = Callable[[Connection], None]
Row = dict[str, Any]

ODD = Line(
    "g", ('per"son:\\a\t\n\x1f\x7f\u2028😀', "role:a", "ä@b"), Source("a b.csv", 1, '"')
)
READ = Line("p", ("role:a", "hoks", "read", "allow"), Source("p/a.csv", 3, "R1: ä\n"))
TREE = Line("g2", ("1.2", "1.1"))
KEYS = {
    "oikeus_version": ("number",),
    "oikeus_change": ("version", "position"),
    "oikeus_names": ("version", "organisation"),
    "oikeus_application": ("version",),
    "oikeus_token": ("version",),
    "casbin_rule": ("id",),
    "oikeus_head": ("id", "version"),
}
STEPS = [tables.application, tables.token]
LOG = [tables.version, tables.change, tables.names, *STEPS]
TABLES = [*LOG, tables.casbin_rule, tables.head]
STEP = ApplicationStep(
    ApplicationState.REQUESTED, "person:a", "role:a", "1.2", date(2026, 5, 1), "ä"
)
TOKEN = TokenStep(
    TokenState.ACTIVE,
    "system:a",
    (Scope.EVALUATE,),
    ("1.2",),
    date(2026, 5, 1),
    "ä",
    secret_digest="5" * 64,
)


@pytest.fixture
def world(store: Store, commit: Commit, unguard: Unguard) -> Store:
    """A log in which everything occurs, and whose guards are gone."""
    fill(store, commit)
    assert verify(store).findings == ()
    unguard(store)
    return store


def fill(store: Store, commit: Commit) -> None:
    """Commit versions that do everything that a version can do."""
    names = {"1.2": Names("Koulu", "Skola"), "1.1": Names("ä")}
    commit(store, add=(READ, TREE, ODD), model="[m]", names=names)
    moved = Line("p", READ.values, Source("p/b.csv", 9, ""))
    commit(store, add=(moved,), remove=(TREE,), catalogue="roles:")
    marks = {"granter": "person:b", "power": "p2", "git_commit": "c0", "approval": "{}"}
    second = Line("p", ("role:b", "hoks", "read", "deny"))
    change = Change("delegation", "os:me", "why", add=(TREE, second), **marks)  # type: ignore[arg-type] # all of them are text
    with store.writing() as writer:
        # each takes the other's place: the log has both leave and come
        writer.commit(change, in_place={READ: ODD, ODD: READ})
    commit(store, model="[n]")
    names = {"1.3": Names("Toimipiste")}
    commit(store, application=STEP, token=TOKEN, names=names)
    (asked,) = store.applications(day=date(2026, 4, 1))
    rejected = asked.step(ApplicationState.REJECTED, "not here")
    (token,) = store.tokens(day=date(2026, 4, 1))
    revoked = token.revocation()
    commit(store, application=rejected, token=revoked, granter="person:b")
    commit(store, application=STEP, token=TOKEN)


def verify(store: Store, **options: Any) -> Verification:  # noqa: ANN401 # of `verify`
    """What is found of rows: that the guards are gone is said beside it, always."""
    found = oikeus.verify(store, **options)
    rows = tuple(finding for finding in found.findings if not finding.guard)
    return replace(found, findings=rows)


def rows_of(store: Store, table: Table) -> list[Row]:
    """All rows as they stand."""
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def key_of(table: Table, row: Row) -> dict[str, Any]:
    """What the row is found by."""
    return {name: row[name] for name in KEYS[table.name]}


def update(base: Connection, table: Table, key: Row, values: Row) -> None:
    """Write raw values into a row, whatever its columns are for."""
    put = ", ".join(f"{name} = :new_{name}" for name in values)
    where = " AND ".join(f"{name} = :{name}" for name in key)
    statement = text(f"UPDATE {table.name} SET {put} WHERE {where}")  # noqa: S608 # ours
    new = {f"new_{name}": value for name, value in values.items()}
    assert base.execute(statement, {**key, **new}).rowcount == 1


def insert(base: Connection, table: Table, row: Row) -> None:
    """Put a row there."""
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 # ours
    base.execute(text(statement), row)


def delete(base: Connection, table: Table, key: Row) -> None:
    """Take a row away."""
    where = " AND ".join(f"{name} = :{name}" for name in key)
    base.execute(text(f"DELETE FROM {table.name} WHERE {where}"), key)  # noqa: S608 # ours


def others(value: object) -> list[object]:
    """What may stand in a value's place; each is another value."""
    if value is None:
        return ["", "x", 0]
    if isinstance(value, int):
        return [value + 1, value - 1, None, "x", b"1", value + 0.5]
    text = str(value)
    changed: list[object] = [None, "", " " + text, text.swapcase(), text + "\0"]
    changed += [text.encode(), f"{text}\ufffd".encode()[:-1], 7]
    return [other for other in changed if other != value]


def attempts(store: Store) -> Iterator[tuple[Table, Row, str, object]]:
    """Every other value in every cell."""
    on_sqlite = store.database.is_sqlite
    for table in TABLES:
        for row in rows_of(store, table):
            for name, value in row.items():
                for other in others(value):
                    typed = None in (value, other) or type(value) is type(other)
                    if not typed and not on_sqlite:
                        continue  # each column there has a type
                    yield table, row, name, other


def named(store: Store, table: Table, row: Row) -> tuple[int | None, str, str]:
    """How the first finding should name this row."""
    key = "/".join(str(row[name]) for name in KEYS[table.name])
    version = row.get("version", row.get("number"))
    if table is tables.casbin_rule:
        versions = text("SELECT max(version) FROM oikeus_change WHERE rule = :id")
        with store.database.reading() as connection:
            version = connection.scalar(versions, {"id": row["id"]})
    return version, table.name, "" if table is tables.head else key


def test_every_edit_of_every_column_is_found(world: Store) -> None:
    """By its version and its row; a blank, a letter's case and a type count as well."""
    tried = 0
    for table, row, name, other in attempts(world):
        key = key_of(table, row)
        try:
            with world.database.engine.begin() as base:
                update(base, table, key, {name: other})
        except DBAPIError:
            continue  # the database refuses it, which is as good
        tried += 1
        what = f"{table.name}.{name} {key}: {row[name]!r} -> {other!r}"
        findings = verify(world).findings
        back = key | ({name: other} if name in key else {})
        with world.database.engine.begin() as base:
            update(base, table, back, {name: row[name]})
        assert findings, what
        first = findings[0]
        if name in key:
            assert first.version is None or first.version <= 8, what
        else:
            # an id that no finding repeats as it is, is escaped
            expected = named(world, table, row)
            assert (first.version, first.table) == expected[:2], (what, first)
            assert first.row in (expected[2], ascii(expected[2])[1:-1]), (what, first)
    assert tried > 300
    assert verify(world).findings == ()


def test_every_removed_row_is_found(world: Store) -> None:
    """The first or the last of a version, too."""
    for table in TABLES:
        for row in rows_of(world, table):
            key = key_of(table, row)
            try:
                with world.database.engine.begin() as base:
                    delete(base, table, key)
            except DBAPIError:
                continue
            findings = verify(world).findings
            with world.database.engine.begin() as base:
                insert(base, table, row)
            assert findings, (table.name, key)
    assert verify(world).findings == ()


@pytest.mark.parametrize("place", ["first", "last", "other version"])
@pytest.mark.parametrize("table", TABLES[:6], ids=lambda table: table.name)
def test_every_inserted_row_is_found(world: Store, table: Table, place: str) -> None:
    """Before the rows of a version, after them, or of a version that is not there."""
    row = rows_of(world, table)[0]
    new: dict[str, Row] = {
        "oikeus_version": {"number": {"first": 0, "last": 8}.get(place, 9)},
        "oikeus_change": {"version": 1, "position": 0 if place == "first" else 9},
        "oikeus_names": {"organisation": "0" if place == "first" else "9"},
        "oikeus_application": {
            "version": 1 if place == "first" else 4,
            "application": 1 if place == "first" else 4,
        },
        "oikeus_token": {
            "version": 1 if place == "first" else 4,
            "token": 1 if place == "first" else 4,
        },
        "casbin_rule": {"id": 0 if place == "first" else 99, "v0": "mallory"},
    }
    if place == "other version" and table in LOG[1:]:
        new[table.name] |= {"version": 77}
        thing = table.name.removeprefix("oikeus_")
        new[table.name] |= {thing: 77} if table in STEPS else {}
    before = len(rows_of(world, table))
    # PostgreSQL refuses a row of a version that is not there, SQLite unless it is asked
    refused = place == "other version" and table in LOG[1:]
    if refused and not world.database.is_sqlite:
        with pytest.raises(DBAPIError), world.database.engine.begin() as base:
            insert(base, table, row | new[table.name])
        assert verify(world).findings == ()
        return
    with world.database.engine.begin() as base:
        insert(base, table, row | new[table.name])
    assert len(rows_of(world, table)) == before + 1
    assert verify(world).findings


def test_every_swap_of_two_rows_is_found(world: Store) -> None:
    """Rows that change places keep all that they hold but their keys."""
    for table in TABLES[:6]:
        rows = rows_of(world, table)
        for one, other in pairwise(rows):
            keys = [key_of(table, row) for row in (one, other)]
            try:
                with world.database.engine.begin() as base:
                    for key in keys:
                        delete(base, table, key)
                    insert(base, table, other | keys[0])
                    insert(base, table, one | keys[1])
            except DBAPIError:
                continue
            findings = verify(world).findings
            with world.database.engine.begin() as base:
                for row, key in zip((one, other), keys, strict=True):
                    delete(base, table, key)
                    del row, key
                insert(base, table, one)
                insert(base, table, other)
            assert findings, (table.name, keys)
            assert findings[0].version is not None
    assert verify(world).findings == ()


@pytest.fixture
def vouched(world: Store, tmp_path: Path) -> Checkpoint:
    """A checkpoint of that log."""
    make_key(tmp_path / "key.pem", tmp_path / "key.pub.pem")
    return checkpoint(world, SigningKey.load(tmp_path / "key.pem"))


def cut_off(base: Connection, number: int) -> None:
    """Take the last version away, with everything that tells of it."""
    for table, column in (
        ("oikeus_token", "version"),
        ("oikeus_application", "version"),
        ("oikeus_names", "version"),
        ("oikeus_change", "version"),
        ("oikeus_version", "number"),
    ):
        where = {"number": number}
        base.execute(text(f"DELETE FROM {table} WHERE {column} = :number"), where)  # noqa: S608 # ours
    base.execute(
        text("UPDATE oikeus_head SET version = :number"), {"number": number - 1}
    )


def test_log_that_was_cut_off_is_found_by_a_checkpoint(
    world: Store, vouched: Checkpoint
) -> None:
    """The chain alone is whole without its end: that is what a checkpoint is for."""
    assert verify(world, checkpoint=vouched).clean
    with world.database.engine.begin() as base:
        cut_off(base, 7)
    assert verify(world).findings == ()
    found = verify(world, checkpoint=vouched)
    assert found.checkpoint == 7
    (finding,) = found.findings
    assert str(finding) == (
        "version 7, oikeus_version row 7: ends at version 6, and the checkpoint of "
        f"{vouched.made} has version 7: versions were cut off"
    )
    with pytest.raises(TamperedError, match="versions were cut off"):
        found.require()


def test_log_that_was_written_anew_is_found_by_a_checkpoint(
    world: Store, vouched: Checkpoint, rechain: Rechain
) -> None:
    """All digests are right, and the one of the head is another."""
    with world.database.engine.begin() as base:
        base.execute(text("UPDATE oikeus_version SET actor = 'x' WHERE number = 1"))
        rechain(base)
    assert verify(world).findings == ()
    (finding,) = verify(world, checkpoint=vouched).findings
    assert finding.version == 7
    assert "was written anew" in finding.text


def test_log_goes_on_after_a_checkpoint(
    world: Store, vouched: Checkpoint, commit: Commit
) -> None:
    """A checkpoint vouches for its version for ever, not for the head."""
    commit(world, add=(Line("p", ("later",)),))
    found = verify(world, checkpoint=vouched)
    assert found.findings == ()
    assert (found.mark.number, found.checkpoint) == (8, 7)
    found.require()


def test_empty_log_is_as_it_was_written(store: Store, tmp_path: Path) -> None:
    """A checkpoint can be made of it as well, and vouches for nothing."""
    make_key(tmp_path / "key.pem", tmp_path / "key.pub.pem")
    vouched = checkpoint(store, SigningKey.load(tmp_path / "key.pem"))
    assert (vouched.mark, vouched.time) == (Mark(0), "")
    found = verify(store, checkpoint=vouched)
    assert (found.findings, found.changes, found.lines) == ((), 0, 0)


def test_many_findings_are_told_up_to_a_number(world: Store) -> None:
    """Twenty are enough to see that more is wrong."""
    with world.database.engine.begin() as base:
        for number in range(100, 130):
            insert(
                base,
                tables.casbin_rule,
                {"id": number, "ptype": "p", "v0": str(number)},
            )
    findings = verify(world).findings
    assert len(findings) == 20
    assert str(findings[0]) == (
        "casbin_rule row 100: no version put it there, or one took it out: it is not "
        "of the log"
    )


def test_line_that_is_gone_from_what_is_in_force_is_named(world: Store) -> None:
    """With the version that had put it there."""
    with world.database.engine.begin() as base:
        base.execute(text("DELETE FROM casbin_rule WHERE ptype = 'g2'"))
    (finding,) = verify(world).findings
    assert finding.version == 3
    assert "is missing, expected 'g2, 1.2, 1.1'" in finding.text


def test_log_of_an_adapter_never_alarms(store: Store, adapter: Adapter) -> None:
    """It puts lines in each other's places, and takes some out and in again."""
    rules = [["a", "x", "read"], ["b", "x", "read"], ["c", "x", "read"]]
    adapter.add_policies("p", "p", rules)
    adapter.update_policy("p", "p", rules[0], ["d", "x", "read"])
    adapter.update_policies("p", "p", [rules[1], rules[2]], [rules[2], rules[1]])
    adapter.remove_policy("p", "p", rules[1])
    adapter.add_policy("p", "p", rules[1])
    found = verify(store)
    assert found.findings == ()
    assert found.lines == 3


@pytest.mark.parametrize("many", [2, 4_096])
def test_progress_is_told(
    world: Store, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """As loading tells it: how many rows there are, and how many were read."""
    monkeypatch.setattr(walking, "_TOLD", many)
    told = []

    @contextmanager
    def progress(total: int) -> Iterator[Callable[[int], None]]:
        told.append(total)
        yield told.append

    found = verify(world, progress=progress)
    assert told[0] == sum(told[1:]) == found.changes
    assert (many in told[1:]) == (many == 2)


FORGED = {
    "before that of the version before": (
        "UPDATE oikeus_version SET time = '2001-01-01T00:00:00.000000Z' "
        "WHERE number = 2"
    ),
    "which is not free": (
        "UPDATE oikeus_change SET rule = 1 WHERE version = 1 AND position = 2"
    ),
    "where the log has no line then": (
        "UPDATE oikeus_change SET rule = 9 WHERE version = 2 AND op = '-'"
    ),
    "does '?', expected one of": (
        "UPDATE oikeus_change SET op = '?' WHERE version = 1 AND position = 1"
    ),
    "requests the application 5, expected 7": (
        "UPDATE oikeus_application SET application = 5 WHERE version = 7"
    ),
    "decides the application 5, which is not open then": (
        "UPDATE oikeus_application SET application = 5, state = 'withdrawn' "
        "WHERE version = 7"
    ),
    "says of the application 5 what its request does not": (
        "UPDATE oikeus_application SET subject = 'x' WHERE version = 6"
    ),
    "has the state '?', expected one of requested granted rejected withdrawn": (
        "UPDATE oikeus_application SET state = '?' WHERE version = 7"
    ),
    "creates the token 5, expected 7": (
        "UPDATE oikeus_token SET token = 5 WHERE version = 7"
    ),
    "revokes the token 5, which is not open then": (
        "UPDATE oikeus_token SET token = 5, state = 'revoked' WHERE version = 7"
    ),
    "says of the token 5 what its creation does not": (
        "UPDATE oikeus_token SET scopes = 'audit' WHERE version = 5"
    ),
    "has the state 'expired', expected one of active revoked": (
        "UPDATE oikeus_token SET state = 'expired' WHERE version = 7"
    ),
}
FREE = (
    "ALTER TABLE oikeus_change DROP CONSTRAINT IF EXISTS ck_oikeus_change_op",
    (
        "ALTER TABLE oikeus_application "
        "DROP CONSTRAINT IF EXISTS ck_oikeus_application_state, "
        "DROP CONSTRAINT IF EXISTS ck_oikeus_application_number"
    ),
    (
        "ALTER TABLE oikeus_token "
        "DROP CONSTRAINT IF EXISTS ck_oikeus_token_state, "
        "DROP CONSTRAINT IF EXISTS ck_oikeus_token_number, "
        "DROP CONSTRAINT IF EXISTS ck_oikeus_token_secret"
    ),
)


def test_what_cannot_be_is_found_though_all_digests_were_made_anew(
    world: Store, rechain: Rechain
) -> None:
    """A log must say what can have happened, too."""
    for expected, statement in FORGED.items():
        with world.database.engine.connect() as base:
            if world.database.is_sqlite:
                base.execute(text("PRAGMA ignore_check_constraints = ON"))
            else:
                for constraint in FREE:
                    base.execute(text(constraint))
            for index in ("application_decided", "token_revoked"):
                base.execute(text(f"DROP INDEX IF EXISTS uq_oikeus_{index}"))
            base.execute(text(statement))
            rechain(base)
            base.commit()
        texts = [finding.text for finding in verify(world).findings]
        assert any(expected in text for text in texts), (expected, texts)


def test_a_row_is_compared_byte_by_byte_whatever_its_collation(sqlite: str) -> None:
    """A table that takes large letters for small ones hides nothing."""
    with Store.open(sqlite) as store:
        block = Line("g3", ("person:a", "blocked"))
        with store.writing() as writer:
            writer.commit(Change("block", "os:me", "why", add=(block,)))
        columns = ", ".join(
            f"{name} varchar(255) collate nocase"
            for name in ("ptype", "v0", "v1", "v2", "v3", "v4", "v5")
        )
        with store.database.engine.begin() as base:
            for statement in (
                f"CREATE TABLE other (id integer primary key, {columns})",
                "INSERT INTO other SELECT * FROM casbin_rule",
                "DROP TABLE casbin_rule",
                "ALTER TABLE other RENAME TO casbin_rule",
                "UPDATE casbin_rule SET v1 = 'BLOCKED'",
            ):
                base.execute(text(statement))
        assert verify(store).findings


def test_rows_are_counted_in_the_table_and_not_in_an_index(sqlite: str) -> None:
    """One that was put away meanwhile lacks what came then."""
    path = sqlite.removeprefix("sqlite:///")
    index = "type = 'index' AND tbl_name = 'casbin_rule'"
    hide = f"DELETE FROM sqlite_master WHERE {index}"  # noqa: S608
    columns = "type, name, tbl_name, rootpage, sql"
    kept = f"SELECT {columns} FROM sqlite_master WHERE {index}"  # noqa: S608
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("CREATE INDEX zz ON casbin_rule (id)")
        rows = first.execute(kept).fetchall()
        first.execute("PRAGMA writable_schema = ON")
        first.execute(hide)
        (seen,) = first.execute("PRAGMA schema_version").fetchone()
        first.execute(f"PRAGMA schema_version = {seen + 1}")
    with closing(sqlite3.connect(path, isolation_level=None)) as second:
        second.execute("INSERT INTO casbin_rule (ptype, v0) VALUES ('p', 'rogue')")
        second.execute("PRAGMA writable_schema = ON")
        for row in rows:
            second.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        second.execute(f"PRAGMA schema_version = {seen + 2}")
    with Store.open(sqlite) as store:
        assert verify(store).findings


def test_a_version_whose_number_is_none_is_found(world: Store) -> None:
    """A table without types takes anything; nothing ends in another error."""
    if not world.database.is_sqlite:
        return
    with world.database.engine.begin() as base:
        base.execute(text("CREATE TABLE other AS SELECT * FROM oikeus_version"))
        base.execute(text("DROP TABLE oikeus_version"))
        base.execute(text("ALTER TABLE other RENAME TO oikeus_version"))
        base.execute(text("UPDATE oikeus_version SET number = 'abc' WHERE number = 4"))
    assert any("'abc'" in str(found) for found in verify(world).findings)


def test_text_of_a_policy_that_is_no_text_is_an_error(
    sqlite: str, commit: Commit, unguard: Unguard
) -> None:
    """SQLite keeps bytes anywhere."""
    with Store.open(sqlite) as store:
        commit(store, catalogue="roles:", invariants="invariants:")
        unguard(store)
        for name, odd in (
            ("catalogue", "x'00'"),
            ("invariants", "CAST(x'ff' AS TEXT)"),
        ):
            with store.database.writing() as connection:
                connection.execute(text(f"UPDATE oikeus_version SET {name} = {odd}"))  # noqa: S608
            with pytest.raises(TamperedError, match=f"the {name} in force is no text"):
                store.load()
            with store.database.writing() as connection:
                connection.execute(text(f"UPDATE oikeus_version SET {name} = NULL"))  # noqa: S608
