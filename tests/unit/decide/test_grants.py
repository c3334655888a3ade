"""Requirements on the grants of one version."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from oikeus.decide import grant_reading, grants
from oikeus.decide.grant_reading import Reading
from oikeus.decide.grants import (
    Grants,
    Held,
    Row,
    chained,
    each,
    grants_of,
    marks_of,
    ordinal_of,
)

from .small_world import DAY, grant, held, row

SPAN = "2026-01-01..2026-12-31"


def rows(*written: str) -> list[Row]:
    """Rows as a stream gives them."""
    return [
        (who, role, domain) for who, role, domain in (row(w).values for w in written)
    ]


def read(*written: str) -> Grants:
    """Read rows, in one batch."""
    reading = Reading()
    reading.read(rows(*written))
    return reading.finish()


def test_grants_are_a_mapping_from_subjects() -> None:
    """To what each holds, in the order of the rows."""
    found = read(
        held("person:2", "user", "south"),
        held("person:1", "user", "north"),
        held("person:1", "boss", "north", "2025"),
    )
    assert len(found) == 2
    assert {*found} == {"person:1", "person:2"}
    assert found["person:1"] == (
        grant("person:1", "user", "north"),
        grant("person:1", "boss", "north", "2025"),
    )
    assert {str(line) for line in found.lines()} == {
        held("person:2", "user", "south"),
        held("person:1", "user", "north"),
        held("person:1", "boss", "north", "2025"),
    }
    with pytest.raises(KeyError):
        found["person:3"]


def test_what_repeats_is_kept_once() -> None:
    """A million grants name few places, roles and days."""
    subjects = "person:1", "person:2"
    found = read(*(held(who, "user", "north", "2026") for who in subjects))
    one, other = (found.held[who] for who in subjects)
    for mine, theirs in zip(one[:4], other[:4], strict=True):
        assert mine is theirs


@pytest.mark.parametrize(
    "domain", ["north", f"north@{SPAN}@x", f"a:b@{SPAN}", f"@{SPAN}", "north@2026"]
)
def test_a_row_that_is_no_grant_is_kept_apart(domain: str) -> None:
    """Whether or not its parts are known from others."""
    reading = Reading()
    good = held("person:1", "user", "north")
    bad = f"g, person:1, role:user, {domain}"
    reading.read(rows(good, bad, good.replace("person:1", "person:2")))
    assert [str(line) for line in reading.unreadable] == [bad]
    assert len(reading.finish()) == 2


@pytest.mark.parametrize("subject", ["person:", "nobody", ":x", "person"])
def test_a_subject_without_a_kind_holds_as_nobody(subject: str) -> None:
    """Also where everything else of the row is known."""
    good = held("person:1", "user", "north")
    found = read(good, good.replace("person:1", subject))
    assert found.held[subject][1] == ":role:user"
    assert found.held["person:1"][1] == "person:role:user"


def test_only_so_many_days_are_remembered_while_rows_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is read does not change by that."""
    monkeypatch.setattr(grant_reading, "_MOST_SPANS", 1)
    years = ("2024", "2025", "2026")
    found = read(*(held(f"person:{year}", "user", "north", year) for year in years))
    for year in years:
        who = f"person:{year}"
        assert found[who] == (grant(who, "user", "north", year),)


def test_changed_grants_leave_the_others_as_they_were() -> None:
    """What is added comes last; a subject that holds nothing more is gone."""
    before = read(
        held("person:1", "user", "north"),
        held("person:1", "boss", "north"),
        held("person:2", "user", "south"),
    )
    after = before.changed(
        removed=[
            grant("person:1", "user", "north"),
            grant("person:2", "user", "south"),
            grant("person:3", "user", "south"),  # was never there
            grant("person:1", "user", "south"),
        ],
        added=[grant("person:1", "user", "north"), grant("system:1", "robot", "bare")],
    )
    assert after["person:1"] == (
        grant("person:1", "boss", "north"),
        grant("person:1", "user", "north"),
    )
    assert "person:2" not in after
    assert after["system:1"] == (grant("system:1", "robot", "bare"),)
    assert "person:2" in before
    assert "system:1" not in before
    assert {place: sorted(who) for place, who in after.places.items()} == {
        "north": ["person:1", "person:1"],
        "bare": ["system:1"],
    }
    assert after.holders == {*before.holders, "system:role:robot"}


def test_the_places_follow_the_grants() -> None:
    """What was made of an earlier version is handed on, and is what would be made."""
    found = read(
        held("person:1", "user", "north"),
        held("person:1", "boss", "north"),
        held("person:1", "user", "north", "2025"),
        held("person:2", "user", "north"),
    )
    before = {place: sorted(who) for place, who in found.places.items()}
    assert before == {"north": [*("person:1",) * 3, "person:2"]}
    steps = [
        ([grant("person:1", "user", "north")], []),
        ([grant("person:1", "user", "north")], []),  # is gone already
        ([], [grant("person:1", "user", "south"), grant("person:1", "boss", "south")]),
        ([grant("person:1", "boss", "north")] * 2, []),
        (
            [grant("person:1", "user", "north", "2025"), grant("person:9", "x", "y")],
            [grant("person:3", "user", "north")],
        ),
        ([grant("person:1", "user", "south")], [grant("person:1", "user", "south")]),
        ([grant("person:2", "user", "north"), grant("person:3", "user", "north")], []),
    ]
    made = found
    for removed, added in steps:
        made = made.changed(removed, added)
        fresh = Grants(made.held, made.holders, made.strange, made.marks)
        assert {place: sorted(who) for place, who in made.places.items()} == {
            place: sorted(who) for place, who in fresh.places.items()
        }
    assert {*made.places} == {"south"}
    assert {place: sorted(who) for place, who in found.places.items()} == before


