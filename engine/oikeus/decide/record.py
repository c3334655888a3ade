"""A decision as it is recorded: what was asked, when, what was answered, and by what.

A record is one JSON object on one line, which `decision.schema.json` describes. What is
read must be that and nothing else: a record decides whether somebody did wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Self

from ..errors import Problem, RecordError, RequestError
from ..moments import time_text
from ..policy.shape import flaws_in_shape, schema_named
from ..terms import Effect, Line, Request, parse_day
from .decision import Decision
from .dropped import DROPPED, Dropped
from .record_json import read_json

FORMAT: Final = "oikeus-decision-1"
"""Names the form of a record; another one would get another name."""

_SCHEMA = "decision"


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision on access, with all that is needed to make it again.

    Attributes:
        id: no other decision has it.
        time: when it was made, with an offset.
        request: the question.
        at: the day decided for.
        effect: the answer.
        version: the version of the policy that decided.
        rule: the determining rule; none where no rule matched.
        grant: the line of the grant that the rule came through.
        is_explained: whether rule and grant were asked; where not, they are not known.
        ids: which key the ids of subjects are pseudonyms by; none where they are clear.
    """

    id: str
    time: datetime
    request: Request
    at: date
    effect: Effect
    version: int
    rule: Line | None = None
    grant: Line | None = None
    is_explained: bool = field(default=True, kw_only=True)
    ids: str | None = field(default=None, kw_only=True)

    @classmethod
    def of(cls, decision: Decision, *, id: str, time: datetime) -> Self:  # noqa: A002 # what it is called
        """Record a decision.

        Args:
            decision: on a request for access.
            id: no other decision has it.
            time: when it was made, with an offset.

        Raises:
            RequestError: a decision on a power, a time without an offset, or an id that
                no record can have.
        """
        request = decision.request
        if not isinstance(request, Request):
            message = "the decision is on a power, expected one on access"
            raise RequestError(message)
        if time.utcoffset() is None:
            message = "the time has no offset, expected one such as UTC"
            raise RequestError(message)
        grant = decision.grant.line if decision.grant else None
        record = cls(
            id=id,
            time=time.astimezone(UTC),
            request=request,
            at=decision.at,
            effect=decision.effect,
            version=decision.version,
            rule=decision.rule,
            grant=grant,
        )
        for flaw in _flaws(record._values()):
            raise RequestError(flaw)
        return record

    def to_json(self) -> str:
        """The record as one line of JSON, without its end."""
        return json.dumps(self._values(), ensure_ascii=False)

    @classmethod
    def from_json(
        cls, text: str | bytes, *, file: str = "record", line: int = 0
    ) -> Self:
        """Read a record.

        Args:
            text: one JSON object.
            file: where it stands, for problems.
            line: counted from 1.

        Raises:
            RecordError: with everything that is wrong with it.
        """
        try:
            values = read_json(text)
        except ValueError as error:
            raise RecordError([Problem(file, line, str(error))]) from error
        flaws = _flaws(values)
        if flaws:
            raise RecordError(Problem(file, line, flaw) for flaw in flaws)
        names = ("subject", "action", "resource", "organisation")
        try:
            sent = values.get("attributes", {})
            request = Request(*(values[name] for name in names), attributes=sent)
        except RequestError as error:
            raise RecordError([Problem(file, line, str(error))]) from error
        return cls(
            id=values["id"],
            time=datetime.fromisoformat(values["time"]),
            request=request,
            at=parse_day(values["day"]),
            effect=Effect(values["decision"]),
            version=values["version"],
            rule=_line(values.get("rule")),
            grant=_line(values.get("grant")),
            is_explained=values.get("explained", True),
            ids=values.get("ids"),
        )

    def _values(self) -> dict[str, Any]:
        sent = dict(self.request.attributes)
        values: dict[str, Any] = {
            "format": FORMAT,
            "id": self.id,
            "time": time_text(self.time),
            "subject": self.request.subject,
            "action": self.request.action,
            "resource": self.request.resource,
            "organisation": self.request.organisation,
            **({"attributes": sent} if sent else {}),
            "day": self.at.isoformat(),
            "decision": self.effect.value,
        }
        for name, line in (("rule", self.rule), ("grant", self.grant)):
            if line is not None:
                values[name] = [line.ptype, *line.values]
        values["version"] = self.version
        if not self.is_explained:
            values["explained"] = False
        if self.ids is not None:
            values["ids"] = self.ids
        return values


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """A record, and the line of the file where it stands."""

    line: int
    record: DecisionRecord


@dataclass(frozen=True, slots=True)
class Records:
    """What a file of records holds, and what in it cannot be read.

    Attributes:
        found: the records.
        problems: lines that cannot be read.
        dropped: lines that say which decisions have no record, by their numbers.
    """

    found: tuple[WrittenRecord, ...]
    problems: tuple[Problem, ...]
    dropped: Mapping[int, Dropped] = field(default_factory=dict)


def read_records(lines: Iterable[bytes], file: str) -> Records:
    """Read records line by line; blank lines are none.

    Args:
        lines: of the file, with or without their ends.
        file: its path, for problems.
    """
    found: list[WrittenRecord] = []
    problems: list[Problem] = []
    dropped: dict[int, Dropped] = {}
    ids: dict[str, int] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            if DROPPED.encode() in text and Dropped.is_said_by(text):
                dropped[number] = Dropped.from_json(text, file=file, line=number)
                continue
            record = DecisionRecord.from_json(text, file=file, line=number)
        except RecordError as error:
            problems.extend(error.problems)
            continue
        first = ids.setdefault(record.id, number)
        if first != number:
            twice = f"the id `{record.id}` is that of line {first}, expected another"
            problems.append(Problem(file, number, twice))
        found.append(WrittenRecord(number, record))
    return Records(tuple(found), tuple(problems), dropped)


def _line(values: list[str] | None) -> Line | None:
    return None if values is None else Line(values[0], tuple(values[1:]))


def _flaws(values: Any) -> list[str]:  # noqa: ANN401 # whatever JSON holds
    schema = schema_named(_SCHEMA)
    return [flaw.text for flaw in flaws_in_shape(values, schema)]
