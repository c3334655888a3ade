"""Granting and renewing: what an act comes to, or why it is refused (R6-R14, E, H-J).

Whether somebody may grant is the model's to say (`m2`), on the day it happens. A
renewal is a grant of its own, in the place of the one that it prolongs: no line ever
says more days than could be given at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...terms import Grant, Line, PowerRequest
from ..grant_checks import overlap
from .days import span_of
from .refusing import barred
from .turns import Turn, conflict

__all__ = ["Given", "judge_grant", "judge_renewal"]


@dataclass(frozen=True, slots=True)
class Given:
    """What an act of granting comes to.

    Attributes:
        grant: what is in force afterwards.
        replaced: the equal grant whose place it takes; the same where nothing changes.
        power: the line that gives the power.
    """

    grant: Grant
    replaced: Grant | None
    power: Line


def judge_grant(
    turn: Turn,
    request: PowerRequest,
    first: date | None = None,
    last: date | None = None,
) -> Given:
    """Judge a grant; one that goes on from an equal one in force renews that.

    Args:
        turn: in which it happens.
        request: who gives what to whom, and where.
        first: its first day; today unless told.
        last: its last day; as the catalogue has it unless told.

    Raises:
        Barred: the policy does not allow it, or it overlaps an equal grant.
    """
    power = _power(turn, request)
    begins = turn.today if first is None else first
    span = span_of(turn.snapshot, request.role, begins, last, turn.today)
    grant = Grant(request.recipient, request.role, request.organisation, span)
    equal = _equal(turn, request)
    if grant in equal:
        return Given(grant, grant, power)
    other = overlap(grant, equal)
    if other is None:
        return Given(grant, None, power)
    rest = [each for each in equal if each != other]
    goes_on = other.span.first <= begins == turn.today and other.span.last < span.last
    if not goes_on or overlap(grant, rest):
        reason = (
            f"overlaps the same right from {other.span.first} until "
            f"{other.span.last}, expected days that do not: `oikeus renew` gives it "
            "another last day"
        )
        raise conflict(reason)
    _check_not_of_files(turn, other)
    return Given(grant, other, power)


def judge_renewal(turn: Turn, request: PowerRequest, last: date | None = None) -> Given:
    """Judge a renewal: other days for an equal grant that has not ended.

    Args:
        turn: in which it happens.
        request: who renews what for whom, and where.
        last: the new last day; as the catalogue has it for a new grant unless told.

    Raises:
        Barred: the policy does not allow it, or there is nothing to renew.
    """
    power = _power(turn, request)
    there = [each for each in _equal(turn, request) if each.span.last >= turn.today]
    if not there:
        reason = "there is no such grant to renew, expected `oikeus grant`"
        raise conflict(reason)
    old, *rest = sorted(there, key=lambda each: each.span)
    begins = max(old.span.first, turn.today)
    span = span_of(turn.snapshot, request.role, begins, last, turn.today)
    grant = Grant(request.recipient, request.role, request.organisation, span)
    if old.span.last == span.last:
        return Given(old, old, power)
    if last is None and span.last < old.span.last:
        reason = (
            f"the grant lasts until {old.span.last} already, longer than a new one "
            f"would ({span.last}): name a last day to end it sooner"
        )
        raise conflict(reason)
    other = overlap(grant, rest)
    if other:
        reason = (
            f"overlaps the same right from {other.span.first} until "
            f"{other.span.last}, expected a last day before that"
        )
        raise conflict(reason)
    _check_not_of_files(turn, old)
    return Given(grant, old, power)


def _power(turn: Turn, request: PowerRequest) -> Line:
    """The line that gives the power on this day."""
    snapshot = turn.snapshot
    answer = snapshot.evaluator.ask(request, turn.today)
    if not answer.allowed or answer.rule is None:
        raise barred(turn.store, snapshot, request, turn.today)
    return answer.rule


def _equal(turn: Turn, request: PowerRequest) -> list[Grant]:
    """The grants of what is asked for, whatever their days."""
    return turn.equal(request.recipient, request.role, request.organisation)


def _check_not_of_files(turn: Turn, grant: Grant) -> None:
    """Refuse to renew what policy files say: they would say it again.

    Raises:
        Barred: naming the place.
    """
    stored = turn.writer.find([grant.line]).get(grant.line)
    if stored is not None and stored.line.source is not None:
        reason = f"the grant comes from {stored.line.source}: change it there"
        raise conflict(reason)
