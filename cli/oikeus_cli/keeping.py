"""How the invariants of a policy fare, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import oikeus

from .views import bare_role, line_view, so_many


def kept_lines(kept: oikeus.Kept) -> Iterator[str]:
    """The invariants that are broken, each with the chain that breaks it."""
    if kept.unknown:
        yield f"invariants: {kept.unknown}"
    for one in kept.broken:
        since = ", as before" if one.invariant in kept.before else ""
        invariant = one.invariant
        yield f"broken{since}: {invariant} ({invariant.file}:{invariant.line})"
        yield f"  {counted(one.chain)}"
        for text in oikeus.tell_chain(kept.world, one.chain):
            yield f"  {text}"


def kept_closing(kept: oikeus.Kept) -> str:
    """How many are broken; nothing where none is."""
    if not kept.broken:
        return ""
    return f"{len(kept.broken)} of {so_many(len(kept.invariants), 'invariant')} broken"


def counted(chain: oikeus.Chain) -> str:
    """How long a chain is, and how many subjects it takes."""
    acts, people = so_many(len(chain.links), "act"), so_many(chain.people, "subject")
    return f"{acts} of {people}"


def kept_view(kept: oikeus.Kept) -> dict[str, Any]:
    """The invariants of a policy for programs."""
    return {
        "count": len(kept.invariants),
        "unknown": kept.unknown or None,
        "broken": [
            {
                "statement": str(one.invariant.statement),
                "rules": list(one.invariant.rules),
                "why": one.invariant.why,
                "file": one.invariant.file,
                "line": one.invariant.line,
                "before": one.invariant in kept.before,
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
