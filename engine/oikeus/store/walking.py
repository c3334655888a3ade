"""The walk along the chain: each digest and number, and what the log puts in force.

INVARIANT: a row is held against the digest that stands in the row before it, the first
one against `GENESIS`. So what disagrees is named where it is, and when nothing does,
the digest of the head is that of all before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..canonical import digest_of
from .chain import GENESIS, version_digest
from .courses import APPLICATIONS, TOKENS, Followed
from .findings import Findings
from .logged import Logged, is_plain
from .replaying import Replayed
from .values import Advance, Mark, Op

_VERSION = "oikeus_version"
_CHANGE = "oikeus_change"
_NAMES = "oikeus_names"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_TOLD = 4_096
_EDITED = "its digest is not that of what it holds after the row before it"
_NOT_PLAIN = "holds a value that is neither text nor a whole number"


class Walk:
    """One walk from the first version to the last.

    Args:
        findings: what disagrees is noted there.
        watched: the number of a version whose digest is to be remembered.
        advance: told how many changes were gone through since it was told last.

    Attributes:
        mark: of the version that was walked to.
        seen: of the version that was watched for, once it was walked to.
        changes: how many rows of `oikeus_change` were gone through.
        replayed: what they put in force.
    """

    def __init__(
        self, findings: Findings, watched: int | None, advance: Advance
    ) -> None:
        self.findings = findings
        self.watched = watched
        self._advance = advance
        self._time = ""
        self.mark = Mark(0, GENESIS)
        self.seen: Mark | None = None
        self.changes = 0
        self.replayed = Replayed(findings)
        self._applications = Followed(APPLICATIONS, findings)
        self._tokens = Followed(TOKENS, findings)

    def along(
        self,
        versions: Iterator[dict[str, Any]],
        changes: Iterator[Logged],
        names: Iterator[tuple[Any, ...]],
        steps: Iterator[tuple[Any, ...]],
        token_steps: Iterator[tuple[Any, ...]],
    ) -> None:
        """Walk along the log, whose rows come in the order of the chain.

        Raises:
            Enough: more need not be found.
        """
        of_change = _Parts(_CHANGE, changes, self.findings)
        of_name = _Parts(_NAMES, names, self.findings)
        of_step = _Parts(APPLICATIONS.table, steps, self.findings)
        of_token = _Parts(TOKENS.table, token_steps, self.findings)
        for row in versions:
            number = row["number"]
            if type(number) is not int:
                text = f"has {number!a} for its number, expected a whole number"
                self.findings.add(None, _VERSION, number, text)
                continue
            self._follow(row)
            last = self._changes(number, of_change.of(number), self.mark.digest)
            last = self._names(number, of_name.of(number), last)
            last = self._steps(self._applications, number, of_step.of(number), last)
            last = self._steps(self._tokens, number, of_token.of(number), last)
            self._close(row, last)
            if number == self.watched:
                self.seen = self.mark
        of_change.end()
        of_name.end()
        of_step.end()
        of_token.end()

    def _follow(self, row: dict[str, Any]) -> None:
        """What a version says of its place among the others."""
        number, time, before = row["number"], row["time"], self.mark
        if number != before.number + 1:
            text = f"follows version {before.number}, expected {before.number + 1}"
            self.findings.add(number, _VERSION, number, text)
        if row["previous"] != before.digest:
            text = f"does not go on from the digest of version {before.number}"
            self.findings.add(number, _VERSION, number, text)
        if type(time) is not str or not _TIME.fullmatch(time):
            text = f"has the time {time!a}, expected as in 2026-03-01T09:30:00.000000Z"
            self.findings.add(number, _VERSION, number, text)
        elif time < self._time:
            text = f"has the time {time}, which is before that of the version before"
            self.findings.add(number, _VERSION, number, text)
        else:
            self._time = time

    def _changes(self, number: int, rows: Iterator[Any], before: str) -> str:
        """The changes of a version; gives the digest that stands in the last."""
        put, touch, added = self.replayed.put, self.replayed.touch, Op.ADDED.value
        lines = self.replayed.lines
        expected = 0
        # the inner loop of all: few steps for what is right
        for _, digest, held, position, op, rule, spelt in rows:
            expected += 1
            if not expected % _TOLD:
                self._advance(_TOLD)
            if spelt is None:
                self._add(_CHANGE, number, position, _NOT_PLAIN)
                before = digest
                continue
            if position != expected:
                text = f"stands where the position {expected} was expected"
                self._add(_CHANGE, number, position, text)
                expected = position if type(position) is int else expected
            # a list in its canonical spelling, of which the first value is `before`
            if sha256(f'["{before}",{spelt[1:]}'.encode()).hexdigest() != digest:
                self._add(_CHANGE, number, position, _EDITED)
            before = digest
            if op == added and held and rule not in lines:
                lines[rule] = spelt
            elif op == added:
                put(number, position, rule, spelt, held)
            else:
                touch(number, position, op, rule, spelt)
        self._advance(expected % _TOLD)
        self.changes += expected
        return _as_digest(before)

    def _names(self, number: int, rows: Iterator[Any], before: str) -> str:
        """The names of a version; gives the digest that stands in the last."""
        for _, digest, *form in rows:
            if not is_plain(form):
                self._add(_NAMES, number, form[0], _NOT_PLAIN)
            elif digest_of([before, *form]) != digest:
                self._add(_NAMES, number, form[0], _EDITED)
            before = _as_digest(digest)
        return before

    def _steps(
        self, followed: Followed, number: int, rows: Iterator[Any], before: str
    ) -> str:
        """The step of a version; gives the digest that stands in the last."""
        table = followed.course.table
        for _, digest, *form in rows:
            if not is_plain(form):
                self.findings.add(number, table, number, _NOT_PLAIN)
            elif digest_of([before, *form]) != digest:
                self.findings.add(number, table, number, _EDITED)
            followed.step(number, *form)
            before = _as_digest(digest)
        return before

    def _close(self, row: dict[str, Any], last: str) -> None:
        """The digest of a version, over all that it holds."""
        number, digest = row["number"], row.pop("digest")
        if not is_plain(row.values()):
            self.findings.add(number, _VERSION, number, _NOT_PLAIN)
        elif version_digest(row, last) != digest:
            text = (
                "its digest is not that of what it holds: it was edited, or the last "
                "of its rows was edited, removed or added"
            )
            self.findings.add(number, _VERSION, number, text)
        self.mark = Mark(number, _as_digest(digest))

    def _add(self, table: str, number: int, key: object, text: str) -> None:
        self.findings.add(number, table, f"{number}/{key}", text)


def _as_digest(stored: object) -> str:
    """What a digest goes on from; from none where another value stands in its place."""
    return stored if type(stored) is str else ""


class _Parts:
    """The rows of a table in parts, one for each version.

    Args:
        table: its name.
        rows: each with its version as the first value, in the order of these.
        findings: told of rows whose version is not there.
    """

    def __init__(self, table: str, rows: Iterator[Any], findings: Findings) -> None:
        self._table = table
        self._findings = findings
        self._groups = groupby(rows, itemgetter(0))
        self._next = next(self._groups, None)
        self._taken = False

    def of(self, number: int) -> Iterator[Any]:
        """The rows of the version; to be gone through before the next is asked for."""
        while (part := self._present()) is not None:
            version, rows = part
            # what is no number is of no version, and stands before or after all
            if type(version) is int and version >= number:
                if version > number:
                    break
                self._taken = True
                return rows
            self._strange(version)
        return iter(())

    def end(self) -> None:
        """There is no version left for what is left."""
        while (part := self._present()) is not None:
            self._strange(part[0])

    def _present(self) -> tuple[Any, Iterator[Any]] | None:
        if self._taken:
            self._next, self._taken = next(self._groups, None), False
        return self._next

    def _strange(self, version: Any) -> None:  # noqa: ANN401 # whatever is stored
        self._taken = True
        text = f"has rows of the version {version!a}, which is not there"
        self._findings.add(version, self._table, "", text)
