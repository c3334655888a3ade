"""Blocking (ruling N): at once, whatever is held, and undone without a trace."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from oikeus import (
    Contents,
    DecisionPoint,
    DelegationError,
    Line,
    RequestError,
    Store,
    StoreError,
    block,
    snapshot_of,
    unblock,
)
from oikeus.store.streaming import Reader
from oikeus.store.writing import Writer

Commit = Callable[..., int]

BLOCK = Line("g3", ("person:a", "blocked"))
DAY = date(2026, 6, 1)


@pytest.fixture
def held(loaded: Store, commit: Commit) -> Store:
    """A database in which somebody may read, and grant (version 3)."""
    days = "1.1@2026-01-01..2026-12-31"
    commit(
        loaded,
        add=(
            ("g", "person:a", "role:clerk", days),
            ("g", "person:a", "role:head", days),
        ),
    )
    return loaded


def powers(store: Store) -> tuple[bool, bool]:
    """Whether the subject may read, and whether it may grant."""
    point = DecisionPoint(snapshot_of(store.load()))
    granting = point.may_grant("person:a", "person:b", "clerk", "1.1", DAY)
    return point.allows("person:a", "read", "file", "1.1", DAY), granting.allowed


def test_blocked_subject_is_denied_everything_until_unblocked(held: Store) -> None:
    """Its grants stay as they are, and work again when the block is lifted."""
    before = held.load().lines
    assert powers(held) == (True, True)
    assert block(held, "person:a", reason="dismissed", actor="os:tester") == 4
    assert powers(held) == (False, False)
    assert held.load().lines == (*before, BLOCK)
    assert unblock(held, "person:a", reason="back", actor="os:tester") == 5
    assert powers(held) == (True, True)
    assert held.load().lines == before


def test_reasons_are_in_the_history(held: Store) -> None:
    """Who did it, and why; lifting a block needs no reason."""
    block(held, "person:a", reason="key leaked", actor="os:tester")
    unblock(held, "person:a", actor="os:other")
    block(held, "person:a", reason="again", actor="os:tester")
    unblock(held, "person:a", reason=" ", actor="os:other")
    told = [(each.origin, each.actor, each.message) for each in held.versions()[3:]]
    assert told == [
        ("block", "os:tester", "key leaked"),
        ("block", "os:other", "lift the block"),
        ("block", "os:tester", "again"),
        ("block", "os:other", "lift the block"),
    ]


def test_second_block_changes_nothing(held: Store) -> None:
    """Nor does lifting what is not there."""
    assert unblock(held, "person:a", actor="os:tester") is None
    block(held, "person:a", reason="leaked", actor="os:tester")
    assert block(held, "person:a", reason="leaked", actor="os:tester") is None
    assert len(held.versions()) == 4


@pytest.mark.parametrize("reason", ["", " \n"])
def test_block_needs_a_reason(held: Store, reason: str) -> None:
    """Somebody will ask."""
    with pytest.raises(DelegationError) as refusal:
        block(held, "person:a", reason=reason, actor="os:tester")
    assert str(refusal.value) == (
        "no reason given, expected why the subject is blocked"
    )
    assert len(held.versions()) == 3


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("", "the subject is blank, expected a value"),
        ("anna", "the subject `anna` has no kind, expected person:ID or system:ID"),
        ("role:head", "the subject `role:head` is a role, expected person:ID or "),
        ("person:a@b", "the subject holds @, which ids cannot"),
        ("persson:a", "`persson:a` is of no known kind, expected person:ID or "),
    ],
)
def test_what_is_no_subject_is_refused(held: Store, subject: str, reason: str) -> None:
    """A misspelt subject would leave the one who was meant unblocked."""
    with pytest.raises(RequestError) as refusal:
        block(held, subject, reason="leaked", actor="os:tester")
    whole = reason + "system:ID" if reason.endswith("or ") else reason
    assert str(refusal.value) == whole
    assert len(held.versions()) == 3


def test_block_of_a_kind_that_the_policy_no_longer_knows_can_be_lifted(
    held: Store, commit: Commit
) -> None:
    """However it came there."""
    commit(held, add=(("g3", "robot:r", "blocked"),))
    assert unblock(held, "robot:r", actor="os:tester") == 5


def test_block_works_before_there_is_a_policy(store: Store) -> None:
    """And whatever else is in the table: it is the emergency stop."""
    with store.database.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO casbin_rule (ptype, v0) VALUES ('g3', 'x')")
        )
    assert block(store, "person:a", reason="leaked", actor="os:tester") == 1
    assert BLOCK in store.load().lines


@pytest.mark.parametrize("given", [{"reason": None}, {"actor": 5}], ids=str)
def test_what_is_no_text_is_refused(held: Store, given: dict[str, Any]) -> None:
    """By an error of this library, whatever it is."""
    name, text = next(iter(given)), {"reason": "leaked", "actor": "os:tester"}
    for act in (block, unblock):
        with pytest.raises(DelegationError) as refusal:
            act(held, "person:a", **(text | given))
        assert str(refusal.value) == f"the {name} is not text, expected text"
    with pytest.raises(RequestError, match="the subject is not text"):
        block(held, None, **text)  # type: ignore[arg-type]
    assert len(held.versions()) == 3


def test_rows_that_cannot_be_read_keep_no_block_from_being_made(
    held: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor from being lifted; only a misspelt kind goes unnoticed then."""

    def broken(*_: object) -> Contents:
        message = "a row cannot be read"
        raise StoreError(message)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "load", broken)
        patched.setattr(Writer, "load", broken)
        patched.setattr(Reader, "of_kind", broken)
        assert block(held, "person:a", reason="leaked", actor="os:tester") == 4
        assert block(held, "person:a", reason="leaked", actor="os:tester") is None
        assert blocks_of(held) == {BLOCK}
        assert unblock(held, "person:a", actor="os:tester") == 5
        assert unblock(held, "person:a", actor="os:tester") is None
    assert BLOCK not in held.load().lines


def blocks_of(store: Store) -> set[Line]:
    """The block, where it is in force, by nothing but its own row."""
    with store.writing() as writer:
        return set(writer.find([BLOCK]))
