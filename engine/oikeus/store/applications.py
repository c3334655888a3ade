"""Applications in the log: which there are on a day, and what a version does to one.

INVARIANT: each is decided once. The writer holds the head, so that nobody else decides
meanwhile; and the unique index of migration 0003 refuses a second decision to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    false,
    literal_column,
    or_,
    select,
)

from ..errors import StoreError, TamperedError
from ..ids import MAX_VALUE_LENGTH
from ..terms import parse_day
from .application import (
    Application,
    ApplicationFilter,
    ApplicationState,
    ApplicationStep,
)
from .past import LAST_NUMBER
from .rows import batches, check_text
from .tables import application, version

_ASKED = 500
_WORDS = ("subject", "role", "organisation")

_request, _decision = application.alias("request"), application.alias("decision")
_made, _closed = version.alias("made"), version.alias("closed")

# spelt out: SQLite uses an index with a condition only where it sees that this holds
_REQUESTED: ColumnElement[str] = literal_column("'requested'")


def applications_of(
    connection: Connection,
    only: ApplicationFilter,
    day: date,
    number: int | None = None,
) -> tuple[Application, ...]:
    """The applications asked for, as they stand on a day, by their ids.

    Args:
        connection: in a transaction.
        only: which ones.
        day: lapsed are those whose last day is before this one.
        number: of an earlier version, for what had been requested and decided then.

    Raises:
        StoreError: a word that no column can hold.
        TamperedError: a row that no version of oikeus has written.
    """
    joined = [
        _decision.c.application == _request.c.version,
        _decision.c.state != _REQUESTED,
    ]
    known = [_request.c.state == _REQUESTED]
    if number is not None:
        joined.append(_decision.c.version <= number)
        known.append(_request.c.version <= number)
    found = (
        select(
            *(_request.c[name] for name in ("version", *_WORDS, "last_day", "reason")),
            _made.c.time,
            *(_decision.c[name] for name in ("version", "state", "reason")),
            _closed.c.time,
            _closed.c.granter,
        )
        .select_from(
            _request.join(_made, _made.c.number == _request.c.version)
            .outerjoin(_decision, and_(*joined))
            .outerjoin(_closed, _closed.c.number == _decision.c.version)
        )
        .where(*known, *_conditions(only, day))
        .order_by(_request.c.version)
    )
    return tuple(_application(row, day) for row in connection.execute(found))


def steps_taken(
    connection: Connection, numbers: Sequence[int]
) -> dict[int, ApplicationStep]:
    """What these versions did to applications, by their numbers.

    Raises:
        TamperedError: a row that no version of oikeus has written.
    """
    steps = {}
    for batch in batches(numbers, _ASKED):
        found = select(application).where(application.c.version.in_(batch))
        for row in connection.execute(found):
            steps[row.version] = _read(
                row.version,
                row.state,
                (row.subject, row.role, row.organisation),
                row.last_day,
                row.reason,
                row.application,
            )
    return steps


def check_step(connection: Connection, step: ApplicationStep) -> None:
    """Refuse a step that cannot be taken.

    Raises:
        StoreError: it says what no row can hold, or decides an application that is not
            there, was decided already, or is of somebody or something else.
    """
    for name in _WORDS:
        check_text(name, getattr(step, name), longest=MAX_VALUE_LENGTH)
    check_text("reason", step.reason)
    if step.state is ApplicationState.LAPSED:
        message = "an application lapses by itself, expected another step"
        raise StoreError(message)
    if (step.application is None) != (step.state is ApplicationState.REQUESTED):
        message = "a decision needs the id of an application, and a request has none"
        raise StoreError(message)
    if step.application is None:
        return
    asked = ApplicationFilter(step.application)
    for found in applications_of(connection, asked, step.last_day):
        if found.state is not ApplicationState.REQUESTED:
            message = (
                f"application {found.id} is {found.state} already, expected an open one"
            )
            raise StoreError(message)
        if found.step(step.state, step.reason) != step:
            message = f"application {found.id} is another one, expected what it says"
            raise StoreError(message)
        return
    message = (
        f"there is no application {step.application}, expected one of `oikeus requests`"
    )
    raise StoreError(message)


def _conditions(only: ApplicationFilter, day: date) -> Iterator[ColumnElement[bool]]:
    if only.id is not None:
        possible = type(only.id) is int and 0 < only.id <= LAST_NUMBER
        yield _request.c.version == only.id if possible else false()
    for name in _WORDS:
        wanted = getattr(only, name)
        if wanted is not None:
            check_text(name, wanted)
            yield _request.c[name] == wanted
    if only.states is not None:
        yield or_(false(), *(_is_in(state, day) for state in only.states))


def _is_in(state: ApplicationState, day: date) -> ColumnElement[bool]:
    undecided = _decision.c.version.is_(None)
    match state:
        case ApplicationState.REQUESTED:
            return and_(undecided, _request.c.last_day >= day.isoformat())
        case ApplicationState.LAPSED:
            return and_(undecided, _request.c.last_day < day.isoformat())
        case _:
            return _decision.c.state == state.value


def _application(row: Sequence[Any], day: date) -> Application:
    number, *words, last_day, reason, time, decided, state, why, then, granter = row
    step = _read(number, state or ApplicationState.REQUESTED, words, last_day, reason)
    left = decided is None and step.last_day < day
    return Application(
        number,
        step.subject,
        step.role,
        step.organisation,
        ApplicationState.LAPSED if left else step.state,
        time,
        step.last_day,
        reason,
        decided,
        then,
        None if decided is None else granter or step.subject,
        why or "",
    )


def _read(  # noqa: PLR0913, PLR0917 # the columns of a row
    number: int,
    state: str,
    words: Sequence[str],
    last_day: str,
    reason: str,
    of_it: int | None = None,
) -> ApplicationStep:
    subject, role, organisation = words
    try:
        there, day = ApplicationState(state), parse_day(last_day)
    except (ValueError, TypeError):
        message = f"the step of version {number} cannot be read, run `oikeus verify`"
        raise TamperedError(message) from None
    named = None if there is ApplicationState.REQUESTED else of_it
    return ApplicationStep(there, subject, role, organisation, day, reason, named)
