"""A YAML file that has been read and has the shape of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..errors import PolicyError, PolicySyntaxError, Problem
from .shape import flaws_in_shape, schema_named
from .yaml_values import Path, Values, read_values


@dataclass(frozen=True, slots=True)
class Document:
    """The plain values of a file, with the line of each.

    Attributes:
        file: the path as it was given.
        value: dictionaries, lists and scalars, of the shape that the schema gives.
    """

    file: str
    value: Any
    lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """Return the line of a place, or of the nearest place around it."""
        return _line(self.lines, path)

    def problem(self, text: str, *path: str | int) -> Problem:
        """Say what is wrong at a place."""
        return Problem(self.file, self.line(*path), text)


def read_yaml(text: str, file: str, schema: str) -> Document:
    """Read a YAML text that a schema of `schemas/` describes.

    Args:
        text: the text of the file.
        file: its path, for problems.
        schema: the schema's name, `catalogue` or `cases`.

    Raises:
        PolicySyntaxError: the text is not the plain YAML that is read here; faults of
            shape in what could be read are among its problems.
        PolicyError: the text can be read and has not the shape of the schema.
    """
    values = read_values(text, file)
    flaws = _flaws(values, schema)
    if values.problems:
        raise PolicySyntaxError([*values.problems, *flaws])
    if flaws:
        raise PolicyError(flaws)
    return Document(file, values.value, MappingProxyType(values.lines))


def _flaws(values: Values, schema: str) -> list[Problem]:
    """List the faults of shape; half a file would only have false ones."""
    if not values.whole:
        return []
    return [
        Problem(values.file, _line(values.lines, flaw.path), flaw.text, flaw.check)
        for flaw in flaws_in_shape(values.value, schema_named(schema))
        if flaw.path not in values.unreadable
    ]


def _line(lines: Mapping[Path, int], path: Path) -> int:
    # INVARIANT: lines has the top, ()
    while path not in lines:
        path = path[:-1]
    return lines[path]
