"""The values that all rooms share: lines, grants, requests and decisions.

Every value is immutable and compares by content. Ids are typed by a prefix
(`person:`, `system:`, `role:`, `level:`, `mode:`, `status:`); organisations are bare.
A grant's domain is `ORGANISATION@FIRST..LAST`, a question's is
`ORGANISATION@DAY@ROLE`: no id may therefore hold `@` or `..`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Self, final

from .attributes import Attributes, check_attributes
from .errors import RequestError
from .ids import flaw_in_id, is_plain
from .texts import text_of

# bounded, so that a comment of commas alone takes no time to read
_CITATION = re.compile(r"\b(?:R\d+|[A-Z])(?:, (?:R\d+|[A-Z])){0,30}(?=: )")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line was written, with the comment above it.

    Attributes:
        file: the path relative to the policy folder's parent, `policies/ehoks.csv`.
        line: counted from 1.
        comment: the text above the line, without `#`; empty when there is none.
    """

    file: str
    line: int
    comment: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def rules(self) -> tuple[str, ...]:
        """The rule numbers that the comment cites.

        >>> Source("a.csv", 1, "R8, C: in their own organisation").rules
        ('R8', 'C')
        """
        cited = (found.split(", ") for found in _CITATION.findall(self.comment))
        return tuple(dict.fromkeys(number for numbers in cited for number in numbers))


@dataclass(frozen=True, slots=True)
class Line:
    """One Casbin line: `p`, `p2`, `g` …, and its values.

    Two lines with the same words are the same line, wherever they were written.
    """

    ptype: str
    values: tuple[str, ...]
    source: Source | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return ", ".join((self.ptype, *self.values))


def parse_day(text: str) -> date:
    """Read a day written as 2026-03-01.

    Raises:
        ValueError: any other form, or a day that the calendar does not have.
    """
    if not _DAY.fullmatch(text) or not text.isascii():
        message = f"`{text}` is no day, expected the form 2026-03-01"
        raise ValueError(message)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"`{text}` is no day of the calendar, expected one that there is"
        raise ValueError(message) from error


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from the first to the last, both inclusive (ruling H)."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-01-01..2026-12-31`.

        Raises:
            ValueError: another form, a bad day, or a last day before the first.
        """
        first, _, last = text.partition("..")
        if not first or not last:
            message = f"`{text}` is no span of days, expected FIRST-DAY..LAST-DAY"
            raise ValueError(message)
        span = cls(parse_day(first), parse_day(last))
        if span.last < span.first:
            message = f"`{text}` ends before it begins, expected the first day first"
            raise ValueError(message)
        return span


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A subject holds a role at an organisation over a span of days.

    Attributes:
        subject: a typed id, `person:…` or `system:…`.
        role: a typed id, `role:…`.
        organisation: a bare id; the grant covers it and all below it.
    """

    subject: str
    role: str
    organisation: str
    span: Span

    @classmethod
    def parse(cls, line: Line) -> Self:
        """Read a `g` line.

        Raises:
            ValueError: a width other than three, or a domain that is not
                ORGANISATION@FIRST-DAY..LAST-DAY.
        """
        if line.ptype != "g" or len(line.values) != 3:  # noqa: PLR2004
            message = "expected a subject, a role and ORGANISATION@FIRST-DAY..LAST-DAY"
            raise ValueError(message)
        subject, role, domain = line.values
        organisation, days = split_domain(domain)
        return cls(subject, role, organisation, Span.parse(days))

    @property
    def line(self) -> Line:
        """The grant as the Casbin line that is stored."""
        domain = f"{self.organisation}@{self.span}"
        return Line("g", (self.subject, self.role, domain))


def split_domain(domain: str) -> tuple[str, str]:
    """Split the domain of a grant into its organisation and its span of days.

    Raises:
        ValueError: it is not ORGANISATION@DAYS.
    """
    organisation, at, days = domain.partition("@")
    # a typed id in the organisation's place would stand below itself and, as a
    # role, be held at itself: to Casbin every word leads to itself
    if not at or not organisation or ".." in organisation or ":" in organisation:
        message = f"`{domain}` is no domain, expected ORGANISATION@FIRST-DAY..LAST-DAY"
        raise ValueError(message)
    return organisation, days


def kind_of(subject: str) -> str:
    """Return the kind of a subject, which its id alone decides.

    >>> kind_of("person:1.2.246.562.24.1")
    'person'
    """
    kind, colon, name = subject.partition(":")
    return kind if colon and name else ""


