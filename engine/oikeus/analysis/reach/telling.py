"""Tells a chain to people: who does what where, and on which line."""

from __future__ import annotations

from collections.abc import Iterator

from ...decide.snapshot import Snapshot
from ...decide.wording import bare, place_text, rule_text
from .casting import NEW
from .chains import Chain, Link
from .slots import Slot

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def tell_chain(snapshot: Snapshot, chain: Chain) -> Iterator[str]:
    """Say what happens, an act a line; each in lower case without a final stop.

    Args:
        snapshot: knows what organisations are called.
        chain: of acts.
    """
    if not chain.is_shortest and not chain.holder:
        rights = " and ".join(slot_text(snapshot, slot) for slot in chain.slots)
        yield f"somebody can come to {rights}, by a chain too long to be looked for"
        return
    if not chain.is_shortest:
        yield "there may be a shorter chain than this one"
    if not chain.links:
        rights = " and ".join(slot_text(snapshot, slot) for slot in chain.slots)
        yield f"{name_of(chain.holder)} holds {rights} already"
    for link in chain.links:
        yield _act(snapshot, link)


def _act(snapshot: Snapshot, link: Link) -> str:
    holding = ""
    if link.holding is not None:
        holding = f" ({slot_text(snapshot, link.holding)})"
    rule = "" if link.rule is None else f", by {rule_text(link.rule)}"
    done = f"{link.verb.value} {slot_text(snapshot, link.slot)} to {name_of(link.to)}"
    return f"{name_of(link.by)}{holding} {done}{rule}"


def slot_text(snapshot: Snapshot, slot: Slot) -> str:
    """A right: the role and where it is held."""
    return f"`{bare(slot.role)}` at {place_text(snapshot, slot.organisation)}"


def name_of(subject: str) -> str:
    """A subject; `person A` where it is nobody in particular.

    >>> name_of("person:?2"), name_of("system:?0"), name_of("person:1.2")
    ('person B', 'any system', '`person:1.2`')
    """
    kind, _, name = subject.partition(":")
    if not name.startswith(NEW):
        return f"`{subject}`"
    number = int(name.removeprefix(NEW))
    if not number:
        return f"any {kind}" if name == f"{NEW}0" else f"another {kind}"
    letter = _LETTERS[number - 1] if number <= len(_LETTERS) else str(number)
    return f"{kind} {letter}"
