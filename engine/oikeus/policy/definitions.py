"""The definitions of a model.conf: `r = …`, `p = …`, split as Casbin splits them.

Every place where Casbin would read something else than a person does is refused: an
unfinished line, a name that nothing uses, a character that cannot be seen, a comment
behind a definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from ..errors import ModelError
from ..terms import Source
from .wording import choice, shown

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "request_definition": ("r", "r2"),
        "policy_definition": ("p", "p2"),
        "role_definition": ("g", "g2", "g3", "g4"),
        "policy_effect": ("e", "e2"),
        "matchers": ("m", "m2", "m3"),
    }
)
"""The sections of a model.conf, and the definitions that each one has."""

OPTIONAL = frozenset({"m3"})
"""What a model may leave out; models of earlier versions do."""

_COMMENT = ("#", ";")
_END = "\\"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition.

    Attributes:
        key: what is defined, `r2` or `m`.
        value: the text after the equals sign, on one line.
        place: where it ends.
    """

    key: str
    value: str
    place: Source

    def refuse(
        self, text: str, cause: Exception | None = None, *, check: str = ""
    ) -> NoReturn:
        """Say what is wrong with the definition.

        Args:
            text: what is wrong, and what was expected.
            cause: what found it out.
            check: the id of what is wrong, where it has its own.

        Raises:
            ModelError: always.
        """
        file, line = self.place.file, self.place.line
        raise ModelError.at(file, line, f"`{self.key}` {text}", check) from cause


def read_definitions(text: str, name: str) -> Mapping[str, Definition]:
    """Read every definition that a model has.

    Args:
        text: the text of a model.conf.
        name: the file's name, for errors.

    Raises:
        ModelError: a line that cannot be read, a definition that is unknown, repeated
            or missing.
    """
    found: dict[str, Definition] = {}
    section = ""
    for place, line in _joined(text, name):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            if section not in SECTIONS:
                expected = choice(f"[{known}]" for known in SECTIONS)
                text = f"unknown section {shown(line)}, expected {expected}"
                raise ModelError.at(place.file, place.line, text)
        else:
            definition = _definition(line, section, place)
            if definition.key in found:
                definition.refuse("is defined twice, expected it once")
            found[definition.key] = definition
    for section, keys in SECTIONS.items():
        for key in keys:
            if key not in found and key not in OPTIONAL:
                message = f"no `{key}`, expected `{key} = …` below [{section}]"
                raise ModelError.at(name, 0, message)
    return found


def _joined(text: str, name: str) -> Iterator[tuple[Source, str]]:
    """Yield the lines that say something, each joined with those it goes on in."""
    parts: list[str] = []
    place = Source(name, 0)
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        place = Source(name, number)
        # a line that only looks like two, or like a comment, is a trap
        if not line.replace("\t", " ").isprintable():
            message = "holds a control or invisible character, expected plain text"
            raise ModelError.at(name, number, message)
        says_nothing = not line or line.startswith(_COMMENT)
        if parts and (says_nothing or line.startswith("[")):
            message = f"expected the rest of a line that ended in `{_END}`"
            raise ModelError.at(name, number, message)
        if says_nothing:
            continue
        parts.append(line.removesuffix(_END).strip())
        if not line.endswith(_END):
            yield place, " ".join(parts)
            parts.clear()
    if parts:
        message = f"ends in `{_END}`, expected the rest of the line"
        raise ModelError.at(name, place.line, message)


def _definition(line: str, section: str, place: Source) -> Definition:
    key, equals, value = (part.strip() for part in line.partition("="))
    if not section:
        message = f"{shown(line)} stands in no section, expected [matchers] …"
        raise ModelError.at(place.file, place.line, message)
    if not equals or not re.fullmatch(r"[a-z][a-z0-9]*", key):
        message = f"cannot read {shown(line)}, expected `NAME = …`"
        raise ModelError.at(place.file, place.line, message)
    definition = Definition(key, value, place)
    if key not in SECTIONS[section]:
        expected = choice(f"`{known}`" for known in SECTIONS[section])
        definition.refuse(f"is unknown in [{section}], expected {expected}")
    if not value:
        definition.refuse("is empty, expected text after `=`")
    if "#" in value:
        definition.refuse("has a `#` in it, expected comments on their own lines")
    if _END in value:
        definition.refuse(f"has a `{_END}` in it, expected it at ends of lines only")
    return definition
