"""Reads a catalogue from its YAML, and judges its words by each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ..errors import PolicyError, Problem
from .applications import Applications
from .authzen import AuthZen, authzen
from .authzen import faults as authzen_faults
from .catalogue import (
    Catalogue,
    Label,
    Level,
    Registration,
    Resource,
    Role,
    Status,
)
from .circumstances import SECTION, consequences
from .imports import Imports, read_imports, unknown_words
from .reviewing import faults, reviewing
from .validity import Ending, Validity
from .wording import choice, did_you_mean, shown
from .yaml_source import Document, read_yaml


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
