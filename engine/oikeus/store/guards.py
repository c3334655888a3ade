"""The triggers that refuse to rewrite the log: what makes them, and what they are then.

INVARIANT: the migrations make exactly these: 0002 those of the log and of the head,
0003 those of the applications, 0004 those of the tokens. Another guard is another
migration's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_LOG = (
    *("oikeus_version", "oikeus_change", "oikeus_names"),
    *("oikeus_application", "oikeus_token"),
)
_NUMBER = {"oikeus_version": "number"}
_REFUSED = "the log of versions is only ever added to"

_REFUSE = f" BEGIN RAISE EXCEPTION '{_REFUSED}'; END "
_ADVANCE = (
    " BEGIN IF NEW.id <> OLD.id OR NEW.version <> OLD.version + 1 THEN "
    f"RAISE EXCEPTION '{_REFUSED}'; END IF; RETURN NEW; END "
)

# as `pg_trigger.tgtype` has them; without _ROW for a statement, without _BEFORE after
_ROW: Final = 1
_BEFORE: Final = 2
_INSERT: Final = 4
_DELETE: Final = 8
_UPDATE: Final = 16
_TRUNCATE: Final = 32


class Guard(NamedTuple):
    """A trigger.

    Attributes:
        table: that it guards.
        form: all that it does, to be compared: in SQLite its statement, in PostgreSQL
            when it fires, what it calls the new rows, and the body of its function.
    """

    table: str
    form: tuple[object, ...]


def sqlite_guards() -> dict[str, Guard]:
    """All guards of an SQLite database of the present schema."""
    return sqlite_log_guards(*_LOG) | sqlite_head_guards()


def sqlite_log_guards(*tables: str) -> dict[str, Guard]:
    """Refuse every way to change a row; REPLACE fires no trigger on what it removes."""
    guards: dict[str, Guard] = {}
    for table in tables:
        number = _NUMBER.get(table, "version")
        appended = (
            f"WHEN NEW.{number} IS NOT (SELECT version + 1 FROM oikeus_head) "  # noqa: S608
            f"OR EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)"
        )
        conditions = {"UPDATE": "", "DELETE": "", "INSERT": appended}
        guards |= _on_sqlite(table, conditions)
    return guards


def sqlite_head_guards() -> dict[str, Guard]:
    """Let the head do nothing but advance by one."""
    advanced = "WHEN NEW.id IS NOT OLD.id OR NEW.version IS NOT OLD.version + 1"
    conditions = {"DELETE": "", "INSERT": "", "UPDATE": advanced}
    return _on_sqlite("oikeus_head", conditions)


def _on_sqlite(table: str, conditions: dict[str, str]) -> dict[str, Guard]:
    guards: dict[str, Guard] = {}
    for act, condition in conditions.items():
        name = f"{table}_{act.lower()}"
        statement = (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
        guards[name] = Guard(table, (statement,))
    return guards


def postgresql_guards() -> dict[str, Guard]:
    """What the statements below make, as the catalogue of PostgreSQL tells it."""
    head = "oikeus_head"
    on_head = _BEFORE | _DELETE | _TRUNCATE
    guards = {
        f"{head}_refuse": Guard(head, (on_head, None, _REFUSE)),
        f"{head}_advance": Guard(head, (_ROW | _BEFORE | _UPDATE, None, _ADVANCE)),
    }
    for table in _LOG:
        body = _append(table)
        guards[f"{table}_refuse"] = Guard(table, (on_head | _UPDATE, None, _REFUSE))
        guards[f"{table}_append"] = Guard(table, (_INSERT, "added", body))
    return guards


def postgresql_head_statements() -> Iterator[str]:
    """Let the head do nothing but advance by one; refuse the rest for all tables."""
    yield (
        "CREATE FUNCTION oikeus_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$${_REFUSE}$$"
    )
    yield _refusing("oikeus_head", "DELETE OR TRUNCATE")
    yield (
        "CREATE FUNCTION oikeus_advance() RETURNS trigger LANGUAGE plpgsql AS "
        f"$${_ADVANCE}$$"
    )
    yield (
        "CREATE TRIGGER oikeus_head_advance BEFORE UPDATE ON oikeus_head "
        "FOR EACH ROW EXECUTE FUNCTION oikeus_advance()"
    )


def postgresql_log_statements(*tables: str) -> Iterator[str]:
    """Refuse every way to change a row, TRUNCATE too; made after those of the head."""
    for table in tables:
        yield _refusing(table, "UPDATE OR DELETE OR TRUNCATE")
        # once for all rows of a statement: a version may have a million
        yield (
            f"CREATE FUNCTION {table}_append() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path FROM CURRENT AS $${_append(table)}$$"
        )
        yield (
            f"CREATE TRIGGER {table}_append AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append()"
        )


def _refusing(table: str, acts: str) -> str:
    return (
        f"CREATE TRIGGER {table}_refuse BEFORE {acts} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION oikeus_refuse()"
    )


def _append(table: str) -> str:
    number = _NUMBER.get(table, "version")
    return (
        " BEGIN IF EXISTS (SELECT FROM added, oikeus_head "
        f"WHERE added.{number} <> oikeus_head.version + 1) THEN "
        f"RAISE EXCEPTION '{_REFUSED}'; END IF; RETURN NULL; END "
    )
