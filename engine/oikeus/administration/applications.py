"""Applications (R12): a subject asks for a role, and whoever has the power decides.

An application is decided once, by somebody else, or lapses. To approve it is to grant:
it passes every rule of granting on that day, in one transaction with the head locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from ..decide.access import check_kind
from ..decide.strangers import roles_granting
from ..decide.wording import bare
from ..errors import RequestError
from ..store import (
    Application,
    ApplicationFilter,
    ApplicationState,
    ApplicationStep,
    Change,
)
from ..terms import Line, PowerRequest, check_parts, check_subject, kind_of
from .blocks import check_reason, check_texts
from .delegation.acting import (
    Acting,
    Granted,
    check_kinds,
    commit_given,
    days_of,
    granted_of,
    role_of,
)
from .delegation.applying import (
    can_decide,
    check_not_blocked,
    check_not_own,
    check_open,
    find_application,
    judge_request,
    power_to_decide,
)
from .delegation.granting import judge_grant
from .delegation.turns import Turn, bar


@dataclass(frozen=True, slots=True)
class Requested:
    """An application that was made.

    Attributes:
        application: as it stands, open.
        apply_to: where to apply for the role besides, by the catalogue.
        granters: the roles, without prefix, whose holders could grant it.
    """

    application: Application
    apply_to: str | None
    granters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """An application that was granted.

    Attributes:
        application: as it stands, granted.
        granted: what that gave.
    """

    application: Application
    granted: Granted


class ApplicationActs(Acting):
    """Applying for roles, and deciding that; `Administration` says what each raises."""

    def request(
        self, subject: str, role: str, organisation: str, *, reason: str = ""
    ) -> Requested:
        """Apply for a role.

        Args:
            subject: who applies, and is to hold it.
            role: with or without `role:` before it.
            organisation: where; it covers all below it.
            reason: why, for who decides and for the history.

        Raises:
            RefusedError: nobody could grant it as things are, it is held or open
                already, or the subject is blocked.
        """
        asked = PowerRequest(subject, subject, role_of(role), organisation)
        check_texts(reason=reason, actor=self._actor)
        with self._turn(asked.organisation) as turn:
            check_kinds(turn, subject)
            last = judge_request(turn, asked)
            step = ApplicationStep(
                ApplicationState.REQUESTED,
                asked.recipient,
                asked.role,
                asked.organisation,
                last,
                reason.strip(),
            )
            number = turn.writer.commit(self._change("request", step))
            snapshot = turn.snapshot
            made = find_application(turn, number)
        roles, kind = (asked.role,), kind_of(asked.recipient)
        places = (asked.organisation,)
        able = roles_granting(snapshot, roles, kind, places, turn.today)
        entry = (
            snapshot.catalogue.roles.get(bare(asked.role))
            if snapshot.catalogue
            else None
        )
        contact = entry.apply_to if entry else None
        return Requested(made, contact, tuple(map(bare, able)))

    def applications(
        self,
        *,
        to: str | None = None,
        by: str | None = None,
        states: Iterable[ApplicationState] | None = None,
    ) -> tuple[Application, ...]:
        """The applications there are, as they stand today, by their ids.

        Args:
            to: only those open that this approver has the power to decide.
            by: only those of this subject.
            states: only those in one of these.

        Raises:
            RequestError: what is given is no subject, or no state.
            StoreError: the database cannot be read, or holds no policy.
        """
        to, by = _subject(approver=to), _subject(subject=by)
        wanted = {*ApplicationState} if states is None else _states(states)
        if to is not None:
            wanted &= {ApplicationState.REQUESTED}
        only = ApplicationFilter(subject=by, states=tuple(wanted))
        today = self.today()
        found = self._current.store.applications(only, day=today)
        if to is None:
            return found
        snapshot = self.snapshot()
        check_kind(snapshot.kinds, to)
        return tuple(each for each in found if can_decide(snapshot, each, to, today))

    def approve(
        self,
        application: int,
        *,
        granter: str,
        first: date | None = None,
        last: date | None = None,
        reason: str = "",
    ) -> Approved:
        """Grant what is applied for, on the power of somebody else.

        Args:
            application: its id.
            granter: on whose power.
            first: the first day of the grant; today unless told.
            last: its last day; as the catalogue has it unless told.
            reason: why, for the history.

        Raises:
            RefusedError: it was decided, has lapsed, is the granter's own, or could not
                be granted by any other way today.
        """
        days = days_of(first, last)
        granter = self._checked(granter, reason)
        with self._turn_over(application, granter) as (turn, found):
            check_not_own(found, granter)
            if found.state is not ApplicationState.REQUESTED:
                # who decided is told to those only who could have
                power_to_decide(turn, found, granter)
                check_open(found)
            asked = PowerRequest(granter, found.subject, found.role, found.organisation)
            given = judge_grant(turn, asked, *days)
            step = found.step(ApplicationState.GRANTED, reason.strip())
            change = self._change("approve", step, granter, given.power)
            version = commit_given(turn, given, change)
            decided = find_application(turn, found.id)
            return Approved(decided, granted_of(turn, given, version))

    def reject(self, application: int, *, granter: str, reason: str) -> Application:
        """Refuse what is applied for; no level, mode or status stands in the way.

        Raises:
            RefusedError: it was decided, has lapsed, is the granter's own, or the
                granter has no power over what is applied for.
            DelegationError: no reason was given.
        """
        granter = self._checked(granter, reason)
        check_reason(reason, "why the application is rejected")
        with self._turn_over(application, granter) as (turn, found):
            power = power_to_decide(turn, found, granter)
            check_open(found)
            step = found.step(ApplicationState.REJECTED, reason.strip())
            turn.writer.commit(self._change("reject", step, granter, power))
            return find_application(turn, found.id)

    def withdraw(
        self, application: int, *, subject: str, reason: str = ""
    ) -> Application:
        """Take back one's own application.

        Raises:
            RefusedError: it was decided, has lapsed, or is somebody else's; or the
                subject is blocked.
        """
        subject = self._checked(subject, reason)
        with self._turn_over(application, subject) as (turn, found):
            if subject != found.subject:
                text = (
                    f"application {found.id} is another subject's, expected its "
                    "applicant, or `oikeus reject`"
                )
                raise bar(text)
            check_not_blocked(turn, subject)
            check_open(found)
            step = found.step(ApplicationState.WITHDRAWN, reason.strip())
            turn.writer.commit(self._change("withdraw", step))
            return find_application(turn, found.id)

    @contextmanager
    def _turn_over(
        self, application: int, who: str
    ) -> Iterator[tuple[Turn, Application]]:
        """Wait for a turn in which somebody decides an application; see `_turn`."""
        with self._current.turn(self.today) as turn:
            check_kinds(turn, who)
            found = find_application(turn, application)
            self._admit(turn, found.organisation)
            yield turn, found

    def _checked(self, who: str, reason: str) -> str:
        """Who acts, as plain text."""
        (text,) = check_parts(granter=who)
        check_texts(reason=reason, actor=self._actor)
        return text

    def _change(
        self,
        act: str,
        step: ApplicationStep,
        granter: str | None = None,
        power: Line | None = None,
    ) -> Change:
        """The version of a step, which says what was done where no reason was given."""
        gives = step.state is ApplicationState.GRANTED
        return Change(
            "grant" if gives else "application",
            self._actor,
            step.reason or f"{act} {bare(step.role)} at {step.organisation}",
            granter=granter,
            power=None if power is None else str(power),
            application=step,
        )


def _subject(**named: str | None) -> str | None:
    """A subject as plain text; nothing where there is none.

    Raises:
        RequestError: it is none.
    """
    ((name, subject),) = named.items()
    if subject is None:
        return None
    (text,) = check_parts(**{name: subject})
    check_subject(name, text)
    return text


def _states(states: Iterable[ApplicationState]) -> set[ApplicationState]:
    """The states asked for; a service has them as texts.

    Raises:
        RequestError: one of them is none.
    """
    try:
        return {ApplicationState(state) for state in states}
    except (ValueError, TypeError):
        known = ", ".join(state.value for state in ApplicationState)
        message = f"unknown state of an application, expected some of {known}"
        raise RequestError(message) from None
