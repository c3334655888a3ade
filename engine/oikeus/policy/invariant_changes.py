"""What two texts of invariants do not have in common: statements that go and come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import PolicyError
from .catalogue import Catalogue
from .catalogue_reading import read_catalogue
from .file_texts import INVARIANTS
from .invariants import Invariant, read_invariants


@dataclass(frozen=True, slots=True)
class InvariantChanges:
    """The invariants that only one of two policies has.

    One is another where it says something else: to cite other rules, or to give another
    reason, neither takes it away nor weakens it.

    Attributes:
        gone: those that are not said any more.
        new: those that were not said before.
    """

    gone: tuple[Invariant, ...]
    new: tuple[Invariant, ...]


def changes_between(
    before: Iterable[Invariant], after: Iterable[Invariant]
) -> InvariantChanges:
    """Hold the invariants of two policies against each other."""
    old = {each.statement: each for each in before}
    now = {each.statement: each for each in after}
    return InvariantChanges(
        tuple(each for said, each in old.items() if said not in now),
        tuple(each for said, each in now.items() if said not in old),
    )


def invariant_changes(
    before: tuple[str, str], after: tuple[str, str]
) -> InvariantChanges:
    """The same of texts, each with that of its catalogue.

    Returns:
        the changes; none where either cannot be read.
    """
    try:
        return changes_between(*(invariants_of(*each) for each in (before, after)))
    except PolicyError:
        return InvariantChanges((), ())


def invariants_of(text: str, catalogue: str) -> tuple[Invariant, ...]:
    """Read invariants as a version has them; none of an empty text.

    Args:
        text: of the invariants.
        catalogue: the text of the one whose words they use.

    Raises:
        PolicyError: either cannot be read.
    """
    if not text:
        return ()
    return recorded_invariants(text, read_catalogue(catalogue, "catalogue"))


def recorded_invariants(text: str, catalogue: Catalogue) -> tuple[Invariant, ...]:
    """Read invariants as a version has them; none of an empty text.

    Args:
        text: of the invariants.
        catalogue: knows the words that they use.

    Raises:
        PolicyError: they cannot be read.
    """
    return read_invariants(text, INVARIANTS, catalogue) if text else ()
