"""Rules as Casbin points at them: by section and type, by filter, by columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement

from ..errors import StoreError
from ..terms import Line
from .lines import plain_lines
from .rows import check_line, check_text
from .tables import LINE, VALUES, WIDTH, casbin_rule
from .writing import Writer

_SECTIONS = ("p", "g")

Rule = Sequence[str]


def policies_of(model: Any) -> dict[str, list[list[str]]]:  # noqa: ANN401
    """The lists of rules in the model, by their type."""
    return {
        ptype: assertion.policy
        for section in _SECTIONS
        for ptype, assertion in model.model.get(section, {}).items()
    }


def lines_of(ptype: str, rules: Iterable[Rule]) -> list[Line]:
    """The rules as lines.

    Raises:
        StoreError: a rule that no row can be.
    """
    lines = []
    for rule in rules:
        if isinstance(rule, str):
            # a sequence as well, whose letters would become columns
            message = f"the rule {rule!r} is text, expected a list of values"
            raise StoreError(message)
        line = Line(ptype, tuple(rule))
        check_line(line)
        lines.append(line)
    return lines


def checked(section: str, ptype: str) -> str:
    """Refuse a type that would never be loaded again.

    Raises:
        StoreError: it does not begin with the name of its section.
    """
    if not ptype.startswith(section):
        message = f"`{ptype}` is no type of the section `{section}`"
        raise StoreError(message + f", expected {section}, {section}2 …")
    return ptype


def matching(
    writer: Writer, section: str, ptype: str, index: int, wanted: Sequence[str]
) -> list[Line]:
    """The rules with these values from a column on; "" stands for any."""
    names = VALUES[index : index + len(wanted)]
    if index not in range(WIDTH) or len(names) != len(wanted):
        return []
    conditions = [casbin_rule.c.ptype == checked(section, ptype)]
    for name, value in zip(names, wanted, strict=True):
        check_text(name, value)
        if value:
            conditions.append(casbin_rule.c[name] == value)
    return list(plain_lines(writer.connection, conditions))


def conditions_of(wanted: object) -> list[ColumnElement[bool]]:
    """Read a filter: per column a list of values or one value, none for any.

    Raises:
        StoreError: a value that no column can hold.
    """
    conditions: list[ColumnElement[bool]] = []
    for name in LINE:
        values = getattr(wanted, name, ())
        if values:
            listed = [values] if isinstance(values, str) else list(values)
            for value in listed:
                check_text(name, value)
            conditions.append(casbin_rule.c[name].in_(listed))
    return conditions
