"""Roles that can be passed round: a role that gives itself, or the role that gives it.

Nobody can grant to themselves; two who work together can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...decide.facts import gathered, reach
from ...decide.wording import bare
from ...terms import Line
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    powers: dict[tuple[str, str], Line] = {}
    for power in examined.usable:
        powers.setdefault(stage.ends(power), power)
    given = gathered(powers)
    told: set[str] = set()
    for (role, other), power in powers.items():
        chain = _chain(given, other, role)
        if chain and role not in told:
            told.update(chain)
            given_on = ", which gives ".join(f"`{bare(each)}`" for each in chain)
            yield Noted.on(
                power,
                f"`{bare(role)}` gives {given_on}: those who hold it can make others "
                "their equals without end",
                "take one of the powers away, or allow this finding and say why",
            )


def _chain(given: Mapping[str, tuple[str, ...]], start: str, end: str) -> list[str]:
    """The roles by which one leads to another, both included; none where none do."""
    if end not in reach(given, start):
        return []
    chain = [start]
    while chain[-1] != end:
        # the nearest one that still leads there
        chain.append(min(given[chain[-1]], key=lambda role: _far(given, role, end)))
    return chain


def _far(given: Mapping[str, tuple[str, ...]], start: str, end: str) -> int:
    """How far one role is from another, in powers."""
    ring, seen = {start}, {start}
    steps = 0
    while end not in ring:
        ring = {role for one in ring for role in given.get(one, ())} - seen
        seen |= ring
        steps += 1
        if not ring:
            return len(given) + len(seen) + 1
    return steps


CHECK = Check(
    "power-cycle",
    Severity.WARNING,
    "a role that can give itself, or the role that gives it",
    _find,
)