class Effect(Enum):
    """What a decision says."""

    ALLOW = "allow"
    DENY = "deny"


@final
@dataclass(frozen=True, slots=True, init=False)
class Request:
    """May this subject do this action on this resource at this organisation?

    It has no subclasses: they could say something else than was checked. The parts are
    kept as plain `str`; of a subclass of that, such as a `StrEnum`, its text is kept.

    Attributes:
        subject: a typed id, `person:…` or `system:…`.
        action: what is to be done.
        resource: on what.
        organisation: where.
        attributes: what the caller says besides, by the names that the model declares.
            One that is blank was not sent, and is not kept.

    Raises:
        RequestError: a blank part, a part that no id can be, a subject without a
            kind, a role in the subject's place, or an attribute that cannot be read.
    """

    subject: str
    action: str
    resource: str
    organisation: str
    attributes: Attributes = field(default=(), kw_only=True)

    def __init__(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> None:
        texts = [subject, action, resource, organisation]
        if not _are_plain(texts):
            texts = check_parts(
                subject=subject,
                action=action,
                resource=resource,
                organisation=organisation,
            )
        check_subject("subject", texts[0])
        _keep(self, texts)
        sent = check_attributes(attributes) if attributes else ()
        object.__setattr__(self, "attributes", sent)

    def __iter__(self) -> Iterator[str]:
        """The four parts in their order, as `DecisionPoint.allows` takes them."""
        return iter((self.subject, self.action, self.resource, self.organisation))


@dataclass(frozen=True, slots=True)
class PowerRequest:
    """May this granter give this recipient the role at this organisation?

    Attributes:
        role: a typed id, `role:…`.

    Raises:
        RequestError: a blank part, a part that no id can be, or a granter or recipient
            without a kind.
    """

    granter: str
    recipient: str
    role: str
    organisation: str

    def __post_init__(self) -> None:
        texts = check_parts(
            granter=self.granter,
            recipient=self.recipient,
            role=self.role,
            organisation=self.organisation,
        )
        _keep(self, texts)
        check_subject("granter", self.granter)
        check_subject("recipient", self.recipient)
        if kind_of(self.role) != "role":
            message = f"`{self.role}` is no role, expected role:NAME"
            raise RequestError(message)


@final
@dataclass(frozen=True, slots=True)
class RevocationRequest(PowerRequest):
    """May this granter take the role at this organisation from the recipient (E)?

    Raises:
        RequestError: as a question about granting it would.
    """


def _are_plain(texts: list[str]) -> bool:
    """Whether the parts of a question are ids at first sight, the last one a bare one.

    All are looked at together, which takes a fourth of the time; others may be ids too.
    """
    return (
        all(texts)
        and {*map(type, texts)} == {str}
        and ":" not in texts[-1]
        and is_plain("".join(texts))
    )


def _keep(request: Request | PowerRequest, texts: list[str]) -> None:
    for name, text in zip(request.__match_args__, texts, strict=True):
        object.__setattr__(request, name, text)


def check_parts(**parts: object) -> list[str]:
    """Refuse parts of a question that no id can be.

    Returns:
        the texts that they are, each a plain `str`.

    Raises:
        RequestError: naming the first such part.
    """
    texts = []
    for name, value in parts.items():
        text = text_of(name, value)
        flaw = flaw_in_id(text)
        if not flaw and name == "organisation" and ":" in text:
            flaw = f"`{text}` is a typed id, expected a bare one"
        if flaw:
            message = f"the {name} {flaw}"
            raise RequestError(message)
        texts.append(text)
    return texts


def check_subject(name: str, value: str) -> None:
    """Refuse what cannot be the id of a subject.

    Raises:
        RequestError: an id without a kind, or the id of a role.
    """
    kind = kind_of(value)
    if not kind:
        message = f"the {name} `{value}` has no kind, expected person:ID or system:ID"
        raise RequestError(message)
    if kind == "role":
        message = f"the {name} `{value}` is a role, expected person:ID or system:ID"
        raise RequestError(message)


@dataclass(frozen=True, slots=True)
class Names:
    """What an organisation is called, per language; empty where it has no such name."""

    fi: str = ""
    sv: str = ""
    en: str = ""

    @property
    def best(self) -> str:
        """The first name there is: Finnish, then Swedish, then English."""
        return self.fi or self.sv or self.en
