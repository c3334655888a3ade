"""The words of the analysis: who holds what where, and the acts that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ...terms import Line


class Slot(NamedTuple):
    """Somebody of a kind holds a role at an organisation.

    Attributes:
        kind: of the holder, `person`.
        role: `role:…`.
        organisation: where; the right covers what is below as well.
    """

    kind: str
    role: str
    organisation: str


class Verb(Enum):
    """What people can do to bring a right about."""

    GRANT = "grants"
    REGISTER = "registers"


@dataclass(frozen=True, slots=True)
class Source:
    """What somebody must hold to do an act at an organisation, and where.

    Attributes:
        kind: of who does it.
        role: that they hold; none where nothing need be held.
        place: the class of the organisations where they hold it; any where none.
        inside: whether it is held at the organisation of the act or above it.
    """

    kind: str
    role: str
    place: int | None = None
    inside: bool = True

    @property
    def holder(self) -> tuple[str, str]:
        """Who does it, wherever they hold what they hold."""
        return self.kind, self.role


@dataclass(frozen=True, slots=True)
class Option:
    """An act that the policy allows at each organisation of a class.

    Attributes:
        verb: what is done.
        source: what whoever does it holds.
        kind: of who gets the right.
        role: that they get.
        needs: the role that they must hold there or above already, if any.
        rule: the line of policy that allows it.
    """

    verb: Verb
    source: Source
    kind: str
    role: str
    needs: str | None
    rule: Line | None


@dataclass(frozen=True, slots=True)
class Made:
    """A right that an act brings about, and what the act rests on.

    Attributes:
        slot: the right.
        option: the act.
        by: what whoever does it holds; nothing where nothing need be held.
        needs: what whoever gets it holds before, if anything.
    """

    slot: Slot
    option: Option
    by: Slot | None
    needs: Slot | None

    @property
    def premises(self) -> tuple[Slot, ...]:
        """The rights that must be there before."""
        return tuple(slot for slot in (self.by, self.needs) if slot is not None)
