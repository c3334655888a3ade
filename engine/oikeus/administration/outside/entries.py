"""What documents say of holders of rights, before it means anything here.

A holder can stand in several entries, of one document or of many: what they say counts
together, and may not contradict itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...errors import Problem
from ...policy.wording import shown


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be told about a place in a document; it refuses nothing.

    Attributes:
        file: the path of the document.
        path: the place in it, `$[3].organisaatiot[0]`.
        text: what there is to tell, alike for like things.
    """

    file: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.text}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document."""

    file: str
    path: str

    def __str__(self) -> str:
        return f"{self.file}, {self.path}"

    def note(self, text: str) -> Note:
        """Tell something about this place."""
        return Note(self.file, self.path, text)

    def problem(self, text: str) -> Problem:
        """Say what is wrong at this place."""
        return Problem(self.file, 0, f"{self.path}: {text}")


@dataclass(frozen=True, slots=True)
class GivenRight:
    """A right of the service that is asked for, in the service's own word."""

    word: str
    organisation: str
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """What one place of a document says of a holder.

    Attributes:
        oid: whose rights they are.
        type: the service's word for what sort of holder it is; it may be missing.
        place: where the entry stands.
        rights: those of the service that is asked for.
    """

    oid: str
    type: str | None
    place: Place
    rights: tuple[GivenRight, ...] = ()


@dataclass(slots=True)
class Reading:
    """What was read of a document.

    Attributes:
        entries: those that can be read.
        problems: what cannot be.
        reported: what looks like a right of the service and is none.
        ignored: how many rights are of other services, or at no organisation.
    """

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reported: list[Note] = field(default_factory=list)
    ignored: int = 0

    def add(self, other: Reading) -> None:
        """Take in what was read of another document."""
        self.entries.extend(other.entries)
        self.problems.extend(other.problems)
        self.reported.extend(other.reported)
        self.ignored += other.ignored


@dataclass(slots=True)
class Holder:
    """All that the documents say of a holder.

    Attributes:
        oid: its id at the national services.
        type: the service's word for what sort of holder it is, if any entry has one.
        place: where it was found first.
        rights: of all entries.
    """

    oid: str
    type: str | None
    place: Place
    rights: list[GivenRight] = field(default_factory=list)


def merged(entries: Iterable[Entry], problems: list[Problem]) -> tuple[Holder, ...]:
    """Put together what several entries say of one holder.

    Args:
        entries: of all documents.
        problems: gets what contradicts itself.
    """
    found: dict[str, Holder] = {}
    typed: dict[str, Entry] = {}
    for entry in entries:
        holder = found.setdefault(entry.oid, Holder(entry.oid, None, entry.place))
        holder.rights.extend(entry.rights)
        if entry.type is None:
            continue
        first = typed.setdefault(entry.oid, entry)
        holder.type = first.type
        if first.type != entry.type:
            text = (
                f"{shown(entry.oid)} is {shown(entry.type)} here and "
                f"{shown(first.type)} at {first.place}, expected the same"
            )
            problems.append(entry.place.problem(text))
    return tuple(found.values())
