"""The values that all rooms share: what they refuse, and how they are written."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from oikeus.errors import RequestError
from oikeus.terms import (
    Grant,
    Line,
    Names,
    PowerRequest,
    Request,
    Source,
    Span,
    check_parts,
    check_subject,
    kind_of,
    parse_day,
)
from oikeus.texts import text_of

from ..pretenders import PosingObject, PosingText

DAYS = Span(date(2026, 1, 1), date(2026, 12, 31))
GRANT = Grant("person:a", "role:x", "1.2", DAYS)


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("", ()),
        ("R8: reads", ("R8",)),
        ("R8, C: reads, R9 does not", ("R8", "C")),
        ("R7, J: creates it; F: and reads nothing; R7: again", ("R7", "J", "F")),
        ("R10: never: an official", ("R10",)),
        ("see A: and PLAN B: too", ("A", "B")),
        ("R8 and C: only one of them is cited so", ("C",)),
        ("R8:without a blank", ()),
        ("ends in R8:", ()),
        ("NOTE: no rule; R: none; r8: none; AB: none; R8a: none", ("R",)),
    ],
)
def test_a_source_knows_the_rules_that_its_comment_cites(
    comment: str, rules: tuple[str, ...]
) -> None:
    """Rule numbers stand before a colon, several between commas, each once."""
    assert Source("a.csv", 1, comment).rules == rules


def test_a_source_and_a_line_are_written_as_people_write_them() -> None:
    """A place is file:line; a line has a comma and a blank between its values."""
    assert str(Source("a/b.csv", 12, "why")) == "a/b.csv:12"
    assert str(Line("p", ("a", "b"))) == "p, a, b"
    assert str(Line("p", ())) == "p"


def test_the_same_words_are_the_same_line() -> None:
    """A line is what it says, wherever it was written."""
    here, there = Source("a.csv", 1), Source("b.csv", 2)
    assert Line("p", ("a",), here) == Line("p", ("a",), there)
    assert len({Line("p", ("a",), here), Line("p", ("a",), there)}) == 1
    assert Line("p", ("a",)) != Line("p2", ("a",))
    assert Line("p", ("a", "b")) != Line("p", ("a, b",))


@pytest.mark.parametrize("value", [Source("a", 1), Line("p", ()), GRANT, DAYS, Names()])
def test_values_cannot_be_changed(value: object) -> None:
    """A value that a decision rests on stays what it is."""
    field = next(iter(getattr(type(value), "__slots__", ())))
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, "other")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", date(2026, 3, 1)), ("2028-02-29", date(2028, 2, 29))],
)
def test_a_day_is_read(text: str, day: date) -> None:
    """Days are written as year, month and day."""
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-3-1",
        "1.3.2026",
        "20260301",
        "2026-W09-7",
        "2026-03-01T00:00",
        " 2026-03-01",
        "2026-03-01\n",
        "\u0662026-03-01",
        "today",
    ],
)
def test_any_other_form_is_no_day(text: str) -> None:
    """One form only, so that days sort as text."""
    with pytest.raises(ValueError, match="is no day, expected the form 2026-03-01"):
        parse_day(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "0000-01-01", "2026-04-31"]
)
def test_a_day_that_there_is_not_is_refused(text: str) -> None:
    """The form alone makes no day."""
    message = f"^`{text}` is no day of the calendar, expected one that there is$"
    with pytest.raises(ValueError, match=message):
        parse_day(text)


def test_a_span_holds_both_its_days() -> None:
    """The first and the last day are inclusive (ruling H)."""
    assert date(2026, 1, 1) in DAYS
    assert date(2026, 12, 31) in DAYS
    assert date(2025, 12, 31) not in DAYS
    assert date(2027, 1, 1) not in DAYS


def test_a_span_is_read_as_it_is_written() -> None:
    """Writing and reading a span gives the same span."""
    assert str(DAYS) == "2026-01-01..2026-12-31"
    assert Span.parse(str(DAYS)) == DAYS
    assert Span.parse("2026-01-01..2026-01-01").first == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-01-01", "`2026-01-01` is no span of days, expected FIRST-DAY..LAST-DAY"),
        (
            "2026-01-01..",
            "`2026-01-01..` is no span of days, expected FIRST-DAY..LAST-DAY",
        ),
        (
            "..2026-01-01",
            "`..2026-01-01` is no span of days, expected FIRST-DAY..LAST-DAY",
        ),
        (
            "2026-01-01...2026-01-02",
            "`.2026-01-02` is no day, expected the form 2026-03-01",
        ),
        (
            "2026-01-02..2026-01-01",
            (
                "`2026-01-02..2026-01-01` ends before it begins, "
                "expected the first day first"
            ),
        ),
    ],
)
def test_what_is_no_span_is_refused(text: str, message: str) -> None:
    """A grant without an end, or without a day in it, is no grant."""
    with pytest.raises(ValueError, match="expected") as caught:
        Span.parse(text)
    assert str(caught.value) == message


def test_a_grant_is_read_as_it_is_written() -> None:
    """The days stand in the domain, where no Casbin cuts them off."""
    line = Line("g", ("person:a", "role:x", "1.2@2026-01-01..2026-12-31"))
    assert GRANT.line == line
    assert Grant.parse(line) == GRANT


@pytest.mark.parametrize(
    "line",
    [
        Line("g2", ("person:a", "role:x", "1.2@2026-01-01..2026-12-31")),
        Line("g", ("person:a", "role:x")),
        Line("g", ("person:a", "role:x", "1.2@2026-01-01..2026-12-31", "2026-06-30")),
    ],
)
def test_a_line_of_another_form_is_no_grant(line: Line) -> None:
    """Casbin would cut a fourth value off, and with it a limit written there."""
    with pytest.raises(ValueError, match="expected a subject, a role and ORG"):
        Grant.parse(line)


@pytest.mark.parametrize(
    "domain",
    [
        "1.2",
        "@2026-01-01..2026-12-31",
        "1..2@2026-01-01..2026-12-31",
        "mode:x@2026-01-01..2026-12-31",
        "2026-01-01..2026-12-31",
    ],
)
def test_a_domain_is_an_organisation_and_a_span(domain: str) -> None:
    """Only an organisation can be granted at: no mode, no blank."""
    with pytest.raises(
        ValueError, match="is no domain, expected ORGANISATION@FIRST-DAY"
    ):
        Grant.parse(Line("g", ("person:a", "role:x", domain)))


@pytest.mark.parametrize("days", ["", "2026-01-01", "1.2@2026-01-01..2026-12-31"])
def test_a_domain_s_days_are_a_span(days: str) -> None:
    """The rest of a domain is a span, however many signs it holds."""
    with pytest.raises(ValueError, match="is no "):
        Grant.parse(Line("g", ("person:a", "role:x", f"1.2@{days}")))


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("person:1.2", "person"),
        ("system:a:b", "system"),
        ("person:", ""),
        (":x", ""),
        ("person", ""),
        ("", ""),
    ],
)
def test_the_kind_of_a_subject_comes_from_its_id_alone(subject: str, kind: str) -> None:
    """No caller can say that a person is a system."""
    assert kind_of(subject) == kind


def test_a_request_is_four_plain_parts() -> None:
    """A request of plain parts is taken as it is."""
    request = Request("person:a", "read", "hoks", "1.2")
    assert (request.subject, request.action) == ("person:a", "read")
    assert (request.resource, request.organisation) == ("hoks", "1.2")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("", "read", "hoks", "1.2"), "the subject is blank, expected a value"),
        (("person:a", "", "hoks", "1.2"), "the action is blank, expected a value"),
        (("person:a", "read", "", "1.2"), "the resource is blank, expected a value"),
        (
            ("person:a", "read", "hoks", ""),
            "the organisation is blank, expected a value",
        ),
        (
            ("person:a", "read", "hoks", "1.2@2026-01-01"),
            "the organisation holds @, which ids cannot",
        ),
        (
            ("person:a", "read", "hoks", "1..2"),
            "the organisation holds .., which ids cannot",
        ),
        (
            ("person:a ", "read", "hoks", "1.2"),
            "the subject has a leading or trailing blank, expected none",
        ),
        (
            ("person:a", "read", "hoks", "mode:x"),
            "the organisation `mode:x` is a typed id, expected a bare one",
        ),
        (
            ("a", "read", "hoks", "1.2"),
            "the subject `a` has no kind, expected person:ID or system:ID",
        ),
        (
            ("person:", "read", "hoks", "1.2"),
            "the subject `person:` has no kind, expected person:ID or system:ID",
        ),
        (
            ("role:x", "read", "hoks", "1.2"),
            "the subject `role:x` is a role, expected person:ID or system:ID",
        ),
        ((None, "read", "hoks", "1.2"), "the subject is not text, expected an id"),
        (
            ("person:a", "read", "hoks", 1.2),
            "the organisation is not text, expected an id",
        ),
        (
            ("person:a", b"read", "hoks", "1.2"),
            "the action is not text, expected an id",
        ),
        (
            ("person:a", "read", ["hoks"], "1.2"),
            "the resource is not text, expected an id",
        ),
    ],
)
def test_a_request_that_cannot_be_decided_is_refused_at_the_door(
    parts: tuple[str, str, str, str], message: str
) -> None:
    """Casbin would not refuse these: it would deny some of them and allow others."""
    with pytest.raises(RequestError) as caught:
        Request(*parts)
    assert str(caught.value) == message


def test_a_power_request_is_four_plain_parts() -> None:
    """Two typed subjects, a typed role, and an organisation."""
    request = PowerRequest("person:a", "system:b", "role:x", "1.2")
    assert (request.granter, request.recipient) == ("person:a", "system:b")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("", "person:b", "role:x", "1.2"), "the granter is blank, expected a value"),
        (
            ("person:a", " ", "role:x", "1.2"),
            "the recipient has a leading or trailing blank, expected none",
        ),
        (("person:a", "person:b", "", "1.2"), "the role is blank, expected a value"),
        (
            ("person:a", "person:b", "role:x", "@"),
            "the organisation holds @, which ids cannot",
        ),
        (
            ("a", "person:b", "role:x", "1.2"),
            "the granter `a` has no kind, expected person:ID or system:ID",
        ),
        (
            ("person:a", "role:x", "role:x", "1.2"),
            "the recipient `role:x` is a role, expected person:ID or system:ID",
        ),
        (("person:a", "person:b", "x", "1.2"), "`x` is no role, expected role:NAME"),
        (
            ("person:a", "person:b", "person:x", "1.2"),
            "`person:x` is no role, expected role:NAME",
        ),
        (
            ("person:a", None, "role:x", "1.2"),
            "the recipient is not text, expected an id",
        ),
    ],
)
def test_a_power_request_that_cannot_be_decided_is_refused_at_the_door(
    parts: tuple[str, str, str, str], message: str
) -> None:
    """A role cannot be given to a role, nor by one."""
    with pytest.raises(RequestError) as caught:
        PowerRequest(*parts)
    assert str(caught.value) == message


def test_parts_are_checked_in_the_order_given() -> None:
    """The first part that no id can be is named."""
    assert check_parts(first="a", second="b") == ["a", "b"]
    with pytest.raises(RequestError, match="the second is blank"):
        check_parts(first="a", second="", third="")


def test_a_part_is_its_text() -> None:
    """A plain `str` whatever was given; a flaw is one of the text."""
    (text,) = check_parts(place=PosingText("north", "a..b"))
    assert type(text) is str
    assert text == "north"
    assert type(text_of("place", PosingText("", "a"))) is str
    assert PowerRequest(PosingText("person:a", "b"), "person:b", "role:c", "d") == (
        PowerRequest("person:a", "person:b", "role:c", "d")
    )
    with pytest.raises(RequestError, match="the place holds @, which ids cannot"):
        check_parts(place=PosingText("a@b", "north"))
    with pytest.raises(RequestError, match="the place is not text, expected an id"):
        text_of("place", PosingObject("north"))


def test_a_subject_of_any_kind_passes_here() -> None:
    """Which kinds there are is the policy's affair, and not known here."""
    for subject in ("person:a", "system:a", "robot:a"):
        check_subject("subject", subject)


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (Names("f", "s", "e"), "f"),
        (Names("", "s", "e"), "s"),
        (Names("", "", "e"), "e"),
        (Names(), ""),
    ],
)
def test_the_best_name_is_the_first_there_is(names: Names, best: str) -> None:
    """Finnish, then Swedish, then English."""
    assert names.best == best
