"""Which versions, and which lines, are asked for: by words that they hold.

Words are compared where the model has them: a subject is the first value of a line, a
role one of the first two, and an organisation one of these or that of a domain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from ..errors import StoreError
from ..moments import begins, instant_of, time_text
from .rows import check_text
from .tables import application, change, token, version


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are asked for; what is left out does not matter.

    Attributes:
        subject: who holds the grant or is blocked, `person:…`.
        role: of a rule, a power or a grant, `role:…`.
        organisations: any of these.
        kinds: any of these, `p`, `p2`, `g` …
    """

    subject: str | None = None
    role: str | None = None
    organisations: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked for, so that not every line will do."""
        return self != LineFilter()

    def conditions(
        self, connection: Connection, lines: FromClause
    ) -> Iterator[ColumnElement[bool]]:
        """What holds of the lines asked for.

        Args:
            connection: in whose dialect.
            lines: a table with the columns of `casbin_rule`.

        Raises:
            StoreError: a word that no column can hold.
        """
        for name in ("subject", "role"):
            _check(name, getattr(self, name))
        first, second, domain = lines.c.v0, lines.c.v1, lines.c.v2
        if self.kinds is not None:
            yield lines.c.ptype.in_(self.kinds)
        if self.subject is not None:
            yield and_(first == self.subject, lines.c.ptype.in_(("g", "g3")))
        if self.role is not None:
            yield or_(first == self.role, second == self.role)
        if self.organisations is not None:
            asked = _each_of(connection, self.organisations)
            held = _place_of(connection, domain)
            tree = or_(first.in_(asked), second.in_(asked))
            yield or_(
                and_(lines.c.ptype.in_(("g2", "g4")), tree),
                and_(lines.c.ptype == "g", held.in_(asked)),
            )

    def steps(self, connection: Connection) -> Iterator[ColumnElement[bool]]:
        """What holds of the steps of applications asked for, which are no lines.

        Raises:
            StoreError: a word that no column can hold.
        """
        if self.kinds is not None:
            yield false()
        if self.subject is not None:
            yield application.c.subject == self.subject
        if self.role is not None:
            yield application.c.role == self.role
        if self.organisations is not None:
            asked = _each_of(connection, self.organisations)
            yield application.c.organisation.in_(asked)

    def token_steps(self, connection: Connection) -> Iterator[ColumnElement[bool]]:
        """What holds of the steps of tokens asked for, which are of no role.

        Raises:
            StoreError: a word that no column can hold.
        """
        if self.kinds is not None or self.role is not None:
            yield false()
        if self.subject is not None:
            yield token.c.subject == self.subject
        if self.organisations is not None:
            asked = _each_of(connection, self.organisations).subquery()
            held = literal(",") + token.c.organisations + ","
            sought = literal(",") + asked.c.value + ","
            yield exists().where(func.replace(held, sought, "") != held)


TEXTS = ("model", "catalogue", "invariants")
"""What a version keeps beside lines; only where it brought another one."""


@dataclass(frozen=True, slots=True)
class VersionFilter:
    """Which versions are asked for; what is left out does not matter.

    Attributes:
        actor: who made it.
        granter: on whose power it rests.
        origin: what sort of act it was.
        since: made on this day in Finland or later.
        until: made on this day in Finland or before.
        lines: it changed one of these, or took a step of an application or a token
            about it.
        before: of a smaller number than this.
        text: it brought another one of this name: `model`, `catalogue`, `invariants`.
    """

    actor: str | None = None
    granter: str | None = None
    origin: str | None = None
    since: date | None = None
    until: date | None = None
    lines: LineFilter = LineFilter()
    before: int | None = None
    text: str | None = None

    def conditions(self, connection: Connection) -> Iterator[ColumnElement[bool]]:
        """What holds of the rows of `oikeus_version` asked for.

        Raises:
            StoreError: a word that no column can hold, or a text that no version has.
        """
        for name in ("actor", "granter", "origin"):
            wanted = getattr(self, name)
            _check(name, wanted)
            if wanted is not None:
                yield version.c[name] == wanted
        if self.text is not None:
            if self.text not in TEXTS:
                message = f"a version has no such text, expected {' or '.join(TEXTS)}"
                raise StoreError(message)
            yield version.c[self.text].is_not(None)
        if self.before is not None:
            yield version.c.number < self.before
        if self.since is not None:
            yield version.c.time >= time_text(begins(self.since))
        if self.until is not None:
            yield version.c.time <= time_text(instant_of(self.until))
        if self.lines:
            yield or_(
                exists(
                    select(change.c.version).where(
                        change.c.version == version.c.number,
                        *self.lines.conditions(connection, change),
                    )
                ),
                exists(
                    select(application.c.version).where(
                        application.c.version == version.c.number,
                        *self.lines.steps(connection),
                    )
                ),
                exists(
                    select(token.c.version).where(
                        token.c.version == version.c.number,
                        *self.lines.token_steps(connection),
                    )
                ),
            )


def _check(name: str, word: object) -> None:
    if word is not None:
        check_text(name, word)


def _each_of(connection: Connection, words: tuple[str, ...]) -> Select[tuple[str]]:
    """The words as rows: they may be more than a statement takes parameters."""
    for word in words:
        _check("organisation", word)
    if connection.dialect.name == "sqlite":
        rows = func.json_each(json.dumps(words)).table_valued("value")
    else:
        given = cast(list(words), JSONB)
        rows = func.jsonb_array_elements_text(given).table_valued("value")
    return select(rows.c.value)


def _place_of(connection: Connection, domain: ColumnElement[str]) -> ColumnElement[str]:
    """The organisation in a domain; blank where there is none."""
    if connection.dialect.name == "sqlite":
        return func.substr(domain, 1, func.instr(domain, "@") - 1)
    return func.split_part(domain, "@", 1)
