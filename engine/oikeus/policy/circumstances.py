"""What becomes of grants that no rule would allow after a change: the catalogue's say.

A case is what changed, a consequence is what happens to the grant in the version that
changes it. Where the catalogue says nothing, the grant is flagged: it goes on deciding,
and stands in the next review. Nothing is revoked unless the catalogue says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

SECTION = "circumstances"
"""What the section of the catalogue is called."""


class Case(StrEnum):
    """What no longer allows a grant; the first one counts where several do."""

    ROLE = "role"
    """The role is gone, or is for another kind of holder."""
    LEVEL = "level"
    """The organisation has no level at which the role is held or can be given."""
    MOVE = "move"
    """The organisation, or one above it, stands under another one."""
    MODE = "mode"
    """The transfer mode of the organisation bars the role."""
    PASSIVE = "passive"
    """The organisation, or one above it, is passive."""
    POWER = "power"
    """No power gives the role any more, or none to such a holder."""
    GRANTER = "granter"
    """The role can be given, but no longer by who gave it."""


class Consequence(StrEnum):
    """What happens to a grant that no rule would allow any more."""

    STAY = "stay"
    FLAG = "flag"
    REVOKE = "revoke"


Consequences = Mapping[Case, Consequence]


def consequences(section: Mapping[str, str] = MappingProxyType({})) -> Consequences:
    """Read the section of a catalogue, whose words its schema has checked.

    Args:
        section: what it says; what it does not is flagged.
    """
    said = {Case(case): Consequence(word) for case, word in section.items()}
    return MappingProxyType({**dict.fromkeys(Case, Consequence.FLAG), **said})
