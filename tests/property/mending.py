"""Puts right what a denial says stood in the way, and decides once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from oikeus.decide.decision import Cause, Decision, Miss
from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.terms import Grant, Line, PowerRequest, Request, kind_of

from .worlds import MODEL, ORGANISATIONS, World, line

FRESH = "fresh"
"""The name of somebody who is new in a world."""

_QUOTED = re.compile(r"`([^`]+)`")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def held(
    who: str, roles: list[str] | tuple[str, ...], places: tuple[str, ...], day: date
) -> Iterator[Line]:
    """Rows by which somebody holds roles at places for a day."""
    for role in roles:
        for place in places:
            yield line("g", who, role, f"{place}@{day}..{day}")


def mended(world: World, decision: Decision, misses: tuple[Miss, ...]) -> Decision:
    """Decide once more with everything put right that the misses tell."""
    request, day, lines = decision.request, decision.at, list(world.lines)
    for miss in misses:
        words = _QUOTED.findall(miss.text)
        match miss.cause:
            case Cause.NOT_BEGUN | Cause.ENDED:
                day = date.fromisoformat(_DAY.findall(miss.text)[-1])
            case Cause.ELSEWHERE:
                request = replace(request, organisation=words[1])
            case Cause.SELF:
                assert isinstance(request, PowerRequest)
                recipient = f"{kind_of(request.recipient)}:{FRESH}"
                request = replace(request, recipient=recipient)
            case Cause.KIND:
                assert isinstance(request, PowerRequest)
                kind = miss.text.partition(" is for a ")[2].split()[0].strip(",")
                request = replace(request, recipient=f"{kind}:{FRESH}")
                lines += held(request.recipient, world.roles, ORGANISATIONS, day)
            case Cause.CREDENTIAL:
                assert isinstance(request, PowerRequest)
                lines += held(request.recipient, world.roles, ORGANISATIONS, day)
            case _:
                lines = _other_lines(lines, decision, miss, words)
    point = DecisionPoint(Snapshot.build(MODEL, tuple(lines)))
    if isinstance(request, Request):
        return point.decide(request, day)
    asked = request.granter, request.recipient, request.role, request.organisation
    return point.may_grant(*asked, day)


def _other_lines(
    lines: list[Line], decision: Decision, miss: Miss, words: list[str]
) -> list[Line]:
    """The lines as they would have had to be."""
    request = decision.request
    subject = request.subject if isinstance(request, Request) else request.granter
    place = request.organisation
    match miss.cause:
        case Cause.RULE:
            return [found for found in lines if str(found) != words[0]]
        case Cause.BLOCKED:
            return [found for found in lines if found.values != (subject, "blocked")]
        case Cause.STATUS:
            mark = (words[0], f"status:{words[1]}")
            return [found for found in lines if found.values != mark]
        case Cause.MODE:
            return [*lines, line("g2", place, f"mode:{words[-1]}")]
        case Cause.LEVEL:
            expected = _QUOTED.findall(miss.text.partition("expected")[2])
            return [*lines, *(line("g4", place, f"level:{word}") for word in expected)]
        case _:
            assert miss.cause is Cause.INERT
            return _counting(lines, subject, f"role:{words[0]}", decision)


def _counting(
    lines: list[Line], subject: str, role: str, decision: Decision
) -> list[Line]:
    """Let the inert grants of a role count: for its holder, and where they are held."""
    day, places = decision.at, [decision.request.organisation]
    mended = [line("g3", role, kind_of(subject))]
    for found in lines:
        if found.ptype == "g" and found.values[:2] == (subject, role):
            try:
                places.append(Grant.parse(found).organisation)
            except ValueError:
                mended.append(line("g", subject, role, f"{places[0]}@{day}..{day}"))
    return [*lines, *mended, *(line("g4", place, role) for place in places)]
