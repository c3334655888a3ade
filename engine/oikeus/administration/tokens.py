"""Creating and revoking tokens of the service: the owner's acts.

Each is a version of origin `token` that changes no line. A token gives no right: what
its bearer gets is what the policy gives the subject, and no more than its scopes say.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ..bearers import SECRET_BYTES, secret_digest, token_text
from ..decide.allowing import today_in_finland
from ..errors import DelegationError, RequestError
from ..policy.tree import Tree
from ..policy.wording import not_in_register
from ..store import Change, Scope, Store, Token, TokenState, TokenStep
from ..terms import check_parts, check_subject
from .blocks import check_kind, check_reason, check_texts

DEFAULT_DAYS = 90
"""How long a token is good unless its owner says otherwise."""

MOST_DAYS = 365
"""How long a token is good at most."""

_ORIGIN = "token"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just created.

    Attributes:
        token: what is kept of it.
        text: the token itself, which is shown this once and kept nowhere.
    """

    token: Token
    text: str = field(repr=False)


def create_token(  # noqa: PLR0913 # what a token is bound to
    store: Store,
    subject: str,
    *,
    scopes: Iterable[str],
    organisations: Iterable[str] = (),
    until: date | None = None,
    label: str = "",
    actor: str,
    today: Callable[[], date] = today_in_finland,
) -> NewToken:
    """Create a token by which a service knows a subject.

    Args:
        store: the database.
        subject: for whom its bearer acts.
        scopes: what it is good for, at least one.
        organisations: where, each with all below it; everywhere unless told.
        until: the last day on which it is good; 90 days from now unless told.
        label: what it is for, for those who look through the tokens later.
        actor: who does it.
        today: tells the day in Finland.

    Raises:
        RequestError: what is given is no subject, or of a kind that nobody has; or an
            organisation that is not in the register.
        DelegationError: no scope or an unknown one, a day before today or too late, or
            what is given is no text.
        StoreError: the database cannot be written.
    """
    (named,) = check_parts(subject=subject)
    check_subject("subject", named)
    check_texts(label=label, actor=actor)
    day = today()
    good_for, last = _scopes(scopes), _last_day(until, day)
    check_kind(store, named)
    places = _organisations(store, organisations)
    secret = secrets.token_hex(SECRET_BYTES)
    step = TokenStep(
        TokenState.ACTIVE,
        named,
        good_for,
        places,
        last,
        label.strip(),
        secret_digest=secret_digest(secret),
    )
    message = step.label or "create a token"
    with store.writing() as writer:
        number = writer.commit(Change(_ORIGIN, actor, message, token=step))
        made = writer.token(number, day=day)
    return NewToken(made, token_text(number, secret))


def revoke_token(store: Store, token: int, *, reason: str, actor: str) -> int | None:
    """Make a token good for nothing from now on.

    Args:
        store: the database.
        token: its id.
        reason: why.
        actor: who does it.

    Returns:
        the version made, or nothing where the token is revoked already.

    Raises:
        DelegationError: no reason was given, or what is given is no text.
        StoreError: there is no such token, or the database cannot be written.
    """
    check_texts(reason=reason, actor=actor)
    check_reason(reason, "the token is revoked")
    with store.writing() as writer:
        # whatever the day: one that has expired can be revoked
        found = writer.token(token, day=date.min)
        if found.state is TokenState.REVOKED:
            return None
        step = found.revocation()
        return writer.commit(Change(_ORIGIN, actor, reason, token=step))


def tokens(
    store: Store, *, today: Callable[[], date] = today_in_finland
) -> tuple[Token, ...]:
    """All tokens there are or were, by their ids, as they stand today.

    Raises:
        StoreError: the database cannot be read.
    """
    return store.tokens(day=today())


def _scopes(scopes: Iterable[str]) -> tuple[Scope, ...]:
    asked = {*scopes}
    if not asked or not asked.issubset(Scope):
        expected = ", ".join(Scope)
        # not repeated: it may be anything, in any order
        message = f"no scope or an unknown one, expected some of {expected}"
        raise DelegationError(message)
    return tuple(scope for scope in Scope if scope in asked)


def _last_day(until: date | None, today: date) -> date:
    longest = today + timedelta(MOST_DAYS)
    last = today + timedelta(DEFAULT_DAYS) if until is None else until
    if isinstance(last, datetime) or not today <= last <= longest:
        message = (
            f"a token until {last} cannot be created, expected {today} (today) or a "
            f"later day until {longest}"
        )
        raise DelegationError(message)
    return last


def _organisations(store: Store, organisations: Iterable[str]) -> tuple[str, ...]:
    if isinstance(organisations, str):
        # each of its letters would be one
        message = "the organisations are one text, expected several or none"
        raise RequestError(message)
    places = dict.fromkeys(
        text for each in organisations for text in check_parts(organisation=each)
    )
    if places:
        with store.reading() as reader:
            tree = Tree.from_lines((*reader.of_kind("g2"), *reader.of_kind("g4")))
        for place in places:
            if place not in tree:
                raise RequestError(not_in_register(place))
    return tuple(sorted(places))
