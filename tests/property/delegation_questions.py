"""Questions to ask of a world: about what is held, and about anything else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from .delegation_world import ACTS, IMPORTED, PLACES, ROLES, SUBJECTS, UNKNOWN
from .naive_rules import NaiveRules

Access = tuple[str, str, str, date]
Power = tuple[str, str, str, str, date]

_EVERYWHERE = (*PLACES, UNKNOWN)


def accesses(
    rules: NaiveRules, today: date, chance: random.Random, count: int
) -> Iterator[Access]:
    """Who may do what, where and when; most are about somebody who holds something."""
    held = sorted(rules.grants) or [*IMPORTED]
    for _ in range(count):
        near = chance.choice(held)
        subject = near.subject if chance.random() < 0.7 else chance.choice(SUBJECTS)
        day = _day(near.first, near.last, today, chance)
        yield subject, chance.choice(ACTS), _place(rules, near.place, chance), day


def powers(
    rules: NaiveRules, today: date, chance: random.Random, count: int
) -> Iterator[Power]:
    """Who may grant which role to whom, or revoke it, where and when."""
    held = sorted(rules.grants) or [*IMPORTED]
    for _ in range(count):
        near = chance.choice(held)
        who = near.subject if chance.random() < 0.8 else chance.choice(SUBJECTS)
        over = sorted(each.role for each in rules.powers if each.granter == near.role)
        role = chance.choice(over if over and chance.random() < 0.7 else ROLES)
        place = _place(rules, near.place, chance)
        day = _day(near.first, near.last, today, chance)
        yield who, chance.choice(SUBJECTS), role, place, day


def _place(rules: NaiveRules, near: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(_EVERYWHERE)
    return chance.choice([place for place in PLACES if near in rules.over(place)])


def _day(first: date, last: date, today: date, chance: random.Random) -> date:
    if chance.random() < 0.5:
        return today
    edge = timedelta(days=chance.choice((-1, 0, 1)))
    return chance.choice((first, last, today)) + edge
