"""Whether a version gave only what the rules allowed at the moment it was given.

It is told by the log alone, whatever act is said to have made the version.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from oikeus.store import Op, Recorded, Version

from .delegation_world import held_of
from .naive_rules import CREATES_CREDENTIALS, CREDENTIAL, OPH, Held, NaiveRules

_DELEGATED = ("grant", "renew", "request")


def wrongly_given(
    was: NaiveRules, version: Version, recorded: Iterable[Recorded], today: date
) -> list[str]:
    """Everything in a version that nobody could give.

    Args:
        was: what was in force before it.
        version: who did it, and on whose power.
        recorded: what it did to the lines.
        today: the day on which it was made.
    """
    given = [
        held_of(each.line)
        for each in recorded
        if each.op is Op.ADDED and each.line.ptype == "g"
    ]
    return [
        f"version {version.number} ({version.origin}, {version.granter}): {held}"
        for held in given
        if held.subject == version.granter
        or not _could_be_given(was, version, held, today)
    ]


def _could_be_given(was: NaiveRules, version: Version, held: Held, today: date) -> bool:
    granter, right = version.granter, held[:3]
    if version.origin == "credential":
        may = granter and was.allows(granter, CREATES_CREDENTIALS, held.place, today)
        return bool(may) and held.role == CREDENTIAL and was.suits(*right)
    if version.origin == "grants":
        return granter is None and was.may_be_imported(held)
    if version.origin == "policy":
        return granter is None and was.suits(*right)
    if version.origin not in _DELEGATED or granter is None or held.role == OPH:
        return False
    days = was.span(held.role, held.first, held.last, today)
    return days is not None and was.may_grant(granter, *right, today)
