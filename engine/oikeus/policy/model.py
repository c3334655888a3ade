"""The model: what model.conf says, checked, before any Casbin reads it.

The text itself is kept, because it is what Casbin evaluates and what a version
records. What is checked here is what Casbin accepts silently and pays for later:
missing fields, names that nothing defines, an effect that allows by default.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ..errors import ModelError
from ..terms import Line, Source
from .definitions import Definition, read_definitions
from .expression import read_expression
from .wording import shown

_COLUMN = re.compile(r"[a-z][a-z0-9]*")

REQUEST_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "r": frozenset({"sub", "kind", "org", "day", "obj", "act"}),
        "r2": frozenset({"sub", "by", "to", "kind", "org", "day", "role"}),
    }
)
"""What a question about access (`r`) and one about a power (`r2`) consist of.

Whatever else `r` has is an attribute: callers send it with the question, or do not.
"""

POLICY_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"p": frozenset({"sub", "obj", "act", "eft"}), "p2": frozenset({"sub", "role"})}
)
"""The fields that a rule and a power have at least."""

ROLE_WIDTHS: Mapping[str, int] = MappingProxyType({"g": 3, "g2": 2, "g3": 2, "g4": 2})
"""Grants, the tree, what a subject is, and where a role may be held."""

MATCHERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"m": ("r", "p"), "m2": ("r2", "p2"), "m3": ("r2", "p2")}
)
"""What each matcher holds against what: access, granting, and revoking (ruling E).

The one for revoking may be missing: then nobody may revoke.
"""

# INVARIANT: both deny when nothing matches. Casbin's others do not, or depend on an
# order of lines that a database does not promise. Casbin compares the text as it is.
_EFFECTS = (
    "some(where (p.eft == allow))",
    "some(where (p.eft == allow)) && !some(where (p.eft == deny))",
)
_FUNCTIONS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(
        (
            "keyMatch",
            "keyMatch2",
            "keyMatch3",
            "keyMatch4",
            "keyMatch5",
            "regexMatch",
            "ipMatch",
            "globMatch",
            "timeMatch",
        ),
        2,
    )
)
"""Casbin's own functions, and the number of values that each one compares."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model.conf that can be decided with.

    Attributes:
        text: the file as it was read.
        fields: the names of the columns of `r`, `r2`, `p`, `p2`.
        widths: how many values a line of each kind has.
        matchers: the expressions of `m`, `m2` and, where there is one, `m3`.
        places: where they were written.
        attributes: what a question about access may be sent with, in the order of `r`.
    """

    text: str
    fields: Mapping[str, tuple[str, ...]]
    widths: Mapping[str, int]
    matchers: Mapping[str, ast.expr] = field(compare=False, repr=False)
    places: Mapping[str, Source] = field(compare=False, repr=False)
    attributes: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        required = REQUEST_FIELDS["r"]
        found = tuple(name for name in self.fields["r"] if name not in required)
        object.__setattr__(self, "attributes", found)

    def value(self, line: Line, name: str) -> str:
        """The value of a policy line in the column of this name."""
        return line.values[self.fields[line.ptype].index(name)]

    def words(self, ptype: str, name: str) -> frozenset[str]:
        """The words that the matchers compare a policy field with.

        For the shipped model, `words("p2", "status")` are `*` and `active`: any other
        word in that column can never decide.
        """
        return frozenset(
            node.value
            for matcher in self.matchers.values()
            for comparison in ast.walk(matcher)
            if isinstance(comparison, ast.Compare)
            and any(_is(side, ptype, name) for side in _sides(comparison))
            for side in _sides(comparison)
            for node in ast.walk(side)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )


def load_model(path: Path | str) -> Model:
    """Read a model.conf.

    Raises:
        ModelError: the file cannot be read, or says what cannot be decided with.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:  # of UTF-8, or of the path itself
        message = f"cannot read `{path}`, expected a model.conf in UTF-8"
        raise ModelError(message) from error
    return parse_model(text, Path(path).name)


def parse_model(text: str, name: str = "model.conf") -> Model:
    """Read the text of a model.conf.

    Raises:
        ModelError: naming the file, and the definition that is missing or wrong.
    """
    definitions = read_definitions(text, name)
    fields = {
        key: _fields(definitions[key], required)
        for key, required in (*REQUEST_FIELDS.items(), *POLICY_FIELDS.items())
    }
    if "eft" in fields["p2"]:
        definitions["p2"].refuse("cannot have `eft`, because no power is denied")
    for key, width in ROLE_WIDTHS.items():
        expected = ", ".join("_" * width)
        written = definitions[key].value
        if written.replace(" ", "") != expected.replace(" ", ""):
            definitions[key].refuse(
                f"cannot be {shown(written)}, expected `{expected}`"
            )
    for key in ("e", "e2"):
        _check_effect(definitions[key])
    widths = {key: len(fields[key]) for key in POLICY_FIELDS} | dict(ROLE_WIDTHS)
    matchers = {
        key: read_expression(
            definitions[key],
            [f"{of}.{column}" for of in asked for column in fields[of]],
            {**ROLE_WIDTHS, **_FUNCTIONS},
        )
        for key, asked in MATCHERS.items()
        if key in definitions
    }
    return Model(
        text,
        MappingProxyType(fields),
        MappingProxyType(widths),
        MappingProxyType(matchers),
        MappingProxyType({key: definitions[key].place for key in matchers}),
    )


def _fields(definition: Definition, required: frozenset[str]) -> tuple[str, ...]:
    columns = tuple(column.strip() for column in definition.value.split(","))
    for column in columns:
        if not _COLUMN.fullmatch(column):
            text = f"has the field {shown(column)}, expected small letters and digits"
            definition.refuse(text)
        if columns.count(column) > 1:
            definition.refuse(f"has the field `{column}` twice, expected it once")
    missing = ", ".join(sorted(required - set(columns)))
    if missing:
        definition.refuse(f"lacks {missing}, expected {', '.join(sorted(required))}")
    extra = ", ".join(sorted(set(columns) - required))
    if extra and definition.key == "r2":
        # who may grant what is decided by facts alone
        expected = ", ".join(sorted(required))
        definition.refuse(f"asks for {extra}, expected only {expected}")
    return columns


def _check_effect(definition: Definition) -> None:
    if definition.value not in _EFFECTS:
        # nothing may be allowed by default
        expected = " or ".join(f"`{effect}`" for effect in _EFFECTS)
        definition.refuse(f"cannot be {shown(definition.value)}, expected {expected}")


def _sides(comparison: ast.Compare) -> list[ast.expr]:
    return [comparison.left, *comparison.comparators]


def _is(node: ast.expr, owner: str, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) == (owner, name)
    )