def test_a_row_that_is_there_twice_is_gone_at_once() -> None:
    """Rows of a database may be; whom a place names may then hold nothing there."""
    twice = held("person:1", "user", "north")
    found = read(twice, twice, held("person:2", "user", "north"))
    assert {*found.places["north"]} == {"person:1", "person:2"}
    after = found.changed(removed=[grant("person:1", "user", "north")])
    assert "person:1" not in after
    assert "person:2" in after.places["north"]
    back = after.changed(added=[grant("person:1", "user", "north")])
    assert len(back["person:1"]) == 1
    assert "person:1" in back.places["north"]


def test_grants_of_one_subject_alone_can_be_exchanged() -> None:
    """Whatever it held before, and whether it held anything."""
    found = read(held("person:1", "user", "north"), held("person:1", "boss", "south"))
    only = found.holding_only("person:1", [grant("person:1", "user", "bare")])
    assert only["person:1"] == (grant("person:1", "user", "bare"),)
    assert "person:1" not in found.holding_only("person:1", [])
    new = found.holding_only("person:2", [grant("person:2", "user", "bare")])
    assert len(new) == 2
    assert len(found.holding_only("person:2", [])) == len(found) == 1


def test_what_is_known_of_all_grants_stays_the_same_value() -> None:
    """Where a change brings no holder, and no strange subject, that is new."""
    before = read(held("person:1", "user", "north"), held("a'b", "user", "north"))
    after = before.changed(added=[grant("person:2", "user", "south")])
    assert after.holders == before.holders
    assert after.strange == before.strange
    more = after.changed(added=[grant("role:user", "user", "south")])
    assert more.strange == {"a'b", "role:user"}


def test_who_holds_themselves_is_strange() -> None:
    """To Casbin everybody stands for themselves; no table can tell."""
    itself = f"g, person:1, person:1, north@{SPAN}"
    assert "person:1" in read(itself).strange
    other = f"g, person:2, person:1, north@{SPAN}"
    assert "person:1" in read(other, held("person:1", "user", "north")).strange


def test_the_marks_of_names_are_counted() -> None:
    """So that a name can be made that nobody has."""
    assert [marks_of(name) for name in ("person:a?", "person:??a", "nobody")] == [
        0,
        2,
        0,
    ]
    before = read(held("person:?a", "user", "north"))
    assert before.marks == 1
    assert before.changed(added=[grant("person:???", "user", "north")]).marks == 3


def test_a_chain_keeps_its_order() -> None:
    """The newest is first, and the rows were in the other order."""
    found = read(held("person:1", "user", "north"), held("person:1", "boss", "south"))
    chain = found.held["person:1"]
    assert [one[0] for one in each(chain)] == ["south", "north"]
    assert chained(each(chain)) == chain
    assert chained([]) is None
    assert grants_of("person:1", None) == []


def test_the_day_of_a_question_is_read_as_questions_write_it() -> None:
    """Any other text is a day on which nothing is held."""
    assert ordinal_of(DAY.isoformat()) == DAY.toordinal()
    assert [ordinal_of(text) for text in ("", "2026-3-1", "2026-02-30", "never")] == [
        0
    ] * 4


def test_what_leaves_a_subject_leaves_its_chain_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a denial of somebody with thousands of grants takes minutes to explain."""
    made = []

    def counting(parts: Iterable[Held]) -> Held | None:
        made.append(parts)
        return chained(parts)

    monkeypatch.setattr(grants, "chained", counting)
    found = read(*(held("person:1", "user", f"place{at}") for at in range(5)))
    made.clear()
    left = found.changed(found["person:1"], [grant("person:1", "user", "north")])
    assert left["person:1"] == (grant("person:1", "user", "north"),)
    assert len(made) == 1


def test_grants_are_imagined_without_reading_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An explanation imagines others dozens of times, for who holds thousands."""
    found = read(*(held("person:1", "user", f"place{at}") for at in range(5)))
    monkeypatch.setattr(grants, "each", None)
    one, another = (grant("person:1", "user", place) for place in ("north", "south"))
    more = found.holding([one])
    only = more.holding_only("person:1", [one, another])
    monkeypatch.undo()
    assert more["person:1"] == (*found["person:1"], one)
    assert only["person:1"] == (one, another)
    assert {*more.places["north"]} == {"person:1"}
    assert {*only.places} == {"north", "south"}
