"""The schemas that ship: valid, complete for editors, and understood by us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from oikeus.policy.formats import FORMATS
from oikeus.policy.shape import WORDS, schema_named

NAMES = sorted(
    entry.name.removesuffix(".schema.json")
    for entry in (files("oikeus.policy") / "schemas").iterdir()
)
SILENT = {"properties", "items", "propertyNames"}
NOTES = {
    "title",
    "description",
    "patternErrorMessage",
    "$schema",
    "$id",
    "$defs",
    "$ref",
}


def nodes(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All parts of a schema that are schemas themselves."""
    yield schema
    for key in ("items", "propertyNames", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from nodes(schema[key])
    for key in ("properties", "$defs"):
        for part in schema.get(key, {}).values():
            yield from nodes(part)
    for part in schema.get("anyOf", ()):
        yield from nodes(part)


def test_the_schemas_are_those_that_the_readers_name() -> None:
    """A schema without a reader, or a reader without a schema, is a mistake."""
    assert NAMES == ["cases", "catalogue", "decision", "dropped", "invariants"]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name: str) -> None:
    """Each is a valid schema of the draft that it names."""
    schema = schema_named(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(dict(schema))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_needs_no_host(name: str) -> None:
    """Its id is relative, and references stay inside the file."""
    schema = schema_named(name)
    assert schema["$id"] == f"{name}.schema.json"
    references = [node["$ref"] for node in nodes(schema) if "$ref" in node]
    assert references
    assert all(reference.startswith("#/$defs/") for reference in references)


@pytest.mark.parametrize("name", NAMES)
def test_every_keyword_has_words(name: str) -> None:
    """What a schema asks for can be said when it is missing, in its own text."""
    used = {keyword for node in nodes(schema_named(name)) for keyword in node}
    assert used - NOTES - SILENT <= set(WORDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_checked(name: str) -> None:
    """An unknown format would be passed over in silence."""
    used = {node["format"] for node in nodes(schema_named(name)) if "format" in node}
    assert used <= set(FORMATS.checkers)


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_has_its_message(name: str) -> None:
    """Editors show it in place of the expression."""
    for node in nodes(schema_named(name)):
        assert ("pattern" in node) == ("patternErrorMessage" in node)


@pytest.mark.parametrize("name", NAMES)
def test_every_mapping_is_closed(name: str) -> None:
    """A misspelt key is never taken for a new one."""
    for node in nodes(schema_named(name)):
        if node.get("type") == "object":
            assert node.get("additionalProperties") is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_explained(name: str) -> None:
    """Editors show a title for what can be written."""
    schema = schema_named(name)
    definitions = schema["$defs"]
    for node in nodes(schema):
        for key, part in node.get("properties", {}).items():
            target = definitions.get(part.get("$ref", "").removeprefix("#/$defs/"), {})
            assert "title" in part or "title" in target, key
