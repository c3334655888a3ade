"""Applying for a role (R12): what can be wished for, and who may decide it.

Whether a wish could come true is asked of the model, for somebody imagined who holds
all that can be held; who decides it is judged as granting and revoking are.
"""

from __future__ import annotations

from datetime import date

from ...decide.explain_power import hindrances, without_power
from ...decide.held import held_here, is_blocked
from ...decide.snapshot import Snapshot
from ...decide.wording import all_of, bare, place_text
from ...errors import RequestError
from ...policy.catalogue import Applications
from ...store import Application, ApplicationFilter, ApplicationState
from ...terms import Line, PowerRequest, RevocationRequest, kind_of
from .revoking import power_to_revoke
from .turns import Turn, bar, conflict


def judge_request(turn: Turn, request: PowerRequest) -> date:
    """Judge an application; refuse what could not be granted as things are.

    Args:
        turn: in which it happens.
        request: who applies for what, and where; as granter and as recipient.

    Returns:
        the last day on which it can be decided.

    Raises:
        Barred: nobody could grant it, it is held or open already, or the applicant is
            blocked.
    """
    snapshot, subject = turn.snapshot, request.recipient
    _check_possible(snapshot, request, turn.today)
    check_not_blocked(turn, subject)
    last = _last_day(snapshot, turn.today)
    equal = ApplicationFilter(
        subject=subject,
        role=request.role,
        organisation=request.organisation,
        states=(ApplicationState.REQUESTED,),
    )
    for there in turn.writer.applications(equal, day=turn.today):
        reason = (
            f"application {there.id} is the same and open until {there.until}, "
            "expected its decision"
        )
        raise conflict(reason)
    for grant in held_here(snapshot, subject, request.organisation, turn.today):
        if grant.role == request.role and grant.span.last >= last:
            place = place_text(snapshot, grant.organisation)
            reason = (
                f"`{bare(grant.role)}` is held already, at {place} until "
                f"{grant.span.last}, expected one that ends before {last}"
            )
            raise conflict(reason)
    return last


def check_not_blocked(turn: Turn, subject: str) -> None:
    """Refuse whoever is blocked: they are denied everything (ruling N).

    Raises:
        Barred: the subject is.
    """
    if is_blocked(turn.snapshot, subject):
        reason = f"`{subject}` is blocked, expected the block to be lifted first"
        raise bar(reason)


def _check_possible(snapshot: Snapshot, request: PowerRequest, today: date) -> None:
    """Refuse what nobody could grant today, however suitably placed.

    Raises:
        Barred: naming what stands in the way.
    """
    reason, is_all = without_power(snapshot, request)
    if is_all:
        raise bar(reason)
    subject = request.recipient
    misses = hindrances(
        snapshot, request.role, kind_of(subject), request.organisation, today, subject
    )
    if misses:
        raise bar(all_of(misses))


def _last_day(snapshot: Snapshot, today: date) -> date:
    known = snapshot.catalogue.applications if snapshot.catalogue else Applications()
    return known.open_for.last_day(today)


def find_application(turn: Turn, number: int) -> Application:
    """An application, as it stands today.

    Raises:
        RequestError: there is none of this id.
    """
    for found in turn.writer.applications(ApplicationFilter(number), day=turn.today):
        return found
    message = f"there is no application {number!a}, expected one of `oikeus requests`"
    raise RequestError(message)


def power_to_decide(turn: Turn, application: Application, granter: str) -> Line | None:
    """The line that gives power over what is applied for, whatever bars granting it.

    Raises:
        Barred: there is none, or it is the granter's own application.
    """
    check_not_own(application, granter)
    return power_to_revoke(turn, _revocation(application, granter))


def check_not_own(application: Application, granter: str) -> None:
    """Refuse to decide what one has applied for oneself.

    Raises:
        Barred: it is the granter's own.
    """
    if granter == application.subject:
        reason = (
            f"nobody decides an application of their own, and {application.id} is, "
            "expected another approver, or `oikeus withdraw`"
        )
        raise bar(reason)


def check_open(application: Application) -> None:
    """Refuse to decide what was decided, or has lapsed.

    Raises:
        Barred: naming who decided it and how.
    """
    state = application.state
    if state is ApplicationState.REQUESTED:
        return
    if state is ApplicationState.LAPSED:
        reason = (
            f"application {application.id} has lapsed: it could be decided until "
            f"{application.until}, expected a new one"
        )
        raise conflict(reason)
    reason = (
        f"application {application.id} was {state.value} already, by "
        f"{application.decided_by} in version {application.version}"
    )
    raise conflict(reason)


def can_decide(
    snapshot: Snapshot, application: Application, granter: str, today: date
) -> bool:
    """Whether somebody has power over what is applied for; nobody over their own."""
    if granter == application.subject:
        return False
    asked = _revocation(application, granter)
    return snapshot.evaluator.ask(asked, today).allowed


def _revocation(application: Application, granter: str) -> RevocationRequest:
    return RevocationRequest(
        granter, application.subject, application.role, application.organisation
    )
