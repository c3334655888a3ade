"""People imagined for a world: for each role, kind and place one who holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, product
from typing import Self

from ...policy.catalogue import Catalogue
from ...terms import Grant, Span
from .world import World


@dataclass(frozen=True, slots=True)
class Imagined:
    """Subjects that nobody is.

    Attributes:
        held: what each of them holds.
        holders: those who hold one role at one organisation and nothing else.
        recipients: of each kind one who holds nothing, and one who holds everything
            everywhere, such as what a recipient must have been given before.
    """

    held: Mapping[str, tuple[Grant, ...]]
    holders: tuple[str, ...]
    recipients: tuple[str, ...]

    @classmethod
    def of(cls, world: World, catalogue: Catalogue) -> Self:
        """Imagine them, on all days of the cases of a world."""
        days, places = world.file.days, world.file.places
        span = Span(days[0], days[-1])
        numbers = count()
        every = [*product((f"role:{role}" for role in catalogue.roles), places)]
        held: dict[str, tuple[Grant, ...]] = {}

        def imagine(kind: str, *roles: tuple[str, str]) -> str:
            who = f"{kind}:{world.snapshot.nobody}{next(numbers)}"
            held[who] = tuple(Grant(who, role, place, span) for role, place in roles)
            return who

        kinds = catalogue.kinds
        holders = tuple(imagine(kind, each) for kind in kinds for each in every)
        recipients = tuple(
            imagine(kind, *roles) for kind in kinds for roles in ((), every)
        )
        return cls(held, holders, recipients)

    @property
    def grants(self) -> Iterator[Grant]:
        """The grants of all of them."""
        return (grant for grants in self.held.values() for grant in grants)
