"""What a new model.conf defines otherwise, whatever became of comments and layout."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from ..errors import ModelError
from .definitions import SECTIONS, read_definitions


@dataclass(frozen=True, slots=True)
class ModelChange:
    """A definition that is another one now.

    Attributes:
        section: where it stands, `matchers`.
        key: what is defined, `m`.
        before: as it was, on one line; empty where nothing could be read.
        after: as it is, on one line.
    """

    section: str
    key: str
    before: str
    after: str


def model_changes(before: str, after: str) -> tuple[ModelChange, ...]:
    """Compare two models by their definitions, in the order of a model.conf.

    Args:
        before: the text of a model; one that cannot be read counts as empty, since a
            database may hold what another release of this program could use.
        after: the text of the model that takes its place.

    Raises:
        ModelError: the second one cannot be read.
    """
    new, old = _values(after), {}
    with suppress(ModelError):
        old = _values(before)
    return tuple(
        ModelChange(section, key, old.get(key, ""), new.get(key, ""))
        for section, keys in SECTIONS.items()
        for key in keys
        if old.get(key) != new.get(key)
    )


def _values(text: str) -> dict[str, str]:
    definitions = read_definitions(text, "model.conf")
    return {key: definition.value for key, definition in definitions.items()}
