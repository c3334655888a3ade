"""Where imported organisations stand: their lines, and the way up to the root."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import Problem
from ..policy.catalogue import ACTIVE
from ..policy.wording import shown
from ..terms import Line
from .register import Organisation

_LEVEL = "level:"
_STATUS = "status:"


def lines_of(organisation: Organisation) -> frozenset[Line]:
    """Write what the register says of an organisation other than the root."""
    hung = [str(organisation.parent)]
    if organisation.status != ACTIVE:
        hung.append(f"{_STATUS}{organisation.status}")
    levels = [f"{_LEVEL}{level}" for level in organisation.levels]
    return frozenset(
        Line(ptype, (organisation.id, word))
        for ptype, words in (("g2", hung), ("g4", levels))
        for word in words
    )


def by_organisation(lines: Iterable[Line]) -> Mapping[str, frozenset[Line]]:
    """Group those lines that say what `lines_of` says; pass over all others."""
    found: dict[str, set[Line]] = {}
    for line in lines:
        match line.ptype, line.values:
            case "g2", (organisation, word) if _is_place(word) or _is_status(word):
                found.setdefault(organisation, set()).add(line)
            case "g4", (organisation, word) if word.startswith(_LEVEL):
                found.setdefault(organisation, set()).add(line)
    return {organisation: frozenset(group) for organisation, group in found.items()}


def parents(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return what an organisation with these lines stands directly under."""
    words = (line.values[1] for line in lines if line.ptype == "g2")
    return tuple(sorted(word for word in words if _is_place(word)))


def levels(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the levels of an organisation with these lines."""
    words = sorted(line.values[1] for line in lines if line.ptype == "g4")
    return tuple(word.removeprefix(_LEVEL) for word in words)


def statuses(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the status of an organisation with these lines."""
    words = (line.values[1] for line in lines if line.ptype == "g2")
    found = sorted(word for word in words if _is_status(word))
    return tuple(word.removeprefix(_STATUS) for word in found) or (ACTIVE,)


def misplaced(
    organisations: Sequence[Organisation],
    current: Mapping[str, frozenset[Line]],
    root: str,
) -> Iterator[Problem]:
    """Find the organisations from which no chain of parents leads to the root.

    What stands below a fault of the same import is not mentioned again.
    """
    above = {known: up for known, lines in current.items() for up in parents(lines)}
    imported = {each.id: each for each in organisations if each.id != root}
    above.update((each.id, str(each.parent)) for each in imported.values())
    reached = {root}
    for each in imported.values():
        lost = _lost(each.id, above, reached)
        if lost and (each.id in lost or imported.keys().isdisjoint(lost)):
            up = above[lost[-1]]
            chain = " under ".join(shown(place) for place in (*lost, up))
            if up in lost:
                text = f"stands below itself, {chain}, expected no cycle"
            else:
                text = f"cannot be placed, {shown(up)} above it is unknown, expected "
                text += "the root or an organisation that is known or imported with it"
            yield each.problem(f"{shown(each.id)} {text}")


def _lost(start: str, above: Mapping[str, str], reached: set[str]) -> tuple[str, ...]:
    """Follow parents up to the root, or return those at which the way is lost.

    Args:
        start: the organisation to start from.
        above: the parent of each organisation.
        reached: those from which the root is reached; more are added.
    """
    chain: dict[str, None] = {}
    here = start
    while here not in reached:
        if here in chain:
            members = tuple(chain)
            return members[members.index(here) :]
        if here not in above:
            return tuple(chain)[-1:]
        chain[here] = None
        here = above[here]
    reached.update(chain)
    return ()


def _is_place(word: str) -> bool:
    # INVARIANT: organisations are bare ids; mode:… and status:… hang in the tree too
    return ":" not in word


def _is_status(word: str) -> bool:
    return word.startswith(_STATUS)
