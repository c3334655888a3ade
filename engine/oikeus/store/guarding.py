"""Whether the triggers that keep the log as it is are in place, and no others.

A trigger that is gone proves no tampering, and one that is not ours may do no harm; but
what the database is said to refuse, it refuses with exactly these only.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, text

from .findings import Finding
from .guards import Guard, postgresql_guards, sqlite_guards
from .tables import metadata

_OURS = tuple(metadata.tables)

_ON_SQLITE = text(
    "SELECT name, lower(tbl_name), sql FROM sqlite_master "
    "WHERE type = 'trigger' AND lower(tbl_name) IN :ours ORDER BY name"
).bindparams(bindparam("ours", expanding=True))

_VIEWS_ON_SQLITE = text(
    "SELECT lower(name) FROM sqlite_master "
    "WHERE type <> 'table' AND lower(name) IN :ours ORDER BY name"
).bindparams(bindparam("ours", expanding=True))

# one that has a condition, or fires on some columns only, has another form than ours
_ON_POSTGRESQL = text(
    "SELECT tgname, relname, CASE WHEN tgqual IS NULL AND tgattr::text = '' "
    "AND tgenabled IN ('O', 'A') THEN tgtype END, tgnewtable::text, prosrc "
    "FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid) AND relname IN :ours "
    "ORDER BY tgname"
).bindparams(bindparam("ours", expanding=True))

_VIEWS_ON_POSTGRESQL = text(
    "SELECT relname FROM pg_class WHERE pg_table_is_visible(oid) "
    "AND relkind NOT IN ('r', 'p') AND relname IN :ours ORDER BY relname"
).bindparams(bindparam("ours", expanding=True))


def unguarded(connection: Connection) -> Iterator[Finding]:
    """Guards that are missing, triggers of others, and views in place of tables."""
    on_sqlite = connection.dialect.name == "sqlite"
    views = _VIEWS_ON_SQLITE if on_sqlite else _VIEWS_ON_POSTGRESQL
    for name in connection.scalars(views, {"ours": _OURS}):
        yield _finding(name, "is no table, expected one: it shows what others write")
    expected = sqlite_guards() if on_sqlite else postgresql_guards()
    triggers = _ON_SQLITE if on_sqlite else _ON_POSTGRESQL
    found = {
        (name, table): Guard(table, tuple(form))
        for name, table, *form in connection.execute(triggers, {"ours": _OURS})
    }
    for name, guard in expected.items():
        there = found.pop((name, guard.table), None)
        if there != guard:
            what = "is missing" if there is None else "was changed or disabled"
            unlike = f"the log is not guarded: the trigger `{name}` {what}"
            yield _finding(guard.table, f"{unlike}, expected it as the schema made it")
    for name, table in found:
        other = f"the trigger `{name}` is not of oikeus, expected none but its own"
        yield _finding(table, other)


def _finding(table: str, what: str) -> Finding:
    return Finding(None, table, "", what, guard=True)
