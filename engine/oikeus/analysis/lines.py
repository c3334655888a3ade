"""What two versions differ in as they are written: lines, and the texts beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from ..policy.model_changes import ModelChange, model_changes
from ..terms import Line


class Written(Protocol):
    """A version as it is written; `store.Contents` is one."""

    @property
    def lines(self) -> Iterable[Line]:
        """All lines in force."""

    @property
    def model(self) -> str | None:
        """The text of the model, where there is one."""

    @property
    def catalogue(self) -> str | None:
        """The text of the catalogue, where there is one."""

    @property
    def invariants(self) -> str:
        """The text of the invariants; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a version would be, as it is written, before it is committed."""

    lines: tuple[Line, ...]
    model: str | None = None
    catalogue: str | None = None
    invariants: str = ""


@dataclass(frozen=True, slots=True)
class MovedLine:
    """The same line, written elsewhere or under another comment."""

    before: Line
    after: Line


@dataclass(frozen=True, slots=True)
class LineDifference:
    """The lines and texts that two versions do not have in common.

    The order of lines is none of it: whichever effect a model may have, no decision
    depends on the order.

    Attributes:
        removed: lines that are in force no longer, in their order before.
        added: lines that were not in force, in their order after.
        moved: lines in both of which the source differs, in their order after.
        model: the definitions that are others now.
        catalogue_changed: whether the text of the catalogue is another.
        invariants_changed: whether that of the invariants is.
    """

    removed: tuple[Line, ...]
    added: tuple[Line, ...]
    moved: tuple[MovedLine, ...]
    model: tuple[ModelChange, ...]
    catalogue_changed: bool
    invariants_changed: bool = False

    def __bool__(self) -> bool:
        lines = self.removed or self.added or self.moved
        texts = self.model or self.catalogue_changed or self.invariants_changed
        return bool(lines or texts)


def line_difference(before: Written, after: Written) -> LineDifference:
    """Compare two versions as they are written; a line given twice counts once.

    Raises:
        ModelError: the second model cannot be read.
    """
    old, new = _each(before.lines), _each(after.lines)
    return LineDifference(
        removed=tuple(line for line in old if line not in new),
        added=tuple(line for line in new if line not in old),
        moved=tuple(
            MovedLine(old[line], line)
            for line in new
            if line in old and old[line].source != line.source
        ),
        model=_models(before.model, after.model),
        catalogue_changed=before.catalogue != after.catalogue,
        invariants_changed=before.invariants != after.invariants,
    )


def _each(lines: Iterable[Line]) -> dict[Line, Line]:
    """Lines by their words, as they are written first."""
    found: dict[Line, Line] = {}
    for line in lines:
        found.setdefault(line, line)
    return found


def _models(before: str | None, after: str | None) -> tuple[ModelChange, ...]:
    # without a second one nothing is said of the model: it is no definition
    if after is None or before == after:
        return ()
    return model_changes(before or "", after)
