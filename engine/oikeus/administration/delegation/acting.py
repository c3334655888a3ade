"""What all acts have in common: an actor, a clock, and the head for one turn.

The version that an act makes records the actor, who was authenticated, and the granter,
on whose power it rests, with the line that gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from ...decide.access import check_kind
from ...decide.allowing import checked_day, today_in_finland
from ...decide.decision_point import role_id
from ...decide.held import is_blocked
from ...decide.snapshot import Snapshot
from ...errors import RequestError
from ...store import Change, Mark, Store
from ...terms import Grant, Line, check_parts
from .granting import Given
from .revoking import Taken, said_again
from .turns import Admission, Current, Turn


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


class Acting:
    """Somebody who acts on the rights in a database.

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
        self._admission: Admission | None = None

    @property
    def store(self) -> Store:
        """The database that it acts on."""
        return self._current.store

    def acting(self, actor: str, admission: Admission | None = None) -> Self:
        """The same administration for another actor; what is loaded is shared.

        Args:
            actor: who acts: a subject, a token, or an operating-system user.
            admission: is asked in the turn of each act, with the head locked; the
                policy alone says what is allowed unless told.
        """
        other = type(self)(self._current.store, actor=actor, today=self._clock)
        other._current = self._current  # noqa: SLF001 # of the same class
        other._admission = admission  # noqa: SLF001 # likewise
        return other

    def know(self, mark: Mark, snapshot: Snapshot) -> None:
        """Share what is loaded already, so that it is not loaded a second time.

        It is for a process that decides by the same database. What is a part only, or
        another version than the mark, is passed over.

        Args:
            mark: of the version that it is.
            snapshot: what that process decides by.
        """
        self._current.know(mark, snapshot)

    def snapshot(self) -> Snapshot:
        """What is in force now, for who asks before or besides an act.

        Raises:
            StoreError: the database cannot be read, or holds no policy.
            ModelError: this program cannot use the model in force.
        """
        return self._current.snapshot()

    def today(self) -> date:
        """The day on which an act of this moment happens."""
        return checked_day(self._clock())

    @contextmanager
    def _turn(self, organisation: str | None) -> Iterator[Turn]:
        """Wait for the turn of an act; see `Current.turn`.

        INVARIANT: every act begins here or in `_turn_over`: whoever acts was admitted
        by what is in force when it is decided, however long it has waited.

        Args:
            organisation: where it happens; nothing where it touches all of them.
        """
        with self._current.turn(self.today) as turn:
            self._admit(turn, organisation)
            yield turn

    def _admit(self, turn: Turn, organisation: str | None) -> None:
        if self._admission is not None:
            self._admission.check(turn, organisation)


def commit_given(turn: Turn, given: Given, change: Change) -> int:
    """Commit a grant that was judged in this turn, in the place of one it replaces.

    Args:
        turn: in which it was judged.
        given: what it comes to.
        change: who, why and on whose power.
    """
    if given.replaced == given.grant:
        # no line; but the change may be more than the grant
        return turn.writer.commit(change)
    new = given.grant.line
    old = () if given.replaced is None else (given.replaced.line,)
    in_place = dict(zip((new,), old, strict=False))
    return turn.writer.commit(
        replace(change, add=(new,), remove=old), in_place=in_place
    )


def granted_of(turn: Turn, given: Given, version: int) -> Granted:
    """What granting comes to for who asked for it.

    Args:
        turn: in which it was committed.
        given: what was judged.
        version: the version made, or the head where nothing changed.
    """
    changed = given.replaced != given.grant
    return Granted(
        version,
        changed,
        given.grant,
        given.replaced if changed else None,
        given.power,
        _warnings(turn, given.grant.subject),
    )


def revoked_of(taken: Taken, version: int) -> Revoked:
    """What taking a right away comes to for who asked for it."""
    warnings = tuple(map(said_again, taken.written))
    return Revoked(version, taken.grants, taken.power, warnings)


def _warnings(turn: Turn, subject: str) -> tuple[str, ...]:
    """What keeps a subject's new grant from taking effect."""
    if is_blocked(turn.snapshot, subject):
        return ("the subject is blocked: the grant works when the block is lifted",)
    return ()


def check_kinds(turn: Turn, *subjects: str) -> None:
    """Refuse subjects of kinds that the policy does not know.

    Raises:
        RequestError: naming the kinds that it knows.
    """
    for subject in subjects:
        check_kind(turn.snapshot.kinds, subject)


def role_of(role: str) -> str:
    """The id of a role that is named with or without `role:`.

    Raises:
        RequestError: it is none.
    """
    (text,) = check_parts(role=role)
    return role_id(text)


def days_of(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days as plain dates.

    Raises:
        RequestError: one of them is something else.
    """
    return _day("first day", first), _day("last day", last)


def _day(name: str, day: date | None) -> date | None:
    try:
        return None if day is None else checked_day(day)
    except RequestError as error:
        message = f"the {name} is no day, expected a date without a time"
        raise RequestError(message) from error
