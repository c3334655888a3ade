"""What the versions after a mark did, so that nobody need load a million lines again.

Grants are told one by one. Any other line has its place among the lines of its kind,
which some models decide by: that such lines changed is told, and they are few enough to
be read again. Nothing is told when the database is no continuation of the mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter, Column, ScalarSelect, bindparam, exists, select

from ..errors import StoreError
from ..terms import Names
from .asking import Ask
from .lines import columns
from .reading import NO_HEAD
from .rows import UNREADABLE
from .tables import LINE, change, head, names, version
from .values import GrantValues, Mark, Op, Since

MOST_CHANGES = 100_000
"""How many changes are told; to load is faster and smaller than to take in more."""

_after: BindParameter[int] = bindparam("after")


def _newest(text: Column[str]) -> ScalarSelect[str]:
    brought = select(text).where(version.c.number > _after, text.is_not(None))
    return brought.order_by(version.c.number.desc()).limit(1).scalar_subquery()


_last, _marked = version.alias(), version.alias()

_NEWS = select(
    head.c.version,
    _last.c.digest,
    _last.c.time,
    _marked.c.digest,
    _newest(version.c.model),
    _newest(version.c.catalogue),
    exists().where(names.c.version > _after),
).select_from(
    head.outerjoin(_last, _last.c.number == head.c.version).outerjoin(
        _marked, _marked.c.number == _after
    )
)
"""The head, and what the version after which it comes is compared by: one statement,
since on SQLite each costs as much as most of what is done with its answer."""

_CHANGES = (
    select(change.c.op, *columns(change, LINE))
    .where(change.c.version > _after)
    .order_by(change.c.version, change.c.position)
    .limit(MOST_CHANGES + 1)
)

_NAMES = (
    select(names.c.organisation, names.c.fi, names.c.sv, names.c.en)
    .where(names.c.version > _after)
    .order_by(names.c.version)
)


def since_of(ask: Ask, mark: Mark) -> Since | None:
    """What the versions after this one did.

    Args:
        ask: in one view of the database.
        mark: of the version that is known.

    Returns:
        nothing when all must be loaded anew: the database is not a continuation of
        that version, or more has changed than is worth telling.

    Raises:
        StoreError: the head is missing.
    """
    asked = {"after": mark.number}
    rows = ask(_NEWS, asked)
    if not rows:
        raise StoreError(NO_HEAD)
    ((number, digest, time, marked, model, catalogue, renamed),) = rows
    last = Mark(number, digest or "", time or "")
    if last == mark:
        return Since(last)
    if last.number <= mark.number or (marked or "") != mark.digest:
        return None
    told = _told(ask(_CHANGES, asked))
    if told is None:
        return None
    grants, lines_changed = told
    return Since(
        last,
        added=tuple(grant for grant, op in grants.items() if op == Op.ADDED),
        removed=tuple(grant for grant, op in grants.items() if op == Op.REMOVED),
        lines_changed=lines_changed,
        model=model,
        catalogue=catalogue,
        names=MappingProxyType(_named(ask(_NAMES, asked)) if renamed else {}),
    )


def is_grant(values: Sequence[object]) -> bool:
    """Whether the columns `ptype` and `v0` to `v5` are those of a plain grant."""
    ptype, *rest = values
    return ptype == "g" and all(rest[:3]) and rest[3:] == [None, None, None]


def _told(rows: Sequence[Sequence[Any]]) -> tuple[dict[GrantValues, str], bool] | None:
    """The last that happened to each grant, and whether other lines were touched."""
    if len(rows) > MOST_CHANGES:
        return None
    grants: dict[GrantValues, str] = {}
    lines_changed = False
    for op, *line in rows:
        if _is_odd(line):
            # it may stand among the grants that no stream gives: nobody can tell
            return None
        if not is_grant(line):
            lines_changed = True
        elif op != Op.MOVED:
            grant = line[1], line[2], line[3]
            # what is added again stands behind what was added meanwhile
            grants.pop(grant, None)
            grants[grant] = op
    return grants, lines_changed


def _is_odd(line: Iterable[object]) -> bool:
    """Whether the line holds what is no text, or shows such a one."""
    return any(
        value is not None and (type(value) is not str or value.startswith(UNREADABLE))
        for value in line
    )


def _named(rows: Sequence[Sequence[str]]) -> dict[str, Names]:
    return {organisation: Names(*texts) for organisation, *texts in rows}
