"""Selects the rows that the policy allows, in SQL: of a list, or before an update.

The organisations are those that `where_can` lists, by one version of the policy; the
database compares them with a column. They travel as bound parameters: a few one by one,
and many as one JSON object, since databases bind some thousands at most.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    JSON,
    ColumnElement,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    false,
    func,
    select,
)
from sqlalchemy.types import NullType

from ..decide.decides import Decides
from ..errors import RequestError

__all__ = ["filter"]

MOST_BOUND = 100
"""How many are bound one by one; an old SQLite binds 999 parameters a statement."""


def filter(  # noqa: A001, PLR0913 # what a question is made of, and where its answer goes
    point: Decides,
    subject: str,
    action: str,
    resource: str,
    *,
    column: SQLColumnExpression[str] | SQLColumnExpression[str | None],
    at: date | None = None,
) -> ColumnElement[bool]:
    """Build the condition that a row's organisation is one where this is allowed.

    It is never NULL, so `~` gives exactly the other rows; a row without an organisation
    is among those.

    Args:
        point: decides, once: the condition does not follow later versions.
        subject: `person:ID` or `system:ID`.
        action: what is to be done.
        resource: on what.
        column: of text, with the organisation's id, or NULL.
        at: the day to decide for; today in Europe/Helsinki by default.

    Raises:
        RequestError: a part that no request can have, or a column that holds no text.
        ModelError: the matcher failed; nothing was decided.
    """
    if not isinstance(getattr(column, "type", None), String | NullType):
        message = "the column holds no text, expected one with the ids of organisations"
        raise RequestError(message)
    places = point.where_can(subject, action, resource, at)
    if not places:
        return false()
    if len(places) <= MOST_BOUND:
        return and_(column.is_not(None), column.in_(places))
    # of an object, since SQLite and PostgreSQL list its keys by the same words
    keys = dict.fromkeys(places, True)
    bound = bindparam("organisations", keys, JSON(), unique=True)
    listed = func.json_each(bound).table_valued("key")
    return and_(column.is_not(None), column.in_(select(listed.c.key)))
