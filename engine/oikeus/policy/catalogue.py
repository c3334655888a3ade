"""The catalogue: the words that a policy's lines use, and what people read for them.

It gives labels, the validity of grants, contacts, and the outside names that mean the
same. What a line says is not said here: which role is for whom, where it is held, what
it may do and which roles it may grant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .applications import Applications
from .authzen import AuthZen
from .circumstances import Consequences, consequences
from .imports import Imports
from .reviewing import Reviewing
from .validity import Ending, Validity

__all__ = [
    "ACTIVE",
    "Applications",
    "AuthZen",
    "Catalogue",
    "Ending",
    "Imports",
    "Label",
    "Level",
    "Registration",
    "Resource",
    "Role",
    "Status",
    "Validity",
]

ACTIVE = "active"
"""The status of an organisation that has no line about its status."""


@dataclass(frozen=True, slots=True)
class Label:
    """What people read for a word, in the three languages."""

    fi: str
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of organisations, `level:…` in the lines.

    Attributes:
        label: what people read.
        types: the register's types that give an organisation this level; none where
            only policy files do.
    """

    label: Label
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """A status of organisations, `status:…` in the lines.

    Attributes:
        label: what people read.
        register: the register's words that mean this status.
    """

    label: Label
    register: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """What a request asks about, and the actions that it may ask for."""

    label: Label
    actions: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Role:
    """A role, `role:…` in the lines.

    Attributes:
        label: what people read.
        validity: how long a delegated grant lasts.
        apply_to: where to apply for it; nothing where that is nowhere.
    """

    label: Label
    validity: Validity
    apply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """What one must be allowed to do, to register a credential."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All words of a policy, each without its prefix (`role:`, `level:` …).

    Attributes:
        kinds: kinds of holder.
        levels: levels of organisations.
        modes: transfer modes.
        statuses: statuses of organisations.
        resources: resources, with their actions.
        roles: roles.
        credential: the role that marks a registered credential, where there is one.
        registration: what it takes to register one, where people may.
        applications: how applications are dealt with.
        imports: what the rights of an outside service mean, where any mean something.
        circumstances: what becomes of grants that no rule would allow after a change.
        reviewing: what grants are reviewed for.
        authzen: what questions over HTTP mean.
    """

    kinds: Mapping[str, Label]
    levels: Mapping[str, Level]
    modes: Mapping[str, Label]
    statuses: Mapping[str, Status]
    resources: Mapping[str, Resource]
    roles: Mapping[str, Role]
    credential: str | None = None
    registration: Registration | None = None
    applications: Applications = field(default_factory=Applications)
    imports: Imports | None = None
    circumstances: Consequences = field(default_factory=consequences)
    reviewing: Reviewing = field(default_factory=Reviewing)
    authzen: AuthZen = field(default_factory=AuthZen)

    def levels_of(self, types: Collection[str]) -> tuple[str, ...]:
        """Return the levels that types of the register give, in our order."""
        return tuple(
            name
            for name, level in self.levels.items()
            if any(code in types for code in level.types)
        )

    def status_of(self, word: str) -> str | None:
        """Return the status that the register means by a word, if it is known."""
        for name, status in self.statuses.items():
            if word in status.register:
                return name
        return None
