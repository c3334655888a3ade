"""Requirements on the tables: what they hold, and what the database itself refuses."""

from collections.abc import Callable

import pytest
import sqlalchemy
import sqlalchemy_adapter
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from oikeus.errors import StoreError
from oikeus.store import Store, schema, tables
from oikeus.store.lines import _any_of
from oikeus.store.rows import identity_of
from oikeus.store.streaming import _LINES, _RULE
from oikeus.terms import Line


def _described(connection: Connection) -> dict[str, list[tuple[str, str, bool, bool]]]:
    found = inspect(connection)
    described = {}
    for table in found.get_table_names():
        keys = found.get_pk_constraint(table)["constrained_columns"]
        described[table] = [
            (
                column["name"],
                str(column["type"]),
                column["nullable"],
                column["name"] in keys,
            )
            for column in found.get_columns(table)
        ]
    return described


def test_migrations_make_the_tables_that_the_program_uses(
    store: Store,
) -> None:
    """Column by column, the migrated schema is what the statements are written for."""
    with store.database.reading() as connection:
        migrated = _described(connection)
    declared = {
        table.name: [
            (
                column.name,
                str(column.type.compile(store.database.engine.dialect)),
                bool(column.nullable),
                column.primary_key,
            )
            for column in table.columns
        ]
        for table in tables.metadata.sorted_tables
    }
    assert migrated == declared


def test_the_lines_stand_in_the_table_of_sqlalchemy_adapter() -> None:
    """Any Casbin tool that knows the adapter's table knows ours."""
    stock = sqlalchemy_adapter.CasbinRule.__table__
    ours = tables.casbin_rule
    assert [
        (column.name, str(column.type), column.nullable, column.primary_key)
        for column in ours.columns
    ] == [
        (column.name, str(column.type), column.nullable, column.primary_key)
        for column in stock.columns
    ]


def test_the_program_knows_every_revision_that_is_shipped() -> None:
    """A migration that the program does not list would never be asked for."""
    config = Config()
    config.set_main_option("script_location", "oikeus.store:migrations")
    shipped = ScriptDirectory.from_config(config).walk_revisions()
    assert [found.revision for found in shipped] == list(reversed(schema.REVISIONS))


@pytest.mark.parametrize(
    ("columns", "first", "again"),
    [
        ("ptype, v0", "'p', 'a'", "'p', 'a'"),
        ("ptype, v0, v1, v2", "'g', 'a', NULL, 'c'", "'g', 'a', NULL, 'c'"),
        ("ptype, v0, v1, v2", "'g', 'a', NULL, 'c'", "'g', 'a', '', 'c'"),
        (
            "v0, v1, v2, v3, v4, v5",
            "'a','b','c','d','e','f'",
            "'a','b','c','d','e','f'",
        ),
        ("ptype", "NULL", "NULL"),
    ],
)
def test_no_line_is_there_twice_in_spite_of_nulls(
    store: Store, columns: str, first: str, again: str
) -> None:
    """The database refuses a duplicate, whoever inserts it and whatever is missing."""
    insert = f"INSERT INTO casbin_rule ({columns}) VALUES "  # noqa: S608 # ours
    with store.database.writing() as connection:
        connection.execute(text(f"{insert} ({first})"))
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(f"{insert} ({again})"))


def test_lines_of_another_width_are_no_duplicates(store: Store) -> None:
    """A blank last value is not a missing one."""
    insert = "INSERT INTO casbin_rule (ptype, v0, v1) VALUES "
    with store.database.writing() as connection:
        connection.execute(text(insert + "('p', 'a', NULL), ('p', 'a', '')"))
    assert [line.values for line in store.load().lines] == [("a",), ("a", "")]


def test_a_line_is_looked_up_by_the_unique_index(
    store: Store, commit: Callable[..., int]
) -> None:
    """Finding a line does not read the table: statement and index agree."""
    lines = tuple(Line("g", (f"person:{n}", "role:a", "x")) for n in range(3_000))
    commit(store, add=lines)
    with store.database.writing() as connection:
        # as the server does by itself after a while
        connection.execute(text("ANALYZE"))
    explain = "EXPLAIN QUERY PLAN " if store.database.is_sqlite else "EXPLAIN "
    statement = f"{explain} SELECT id FROM casbin_rule WHERE {_any_of(2)}"  # noqa: S608
    asked = {
        f"part_{number}_{position}": part
        for number in range(2)
        for position, part in enumerate(identity_of(lines[number]))
    }
    with store.database.reading() as connection:
        plan = str(connection.execute(text(statement), asked).all())
    assert "uq_casbin_rule_line" in plan
    assert "Seq Scan" not in plan
    assert "SCAN casbin_rule" not in plan


