"""The owner's revocation: of what is in nobody's power, said so in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from oikeus import DelegationError, RefusedError, RequestError, Store, revoke

Commit = Callable[..., int]

DAY = date(2026, 6, 1)


@pytest.fixture
def held(loaded: Store, commit: Commit) -> Store:
    """A database in which somebody holds a right (version 3)."""
    days = "1.1@2026-01-01..2026-12-31"
    commit(loaded, add=(("g", "person:a", "role:clerk", days),))
    return loaded


def test_the_owner_revokes_on_nobodys_power(held: Store) -> None:
    """The version says so: it has an actor, and no granter."""
    done = revoke(
        held,
        *("person:a", "clerk", "1.1"),
        reason="left, and nobody can be appointed",
        actor="os:owner",
        today=lambda: DAY,
    )
    assert (done.version, done.power, len(done.grants)) == (4, None, 1)
    version = held.version(4)
    assert (version.origin, version.actor, version.granter) == (
        "revoke",
        "os:owner",
        None,
    )
    assert version.message == "left, and nobody can be appointed (clerk at 1.1)"
    assert not any(line.values[0] == "person:a" for line in held.load().lines)


def test_without_a_reason_or_a_grant_nothing_is_revoked(held: Store) -> None:
    """Nor where a part cannot be one."""
    for reason in ("", " "):
        with pytest.raises(DelegationError, match="no reason given"):
            revoke(held, "person:a", "clerk", "1.1", reason=reason, actor="os:owner")
    with pytest.raises(RefusedError, match="there is no such grant"):
        revoke(held, "person:b", "clerk", "1.1", reason="left", actor="os:owner")
    with pytest.raises(RequestError):
        revoke(held, "anna", "clerk", "1.1", reason="left", actor="os:owner")
    assert held.head() == 3
