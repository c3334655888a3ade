"""The catalogue: the words that a policy's lines use, and what people read for them.

It gives labels, the validity of grants, contacts, and the outside names that mean the
same. What a line says is not said here: which role is for whom, where it is held, what
it may do and which roles it may grant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..errors import PolicyError, Problem
from .applications import Applications
from .authzen import AuthZen, authzen
from .authzen import faults as authzen_faults
from .circumstances import SECTION, Consequences, consequences
from .imports import Imports, read_imports, unknown_words
from .reviewing import Reviewing, faults, reviewing
from .validity import Ending, Validity
from .wording import choice, did_you_mean, shown
from .yaml_source import Document, read_yaml

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
    "read_catalogue",
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


def read_catalogue(text: str, file: str) -> Catalogue:
    """Read the text of a catalogue.

    Args:
        text: the YAML text.
        file: its path, for problems.

    Raises:
        PolicySyntaxError: the text is not plain YAML.
        PolicyError: it has not the shape of `catalogue.schema.json`, or contradicts
            itself; every problem is listed.
    """
    document = read_yaml(text, file, "catalogue")
    catalogue = _build(document.value, read_imports(document), authzen(document))
    problems = [
        *_unknown_credential(catalogue, document),
        *_unknown_registration(catalogue, document),
        *_ambiguous_statuses(catalogue, document),
        *_defaults_too_long(catalogue, document),
        *_unknown_in_imports(catalogue, document),
        *faults(catalogue.reviewing, [*catalogue.levels], [*catalogue.roles], document),
        *authzen_faults(catalogue.authzen, catalogue.resources, document),
    ]
    if problems:
        raise PolicyError(problems)
    return catalogue


def _build(
    value: Any,  # noqa: ANN401 - the schema has checked its shape
    imports: Imports | None,
    questions: AuthZen,
) -> Catalogue:
    levels = {
        name: Level(Label(**level["label"]), tuple(level.get("types", ())))
        for name, level in value["levels"].items()
    }
    statuses = {
        name: Status(Label(**status["label"]), tuple(status["register"]))
        for name, status in value["statuses"].items()
    }
    resources = {
        name: Resource(Label(**resource["label"]), _labels(resource["actions"]))
        for name, resource in value["resources"].items()
    }
    roles = {
        name: Role(
            Label(**role["label"]),
            Validity(
                default=Ending.parse(role["validity"]["default"]),
                longest=Ending.parse(role["validity"]["longest"]),
            ),
            role.get("apply-to"),
        )
        for name, role in value["roles"].items()
    }
    return Catalogue(
        kinds=_labels(value["kinds"]),
        levels=MappingProxyType(levels),
        modes=_labels(value["modes"]),
        statuses=MappingProxyType(statuses),
        resources=MappingProxyType(resources),
        roles=MappingProxyType(roles),
        credential=value.get("credential"),
        registration=Registration(**value["registration"])
        if "registration" in value
        else None,
        applications=_applications(value.get("applications")),
        imports=imports,
        circumstances=consequences(value.get(SECTION, {})),
        reviewing=reviewing(value),
        authzen=questions,
    )


def _applications(value: Any) -> Applications:  # noqa: ANN401 - as above
    if value is None:
        return Applications()
    return Applications(Ending.parse(value["open-for"]))


def _labels(value: Mapping[str, Mapping[str, str]]) -> Mapping[str, Label]:
    return MappingProxyType({name: Label(**label) for name, label in value.items()})


def _unknown_credential(catalogue: Catalogue, document: Document) -> Iterator[Problem]:
    name = catalogue.credential
    if name is not None and name not in catalogue.roles:
        hint = did_you_mean(name, catalogue.roles)
        text = f"unknown role {shown(name)}, expected {choice(catalogue.roles)}{hint}"
        yield document.problem(text, "credential")


def _unknown_registration(
    catalogue: Catalogue, document: Document
) -> Iterator[Problem]:
    registration = catalogue.registration
    if registration is None:
        return
    if catalogue.credential is None:
        text = "registers nothing, expected `credential: ROLE` beside it"
        yield document.problem(text, "registration")
    resource = catalogue.resources.get(registration.resource)
    if resource is None:
        known = choice(catalogue.resources)
        text = f"unknown resource {shown(registration.resource)}, expected {known}"
        yield document.problem(text, "registration", "resource")
    elif registration.action not in resource.actions:
        known = choice(resource.actions)
        text = f"unknown action {shown(registration.action)}, expected {known}"
        yield document.problem(text, "registration", "action")


def _ambiguous_statuses(catalogue: Catalogue, document: Document) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, status in catalogue.statuses.items():
        for position, word in enumerate(status.register):
            other = first.setdefault(word, name)
            if other != name:
                text = f"{shown(word)} is `{other}` already, expected one status"
                place = ("statuses", name, "register", position)
                yield document.problem(text, *place)


def _defaults_too_long(catalogue: Catalogue, document: Document) -> Iterator[Problem]:
    for name, role in catalogue.roles.items():
        default, longest = role.validity.default, role.validity.longest
        if default.exceeds(longest):
            text = f"`{default}` is longer than the longest, `{longest}`"
            yield document.problem(text, "roles", name, "validity", "default")


def _unknown_in_imports(catalogue: Catalogue, document: Document) -> Iterator[Problem]:
    if catalogue.imports is not None:
        yield from unknown_words(
            catalogue.imports,
            document,
            kinds=catalogue.kinds,
            roles=catalogue.roles,
            credential=catalogue.credential,
        )
