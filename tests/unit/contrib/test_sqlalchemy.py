"""A condition in SQL that selects the rows at which something is allowed."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import (
    ColumnElement,
    Integer,
    column,
    create_engine,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from oikeus import DecisionPoint, RequestError, Store, block, snapshot_of
from oikeus.contrib import sqlalchemy

DAY = date(2026, 6, 1)
ASKED = ("person:a", "read", "file")
PLACES = ("1.1", "1.1.1", "1.1.9", "1.2", "1.9", "1.1 ", "1.10", "", None)
ALLOWED = ["1.1", "1.1.1", "1.1.9"]


class Base(DeclarativeBase):
    """The tables of a service."""


class Hoks(Base):
    """What belongs to an organisation, or to none."""

    __tablename__ = "hoks"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_oid: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")


@pytest.fixture
def session() -> Iterator[Session]:
    """A table with one row for each place."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add_all(Hoks(organisation_oid=place) for place in PLACES)
        opened.commit()
        yield opened
    engine.dispose()


Build = Callable[..., ColumnElement[bool]]


@pytest.fixture(params=[0, 100], ids=["many", "few"])
def build(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    point: DecisionPoint,
) -> Build:
    """The condition in both of its forms."""
    monkeypatch.setattr(sqlalchemy, "MOST_BOUND", request.param)

    def _build(*asked: str, at: date | None = None) -> ColumnElement[bool]:
        return sqlalchemy.filter(
            point, *(asked or ASKED), column=Hoks.organisation_oid, at=at
        )

    return _build


def test_rows_are_those_of_organisations_where_it_is_allowed(
    session: Session, build: Build, point: DecisionPoint
) -> None:
    """The ones that `allows` allows, and no row without an organisation."""
    found = session.scalars(select(Hoks.organisation_oid).where(build())).all()
    assert found == ALLOWED == [*point.where_can(*ASKED)]
    assert found == [
        place
        for place in PLACES
        if place and place.strip() == place and point.allows(*ASKED, place)
    ]


def test_other_rows_are_all_the_others(session: Session, build: Build) -> None:
    """The one without an organisation among them: NULL must hide no row from `~`."""
    found = session.scalars(select(Hoks.organisation_oid).where(~build())).all()
    assert found == [*PLACES[3:]]
    told = session.scalars(select(build())).all()
    assert told == [True] * 3 + [False] * 6


@pytest.mark.parametrize("asked", [("person:b", *ASKED[1:]), ("person:a", "x", "y")])
def test_nothing_allowed_selects_nothing(
    session: Session, build: Build, asked: tuple[str, str, str]
) -> None:
    """Whatever the rows are; and its opposite, everything."""
    condition = build(*asked)
    assert session.scalars(select(Hoks).where(condition)).all() == []
    assert len(session.scalars(select(Hoks).where(~condition)).all()) == len(PLACES)


def test_day_is_that_of_the_point_unless_it_is_named(
    session: Session, build: Build
) -> None:
    """As of any question."""
    for at, count in ((None, 3), (date(2026, 12, 31), 3), (date(2027, 1, 1), 0)):
        counted = select(func.count()).select_from(Hoks).where(build(at=at))
        assert session.scalar(counted) == count


def test_two_conditions_stand_in_one_statement(session: Session, build: Build) -> None:
    """Their parameters do not meet."""
    both = select(Hoks).where(build() | build("person:b", *ASKED[1:]))
    assert len(session.scalars(both).all()) == 3
    either = select(Hoks).where(build() & ~build("person:b", *ASKED[1:]), build())
    assert len(session.scalars(either).all()) == 3


def test_rows_are_changed_and_deleted_where_it_is_allowed(
    session: Session, build: Build
) -> None:
    """The condition is one like any other."""
    session.execute(update(Hoks).where(build()).values(note="seen"))
    seen = select(Hoks.organisation_oid).where(Hoks.note == "seen")
    assert session.scalars(seen).all() == ALLOWED
    session.execute(delete(Hoks).where(build()))
    assert session.scalars(select(Hoks.organisation_oid)).all() == [*PLACES[3:]]


def test_many_organisations_are_one_parameter(
    monkeypatch: pytest.MonkeyPatch, point: DecisionPoint
) -> None:
    """Up to a hundred are bound each; databases bind some thousands at most."""
    for most, parameters in ((3, 1), (2, 1)):
        monkeypatch.setattr(sqlalchemy, "MOST_BOUND", most)
        condition = sqlalchemy.filter(point, *ASKED, column=Hoks.organisation_oid)
        compiled = condition.compile()
        assert len(compiled.params) == parameters
        (bound,) = compiled.params.values()
        assert [*bound] == ALLOWED
        assert ("json_each" in str(compiled)) == (most == 2)
        assert "1.1" not in str(compiled)


def test_condition_stays_as_it_was_built(
    session: Session, point: DecisionPoint, loaded: Store
) -> None:
    """It is of one version; the next one is asked anew."""
    condition = sqlalchemy.filter(point, *ASKED, column=Hoks.organisation_oid)
    block(loaded, "person:a", reason="leaked", actor="os:tester")
    point._publish(snapshot_of(loaded.load()))  # noqa: SLF001 # as `refresh` does
    assert len(session.scalars(select(Hoks).where(condition)).all()) == 3
    anew = sqlalchemy.filter(point, *ASKED, column=Hoks.organisation_oid)
    assert session.scalars(select(Hoks).where(anew)).all() == []


@pytest.mark.parametrize("wrong", [Hoks.id, column("x", Integer), "organisation_oid"])
def test_column_that_holds_no_text_is_refused(
    point: DecisionPoint, wrong: ColumnElement[str]
) -> None:
    """A database that compares ids as numbers takes `1.1` and `1.10` for the same."""
    with pytest.raises(RequestError) as refused:
        sqlalchemy.filter(point, *ASKED, column=wrong)
    assert str(refused.value) == (
        "the column holds no text, expected one with the ids of organisations"
    )


def test_column_of_a_type_that_nobody_told_is_taken(
    session: Session, point: DecisionPoint
) -> None:
    """In statements that are written without tables."""
    condition = sqlalchemy.filter(point, *ASKED, column=column("organisation_oid"))
    assert len(session.scalars(select(Hoks).where(condition)).all()) == 3


@pytest.mark.parametrize(
    "asked", [("a", "read", "file"), ("person:a", "", "file"), ("person:a", "read", "")]
)
def test_question_that_cannot_be_decided_is_refused(
    point: DecisionPoint, asked: tuple[str, str, str]
) -> None:
    """As by every other question of the point."""
    with pytest.raises(RequestError):
        sqlalchemy.filter(point, *asked, column=Hoks.organisation_oid)
