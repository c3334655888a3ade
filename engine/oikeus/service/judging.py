"""Decides questions by one version, on one day, with brief reasons in one language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ..decide.grants import role_of
from ..decide.held import is_blocked
from ..decide.sent import values_of
from ..decide.through import role_named
from ..terms import Grant, Line, PowerRequest, Request
from .bodies import Explained
from .questions import Question, Questions, refused
from .wording import Brief, brief

_NOT_TODAY = Brief.NO_ROLE_THEN, Brief.NO_POWER_THEN


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and why.

    Attributes:
        allowed: the answer.
        reason: one sentence.
        rule: the line that determined it, where that is known.
        grant: the grant that it came through, where that is known.
        explained: the whole explanation, where it was asked for.
    """

    allowed: bool
    reason: str
    rule: Line | None = None
    grant: Grant | None = None
    explained: Explained | None = None


class Judge:
    """Decides questions by one version, on one day, for one reader.

    Args:
        questions: reads what is asked of this version.
        day: decided for.
        tongue: in which reasons are given.
        is_today: whether they may call that day today.

    Attributes:
        snapshot: the version.
        day: decided for.
        ordinal: its number.
        questions: reads what is asked.
    """

    def __init__(
        self, questions: Questions, day: date, tongue: str, *, is_today: bool = True
    ) -> None:
        self.snapshot = snapshot = questions.snapshot
        self.day = day
        self.questions = questions
        self.ordinal = day.toordinal()
        self._behind = snapshot.access.behind
        self._tongue = tongue
        self._no_role, self._no_power = _NOT_TODAY
        if is_today:
            self._no_role, self._no_power = Brief.NO_ROLE, Brief.NO_POWER
        self._roles: dict[str | None, Verdict] = {}
        self._briefs: dict[Brief, Verdict] = {}

    def on(self, day: date | None) -> Judge:
        """Who decides by the same version on another day; this one where there is none.

        It never calls that day today: where it is, it may be over before it is read.
        """
        if day is None:
            return self
        return Judge(self.questions, day, self._tongue, is_today=False)

    def check(self, organisation: str) -> None:
        """Refuse a question about an organisation that is not loaded here.

        Raises:
            HttpError: 400, naming the one that is.
        """
        scope = self.snapshot.scope
        if scope is not None and organisation not in scope.within:
            detail = f"this service decides about `{scope.top}` and what is below it"
            raise refused(detail)

    def verdict(self, question: Question) -> Verdict:
        """Decide a question about an organisation that is loaded.

        Raises:
            ModelError: the matcher failed; nothing was decided.
        """
        if isinstance(question, Request):
            return self._access(question)
        return self._power(question)

    def found(self, by: str | bool | None) -> Verdict:  # noqa: FBT001 # as `plain` says it
        """The verdict on what a table says, where nothing but the tables is asked.

        Args:
            by: the holder that is allowed it; a deny where it is none.
        """
        if isinstance(by, str):
            return self._by(role_of(by))
        return self._brief(self._no_role)

    def _access(self, request: Request) -> Verdict:
        snapshot, subject = self.snapshot, request.subject
        found = self._behind(
            subject,
            request.action,
            request.resource,
            request.organisation,
            self.ordinal,
            *(request.attributes and values_of(snapshot.model, request.attributes)),
        )
        if isinstance(found, str):
            return self._by(role_of(found))
        if found is True:
            return self._by(role_named(snapshot, request, self.day))
        if is_blocked(snapshot, subject):
            return self._brief(Brief.BLOCKED)
        if snapshot.access.form != "allowing":
            rule = snapshot.evaluator.ask(request, self.day).rule
            if rule is not None:
                return replace(self._brief(Brief.FORBIDDEN), rule=rule)
        return self._brief(self._no_role)

    def _power(self, request: PowerRequest) -> Verdict:
        answer = self.snapshot.evaluator.ask(request, self.day)
        if answer.allowed:
            rule, role = answer.rule, None
            # everybody may give up what they have, whichever role a rule names
            if rule is not None and request.granter != request.recipient:
                role = self.snapshot.model.value(rule, "sub")
            return replace(self._by(role), rule=rule)
        blocked = is_blocked(self.snapshot, request.granter)
        why = Brief.BLOCKED if blocked else self._no_power
        return self._brief(why)

    def _by(self, role: str | None) -> Verdict:
        """An allow; the same one for all that come through a role."""
        if role not in self._roles:
            why = Brief.ALLOWED if role is None else Brief.ROLE
            reason = brief(self.snapshot, self._tongue, why, role)
            self._roles[role] = Verdict(allowed=True, reason=reason)
        return self._roles[role]

    def _brief(self, why: Brief) -> Verdict:
        """A deny."""
        if why not in self._briefs:
            reason = brief(self.snapshot, self._tongue, why)
            self._briefs[why] = Verdict(allowed=False, reason=reason)
        return self._briefs[why]
