"""Tokens in the log: which there are on a day, and what a version does to one.

No digest of a secret is read here (`token_keys`).
INVARIANT: each token is revoked once: the unique index of migration 0004 refuses
another time to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from ..errors import StoreError, TamperedError
from ..ids import MAX_VALUE_LENGTH
from ..terms import parse_day
from .past import LAST_NUMBER
from .rows import batches, check_text
from .tables import token, version
from .token import Scope, Token, TokenState, TokenStep

SEPARATOR = ","
"""Between the words of a column that holds several: no id can hold one."""

TOLD = ("subject", "scopes", "organisations", "last_day", "label")
"""What both steps of a token say of it."""

SECRET_DIGEST = re.compile("[0-9a-f]{64}")
"""How the digest of a secret is written."""

_ASKED = 500

_creation, _revocation = token.alias("creation"), token.alias("revocation")
_made, _closed = version.alias("made"), version.alias("closed")


def tokens_of(
    connection: Connection, day: date, number: int | None = None
) -> tuple[Token, ...]:
    """The tokens there are, as they stand on a day, by their ids.

    Args:
        connection: in a transaction.
        day: expired are those whose last day is before this one.
        number: the id of one, for that one alone.

    Raises:
        TamperedError: a row that no version of oikeus has written.
    """
    known: list[ColumnElement[bool]] = [_creation.c.state == TokenState.ACTIVE.value]
    if number is not None:
        known.append(_creation.c.version == number)
    revoked = and_(
        _revocation.c.token == _creation.c.version,
        _revocation.c.state != TokenState.ACTIVE.value,
    )
    found = (
        select(
            *(_creation.c[name] for name in ("version", *TOLD)),
            *(_made.c.time, _made.c.actor, _revocation.c.version),
            *(_closed.c.time, _closed.c.actor, _closed.c.message),
        )
        .select_from(
            _creation.join(_made, _made.c.number == _creation.c.version)
            .outerjoin(_revocation, revoked)
            .outerjoin(_closed, _closed.c.number == _revocation.c.version)
        )
        .where(*known)
        .order_by(_creation.c.version)
    )
    return tuple(_token(row, day) for row in connection.execute(found))


def token_steps_taken(
    connection: Connection, numbers: Sequence[int]
) -> dict[int, TokenStep]:
    """What these versions did to tokens, by their numbers; no digest of a secret.

    Raises:
        TamperedError: a row that no version of oikeus has written.
    """
    columns = [token.c[name] for name in ("version", *TOLD, "token", "state")]
    steps = {}
    for batch in batches(numbers, _ASKED):
        found = select(*columns).where(token.c.version.in_(batch))
        for number, *told, of_it, state in connection.execute(found):
            steps[number] = read_step(number, told, of_it, state)
    return steps


def check_token_step(connection: Connection, step: TokenStep) -> None:
    """Refuse a step that cannot be taken.

    Raises:
        StoreError: it says what no row can hold, or revokes a token that is not there,
            was revoked already, or is another one.
    """
    _check_words(step)
    if step.state is TokenState.EXPIRED:
        message = "a token expires by itself, expected another step"
        raise StoreError(message)
    is_new = step.state is TokenState.ACTIVE
    if (step.token is None) != is_new or (step.secret_digest is not None) != is_new:
        message = "a new token has a digest and no id, and a revocation the reverse"
        raise StoreError(message)
    if step.token is None:
        if not SECRET_DIGEST.fullmatch(str(step.secret_digest)):
            message = "the digest of a secret is none, expected SHA-256 in hexadecimal"
            raise StoreError(message)
        return
    found = find_token(connection, step.token, step.last_day)
    if found.state is TokenState.REVOKED:
        message = f"token {found.id} is revoked already, expected an active one"
        raise StoreError(message)
    if found.revocation() != step:
        message = f"token {found.id} is another one, expected what it says"
        raise StoreError(message)


def find_token(connection: Connection, number: object, day: date) -> Token:
    """One token, as it stands on a day.

    Raises:
        StoreError: there is none of this id, which is not repeated: it may be a secret.
        TamperedError: a row that no version of oikeus has written.
    """
    if type(number) is int and 0 < number <= LAST_NUMBER:
        for found in tokens_of(connection, day, number):
            return found
        message = f"there is no token {number}, expected one of `oikeus token list`"
        raise StoreError(message)
    message = "this is the id of no token, expected a number such as 5"
    raise StoreError(message)


def joined(words: Iterable[str]) -> str:
    """Several words as a column holds them."""
    return SEPARATOR.join(words)


def _check_words(step: TokenStep) -> None:
    check_text("subject", step.subject, longest=MAX_VALUE_LENGTH)
    check_text("label", step.label)
    if not step.scopes or tuple(filter(set(step.scopes).__contains__, Scope)) != (
        step.scopes
    ):
        message = f"the scopes of a token are wrong, expected some of {' '.join(Scope)}"
        raise StoreError(message)
    for organisation in step.organisations:
        check_text("organisation", organisation, longest=MAX_VALUE_LENGTH)
        if not organisation or SEPARATOR in organisation:
            message = f"organisation `{organisation}` is no id, expected one"
            raise StoreError(message)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(SEPARATOR)) if text else ()


def _token(row: Sequence[Any], day: date) -> Token:
    number, *told, time, actor, revoked, then, by, why = row
    step = read_step(number, told, None, TokenState.ACTIVE)
    state = TokenState.EXPIRED if step.last_day < day else TokenState.ACTIVE
    return Token(
        number,
        step.subject,
        step.scopes,
        step.organisations,
        state if revoked is None else TokenState.REVOKED,
        time,
        actor,
        step.last_day,
        step.label,
        revoked,
        then,
        by,
        why or "",
    )


def read_step(
    number: int, told: Sequence[object], of_it: int | None, state: str
) -> TokenStep:
    """The step in these columns of a row.

    Args:
        number: of its version.
        told: the columns of `TOLD`.
        of_it: the id of the token.
        state: what it is from then on.

    Raises:
        TamperedError: no version of oikeus has written them.
    """
    # what stands for bytes that are no text is a `str` of its own class
    plain = [value for value in told if type(value) is str]
    try:
        subject, scopes, organisations, last_day, label = plain
        there, day = TokenState(state), parse_day(last_day)
        good_for = tuple(map(Scope, _split(scopes)))
    except ValueError:
        message = f"the step of version {number} cannot be read, run `oikeus verify`"
        raise TamperedError(message) from None
    named = None if there is TokenState.ACTIVE else of_it
    places = _split(organisations)
    return TokenStep(there, subject, good_for, places, day, label, named)
