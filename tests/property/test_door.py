"""What no request can have is refused at the door, by every question alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError
from oikeus.terms import Request

from ..pretenders import FailingObject, PosingObject, PosingText
from .worlds import MODEL, SHIPPED, line

DAY = date(2026, 3, 1)
POINT = DecisionPoint(
    Snapshot.build(
        MODEL,
        [
            *SHIPPED,
            line("g4", "o0", "level:root"),
            line("g2", "o1", "o0"),
            line("g4", "o1", "level:oppilaitos"),
            line("g", "person:1", "role:ehoks-kayttaja", "o1@2026-01-01..2026-12-31"),
        ],
    )
)

SUBJECT, WORD, PLACE, ROLE = "person:1", "read", "o1", "ehoks-kayttaja"


def _decide(subject: str, action: str, resource: str, place: str, at: date) -> object:
    return POINT.decide(Request(subject, action, resource, place), at)


QUESTIONS: dict[str, tuple[Callable[..., object], tuple[str, ...]]] = {
    "decide": (_decide, (SUBJECT, WORD, "hoks", PLACE)),
    "allows": (POINT.allows, (SUBJECT, WORD, "hoks", PLACE)),
    "may_grant": (POINT.may_grant, (SUBJECT, "person:2", ROLE, PLACE)),
    "who_can": (POINT.who_can, (WORD, "hoks", PLACE)),
    "who_may_grant": (POINT.who_may_grant, ("person:2", ROLE, PLACE)),
    "what_can": (POINT.what_can, (SUBJECT, PLACE)),
    "where_can": (POINT.where_can, (SUBJECT, WORD, "hoks")),
}

good = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)
bad_texts = st.one_of(
    st.just(""),
    st.builds("{}{}".format, st.sampled_from(" \t\n\u00a0"), good),
    st.builds("{}{}".format, good, st.sampled_from(" \t\n\u2003")),
    st.builds(
        "{}{}{}".format, good, st.sampled_from("@,\"'`\x00\x1b\u200b\ue000"), good
    ),
    st.builds("{}..{}".format, good, good),
    good.map(lambda text: text.ljust(256, "x")),
)
bad_values = st.one_of(
    bad_texts,
    st.integers(),
    st.binary(),
    st.lists(good),
    st.booleans(),
    st.floats(),
)
bad_subjects = st.one_of(
    bad_values,
    st.none(),
    good,
    good.map("role:{}".format),
    good.map(":{}".format),
    good.map("alien:{}".format),
    good.map("Person:{}".format),
    st.sampled_from(["person:", "system:", "person:1 "]),
)


@pytest.mark.parametrize("name", QUESTIONS)
@given(st.data())
def test_a_part_that_no_id_can_be_is_refused(name: str, data: st.DataObject) -> None:
    """Blanks, `@`, `..`, quotes, control characters, and what is no text at all."""
    question, parts = QUESTIONS[name]
    assert question(*parts, DAY) is not None
    position = data.draw(st.integers(0, len(parts) - 1))
    is_subject = ":" in parts[position]
    posing = st.one_of(
        st.builds(PosingObject, st.just(parts[position])),
        st.builds(FailingObject),
        bad_texts.map(lambda text: PosingText(text, parts[position])),
    )
    bad: Any = data.draw(st.one_of(bad_subjects if is_subject else bad_values, posing))
    with pytest.raises(RequestError) as refused:
        question(*parts[:position], bad, *parts[position + 1 :], DAY)
    text = str(refused.value)
    assert text[0] == text[0].lower()
    assert text.isprintable()
    assert not text.endswith(".")


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 3, 1, 12),  # noqa: DTZ001 - the case
        datetime.fromisoformat("2026-03-01T12:00:00+02:00"),
        "2026-03-01",
        "",
        0,
        20260301,
        False,
    ],
    ids=str,
)
def test_what_is_no_day_is_refused(name: str, day: object) -> None:
    """A datetime, text or number is not taken for a day, nor for no day at all."""
    question, parts = QUESTIONS[name]
    with pytest.raises(
        RequestError,
        match=r"^the day decided for is no day, expected a date without a time$",
    ):
        question(*parts, day)


@pytest.mark.parametrize(
    "request_", [None, "person:1", ("person:1", "read", "hoks", "o1")], ids=str
)
def test_only_a_request_can_be_decided(request_: object) -> None:
    """What is no Request was never checked, and is refused."""
    decide: Callable[..., object] = POINT.decide
    with pytest.raises(RequestError, match="expected a `Request`"):
        decide(request_, DAY)
