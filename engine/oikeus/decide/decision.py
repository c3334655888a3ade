"""The answer to a question, with everything that a reader of it may ask next.

A reason is written for services: it names roles, organisations and lines of policy,
never people. It is a sentence in lower case without a final stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..terms import Effect, Grant, Line, PowerRequest, Request


class Cause(Enum):
    """What alone stood between a request and an allow."""

    RULE = "denied by a rule"
    BLOCKED = "blocked"
    NOT_BEGUN = "not begun"
    ENDED = "ended"
    ELSEWHERE = "held elsewhere"
    INERT = "inert"
    SELF = "granted to oneself"
    KIND = "wrong kind of holder"
    CREDENTIAL = "no credential"
    LEVEL = "wrong level"
    MODE = "wrong transfer mode"
    STATUS = "wrong status"


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that, had it been otherwise, would have made the answer an allow.

    Attributes:
        cause: for programs.
        text: for people; lower case, no final stop.
        organisation: where the grant is that it tells of, or what bars new ones;
            nothing where it tells of the organisation asked about.
        brief: the same for whoever is not to know of that organisation; blank where it
            tells of none.
    """

    cause: Cause
    text: str
    organisation: str | None = None
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An allow or a deny, and why.

    Attributes:
        effect: the answer. A decision is true in a condition only when it allows.
        request: the question.
        at: the day decided for.
        version: the version of the policy that decided; 0 for files never committed.
        rule: the determining rule or power line; none when no line matched.
        grant: the grant of the subject (the granter) that the rule came through.
        reason: one sentence.
        misses: for a deny, the least that would have had to be otherwise, together.
        roles: for a deny, the roles with which another subject of this kind would be
            allowed here; of a power, the roles that have it, be it elsewhere.
        granters: for a deny, the roles whose holders could grant one of `roles` here or
            above; of a power, the roles whose holders could grant what was asked here.
    """

    effect: Effect
    request: Request | PowerRequest
    at: date
    version: int
    reason: str
    rule: Line | None = None
    grant: Grant | None = None
    misses: tuple[Miss, ...] = ()
    roles: tuple[str, ...] = ()
    granters: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the answer is allow."""
        return self.effect is Effect.ALLOW

    def __bool__(self) -> bool:
        # `if point.decide(…)` must never mistake a deny for a yes
        return self.allowed
