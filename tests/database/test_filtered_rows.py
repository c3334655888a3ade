"""The condition of `oikeus.contrib.sqlalchemy`, on both kinds of database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
)

from oikeus import DecisionPoint, Line, Model, Snapshot, Store, load_model
from oikeus.contrib import sqlalchemy

DAY = date(2026, 6, 1)
MANY = 5_000
SCHOOLS = tuple(f"1.1.{number}" for number in range(MANY))
ELSEWHERE = tuple(f"1.2.{number}" for number in range(MANY))
WITH_SIGNS = ("1.1.å\\", "1.1.{}", "1.1.%s", "1.1.🎓")
"""Ids of other registers may hold what JSON and drivers write in a way of their own."""

hoks = Table(
    "hoks",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("organisation", String(255), index=True),
)


@pytest.fixture(scope="module")
def model() -> Model:
    """The model of the repository."""
    return load_model(Path(__file__).parents[2] / "model.conf")


@pytest.fixture(scope="module")
def point(model: Model) -> DecisionPoint:
    """Two providers with many schools; some read at all of one, some at one school."""
    lines = [
        ("p", "role:reader", "hoks", "read", "allow"),
        ("g3", "role:reader", "person"),
        *(("g4", level, "role:reader") for level in ("level:provider", "level:school")),
        ("g4", "1", "level:root"),
    ]
    for top, below in (("1.1", (*SCHOOLS, *WITH_SIGNS)), ("1.2", ELSEWHERE)):
        lines += [("g2", top, "1"), ("g4", top, "level:provider")]
        lines += [("g2", place, top) for place in below]
        lines += [("g4", place, "level:school") for place in below]
    days = "2026-01-01..2026-12-31"
    lines += [
        ("g", "person:head", "role:reader", f"1.1@{days}"),
        ("g", "person:teacher", "role:reader", f"{SCHOOLS[7]}@{days}"),
        ("g", "person:abroad", "role:reader", f"{WITH_SIGNS[0]}@{days}"),
    ]
    made = (Line(ptype, tuple(values)) for ptype, *values in lines)
    return DecisionPoint(Snapshot.build(model, made), today=lambda: DAY)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """A table with a row for each organisation, and two without any."""
    places = ("1", "1.1", *SCHOOLS, *WITH_SIGNS, "1.2", *ELSEWHERE, None, None)
    with store.database.engine.connect() as opened:
        hoks.create(opened)
        opened.execute(insert(hoks), [{"organisation": place} for place in places])
        yield opened
        opened.rollback()


@pytest.mark.parametrize(
    ("subject", "count"),
    [
        ("person:head", 1 + MANY + len(WITH_SIGNS)),
        ("person:teacher", 1),
        ("person:abroad", 1),
        ("person:nobody", 0),
    ],
)
def test_rows_selected_are_those_allowed(
    connection: Connection, point: DecisionPoint, subject: str, count: int
) -> None:
    """Whether it is one organisation or thousands, more than could be bound each."""
    asked = (subject, "read", "hoks")
    condition = sqlalchemy.filter(point, *asked, column=hoks.c.organisation)
    found = connection.scalars(select(hoks.c.organisation).where(condition)).all()
    assert len(found) == count
    every = connection.scalars(select(hoks.c.organisation).order_by(hoks.c.id)).all()
    assert sorted(found) == sorted(
        place for place in every if place and point.allows(*asked, place)
    )
    others = select(func.count()).select_from(hoks).where(~condition)
    assert connection.scalar(others) == len(every) - count
