"""The shape that a YAML file must have: JSON Schemas, and their errors in our words.

The schemas in `schemas/` are the one definition of shape, for editors and for us. Where
a schema gives both a pattern and a format, the pattern is what an editor can check and
the format decides, because it says better what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator

from .formats import FORMATS
from .wording import choice, did_you_mean, shown
from .yaml_values import Path

LABEL_MISSING = "label-missing"
"""The check that each word has a label in each language."""

_LABEL = "Label"
"""What the schemas call a label."""

_SORTS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place in a document, and what is wrong there; `check` as `Problem` has it."""

    path: Path
    text: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """One keyword of a schema that a value does not satisfy.

    Attributes:
        path: where the value stands.
        value: what was found there.
        wanted: what stands after the keyword in the schema.
        schema: the part of the schema that holds the keyword.
        of_key: whether the value is a key of the mapping at the path.
        cause: what the checker of a format says.
    """

    path: Path
    value: Any
    wanted: Any
    schema: Mapping[str, Any]
    of_key: bool
    cause: str

    @property
    def place(self) -> str:
        """Name the place as `roles.tallentaja.label` or `cases[3].why`."""
        text = ""
        for step in self.path:
            if isinstance(step, int):
                text += f"[{step}]"
            else:
                text += f".{step}" if text else step
        return shown(text) if text else "the file"

    def flaw(self, text: str, *below: str) -> Flaw:
        """Say what is wrong with the value at the place."""
        return Flaw((*self.path, *below), f"{self.place} {text}")


def flaws_in_shape(value: object, schema: Mapping[str, Any]) -> Iterator[Flaw]:
    """Say everything in which plain values miss the shape of a schema."""
    # looked up by what it is called: a mapping has no hash
    validator = _validator(schema["$id"]) if "$id" in schema else _made(schema)
    for error in validator.iter_errors(value):
        part: Mapping[str, Any] = error.schema
        if error.validator == "pattern" and "format" in part:
            continue
        failure = Failure(
            path=tuple(error.absolute_path),
            value=error.instance,
            wanted=error.validator_value,
            schema=part,
            of_key="propertyNames" in error.absolute_schema_path,
            cause=str(error.cause),
        )
        yield from WORDS[str(error.validator)](failure)


@cache
def _validator(name: str) -> Draft202012Validator:
    return _made(schema_named(name.removesuffix(".schema.json")))


def _made(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator in whose schema nothing is referred to: that takes half the time."""
    defined = schema.get("$defs", {})
    return Draft202012Validator(_whole(schema, defined), format_checker=FORMATS)


def _whole(part: Any, defined: Mapping[str, Any]) -> Any:  # noqa: ANN401 # as JSON is
    """A part of a schema with what it refers to in its place."""
    if isinstance(part, list):
        return [_whole(each, defined) for each in part]
    if not isinstance(part, Mapping):
        return part
    found = {key: _whole(each, defined) for key, each in part.items() if key != "$defs"}
    if isinstance(found.get("$ref"), str):
        name = found.pop("$ref").removeprefix("#/$defs/")
        found |= _whole(defined[name], defined)
    return found


@cache
def schema_named(name: str) -> Mapping[str, Any]:
    """Load a file of `schemas/`, by its name without `.schema.json`."""
    file = files(__package__) / "schemas" / f"{name}.schema.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(content)


def _missing(failure: Failure) -> Iterator[Flaw]:
    # one error a missing key, none of which names it: equal flaws are merged later
    for key in failure.wanted:
        if key not in failure.value:
            flaw = failure.flaw(f"has no key `{key}`, which it needs")
            is_label = failure.schema.get("title") == _LABEL
            yield replace(flaw, check=LABEL_MISSING) if is_label else flaw


def _unknown_keys(failure: Failure) -> Iterator[Flaw]:
    known = list(failure.schema["properties"])
    for key in failure.value:
        if key not in known:
            hint = choice(known) + did_you_mean(key, known)
            yield failure.flaw(
                f"has the unknown key {shown(key)}, expected {hint}", key
            )


def _wrong_type(failure: Failure) -> Iterator[Flaw]:
    text = f"is {shown(failure.value)}, expected {_SORTS[failure.wanted]}"
    if failure.wanted == "string" and isinstance(failure.value, bool | int | float):
        text += " (in quotes)"
    yield failure.flaw(text)


def _unknown_word(failure: Failure) -> Iterator[Flaw]:
    known = [str(word) for word in failure.wanted]
    hint = choice(known) + did_you_mean(str(failure.value), known)
    yield failure.flaw(f"is {shown(failure.value)}, expected {hint}")


def _wrong_pattern(failure: Failure) -> Iterator[Flaw]:
    expected = failure.schema["patternErrorMessage"]
    yield failure.flaw(f"is {shown(failure.value)}, {expected}")


def _wrong_format(failure: Failure) -> Iterator[Flaw]:
    if failure.of_key:
        yield failure.flaw(f"has a key that is wrong: {failure.cause}", failure.value)
    else:
        yield failure.flaw(f"is wrong: {failure.cause}")


def _too_few(failure: Failure) -> Iterator[Flaw]:
    found = f"has {len(failure.value)}" if failure.value else "is empty"
    yield failure.flaw(f"{found}, expected at least {failure.wanted}")


def _too_low(failure: Failure) -> Iterator[Flaw]:
    text = f"is {shown(failure.value)}, expected {failure.wanted} or more"
    yield failure.flaw(text)


def _repeated(failure: Failure) -> Iterator[Flaw]:
    twice = [item for item in failure.value if failure.value.count(item) > 1]
    yield failure.flaw(f"holds {shown(twice[0])} twice, expected it once")


def _none_of(failure: Failure) -> Iterator[Flaw]:
    keys = [f"`{key}`" for branch in failure.wanted for key in branch["required"]]
    yield failure.flaw(f"is incomplete, expected at least one key of {choice(keys)}")


WORDS: Mapping[str, Callable[[Failure], Iterator[Flaw]]] = {
    "required": _missing,
    "additionalProperties": _unknown_keys,
    "type": _wrong_type,
    "enum": _unknown_word,
    "pattern": _wrong_pattern,
    "format": _wrong_format,
    "minItems": _too_few,
    "minProperties": _too_few,
    "minimum": _too_low,
    "uniqueItems": _repeated,
    "anyOf": _none_of,
}
"""What each keyword of the schemas says when it fails; a test keeps it complete."""
