"""A condition in SQL selects what is found by searching, and by asking one by one."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    select,
)

from oikeus import DecisionPoint, RequestError, Snapshot
from oikeus.contrib import sqlalchemy
from oikeus.decide.asked import Asked
from oikeus.terms import kind_of

from .worlds import DAYS, MODEL, ORGANISATIONS, SUBJECTS, UNKNOWN, World, worlds

ODD = ("", " ", "O1", "o1 ", " o1", "o1%", "%", "o", "o11", "null", "mode:x", "o1@o2")
PLACES = (*ORGANISATIONS, UNKNOWN, *ODD)

rows = Table("rows", MetaData(), Column("organisation", String))


@pytest.fixture(scope="module")
def connection() -> Connection:
    """A table with a row for each place, twice, and two without any."""
    opened = create_engine("sqlite://").connect()
    rows.create(opened)
    every = [{"organisation": place} for place in (*PLACES, None)]
    opened.execute(insert(rows), [*every, *every])
    return opened


def allowed(point: DecisionPoint, asked: Asked, at: date) -> bool:
    """What is said of one organisation; what cannot be one is never allowed."""
    try:
        return point.allows(*asked, at=at)
    except RequestError:
        return False


@given(
    world=worlds(),
    day=st.sampled_from(DAYS),
    most=st.sampled_from([0, sqlalchemy.MOST_BOUND]),
)
def test_rows_selected_are_those_allowed(
    connection: Connection, world: World, day: date, most: int
) -> None:
    """Filter, search and decisions agree, in both forms of the condition."""
    point = DecisionPoint(Snapshot.build(MODEL, world.lines))
    for subject in SUBJECTS:
        if kind_of(subject) not in point.snapshot.kinds:
            continue
        for deed in world.deeds:
            with patch.object(sqlalchemy, "MOST_BOUND", most):
                condition = sqlalchemy.filter(
                    point, subject, *deed, column=rows.c.organisation, at=day
                )
            found = connection.scalars(select(rows.c.organisation).where(condition))
            others = connection.scalars(select(rows.c.organisation).where(~condition))
            one_by_one = [
                place
                for place in PLACES
                if allowed(point, (subject, *deed, place), day)
            ]
            selected = [*found]
            assert selected == one_by_one * 2
            assert set(selected) == set(point.where_can(subject, *deed, day))
            assert set(others) == {*PLACES, None} - set(selected)
