"""How the invariants of a policy fare, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import oikeus

from .views import bare_role, invariant_view, line_view, so_many


def kept_lines(kept: oikeus.Kept) -> Iterator[str]:
    """The invariants that go or come, and the broken ones, each with its chain."""
    if kept.unknown:
        yield f"invariants: {kept.unknown}"
    for sign, text in statement_changes(kept):
        yield f"{sign} {text}"
    for one in kept.broken:
        yield f"{broken(kept, one)} ({one.invariant.file}:{one.invariant.line})"
        yield f"  {counted(one.chain)}"
        for text in oikeus.tell_chain(kept.world, one.chain):
            yield f"  {text}"


def kept_rows(kept: oikeus.Kept) -> Iterator[str]:
    """The same for a table, a row a statement, with `!` for what is broken."""
    if kept.unknown:
        yield f"! {kept.unknown}"
    for one in kept.broken:
        acts = "; then ".join(oikeus.tell_chain(kept.world, one.chain))
        yield f"! {broken(kept, one)}: {acts}"
    for sign, text in statement_changes(kept):
        yield f"{sign} {text}"


def statement_changes(kept: oikeus.Kept) -> Iterator[tuple[str, str]]:
    """The statements that a change takes away or brings, each with its sign."""
    for each in kept.gone:
        yield "-", f"{each}: taken away, {_fate(kept, each)}"
    # those of a first load are all new
    if len(kept.new) < len(kept.invariants):
        yield from (("+", str(each)) for each in kept.new)


def broken(kept: oikeus.Kept, one: oikeus.Broken) -> str:
    """That an invariant is broken, though it may have been before, or is taken away."""
    since = ", as before" if one.invariant in kept.before else ""
    gone = ", and taken away" if one.invariant in kept.gone else ""
    return f"broken{since}{gone}: {one.invariant}"


def _fate(kept: oikeus.Kept, gone: oikeus.Invariant) -> str:
    """Whether a statement that is taken away would hold."""
    if kept.unknown:
        return "whether it would hold is not known"
    if any(one.invariant == gone for one in kept.broken):
        return "it would be broken"
    if lost := kept.lost_roles(gone):
        named = ", ".join(f"`{role}`" for role in lost)
        many = "are no roles" if len(lost) > 1 else "is no role"
        return f"it would hold, since {named} {many} any more"
    return "it would still hold"


def kept_closing(kept: oikeus.Kept) -> str:
    """How many are taken away, and how many broken; nothing where none is."""
    parts = []
    if kept.gone:
        parts.append(f"{so_many(len(kept.gone), 'invariant')} taken away")
    if kept.broken:
        judged = so_many(len(kept.invariants) + len(kept.gone), "invariant")
        parts.append(f"{len(kept.broken)} of {judged} broken")
    return ", ".join(parts)


def counted(chain: oikeus.Chain) -> str:
    """How long a chain is, and how many subjects it takes."""
    acts, people = so_many(len(chain.links), "act"), so_many(chain.people, "subject")
    return f"{acts} of {people}"


def kept_view(kept: oikeus.Kept) -> dict[str, Any]:
    """The invariants of a policy for programs."""
    return {
        "count": len(kept.invariants),
        "unknown": kept.unknown or None,
        "gone": [
            invariant_view(each)
            | {
                "broken": None
                if kept.unknown
                else any(one.invariant == each for one in kept.broken),
                "lost_roles": list(kept.lost_roles(each)),
            }
            for each in kept.gone
        ],
        "new": [invariant_view(each) for each in kept.new],
        "broken": [
            invariant_view(one.invariant)
            | {
                "before": one.invariant in kept.before,
                "gone": one.invariant in kept.gone,
                "chain": chain_view(one.chain),
                "told": list(oikeus.tell_chain(kept.world, one.chain)),
            }
            for one in kept.broken
        ],
    }


def chain_view(chain: oikeus.Chain) -> dict[str, Any]:
    """A chain of acts for programs; `person:?1` and the like are nobody yet."""
    return {
        "holder": chain.holder,
        "subjects": chain.people,
        "acts": [
            {
                "act": "grant" if link.verb is oikeus.Verb.GRANT else "register",
                "by": link.by,
                "holding": link.holding and _slot_view(link.holding),
                "to": link.to,
                "right": _slot_view(link.slot),
                "rule": line_view(link.rule),
            }
            for link in chain.links
        ],
    }


def _slot_view(slot: oikeus.Slot) -> dict[str, str]:
    return {"role": bare_role(slot.role), "organisation": slot.organisation}
