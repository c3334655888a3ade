"""The lines that were in force at an earlier version, as a table in their place.

What has not been touched since stands in `casbin_rule`; what has is read from the log.
So the cost of looking back is that of the lines, and of what was changed since.
"""

from __future__ import annotations

from sqlalchemy import FromClause, text

from ..errors import StoreError
from .tables import LINE, casbin_rule

LAST_NUMBER = 2**31 - 1
"""The highest number that a version can have: of a column of integers."""


def check_number(number: object) -> int:
    """Refuse what can be the number of no version.

    Raises:
        StoreError: no whole number, or none that a version can have.
    """
    if type(number) is not int:
        message = f"the number of a version is {number!a}, expected a whole number"
        raise StoreError(message)
    if not 0 < number <= LAST_NUMBER:
        # not repeated: it may have any number of digits
        message = "there is no version of that number, expected 1 or a later one"
        raise StoreError(message)
    return number


def rules_at(number: int | None) -> str:
    """The lines in force at a version, as what follows FROM in a statement.

    Args:
        number: of the version; nothing stands for the head.
    """
    if number is None:
        return casbin_rule.name
    return f"({_statement(number)}) AS {casbin_rule.name}"


def table_at(number: int | None) -> FromClause:
    """The same for SQLAlchemy, with the columns of `casbin_rule`."""
    if number is None:
        return casbin_rule
    columns = (casbin_rule.c[name] for name in ("id", *LINE))
    return text(_statement(number)).columns(*columns).alias(casbin_rule.name)


def _statement(number: int) -> str:
    then = check_number(number)
    kept = ", ".join(f"casbin_rule.{name}" for name in LINE)
    logged = ", ".join(f"past.{name}" for name in LINE)
    # CROSS JOIN, and + 0: SQLite then begins with what was touched, and finds that by
    # the versions; it would go through the whole log
    return (
        f"SELECT casbin_rule.id, {kept} FROM casbin_rule WHERE NOT EXISTS ("  # noqa: S608 # names and a number
        "SELECT 1 FROM oikeus_change AS since "
        f"WHERE since.rule = casbin_rule.id AND since.version > {then}) "
        f"UNION ALL SELECT past.rule AS id, {logged} FROM ("
        f"SELECT DISTINCT rule + 0 AS rule FROM oikeus_change "
        f"WHERE version > {then}) AS touched "
        "CROSS JOIN oikeus_change AS past "
        # the last version that touched the row is found by the index, however many did
        "WHERE past.rule = touched.rule AND past.version = ("
        "SELECT max(last.version) FROM oikeus_change AS last "
        f"WHERE last.rule = touched.rule AND last.version <= {then}) "
        "AND past.op <> '-' AND NOT EXISTS ("
        "SELECT 1 FROM oikeus_change AS later WHERE later.rule = past.rule "
        # by the row, and not through all that its version did: it may be a million
        "AND later.version + 0 = past.version AND later.position + 0 > past.position)"
    )
