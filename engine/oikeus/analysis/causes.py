"""What made somebody able to do something, or no longer able, in a few words.

A cause names the line that changed where one line did it; else it is the reason that a
decision gives.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ..decide.decision import Decision
from ..decide.explain_access import explain_access
from ..decide.snapshot import Snapshot
from ..terms import Grant, Line, Request


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an answer is another one now.

    Attributes:
        text: in words; lower case, no final stop.
        day: the day that did it by beginning; nothing where a version did.
        line: the grant or rule that the answer rests on, or rested on.
    """

    text: str
    day: date | None = None
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The lines that a version brought and took away."""

    came: Collection[Line] = ()
    went: Collection[Line] = ()


def found_open(snapshot: Snapshot, day: date, request: Request) -> Cause:
    """Why something is allowed that nobody saw begin."""
    decision = _decided(snapshot, day, request)
    if decision.grant is None:
        return Cause(decision.reason, line=decision.rule)
    return Cause(_grant_text(decision.grant), line=decision.grant.line)


def opened_by_day(snapshot: Snapshot, day: date, request: Request) -> Cause:
    """Why something is allowed from this day on."""
    decision = _decided(snapshot, day, request)
    grant = decision.grant
    if grant is None or grant.span.first != day:
        return Cause(decision.reason, day=day)
    text = f"the {_grant_text(grant)} began on {day.isoformat()}"
    return Cause(text, day=day, line=grant.line)


def closed_by_day(
    snapshot: Snapshot, days: tuple[date, date], request: Request
) -> Cause:
    """Why something is not allowed from the second of these days on, and was before."""
    before, day = days
    grant = _decided(snapshot, before, request).grant
    if grant is None or grant.span.last != before:
        return Cause(_decided(snapshot, day, request).reason, day=day)
    text = f"the {_grant_text(grant)} ended on {before.isoformat()}"
    return Cause(text, day=day, line=grant.line)


def opened_by_version(
    snapshot: Snapshot, day: date, request: Request, changed: Changed
) -> Cause:
    """Why something is allowed since this version."""
    decision = _decided(snapshot, day, request)
    grant, rule = decision.grant, decision.rule
    if grant is not None and grant.line in changed.came:
        text = _grant_text(grant)
    elif rule in changed.came:
        text = f"rule `{rule}`"
    elif _block(request) in changed.went:
        text = "unblocked"
    else:
        text = decision.reason
    return Cause(text, line=grant.line if grant else rule)


def closed_by_version(
    snapshots: tuple[Snapshot, Snapshot],
    day: date,
    request: Request,
    changed: Changed,
) -> Cause:
    """Why something is not allowed since the second of these versions."""
    before, after = snapshots
    decision = _decided(before, day, request)
    grant, rule = decision.grant, decision.rule
    if grant is not None and grant.line in changed.went:
        text = f"{_grant_text(grant)} taken back"
    elif rule in changed.went:
        text = f"rule `{rule}` taken out"
    elif _block(request) in changed.came:
        text = "blocked"
    else:
        text = _decided(after, day, request).reason
    return Cause(text, line=grant.line if grant else rule)


def _decided(snapshot: Snapshot, day: date, request: Request) -> Decision:
    answer = snapshot.evaluator.ask(request, day)
    return explain_access(snapshot, request, day, answer)


def _block(request: Request) -> Line:
    return Line("g3", (request.subject, "blocked"))


def _grant_text(grant: Grant) -> str:
    return f"grant of {grant.role.removeprefix('role:')} at {grant.organisation}"
