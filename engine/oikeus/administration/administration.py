"""The administration point (PAP): acts of people, each on the power that they hold.

An act is decided and committed in one transaction with the head locked. The version
that it makes records the actor, who was authenticated, and the granter, on whose power
it rests, with the line that gives it and the reason that was stated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from ..decide.access import check_kind
from ..decide.allowing import checked_day, today_in_finland
from ..decide.decision_point import role_id
from ..decide.held import is_blocked
from ..decide.wording import bare
from ..store import Change, Store
from ..terms import Grant, Line, PowerRequest, RevocationRequest, check_parts
from .blocks import block_line, check_reason, check_texts
from .delegation.blocking import power_to_block, power_to_unblock
from .delegation.credentials import judge_registration
from .delegation.granting import Given, judge_grant, judge_renewal
from .delegation.revoking import judge_revocation
from .delegation.turns import Current, Turn


@dataclass(frozen=True, slots=True)
class Granted:
    """What granting, renewing or registering did.

    Attributes:
        version: the version it made; the head as it was where nothing changed.
        changed: whether it made one.
        grant: what is in force.
        replaced: the equal grant that it took the place of, with other days.
        power: the line of the policy that it rests on.
        warnings: what keeps it from taking effect, for now.
    """

    version: int
    changed: bool
    grant: Grant
    replaced: Grant | None
    power: Line
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revoked:
    """What a revocation did.

    Attributes:
        version: the version it made.
        grants: those that are gone: of days to come as well.
        power: the line of the policy that it rests on; nothing for one's own right.
        warnings: where policy files say a grant, and will say it again.
    """

    version: int
    grants: tuple[Grant, ...]
    power: Line | None
    warnings: tuple[str, ...] = ()


class Administration:
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

    def __init__(
        self,
        store: Store,
        *,
        actor: str,
        today: Callable[[], date] = today_in_finland,
    ) -> None:
        self._current = Current(store)
        self._actor = actor
        self._clock = today

    def acting(self, actor: str) -> Self:
        """The same administration for another actor; what is loaded is shared."""
        other = type(self)(self._current.store, actor=actor, today=self._clock)
        other._current = self._current  # noqa: SLF001 # of the same class
        return other

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
        request = PowerRequest(granter, subject, _role(role), organisation)
        days = _days(first, last)

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
        request = PowerRequest(granter, subject, _role(role), organisation)
        _, ending = _days(None, last)

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
        request = RevocationRequest(granter, subject, _role(role), organisation)
        check_texts(reason=reason, actor=self._actor)
        with self._current.turn(self._today) as turn:
            _check_kinds(turn, granter, subject)
            taken = judge_revocation(turn, request)
            version = turn.writer.commit(
                Change(
                    "revoke",
                    self._actor,
                    _message(reason, "revoke", request),
                    remove=tuple(grant.line for grant in taken.grants),
                    granter=granter,
                    power=None if taken.power is None else str(taken.power),
                )
            )
        again = "say it too: take it out, or the next `oikeus apply` gives it again"
        warnings = tuple(f"the policy files {again} ({at})" for at in taken.written)
        return Revoked(version, taken.grants, taken.power, warnings)

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
        check_parts(granter=granter, name=name, organisation=organisation)
        check_texts(reason=reason, actor=self._actor)
        with self._current.turn(self._today) as turn:
            _check_kinds(turn, granter)
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

    def block(self, subject: str, *, granter: str, reason: str) -> int | None:
        """Deny a subject everything, on a power over one of its grants (ruling N).

        Returns:
            the version made, or nothing where the subject is blocked already.

        Raises:
            RefusedError: the granter has no power over any of its grants.
        """
        return self._block(subject, granter, reason, lifts=False)

    def unblock(self, subject: str, *, granter: str, reason: str = "") -> int | None:
        """Let a subject's grants work again, on a power over each of them.

        Returns:
            the version made, or nothing where the subject is not blocked.

        Raises:
            RefusedError: there is a grant that the granter has no power over.
        """
        return self._block(subject, granter, reason, lifts=True)

    def _today(self) -> date:
        return checked_day(self._clock())

    def _give(
        self,
        act: str,
        request: PowerRequest,
        judge: Callable[[Turn], Given],
        reason: str,
    ) -> Granted:
        """Decide and commit what gives somebody a right, in one turn."""
        check_texts(reason=reason, actor=self._actor)
        with self._current.turn(self._today) as turn:
            _check_kinds(turn, request.granter, request.recipient)
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
            warnings = warnings_of(turn, request.recipient)
        changed = given.replaced != given.grant
        return Granted(
            version,
            changed,
            given.grant,
            given.replaced if changed else None,
            given.power,
            warnings,
        )

    def _block(
        self, subject: str, granter: str, reason: str, *, lifts: bool
    ) -> int | None:
        line = block_line(subject)
        check_parts(granter=granter)
        check_texts(reason=reason, actor=self._actor)
        if not lifts:
            check_reason(reason)
        with self._current.turn(self._today) as turn:
            _check_kinds(turn, granter, subject)
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


def commit_given(turn: Turn, given: Given, change: Change) -> int:
    """Commit a grant that was judged in this turn, in the place of one it replaces.

    Args:
        turn: in which it was judged.
        given: what it comes to.
        change: who, why and on whose power.
    """
    if given.replaced == given.grant:
        return turn.writer.head
    new = given.grant.line
    old = () if given.replaced is None else (given.replaced.line,)
    in_place = dict(zip((new,), old, strict=False))
    return turn.writer.commit(
        replace(change, add=(new,), remove=old), in_place=in_place
    )


def warnings_of(turn: Turn, subject: str) -> tuple[str, ...]:
    """What keeps a subject's new grant from taking effect."""
    if is_blocked(turn.snapshot, subject):
        return ("the subject is blocked: the grant works when the block is lifted",)
    return ()


def _check_kinds(turn: Turn, *subjects: str) -> None:
    for subject in subjects:
        check_kind(turn.snapshot.kinds, subject)


def _role(role: str) -> str:
    (text,) = check_parts(role=role)
    return role_id(text)


def _days(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days as plain dates.

    Raises:
        RequestError: one of them is something else.
    """
    days = (None if day is None else checked_day(day) for day in (first, last))
    beginning, ending = days
    return beginning, ending


def _message(reason: str, act: str, request: PowerRequest) -> str:
    return reason.strip() or f"{act} {bare(request.role)} at {request.organisation}"
