"""Creating and revoking tokens: what each is bound to, and that none is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from oikeus import (
    DelegationError,
    NewToken,
    OikeusError,
    RequestError,
    Scope,
    Store,
    StoreError,
    Token,
    TokenState,
    create_token,
    revoke_token,
    tokens,
    verify,
)
from oikeus.store import tables

Unguard = Callable[[Store], None]

DAY = date(2026, 6, 1)
YEAR = DAY + timedelta(365)


def create(store: Store, subject: str = "person:a", **other: Any) -> NewToken:  # noqa: ANN401
    """A token of somebody, to evaluate, created on the day."""
    asked: dict[str, Any] = {"scopes": ["evaluate"]} | other
    return create_token(store, subject, actor="os:tester", today=lambda: DAY, **asked)


def revoke(store: Store, token: Any, reason: str = "leaked") -> int | None:  # noqa: ANN401
    """Revoke it, as the owner."""
    return revoke_token(store, token, reason=reason, actor="os:tester")


def listed(store: Store, day: date = DAY) -> tuple[Token, ...]:
    """All tokens, as they stand on a day."""
    return tokens(store, today=lambda: day)


def test_a_token_is_bound_to_what_its_owner_says(loaded: Store) -> None:
    """To a subject, scopes, organisations and a last day, and has a label."""
    made = create(
        loaded,
        "system:key",
        scopes=["audit", Scope.EVALUATE, "audit"],
        organisations=["1.2", "1.1", "1.2"],
        until=YEAR,
        label=" the night run ",
    )
    version = loaded.version(3)
    assert made.token == Token(
        3,
        "system:key",
        (Scope.EVALUATE, Scope.AUDIT),
        ("1.1", "1.2"),
        TokenState.ACTIVE,
        version.time,
        "os:tester",
        YEAR,
        "the night run",
    )
    assert listed(loaded) == (made.token,)


def test_a_token_is_good_for_90_days_unless_told(loaded: Store) -> None:
    """It is never good for ever."""
    assert create(loaded).token.until == DAY + timedelta(90)
    assert create(loaded, until=DAY).token.until == DAY


def test_a_token_is_random_and_known_by_its_form(loaded: Store) -> None:
    """A secret of 256 bits after the id, by which scanners find it where it leaked."""
    one, other = create(loaded), create(loaded)
    form = r"oik_([0-9]+)_([0-9a-f]{64})"
    parts = [re.fullmatch(form, each.text) for each in (one, other)]
    assert [part and part[1] for part in parts] == ["3", "4"]
    assert len({part[2] for part in parts if part}) == 2


def test_creating_and_revoking_are_versions_that_change_no_line(
    loaded: Store,
) -> None:
    """So the auditor sees them, by whom and why, and nobody can take them back."""
    before = loaded.load()
    create(loaded)
    create(loaded, label="the night run")
    assert revoke(loaded, 3) == 5
    assert loaded.load().lines == before.lines
    assert [
        (each.number, each.origin, each.actor, each.message, each.added)
        for each in loaded.versions()[2:]
    ] == [
        (3, "token", "os:tester", "create a token", 0),
        (4, "token", "os:tester", "the night run", 0),
        (5, "token", "os:tester", "leaked", 0),
    ]
    assert verify(loaded).findings == ()


def test_a_revoked_token_says_when_by_whom_and_why(loaded: Store) -> None:
    """And stays revoked: a second time is no change."""
    made = create(loaded)
    revoke(loaded, 3)
    (found,) = listed(loaded)
    version = loaded.version(4)
    assert (found.state, found.version, found.revoked) == ("revoked", 4, version.time)
    assert (found.revoked_by, found.reason) == ("os:tester", "leaked")
    assert found.created == made.token.created
    assert revoke(loaded, 3) is None
    assert loaded.head() == 4


def test_an_expired_token_is_told_and_can_be_revoked(loaded: Store) -> None:
    """No version says that it expired; a clock that is wrong must not save it."""
    create(loaded, until=DAY)
    tomorrow = DAY + timedelta(1)
    assert [each.state for each in listed(loaded, DAY)] == [TokenState.ACTIVE]
    assert [each.state for each in listed(loaded, tomorrow)] == [TokenState.EXPIRED]
    assert revoke(loaded, 3) == 4
    assert [each.state for each in listed(loaded, tomorrow)] == [TokenState.REVOKED]


def test_the_secret_is_nowhere_in_the_database(loaded: Store) -> None:
    """Neither is a part of it: only what cannot be turned back."""
    made = create(loaded, label="the night run")
    secret = made.text.rpartition("_")[2]
    with loaded.database.reading() as connection:
        rows = [
            str(tuple(row))
            for table in tables.metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
    assert len(rows) > 10
    assert not any(secret[:16] in row for row in rows)
    assert secret not in str(made) + repr(made)


REFUSED: dict[str, tuple[type[OikeusError], str, dict[str, Any]]] = {
    "no kind": (RequestError, "has no kind, expected", {"subject": "a"}),
    "a role": (RequestError, "is a role, expected", {"subject": "role:clerk"}),
    "an unknown kind": (
        RequestError,
        "`robot:a` is of no known kind, expected person:ID or system:ID",
        {"subject": "robot:a"},
    ),
    "blank": (RequestError, "is blank", {"subject": ""}),
    "a subject with NUL": (RequestError, "control or inv", {"subject": "person:\0"}),
    "a long subject": (
        RequestError,
        "longer than 255",
        {"subject": "person:" + "a" * 300},
    ),
    "no scope": (DelegationError, "no scope or an unknown one", {"scopes": []}),
    "an unknown scope": (
        DelegationError,
        (
            "no scope or an unknown one, expected some of evaluate, search, "
            "administer, audit"
        ),
        {"scopes": ["evaluate", "all"]},
    ),
    "scopes of one text": (DelegationError, "no scope", {"scopes": "audit"}),
    "yesterday": (
        DelegationError,
        (
            "a token until 2026-05-31 cannot be created, expected 2026-06-01 (today) "
            "or a later day until 2027-06-01"
        ),
        {"until": DAY - timedelta(1)},
    ),
    "more than a year": (
        DelegationError,
        "until 2027-06-02",
        {"until": date(2027, 6, 2)},
    ),
    "for ever": (DelegationError, "until 9999-12-31", {"until": date.max}),
    "an instant": (DelegationError, "cannot be", {"until": datetime(2026, 7, 1)}),  # noqa: DTZ001
    "an unknown organisation": (
        RequestError,
        (
            "organisation `9.9` is not in the register, expected one of "
            "`oikeus show organisations`"
        ),
        {"organisations": ["1.1", "9.9"]},
    ),
    "a blank organisation": (RequestError, "is blank", {"organisations": [""]}),
    "organisations of one text": (
        RequestError,
        "the organisations are one text, expected several or none",
        {"organisations": "1.1"},
    ),
    "a comma": (RequestError, "holds ,", {"organisations": ["1.1,1.2"]}),
    "a typed organisation": (RequestError, "typed id", {"organisations": ["a:1.1"]}),
    "a label that is no text": (DelegationError, "is not text", {"label": None}),
    "a long label": (DelegationError, "2001 letters", {"label": "x" * 2001}),
    "a label with NUL": (StoreError, "no database keeps", {"label": "a\0"}),
    "half a letter": (StoreError, "no database keeps", {"label": "\ud800"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_token_can_be_bound_to_is_refused(loaded: Store, name: str) -> None:
    """Before anything is written."""
    kind, expected, asked = REFUSED[name]
    with pytest.raises(kind, match=re.escape(expected)):
        create(loaded, **asked)
    assert loaded.head() == 2


def test_a_token_can_be_created_while_the_policy_is_out_of_order(
    store: Store,
) -> None:
    """It is a credential of the service, and needs no policy."""
    assert create(store, "person:a").token.id == 1


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (2, "there is no token 2, expected one of `oikeus token list`"),
        (99, "there is no token 99, expected one of `oikeus token list`"),
        (0, "this is the id of no token, expected a number such as 5"),
        (True, "this is the id of no token"),
        (10**30, "this is the id of no token"),
        ("oik_3_" + "5" * 64, "this is the id of no token"),
    ],
)
def test_what_is_no_id_revokes_nothing(
    loaded: Store, token: object, expected: str
) -> None:
    """And is not repeated: it may be the token itself."""
    create(loaded)
    with pytest.raises(StoreError) as caught:
        revoke(loaded, token)
    assert str(caught.value).startswith(expected)
    assert "oik_" not in str(caught.value)
    assert loaded.head() == 3


@pytest.mark.parametrize("reason", ["", "  ", None, "x" * 2001])
def test_a_revocation_needs_a_reason(loaded: Store, reason: str) -> None:
    """It is read by whoever asks later why the night run failed."""
    create(loaded)
    with pytest.raises(DelegationError, match="reason"):
        revoke(loaded, 3, reason)
    assert loaded.head() == 3


def test_a_token_is_revoked_whatever_became_of_others(
    loaded: Store, unguard: Unguard
) -> None:
    """An emergency waits for nobody to mend rows."""
    create(loaded)
    create(loaded)
    unguard(loaded)
    with loaded.database.writing() as connection:
        connection.execute(
            text("UPDATE oikeus_token SET last_day = '?' WHERE token = 3")
        )
    assert revoke(loaded, 4) == 5
    with pytest.raises(StoreError, match="step of version 3 cannot be read"):
        revoke(loaded, 3)
