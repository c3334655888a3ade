"""Blocking a subject, and lifting the block (ruling N): the owner's emergency stop."""

from __future__ import annotations

from ..decide.whatif import BLOCKED
from ..errors import DelegationError, RequestError, StoreError
from ..store import Change, Store
from ..terms import Line, check_parts, check_subject, kind_of

MOST_LETTERS = 2_000
"""How long a reason can be."""

WHY_BLOCKED = "why the subject is blocked"
"""What the reason for a block says."""


def block(store: Store, subject: str, *, reason: str, actor: str) -> int | None:
    """Deny a subject everything from now on; its grants stay as they are.

    Returns:
        the version made, or nothing where the subject is blocked already.

    Raises:
        RequestError: what is given is no subject, or of a kind that nobody has.
        DelegationError: no reason was given, or what is given is no text.
        StoreError: the database cannot be written.
    """
    line = block_line(subject)
    check_texts(reason=reason, actor=actor)
    check_reason(reason, WHY_BLOCKED)
    check_kind(store, line.values[0])
    with store.writing() as writer:
        if writer.find([line]):
            return None
        return writer.commit(Change("block", actor, reason, add=(line,)))


def unblock(store: Store, subject: str, *, reason: str = "", actor: str) -> int | None:
    """Let a subject's grants work again.

    Returns:
        the version made, or nothing where the subject is not blocked.

    Raises:
        RequestError: what is given is no subject.
        DelegationError: the reason or the actor is no text.
        StoreError: the database cannot be written.
    """
    line = block_line(subject)
    check_texts(reason=reason, actor=actor)
    with store.writing() as writer:
        if not writer.find([line]):
            return None
        message = reason.strip() or "lift the block"
        return writer.commit(Change("block", actor, message, remove=(line,)))


def block_line(subject: str) -> Line:
    """The line that blocks a subject.

    Raises:
        RequestError: what is given is no subject.
    """
    (text,) = check_parts(subject=subject)
    check_subject("subject", text)
    return Line("g3", (text, BLOCKED))


def check_texts(**texts: object) -> None:
    """Refuse what is no text, or too long a one.

    Raises:
        DelegationError: naming the first such.
    """
    for name, value in texts.items():
        if not isinstance(value, str):
            message = f"the {name} is not text, expected text"
            raise DelegationError(message)
        # it stays in the log for ever, and everybody who reads that reads it
        if len(value) > MOST_LETTERS:
            message = (
                f"the {name} has {len(value)} letters, expected at most {MOST_LETTERS}"
            )
            raise DelegationError(message)


def check_reason(reason: str, expected: str) -> None:
    """Refuse to act without a reason.

    Args:
        reason: that was given.
        expected: what it is to say.

    Raises:
        DelegationError: it is blank.
    """
    if not reason.strip():
        message = f"no reason given, expected {expected}"
        raise DelegationError(message)


def _kinds(store: Store) -> tuple[Line, ...]:
    """The lines on kinds; none where any of them cannot be read.

    INVARIANT: nothing that is wrong with other rows keeps a block from being made.
    """
    try:
        with store.reading() as reader:
            return reader.of_kind("g3")
    except StoreError:
        return ()


def check_kind(store: Store, subject: str) -> None:
    """Refuse a misspelt kind: whoever was meant would not be.

    The lines are asked, and no snapshot: a block must work whatever else is broken.

    Raises:
        RequestError: roles are for other kinds of subjects.
    """
    kinds = set()
    for line in _kinds(store):
        match line.ptype, line.values:
            case "g3", (role, kind) if role.startswith("role:"):
                kinds.add(kind)
    if kinds and kind_of(subject) not in kinds:
        expected = " or ".join(f"{kind}:ID" for kind in sorted(kinds))
        message = f"`{subject}` is of no known kind, expected {expected}"
        raise RequestError(message)
