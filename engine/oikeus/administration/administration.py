"""The administration point (PAP): acts of people, each on the power that they hold.

An act is decided and committed in one transaction with the head locked. The version
that it makes records the actor, who was authenticated, and the granter, on whose power
it rests, with the line that gives it and the reason that was stated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ..decide.wording import bare
from ..store import Change
from ..terms import PowerRequest, RevocationRequest, check_parts
from .applications import ApplicationActs
from .blocks import WHY_BLOCKED, block_line, check_reason, check_texts
from .delegation.acting import (
    Granted,
    Revoked,
    check_kinds,
    commit_given,
    days_of,
    granted_of,
    revoked_of,
    role_of,
)
from .delegation.blocking import power_to_block, power_to_unblock
from .delegation.credentials import judge_registration, judge_removal
from .delegation.granting import Given, judge_grant, judge_renewal
from .delegation.revoking import Taken, judge_revocation
from .delegation.turns import Turn

__all__ = ["Administration", "Granted", "Revoked"]


class Administration(ApplicationActs):
    """Acts on the rights in a database; safe to use from many threads.

    Every act raises, besides what it says itself:
        RefusedError: the policy does not allow it; nothing was written.
        RequestError: a part that no question can have.
        DelegationError: a reason that is no text.
        StoreError: the database cannot be written, or holds no policy.
        ModelError: this program cannot use the model in force.

    Args:
        store: the database.
        actor: who acts: a subject, or an operating-system user.
        today: the clock.
    """

    def grant(  # noqa: PLR0913 # what a grant is made of
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        granter: str,
        first: date | None = None,
        last: date | None = None,
        reason: str = "",
    ) -> Granted:
        """Give a subject a role at an organisation (R6-R14).

        An equal grant in force that ends sooner is renewed and not doubled.

        Args:
            subject: who is to hold it.
            role: with or without `role:` before it.
            organisation: where; it covers all below it.
            granter: on whose power.
            first: the first day; today unless told.
            last: the last day; as the catalogue has it unless told.
            reason: why, for the history.

        Raises:
            RefusedError: the granter has no such power today, the days are not allowed,
                or an equal grant overlaps them.
        """
        request = PowerRequest(granter, subject, role_of(role), organisation)
        days = days_of(first, last)

        def judge(turn: Turn) -> Given:
            return judge_grant(turn, request, *days)

        return self._give("grant", request, judge, reason)

    def renew(  # noqa: PLR0913 # what a renewal is made of
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        granter: str,
        last: date | None = None,
        reason: str = "",
    ) -> Granted:
        """Give a grant in force another last day; judged as a new grant from today.

        Raises:
            RefusedError: the granter has no such power today, the days are not allowed,
                or there is no such grant.
        """
        request = PowerRequest(granter, subject, role_of(role), organisation)
        _, ending = days_of(None, last)

        def judge(turn: Turn) -> Given:
            return judge_renewal(turn, request, ending)

        return self._give("renew", request, judge, reason)

    def revoke(
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        granter: str,
        reason: str = "",
    ) -> Revoked:
        """Take a right away at once, or give up one's own (rulings E and H).

        Raises:
            RefusedError: the granter has no such power, or there is no such grant.
        """
        request = RevocationRequest(granter, subject, role_of(role), organisation)
        check_texts(reason=reason, actor=self._actor)
        with self._turn(request.organisation) as turn:
            check_kinds(turn, request.granter, request.recipient)
            taken = judge_revocation(turn, request)
            message = _message(reason, "revoke", request)
            return self._take(turn, taken, "revoke", request.granter, message)

    def create_credential(
        self, name: str, organisation: str, *, granter: str, reason: str = ""
    ) -> Granted:
        """Register a credential at an organisation; its rights are granted apart (J).

        Args:
            name: with or without the kind of subject before it.
            organisation: it can be granted rights there and below.
            granter: who registers it.
            reason: why, for the history.

        Raises:
            RefusedError: the policy does not permit it, or the name is taken.
        """
        # plain texts: another sort of text may say something else when it is written
        granter, name, organisation = check_parts(
            granter=granter, name=name, organisation=organisation
        )
        check_texts(reason=reason, actor=self._actor)
        with self._turn(organisation) as turn:
            check_kinds(turn, granter)
            done = judge_registration(turn, granter, name, organisation)
            message = reason.strip() or f"create a credential at {organisation}"
            version = turn.writer.commit(
                Change(
                    "credential",
                    self._actor,
                    message,
                    add=(done.grant.line,),
                    granter=granter,
                    power=str(done.rule),
                )
            )
        return Granted(
            version, changed=True, grant=done.grant, replaced=None, power=done.rule
        )

    def remove_credential(
        self, name: str, organisation: str, *, granter: str, reason: str = ""
    ) -> Revoked:
        """Take a credential off an organisation; its name can be used again.

        Raises:
            RefusedError: the policy does not permit it, it is not registered there, or
                it holds a right there or below.
        """
        granter, name, organisation = check_parts(
            granter=granter, name=name, organisation=organisation
        )
        check_texts(reason=reason, actor=self._actor)
        with self._turn(organisation) as turn:
            check_kinds(turn, granter)
            taken = judge_removal(turn, granter, name, organisation)
            message = reason.strip() or f"remove a credential from {organisation}"
            return self._take(turn, taken, "credential", granter, message)

    def block(self, subject: str, *, granter: str, reason: str) -> int | None:
        """Deny a subject everything, on a power over one of its grants (ruling N).

        Returns:
            the version made, or nothing where the subject is blocked already.

        Raises:
            RefusedError: the granter has no power over any of its grants, or does not
                stand above each power among them.
        """
        return self._block(subject, granter, reason, lifts=False)

    def unblock(self, subject: str, *, granter: str, reason: str = "") -> int | None:
        """Let a subject's grants work again, standing above each of them (ruling N).

        Returns:
            the version made, or nothing where the subject is not blocked.

        Raises:
            RefusedError: there is a grant that the granter does not stand above.
        """
        return self._block(subject, granter, reason, lifts=True)

    def _give(
        self,
        act: str,
        request: PowerRequest,
        judge: Callable[[Turn], Given],
        reason: str,
    ) -> Granted:
        """Decide and commit what gives somebody a right, in one turn."""
        check_texts(reason=reason, actor=self._actor)
        with self._turn(request.organisation) as turn:
            check_kinds(turn, request.granter, request.recipient)
            given = judge(turn)
            version = commit_given(
                turn,
                given,
                Change(
                    act,
                    self._actor,
                    _message(reason, act, request),
                    granter=request.granter,
                    power=str(given.power),
                ),
            )
            return granted_of(turn, given, version)

    def _take(
        self, turn: Turn, taken: Taken, origin: str, granter: str, message: str
    ) -> Revoked:
        """Commit that grants go, which was judged in this turn."""
        change = Change(
            origin,
            self._actor,
            message,
            remove=tuple(grant.line for grant in taken.grants),
            granter=granter,
            power=None if taken.power is None else str(taken.power),
        )
        return revoked_of(taken, turn.writer.commit(change))

    def _block(
        self, subject: str, granter: str, reason: str, *, lifts: bool
    ) -> int | None:
        line = block_line(subject)
        granter, subject = check_parts(granter=granter, subject=subject)
        check_texts(reason=reason, actor=self._actor)
        if not lifts:
            check_reason(reason, WHY_BLOCKED)
        with self._turn(None) as turn:
            check_kinds(turn, granter, subject)
            judge = power_to_unblock if lifts else power_to_block
            power = judge(turn, granter, subject)
            is_blocked_now = bool(turn.writer.find([line]))
            if is_blocked_now is not lifts:
                return None
            return turn.writer.commit(
                Change(
                    "block",
                    self._actor,
                    reason.strip() or "lift the block",
                    add=() if lifts else (line,),
                    remove=(line,) if lifts else (),
                    granter=granter,
                    power=None if power is None else str(power),
                )
            )


def _message(reason: str, act: str, request: PowerRequest) -> str:
    return reason.strip() or f"{act} {bare(request.role)} at {request.organisation}"
