"""How explanations name things: roles without prefix, places with their names."""

from __future__ import annotations

from collections.abc import Iterable

from ..terms import Grant, Line
from .decision import Miss
from .snapshot import Snapshot


def bare(word: str) -> str:
    """Drop the type of an id that the sentence names anyway.

    >>> bare("role:ehoks-kayttaja")
    'ehoks-kayttaja'
    """
    return word.partition(":")[2] or word


def names(words: Iterable[str]) -> str:
    """List ids, without their types.

    >>> names(["role:a", "role:b"])
    '`a`, `b`'
    """
    return ", ".join(f"`{bare(word)}`" for word in words)


def all_of(misses: Iterable[Miss]) -> str:
    """Say everything that stood in the way; nothing where nothing is known."""
    return " and ".join(miss.text for miss in misses)


def place_text(snapshot: Snapshot, organisation: str) -> str:
    """Name an organisation by its id, and by its name where it has one."""
    known = snapshot.names.get(organisation)
    if known and known.best:
        return f"`{organisation}` ({known.best})"
    return f"`{organisation}`"


def grant_text(snapshot: Snapshot, grant: Grant) -> str:
    """Say what is held, where and until when."""
    place = place_text(snapshot, grant.organisation)
    return f"`{bare(grant.role)}` at {place} until {grant.span.last.isoformat()}"


def rule_text(rule: Line) -> str:
    """Quote a line of policy, with its place and the rule numbers of its comment."""
    if rule.source is None:
        return f"`{rule}`"
    cited = "; ".join(filter(None, (str(rule.source), ", ".join(rule.source.rules))))
    return f"`{rule}` ({cited})"
