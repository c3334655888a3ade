"""What a change really changes, held against what is in force.

Whatever is so already falls away: adding a line that is there, a text or a name that
stays the same. What is left is what the version records; nothing left, no version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import Connection

from ..errors import StoreError
from ..ids import MAX_VALUE_LENGTH
from ..terms import Line, Names
from .application import ApplicationStep
from .applications import check_step
from .lines import Stored, find_lines
from .reading import names_at, text_at
from .rows import check_line, check_text, shown
from .settling import Entry, settled
from .token import TokenStep
from .tokens import check_token_step
from .values import Change


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be written.

    Attributes:
        removed: as they stand, with the source that they had.
        added: lines that are not in force.
        moved: as they stand, but with the new source.
        relocated: lines in force, as they are to stand; from the place they have now.
        model: the new text, or nothing to keep the present one.
        catalogue: the new text, or nothing to keep the present one.
        names: the organisations whose names are new or different.
        settled: what is told first of rows that the log does not explain.
        application: the step of one that is taken.
        attests: whether the version is made in any case.
        token: the step of one that is taken.
    """

    removed: tuple[Stored, ...]
    added: tuple[Line, ...]
    moved: tuple[Stored, ...]
    relocated: Mapping[Stored, Stored]
    model: str | None
    catalogue: str | None
    invariants: str | None
    names: Mapping[str, Names]
    settled: tuple[Entry, ...]
    application: ApplicationStep | None
    attests: bool
    token: TokenStep | None

    def __bool__(self) -> bool:
        lines = (self.removed, self.added, self.moved, self.relocated, self.settled)
        brought = (self.model, self.catalogue, self.invariants)
        texts = any(text is not None for text in brought)
        stepped = self.application is not None or self.token is not None
        other = texts or bool(self.names) or stepped or self.attests
        return any(lines) or other


def difference_of(
    connection: Connection,
    change: Change,
    in_place: Mapping[Line, Line] = MappingProxyType({}),
) -> Difference:
    """Hold a change against what is in force.

    Args:
        connection: in the transaction of the writer.
        change: what is asked for.
        in_place: for a line the line whose place it takes.

    Raises:
        StoreError: the change contradicts itself, removes a line that is not there,
            or holds what the database cannot keep.
    """
    _check(change)
    if change.application is not None:
        check_step(connection, change.application)
    if change.token is not None:
        check_token_step(connection, change.token)
    add = dict.fromkeys(change.add)
    remove = dict.fromkeys(change.remove)
    lost = dict.fromkeys(change.lost)
    asked = add | remove | lost | dict.fromkeys((*in_place, *in_place.values()))
    found = find_lines(connection, asked)
    for line in remove:
        if line in add:
            message = f"`{shown(line)}` is both added and removed, expected one of them"
            raise StoreError(message)
        if line not in found:
            message = f"`{shown(line)}` cannot be removed: it is not in the database"
            raise StoreError(message)
    removed = tuple(found[line] for line in remove)
    # most often none of a million is
    there = [line for line in add if line in found] if found else []
    moved = tuple(
        replace(found[line], line=line)
        for line in there
        if _has_moved(found[line].line, line)
    )
    relocated = {
        found[line]: replace(found[line], id=found[other].id)
        for line, other in in_place.items()
        if line in found and other in found and line != other
    }
    # as they stand: what is moved has another source from now on
    touched = [*removed, *(found[each.line] for each in moved), *relocated]
    # a lost line may be in a row that the log does not know
    touched += [found[line] for line in lost if line in found]
    lost = {line: None for line in lost if line not in found or not found[line].logged}
    return Difference(
        removed=removed,
        added=tuple(line for line in add if line not in found) if there else tuple(add),
        moved=moved,
        relocated=relocated,
        model=_new_text(connection, "model", change.model),
        catalogue=_new_text(connection, "catalogue", change.catalogue),
        invariants=_new_text(connection, "invariants", change.invariants, before=""),
        names=_new_names(connection, change.names),
        settled=tuple(settled(connection, touched, lost)),
        application=change.application,
        attests=change.attests,
        token=change.token,
    )


def _check(change: Change) -> None:
    for name, text in (("origin", change.origin), ("actor", change.actor)):
        check_text(name, text, longest=MAX_VALUE_LENGTH)
        if not text.strip():
            message = f"the {name} is blank, expected a word"
            raise StoreError(message)
    _check_marks(change)
    check_text("message", change.message)
    for line in change.add:
        if not line.ptype or not line.values:
            message = f"`{shown(line)}` is no line, expected a ptype and values"
            raise StoreError(message)
        check_line(line)
        if line.source is not None:
            check_text("file of a source", line.source.file)
            check_text("comment of a source", line.source.comment)
    check_text("model", change.model or "")
    check_text("catalogue", change.catalogue or "")
    check_text("invariants", change.invariants or "")
    for organisation, names in change.names.items():
        check_text("id of an organisation", organisation, longest=MAX_VALUE_LENGTH)
        for text in (names.fi, names.sv, names.en):
            check_text(f"name of {organisation}", text)


def _check_marks(change: Change) -> None:
    """Refuse marks of a version that are there and say nothing."""
    marks = {
        "granter": (change.granter, MAX_VALUE_LENGTH),
        "power": (change.power, None),
        "git commit": (change.git_commit, MAX_VALUE_LENGTH),
        "approval": (change.approval, None),
    }
    for name, (text, longest) in marks.items():
        if text is not None:
            check_text(name, text, longest=longest)
            if not text.strip():
                message = f"the {name} is blank, expected it or none"
                raise StoreError(message)


def _has_moved(stored: Line, line: Line) -> bool:
    # a line added without a source says nothing about where it was written
    return line.source is not None and line.source != stored.source


def _new_text(
    connection: Connection, name: str, text: str | None, *, before: str | None = None
) -> str | None:
    """The text, where it is another one than is in force.

    Args:
        connection: in the transaction of the writer.
        name: of its column.
        text: what is asked for; nothing to keep the present one.
        before: what stands for none.
    """
    if text is None:
        return None
    known = text_at(connection, name)
    return None if text == (before if known is None else known) else text


def _new_names(
    connection: Connection, names: Mapping[str, Names]
) -> Mapping[str, Names]:
    present = names_at(connection) if names else {}
    return {
        organisation: named
        for organisation, named in names.items()
        if present.get(organisation) != named
    }
