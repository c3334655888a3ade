"""What questions over HTTP mean here: the catalogue's `authzen`.

AuthZEN asks whether a subject may do an action on a resource, and knows no
organisations: where a resource says which one it belongs to is said here. So is which
resources stand for roles that are to be granted, and which properties are attributes
of the model. Where the catalogue says nothing, every resource names its organisation
in its property `organisation`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..errors import Problem
from ..terms import Line, Source
from .finding import Finding
from .model import Model
from .wording import choice, did_you_mean, shown
from .yaml_source import Document

SECTION = "authzen"
"""The catalogue's key."""

GRANT, REVOKE = "grant", "revoke"
"""The actions on a role."""

RESERVED = ("at_least_version", "attributes", "day", "explain")
"""The members of a context that say how a question is answered, and are no fact."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource says something: in a property, or by its id.

    Attributes:
        property: its name; nothing where it is the id that says it.
    """

    property: str | None = None

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read `id` or `properties.NAME`, which a schema has checked."""
        return cls(text.partition(".")[2] or None)

    def __str__(self) -> str:
        return "id" if self.property is None else f"properties.{self.property}"


@dataclass(frozen=True, slots=True)
class Powers:
    """The resources that stand for roles: their id is the role's name.

    Attributes:
        type: of such a resource.
        organisation: where the role is to be given.
        recipient: to whom.
    """

    type: str = "role"
    organisation: Place = Place("organisation")
    recipient: str = "to"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of an attribute stands in a question.

    Attributes:
        entity: `subject`, `action`, `resource` or `context`.
        property: its property; of the context, its member.
        line: where the catalogue says so.
    """

    entity: str
    property: str
    line: int = field(default=0, compare=False)

    @classmethod
    def parse(cls, text: str, line: int) -> Origin:
        """Read `subject.properties.NAME` or `context.NAME`, as the schema has it."""
        entity, *_, name = text.split(".")
        return cls(entity, name, line)


@dataclass(frozen=True, slots=True)
class AuthZen:
    """What the catalogue says of questions over HTTP.

    Attributes:
        organisation: where a resource says which organisation it belongs to.
        resources: the same for types of resource that say it elsewhere.
        powers: resources that stand for roles.
        attributes: where the attributes of the model come from.
    """

    organisation: Place = Place("organisation")
    resources: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    powers: Powers = Powers()
    attributes: Mapping[str, Origin] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def organisation_of(self, resource: str) -> Place:
        """Where a resource of this type says which organisation it belongs to."""
        return self.resources.get(resource, self.organisation)


def authzen(document: Document) -> AuthZen:
    """Read the section of a catalogue that has the shape of its schema."""
    said: Mapping[str, Any] = document.value.get(SECTION, {})
    places = {
        name: Place.parse(each["organisation"])
        for name, each in said.get("resources", {}).items()
    }
    powers = said.get("powers", {})
    usual = AuthZen()
    return AuthZen(
        Place.parse(said.get("organisation", str(usual.organisation))),
        MappingProxyType(places),
        Powers(
            powers.get("type", usual.powers.type),
            Place.parse(powers.get("organisation", str(usual.powers.organisation))),
            powers.get("recipient", f"properties.{usual.powers.recipient}").partition(
                "."
            )[2],
        ),
        MappingProxyType(
            {
                name: Origin.parse(text, document.line(SECTION, "attributes", name))
                for name, text in said.get("attributes", {}).items()
            }
        ),
    )


def faults(
    found: AuthZen, resources: Collection[str], document: Document
) -> Iterator[Problem]:
    """Say which words of the section are unknown, or mean two things.

    Args:
        found: the section.
        resources: the catalogue's.
        document: where the section stands.
    """
    for name in found.resources:
        if name not in resources:
            hint = f"{choice(resources)}{did_you_mean(name, resources)}"
            text = f"unknown resource {shown(name)}, expected {hint}"
            yield document.problem(text, SECTION, "resources", name)
    if found.powers.type in resources:
        text = (
            f"{shown(found.powers.type)} is one of the resources already, expected "
            "another type for roles that are to be granted"
        )
        yield document.problem(text, SECTION, "powers", "type")
    for name, origin in found.attributes.items():
        if origin.entity == "context" and origin.property in RESERVED:
            text = (
                f"`context.{origin.property}` says how a question is to be answered, "
                "expected another member of the context"
            )
            yield document.problem(text, SECTION, "attributes", name)


def undeclared(found: AuthZen, model: Model, file: str) -> Iterator[Finding]:
    """Find attributes that the model does not have.

    Args:
        found: the section.
        model: says which attributes there are.
        file: where the section stands.
    """
    for name, origin in found.attributes.items():
        if name not in model.attributes:
            known = choice(model.attributes) if model.attributes else "none"
            text = f"unknown attribute {shown(name)}, expected {known} of the model"
            here = Line("p", (name,), Source(file, origin.line))
            yield Finding(here, text)
