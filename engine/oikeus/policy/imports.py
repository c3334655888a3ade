"""What the rights of an outside service mean here: the catalogue's `imports`.

A service gives rights in its own words, to holders whose type is its own word too.
Which kind of subject a type is, and which role a right of such a holder means, is said
here and nowhere else; what is not said means nothing, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..errors import Problem
from ..terms import Line, Source
from .finding import Finding
from .wording import choice, did_you_mean, shown
from .yaml_source import Document

SECTION = "imports"
"""The catalogue's key."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The role that an outside right means.

    Attributes:
        role: without `role:`.
        line: where the catalogue says so.
    """

    role: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Imports:
    """What the rights of one outside service mean.

    Attributes:
        service: what the national services call it; rights of others mean nothing.
        types: the kind of subject that each outside type of holder is.
        rights: by the kind of the holder, the role that each right means.
    """

    service: str
    types: Mapping[str, str]
    rights: Mapping[str, Mapping[str, Meaning]]

    def role_of(self, kind: str, right: str) -> str | None:
        """The role that a right means, `role:…`; nothing where it means none."""
        meaning = self.rights.get(kind, {}).get(right)
        return None if meaning is None else f"role:{meaning.role}"


def read_imports(document: Document) -> Imports | None:
    """Read the section of a catalogue that has the shape of its schema."""
    value: Any = document.value.get(SECTION)
    if value is None:
        return None
    rights = {
        kind: MappingProxyType(
            {
                right: Meaning(role, document.line(SECTION, "rights", kind, right))
                for right, role in meanings.items()
            }
        )
        for kind, meanings in value["rights"].items()
    }
    return Imports(
        value["service"],
        MappingProxyType(dict(value["types"])),
        MappingProxyType(rights),
    )


def unknown_words(
    imports: Imports,
    document: Document,
    *,
    kinds: Collection[str],
    roles: Collection[str],
    credential: str | None,
) -> Iterator[Problem]:
    """Find words that the rest of the catalogue does not have.

    Args:
        imports: the section.
        document: where it stands.
        kinds: of holders.
        roles: without `role:`.
        credential: the role that registers a credential, which no right can mean: an
            import registers by itself.
    """
    for word, kind in imports.types.items():
        yield from _unknown(document, "kind", kind, kinds, "types", word)
    for kind, meanings in imports.rights.items():
        yield from _unknown(document, "kind", kind, kinds, "rights", kind)
        for right, meaning in meanings.items():
            place = ("rights", kind, right)
            yield from _unknown(document, "role", meaning.role, roles, *place)
            if meaning.role == credential:
                text = (
                    f"{shown(right)} means `{credential}`, which an import gives by "
                    "itself, expected the role that the right means"
                )
                yield document.problem(text, SECTION, *place)


def _unknown(
    document: Document, what: str, word: str, known: Collection[str], *place: str
) -> Iterator[Problem]:
    if word not in known:
        expected = f"expected {choice(known)}{did_you_mean(word, known)}"
        text = f"unknown {what} {shown(word)}, {expected}"
        yield document.problem(text, SECTION, *place)


def unfit_meanings(
    imports: Imports,
    kinds: Mapping[str, Collection[str]],
    given: Collection[str],
    file: str,
) -> Iterator[Finding]:
    """Find rights that mean a role which their holders can never be given.

    Args:
        imports: the section.
        kinds: the kinds of holder of each role, by the lines.
        given: the roles that some power gives.
        file: where the section stands.
    """
    for kind, meanings in imports.rights.items():
        for right, meaning in meanings.items():
            role = f"role:{meaning.role}"
            here = Line("g3", (role,), Source(file, meaning.line))
            means = f"{shown(right)} of a {kind} means `{meaning.role}`"
            fitting = kinds.get(role, (kind,))
            if kind not in fitting:
                text = f"which is for a {choice(fitting)}, expected one for a {kind}"
                yield Finding(here, f"{means}, {text}")
            elif role not in given:
                # ruling B: what only policy files give, no import gives
                text = "which no power gives, expected a role that can be granted"
                yield Finding(here, f"{means}, {text}")
