"""Carrying decisions of a review out: all of them as one version, or none.

Each is judged as if it were made alone, by the head itself and with the head locked. To
keep a grant takes the power to revoke it: whoever decides could have decided otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ...decide.access import check_kind
from ...decide.allowing import checked_day, today_in_finland
from ...decide.wording import bare
from ...errors import RefusedReviewError, RequestError, ReviewError
from ...store import Change, Store
from ...terms import (
    Grant,
    Line,
    PowerRequest,
    RevocationRequest,
    Source,
    check_parts,
    check_subject,
)
from ..blocks import check_texts
from ..delegation.granting import judge_renewal
from ..delegation.revoking import power_to_revoke, said_again
from ..delegation.turns import Barred, Current, Turn, bar
from .sheets import Decided, Verb, read_decisions

REVIEW = "review"
"""The origin of a version that is made of decisions."""


@dataclass(frozen=True, slots=True)
class AppliedReview:
    """What decisions did.

    Attributes:
        version: the version they made, also where all is kept; the head as it was
            where nothing was decided.
        changed: whether they made one.
        kept: grants that stay as they are.
        renewed: grants that took the place of others, as they are now.
        revoked: grants that are gone.
        warnings: where policy files say a grant that is gone, and will say it again.
    """

    version: int
    changed: bool
    kept: tuple[Grant, ...]
    renewed: tuple[Grant, ...]
    revoked: tuple[Grant, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a decision comes to: a grant goes, takes another one's place, or stays."""

    row: Decided
    removed: Grant | None = None
    added: Grant | None = None
    power: Line | None = None
    source: Source | None = None


def apply_review(  # noqa: PLR0913 # what a decision is made of
    store: Store,
    file: str,
    text: str,
    *,
    granter: str,
    actor: str,
    today: Callable[[], date] = today_in_finland,
) -> AppliedReview:
    """Carry out the decisions that somebody wrote into the CSV file of a review.

    Args:
        store: the database.
        file: the name of the file, for what is wrong with it.
        text: what it holds.
        granter: on whose power.
        actor: who does it.
        today: the day on which it happens.

    Raises:
        ReviewError: everything in the file that cannot be read; nothing was written.
        RefusedReviewError: every decision that the policy does not allow, or whose
            grant is not in force as it stands there; nothing was written.
        RequestError: the granter is nobody who can be asked about.
        DelegationError: the actor is no text.
        StoreError: the database cannot be written, or holds no policy.
        ModelError: this program cannot use the model in force, or a matcher failed.
    """
    check_parts(granter=granter)
    check_subject("granter", granter)
    check_texts(actor=actor)
    rows, problems = read_decisions(file, text)
    if problems:
        raise ReviewError(problems)
    refused: list[tuple[Decided, Barred]] = []
    with Current(store).turn(lambda: checked_day(today())) as turn:
        check_kind(turn.snapshot.kinds, granter)
        outcomes: list[_Outcome] = []
        for row in rows:
            try:
                outcomes.append(_judge(turn, granter, row))
            except Barred as barred:
                refused.append((row, barred))
        if not refused:
            return _commit(turn, granter, actor, outcomes)
    # why is told when others need not wait for it
    raise RefusedReviewError(
        row.problem(barred.explain().reason) for row, barred in refused
    )


def _judge(turn: Turn, granter: str, row: Decided) -> _Outcome:
    """Say what a decision comes to.

    Raises:
        Barred: it cannot be made by this granter today, or came too late.
    """
    grant = row.grant
    if grant not in turn.snapshot.facts.of(grant.subject):
        reason = "the grant is not in force as written here: it was changed since"
        raise bar(reason)
    if grant.span.last < turn.today:
        reason = f"the grant ended on {grant.span.last}"
        raise bar(reason)
    try:
        asked = PowerRequest(granter, grant.subject, grant.role, grant.organisation)
        revoking = RevocationRequest(
            granter, grant.subject, grant.role, grant.organisation
        )
    except RequestError as error:
        raise bar(str(error)) from error
    if row.verb is Verb.KEEP:
        if granter == grant.subject:
            reason = "nobody decides to keep their own right"
            raise bar(reason)
        return _Outcome(row, power=power_to_revoke(turn, revoking))
    if row.verb is Verb.REVOKE:
        power = power_to_revoke(turn, revoking)
        # this grant alone: another one of the same right has a row of its own
        stored = turn.writer.find([grant.line])[grant.line]
        return _Outcome(row, grant, power=power, source=stored.line.source)
    given = judge_renewal(turn, asked)
    if given.replaced != grant:
        reason = "another grant of the same right comes first: decide on that one"
        raise bar(reason)
    if given.grant == grant:
        return _Outcome(row, power=given.power)
    return _Outcome(row, grant, given.grant, given.power)


def _commit(
    turn: Turn, granter: str, actor: str, outcomes: Sequence[_Outcome]
) -> AppliedReview:
    removed = [each.removed for each in outcomes if each.removed]
    renewed = {
        each.added.line: each.removed.line
        for each in outcomes
        if each.added and each.removed
    }
    powers = dict.fromkeys(str(each.power) for each in outcomes if each.power)
    version = turn.writer.head
    if outcomes:
        version = turn.writer.commit(
            Change(
                REVIEW,
                actor,
                _message(outcomes),
                add=tuple(renewed),
                remove=tuple(grant.line for grant in removed),
                granter=granter,
                power="; ".join(powers) or None,
                # that somebody looked at it is what an auditor asks for
                attests=True,
            ),
            in_place=renewed,
        )
    return AppliedReview(
        version,
        bool(outcomes),
        tuple(each.row.grant for each in outcomes if not each.removed),
        tuple(each.added for each in outcomes if each.added),
        tuple(each.removed for each in outcomes if each.removed and not each.added),
        tuple(said_again(str(each.source)) for each in outcomes if each.source),
    )


def _message(outcomes: Iterable[_Outcome]) -> str:
    """How much of each was decided, and below that each decision with its reason."""
    counts = Counter(each.row.verb for each in outcomes)
    words = {Verb.RENEW: "renewed", Verb.REVOKE: "revoked", Verb.KEEP: "kept"}
    told = ", ".join(f"{counts[verb]} {words[verb]}" for verb in words if counts[verb])
    return "\n".join((told, *(_told(each.row) for each in outcomes)))


def _told(row: Decided) -> str:
    grant = row.grant
    decided = (
        f"{row.verb}: {bare(grant.role)} of {grant.subject} at {grant.organisation}, "
        f"{grant.span.first} until {grant.span.last}"
    )
    reason = " ".join(row.reason.split())
    return f"{decided}: {reason}" if reason else decided
