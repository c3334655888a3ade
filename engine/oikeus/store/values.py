"""What goes into a database and what comes out of it, as values.

A change is asked for, a version is what the log made of it. Versions are counted from
1; a database that has only its tables stands at version 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from ..terms import Line, Names
from .application import ApplicationStep
from .token import TokenStep

Advance: TypeAlias = Callable[[int], None]
"""Called with the number of rows that were read since the last call."""

Progress: TypeAlias = Callable[[int], AbstractContextManager[Advance | None]]
"""Shows how far a long reading has come: told how many rows there are, it gives what is
to be called, if anything, for as long as its block lasts."""


def _no_names() -> Mapping[str, Names]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is in force at one version.

    Attributes:
        version: the number of the head; 0 when nothing has been committed.
        model: the text of the model, once a version has brought one.
        catalogue: the text of the catalogue, once a version has brought one.
        lines: in the order in which the database keeps them, each with its source
            where the log knows one.
        names: what each organisation is called, by its id.
        invariants: the text of those that no delegation may break; empty where no
            version has brought any, or the last one took them away.
    """

    version: int
    model: str | None
    catalogue: str | None
    lines: tuple[Line, ...]
    names: Mapping[str, Names]
    invariants: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells the last version from any other, of this database or another.

    A number does not: a database that was restored counts the same numbers again. The
    digest does, and it tells all versions before it as well.

    Attributes:
        number: of the version.
        digest: of the version; nothing before the first.
        time: when it was made, by the database's clock, where that was read.
    """

    number: int
    digest: str = ""
    time: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


GrantValues: TypeAlias = tuple[str, str, str]
"""A plain grant as the database holds it: subject, role and domain."""


@dataclass(frozen=True, slots=True)
class Since:
    """What the versions after a mark did, to be taken in as a whole.

    Attributes:
        mark: of the version that they led to; the same when there is none.
        added: plain grants in force now; some may have been before.
        removed: plain grants that are not in force now; none is among those added.
        lines_changed: whether any other line was added, removed, replaced or has a new
            source. Their order matters: they are to be read again.
        model: the new text, or nothing when it is as it was.
        catalogue: the new text, or nothing when it is as it was.
        names: only the organisations whose names are new or different.
    """

    mark: Mark
    added: tuple[GrantValues, ...] = ()
    removed: tuple[GrantValues, ...] = ()
    lines_changed: bool = False
    model: str | None = None
    catalogue: str | None = None
    names: Mapping[str, Names] = field(default_factory=_no_names)


@dataclass(frozen=True, slots=True)
class Change:
    """What a version is asked to change.

    Attributes:
        origin: the kind of act, in one word: policy, organisations, grants, casbin …
        actor: who does it: a subject, or an operating-system user.
        message: why, for the reader of the history.
        add: lines to be in force afterwards. One that is there already stays; when it
            comes from another source than it did, the log notes that it moved.
        remove: lines that must be there and will not be afterwards.
        model: the new text, or nothing to keep the present one.
        catalogue: the new text, or nothing to keep the present one.
        invariants: the same; empty to have none any more.
        names: only the organisations whose names are new or different.
        granter: on whose power it rests; nothing where nobody's was needed.
        power: the line that gave that power, as it was.
        git_commit: the commit that the files were taken from.
        approval: who else approved, with the signature.
        attests: whether the version is made although nothing else changes, because it
            records that somebody looked and left all as it is.
        lost: lines that are not in force, although the log may say that they are; then
            it is recorded that they left.
        application: the step of an application that it takes.
        token: the step of a token that it takes.
    """

    origin: str
    actor: str
    message: str
    add: tuple[Line, ...] = ()
    remove: tuple[Line, ...] = ()
    model: str | None = None
    catalogue: str | None = None
    invariants: str | None = None
    names: Mapping[str, Names] = field(default_factory=_no_names)
    granter: str | None = None
    power: str | None = None
    git_commit: str | None = None
    approval: str | None = None
    lost: tuple[Line, ...] = ()
    attests: bool = False
    application: ApplicationStep | None = None
    token: TokenStep | None = None


class Op(StrEnum):
    """What a version did to a line, in the symbols of every difference."""

    ADDED = "+"
    REMOVED = "-"
    MOVED = "~"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of the log; a removed line keeps the source that it had."""

    op: Op
    line: Line


@dataclass(frozen=True, slots=True)
class Version:
    """One committed change, without its lines.

    Attributes:
        time: when the database's clock said it was, `2026-03-01T09:30:00.000000Z`;
            never earlier than the time of the version before.
        granter: on whose power it rests; nothing where nobody's was needed.
        power: the line that gave that power, as it was.
        git_commit: the commit that the files were taken from.
        approval: who else approved, with the signature.
        previous: the digest of its parent, the version before.
        digest: its own, over all that it holds and that digest (`chain`).
        added: how many lines it added.
        removed: how many lines it removed.
        application: the step of an application that it took.
        token: the step of a token that it took.
    """

    number: int
    time: str
    actor: str
    origin: str
    message: str
    granter: str | None
    power: str | None
    git_commit: str | None
    approval: str | None
    previous: str
    digest: str
    added: int
    removed: int
    application: ApplicationStep | None = None
    token: TokenStep | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The last versions of those that were asked for.

    Attributes:
        versions: the newest first.
        earlier: how many more there are, all before these.
    """

    versions: tuple[Version, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class Blamed:
    """A line in force, and the version that brought it.

    Attributes:
        line: with its present source.
        version: its number; nothing when no version explains the line as it stands.
        time: when that was, as the log has it.
        actor: who did it.
        granter: on whose power it rests.
        origin: what sort of act it was.
        message: why.
    """

    line: Line
    version: int | None = None
    time: str = ""
    actor: str = ""
    granter: str | None = None
    origin: str = ""
    message: str = ""