def test_lines_are_found_without_looking_at_the_grants(
    store: Store, commit: Callable[..., int]
) -> None:
    """A load reads a million grants once: the index names every other row."""
    grants = (Line("g", (f"person:{n}", "role:a", "x")) for n in range(3_000))
    commit(store, add=(*grants, Line("g2", ("1.2", "1.1"))))
    with store.database.writing() as connection:
        connection.execute(text("ANALYZE"))
    explain = "EXPLAIN QUERY PLAN " if store.database.is_sqlite else "EXPLAIN "
    with store.reading() as reader:
        others = reader._other  # noqa: SLF001 # the very words that the index must have
        statement = explain + _LINES.format("casbin_rule", f"{others} AND NOT {_RULE}")
        plan = str(reader.connection.execute(text(statement)).all())
    assert "ix_casbin_rule_other" in plan


def test_the_log_accepts_no_change_of_an_unknown_version(store: Store) -> None:
    """Foreign keys hold, on SQLite as well, where they are off unless asked for."""
    with (
        pytest.raises(StoreError) as caught,
        store.database.writing() as connection,
    ):
        connection.execute(
            text(
                "INSERT INTO oikeus_change (version, position, op, rule, ptype) "
                "VALUES (1, 1, '+', 1, 'p')"
            )
        )
    assert "foreign key constraint" in str(caught.value).lower()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO oikeus_head (id, version) VALUES (2, 0)",
        "INSERT INTO oikeus_head (id, version) VALUES (1, 0)",
        "INSERT INTO oikeus_version (number, time, actor) VALUES (1, '', NULL)",
        "UPDATE oikeus_change SET op = '!'",
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    store: Store, commit: Callable[..., int], statement: str
) -> None:
    """One head, nobody unnamed, and three things that can be done to a line."""
    commit(store, add=(Line("p", ("a",)),))
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.execute(text(statement))


def test_migrating_an_empty_server_database_makes_the_tables(
    empty_postgresql: str,
) -> None:
    """A server's database gets its tables by its owner's command and not by itself."""
    with pytest.raises(StoreError) as caught:
        Store.open(empty_postgresql)
    expected = "has no tables of oikeus, run `oikeus db migrate`"
    assert str(caught.value).endswith(expected)
    assert Store.migrate(empty_postgresql) == schema.REVISIONS
    assert Store.migrate(empty_postgresql) == ()
    with Store.open(empty_postgresql) as store:
        assert store.schema_revision == schema.REVISIONS[-1]
        assert store.load().version == 0


def test_an_old_schema_is_refused_until_it_is_migrated(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old database is neither used as it is nor changed by the way."""
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    expected = "has the old schema 0005, run `oikeus db migrate`"
    assert str(caught.value).endswith(expected)


def test_a_newer_schema_is_refused(url: str) -> None:
    """A program that does not know a schema neither uses nor migrates it."""
    with Store.open(url) as store, store.database.writing() as connection:
        connection.execute(text("UPDATE oikeus_schema SET version_num = '9999'"))
    for attempt in (Store.open, Store.migrate):
        with pytest.raises(StoreError) as caught:
            attempt(url)
        expected = "has the newer schema 9999, upgrade oikeus"
        assert str(caught.value).endswith(expected)


def test_an_emptied_schema_table_counts_as_no_schema(sqlite: str) -> None:
    """A database whose revision is gone is not taken for a new one."""
    with Store.open(sqlite) as store, store.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_schema"))
    with pytest.raises(StoreError, match="has no tables of oikeus"):
        Store.open(sqlite)


def test_lines_without_a_history_are_not_adopted(empty_postgresql: str) -> None:
    """Rules of another tool would be in force and no version would say so."""
    engine = sqlalchemy.create_engine(
        empty_postgresql.replace("postgresql:", "postgresql+psycopg:")
    )
    sqlalchemy_adapter.Adapter(engine)
    engine.dispose()
    with pytest.raises(StoreError) as caught:
        Store.migrate(empty_postgresql)
    expected = (
        "has a table casbin_rule that no version explains, expected a database without"
        " it"
    )
    assert str(caught.value).endswith(expected)


def test_the_tables_can_share_a_database_with_others(sqlite: str) -> None:
    """An application's own Alembic table is neither read nor written."""
    with Store.open(sqlite) as store:
        with store.database.writing() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
            connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
        assert Store.migrate(sqlite) == ()
    with Store.open(sqlite) as store, store.database.reading() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert found == "theirs"
