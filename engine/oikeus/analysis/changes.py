"""What somebody gains or loses from one version to another, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..terms import Line

Sign: TypeAlias = Literal["+", "-"]
"""`+` for what is gained, `-` for what is lost."""


@dataclass(frozen=True, slots=True)
class AccessChange:
    """A subject may do an action on a resource that it could not do, or no longer may.

    Attributes:
        organisations: all at which that is so, in the order of the tree: of the tree
            after for a gain, of the tree before for a loss.
    """

    subject: str
    action: str
    resource: str
    sign: Sign
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PowerChange:
    """A granter may give a role that it could not give, or no longer may.

    What is compared is whether the granter may give it to somebody suitable: to a
    subject that nobody is in either version, of one of the kinds that the role is for,
    who holds every role for that kind at the organisation or above it; so a system is
    registered as a credential there (`decide/strangers.py`).

    Attributes:
        role: a typed id, `role:…`.
        organisations: all at which that is so, ordered as those of `AccessChange`.
    """

    granter: str
    role: str
    sign: Sign
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InertChange:
    """A row in force that decides nothing, and was not so in the other version.

    Attributes:
        sign: `+` where it is inert after, `-` where it was inert before.
        line: the row.
        reason: what keeps it, or kept it, from deciding.
        stays: whether the row itself is in force in both versions; otherwise it came
            or went with the change.
    """

    sign: Sign
    line: Line
    reason: str
    stays: bool
