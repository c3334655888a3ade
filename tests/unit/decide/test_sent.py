"""Requirements on what is sent with a question: every way of asking reads it alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.sent import values_of
from oikeus.errors import RequestError
from oikeus.policy.model import Model
from oikeus.terms import Request

from .small_world import GRANT, TERMS, held, model_with, point, without

FIELDS = "sub, note, kind, org, day, obj, ip, act"
"""Attributes may stand anywhere among the fields."""

DENY = "p, role:boss, plan, read, deny"
TRIED = without("r.act == p.act")
FORMS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "a condition": ((*TERMS, 'r.note == "yes"'), ()),
    "a condition, and a denial": ((*TERMS, 'r.note == "yes"'), (DENY,)),
    "tried on each rule": (
        (*TRIED, '(r.note == "yes" && r.act + r.ip == p.act)'),
        (),
    ),
    "evaluated as written": (
        (GRANT, *TERMS[2:], 'keyMatch(r.note + "", "yes")'),
        (),
    ),
}
"""Matchers that allow where `note` is `yes` and `ip` is blank, or not asked for."""


def model(*terms: str) -> Model:
    """The shipped model with attributes, and with these terms for access."""
    return model_with(r=FIELDS, m=" && ".join(terms))


def world(form: str) -> DecisionPoint:
    """Decide about two users."""
    terms, rows = FORMS[form]
    return point(
        held("person:1", "user", "north"),
        held("person:2", "user", "north"),
        held("person:2", "boss", "north"),
        *rows,
        model=model(*terms),
    )


def asked(subject: str = "person:1", place: str = "north", **sent: str) -> Request:
    """A question about reading plans."""
    return Request(subject, "read", "plan", place, attributes=sent)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_sent_decides(form: str) -> None:
    """However a matcher is evaluated, and whoever is asked."""
    made = world(form)
    assert made.snapshot.access.is_folded is (form != "evaluated as written")
    yes, no, plain = asked(note="yes"), asked(note="no"), asked()
    aside = Request("person:1", "burn", "plan", "north", attributes={"note": "yes"})
    unknown = asked("person:9", note="yes")
    assert made.decide(yes).allowed
    assert not any(map(made.decide, (no, plain, aside, unknown)))
    many: list[Request | tuple[str, str, str, str]] = [
        *(yes, no, plain, aside, unknown, asked(note="")),
        ("person:1", "read", "plan", "north"),
    ]
    assert made.allows_many(many) == [True, *(False,) * 6]
    assert not made.allows("person:1", "read", "plan", "north")


@pytest.mark.parametrize("form", FORMS)
def test_reverse_questions_send_it_each_time(form: str) -> None:
    """They list those for whom a single decision is an allow."""
    made, sent = world(form), {"note": "yes"}
    readers = ("person:1",) if "denial" in form else ("person:1", "person:2")
    places = ("north", "north-school", "north-office")
    assert made.who_can("read", "plan", "north", attributes=sent) == readers
    assert made.where_can("person:1", "read", "plan", attributes=sent) == places
    (found,) = made.what_can("person:1", attributes=sent)
    assert (found.action, found.organisations) == ("read", places)
    (here,) = made.what_can("person:1", "north", attributes=(("note", "yes"),))
    assert here.organisations == ("north",)
    for other in ({}, {"note": "no"}, {"note": ""}):
        assert made.who_can("read", "plan", "north", attributes=other) == ()
        assert made.where_can("person:1", "read", "plan", attributes=other) == ()
        assert made.what_can("person:1", attributes=other) == ()


def test_a_subject_put_aside_is_decided_with_what_is_sent() -> None:
    """The quick path knows nothing of who holds themselves."""
    made = point(
        held("person:1", "user", "north"),
        "g, person:1, person:1, north@2026-01-01..2026-12-31",
        model=model(*TERMS, '(r.note == "yes" || r.ip == "::1")'),
    )
    live = made.snapshot.access._live  # noqa: SLF001 # nothing else tells
    assert live
    assert live.aside == {"person:1"}
    assert made.decide(asked(ip="::1"))
    assert made.allows_many([asked(ip="::1"), asked(ip="::2")]) == [True, False]


def test_any_text_is_compared_as_it_is() -> None:
    """What Casbin would take apart elsewhere is plain text here."""
    made = point(
        held("person:1", "user", "north"), model=model(*TERMS, 'r.note == "a@b, c.."')
    )
    assert made.allows_many([asked(note="a@b, c.."), asked(note="a@b, c")]) == [
        *(True, False)
    ]


def test_an_attribute_is_no_part_of_a_domain_that_it_breaks() -> None:
    """What is put into a domain with a mark in it matches no grant."""
    grant = GRANT.replace("r.org", "r.note")
    made = point(held("person:1", "user", "north"), model=model(grant, *TERMS[2:]))
    assert made.decide(asked(note="north"))
    for odd in ("north@2026-03-01", "north@2026-03-01@role:user", "@", "..", ""):
        assert not made.decide(asked(note=odd))


def test_values_stand_in_the_order_of_the_model() -> None:
    """Blank where none was sent."""
    made = model(*TERMS)
    assert made.attributes == ("note", "ip")
    assert values_of(made, (("ip", "::1"),)) == ("", "::1")
    assert values_of(made, ()) == ("", "")


def test_an_attribute_that_the_model_does_not_declare_is_refused() -> None:
    """It is a mistake of the caller, or a model that is older than they think."""
    made, other = world("a condition"), point()
    refusals = {
        made: "note, ip",
        other: "none, because the model declares none",
    }
    sent = {"role": "x"}
    questions: list[Callable[[DecisionPoint], object]] = [
        lambda point: point.decide(asked(role="x")),
        lambda point: point.allows_many([asked(role="x")]),
        lambda point: point.who_can("read", "plan", "north", attributes=sent),
        lambda point: point.what_can("person:1", attributes=sent),
        lambda point: point.where_can("person:1", "read", "plan", attributes=sent),
    ]
    for each, expected in refusals.items():
        for ask in questions:
            with pytest.raises(RequestError) as refused:
                ask(each)
            assert (
                str(refused.value) == f"unknown attribute `role`, expected {expected}"
            )
        # what is blank was not sent
        assert not each.decide(asked(role=""), date(1990, 1, 1))


def test_a_reason_is_about_what_was_asked() -> None:
    """Roles that would give it are those that give it with what was sent."""
    made = world("a condition")
    denied = made.decide(asked("person:9", note="yes"))
    assert denied.roles == ("role:boss", "role:user")
    assert made.decide(asked("person:9")).roles == ()
