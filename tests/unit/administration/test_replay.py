"""Recorded decisions, made again: what was altered shows, nothing is passed over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from oikeus import (
    DecisionPoint,
    DecisionRecord,
    Dropped,
    Effect,
    Line,
    LivePoint,
    Pseudonyms,
    Request,
    Store,
    StoreError,
    block,
    replay,
    snapshot_of,
)

Commit = Callable[..., int]

DAY = date(2026, 6, 1)
TIME = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = "@2026-01-01..2026-12-31"
ODD = "person:ä \\ \N{GRINNING FACE}"
ASKED = [
    Request(subject, action, "file", place)
    for subject in ("person:a", ODD, "system:r")
    for action in ("read", "move")
    for place in ("1.1", "1.1.1", "1.2")
]
FIRST = 3


@pytest.fixture
def history(loaded: Store, commit: Commit) -> Store:
    """Six versions, between which the answers change (from version 3 on)."""
    one = ("g", "person:a", "role:clerk", f"1.1{YEAR}")
    other = ("g", "person:a", "role:clerk", f"1.1.1{YEAR}")
    commit(loaded, add=(one, ("g", ODD, "role:clerk", f"1.1{YEAR}")))
    commit(loaded, add=(other, ("p", "role:clerk", "file", "move", "allow")))
    commit(loaded, remove=(one,))
    commit(loaded, add=(one,), remove=(("p", "role:clerk", "file", "read", "allow"),))
    block(loaded, ODD, reason="x", actor="os:me")
    return loaded


def recorded(store: Store) -> list[DecisionRecord]:
    """What each version from the third on decides, the last one first."""
    found: list[DecisionRecord] = []
    for version in range(store.head(), FIRST - 1, -1):
        point = DecisionPoint(snapshot_of(store.load(version)))
        for asked in ASKED:
            decided = point.decide(asked, DAY)
            record = DecisionRecord.of(decided, id=f"{len(found)}", time=TIME)
            found.append(record)
    return found


def file_of(records: list[DecisionRecord]) -> list[bytes]:
    """The lines of a file."""
    return [f"{record.to_json()}\n".encode() for record in records]


def test_decisions_are_the_same_again(history: Store) -> None:
    """At the versions that they name, whatever came after."""
    records = recorded(history)
    assert len({(record.request, record.effect) for record in records}) > len(ASKED)
    done = replay(history, file_of(records), "d.jsonl")
    assert (done.same, done.different, done.problems) == (len(records), (), ())


def test_decisions_of_a_point_that_followed_are_the_same_again(
    store: Store, loaded: Store, commit: Commit
) -> None:
    """It took in each change; a replay loads the version as a whole."""
    assert store is loaded
    point = LivePoint(store, today=lambda: DAY)
    records: list[DecisionRecord] = []
    one, two = (
        ("g", "person:a", "role:clerk", f"{at}{YEAR}") for at in ("1.1", "1.1.1")
    )
    long = ("g", "person:a", "role:clerk", "1.1@2026-01-01..2027-12-31")
    steps = (((two, one), ()), ((long,), ()), ((), (two,)), ((two,), (one,)))
    for add, remove in (*steps, ((one,), (long,)), ((), (one, two))):
        commit(store, add=add, remove=remove)
        assert point.refresh()
        for asked in ASKED:
            decided = point.decide(asked)
            record = DecisionRecord.of(decided, id=f"{len(records)}", time=TIME)
            records.append(record)
    done = replay(store, file_of(records), "d.jsonl")
    assert (done.same, done.different, done.problems) == (len(records), (), ())


def test_altered_record_is_found(history: Store) -> None:
    """Whatever was altered in it: answer, rule, grant, or what was asked."""
    records = recorded(history)
    allowed = [n for n, record in enumerate(records) if record.grant]
    first, second, third, fourth = (allowed[n] for n in (0, 3, 5, 7))
    records[first] = replace(records[first], effect=Effect.DENY)
    records[second] = replace(records[second], rule=Line("p", ("role:head",)))
    records[third] = replace(records[third], grant=None)
    records[fourth] = replace(records[fourth], at=date(2030, 1, 1))
    done = replay(history, file_of(records), "d.jsonl")
    assert done.same == len(records) - 4
    assert done.problems == ()
    assert [(each.line, each.parts) for each in done.different] == [
        (first + 1, ("decision",)),
        (second + 1, ("rule",)),
        (third + 1, ("grant",)),
        (fourth + 1, ("decision", "rule", "grant")),
    ]
    assert done.different[0].recorded == records[first]
    assert done.different[0].recomputed.effect is Effect.ALLOW


def test_record_that_cannot_be_decided_again_is_a_problem(history: Store) -> None:
    """The others are decided all the same."""
    records = recorded(history)[:4]
    records[0] = replace(records[0], version=99)
    records[1] = replace(records[1], version=0)
    request = Request("alien:x", "read", "file", "1.1")
    records[2] = replace(records[2], request=request)
    done = replay(history, [*file_of(records), b"{"], "d.jsonl")
    assert (done.same, done.different) == (1, ())
    expected = "there is no version of that number, expected 1 to 7"
    assert [str(each) for each in done.problems] == [
        f"d.jsonl:1: version 99 cannot decide: {expected}",
        f"d.jsonl:2: version 0 cannot decide: {expected}",
        ("d.jsonl:3: `alien:x` is of no known kind, expected person:ID or system:ID"),
        "d.jsonl:5: cannot be read, expected a JSON object in UTF-8",
    ]


def test_each_version_is_loaded_once(
    history: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the records are mixed."""
    loads: list[int | None] = []
    load = Store.load

    def counting(store: Store, version: int | None = None) -> object:
        loads.append(version)
        return load(store, version)

    records = recorded(history)
    mixed = [*records[::2], *records[1::2]]
    monkeypatch.setattr(Store, "load", counting)
    assert replay(history, file_of(mixed), "d.jsonl").same == len(records)
    assert loads == [3, 4, 5, 6, 7]


def test_version_without_a_policy_is_a_problem(store: Store, commit: Commit) -> None:
    """What cannot be loaded decides nothing."""
    commit(store, add=(("p", "a", "b", "c", "allow"),))
    record = DecisionRecord(
        "1", TIME, Request("person:a", "read", "file", "1.1"), DAY, Effect.DENY, 1
    )
    done = replay(store, file_of([record]), "d.jsonl")
    (problem,) = done.problems
    assert problem.text.startswith("version 1 cannot decide: the database holds no")


def test_database_that_cannot_be_read_is_an_error(loaded: Store) -> None:
    """It is no fault of the records."""
    from sqlalchemy import text  # noqa: PLC0415

    with loaded.database.writing() as connection:
        connection.execute(text("DROP TABLE oikeus_head"))
    with pytest.raises(StoreError):
        replay(loaded, [], "d.jsonl")


def test_record_without_reasons_is_compared_by_its_decision(history: Store) -> None:
    """Where rule and grant were not asked, they are neither the same nor others."""
    records = [
        replace(record, rule=None, grant=None, is_explained=False)
        for record in recorded(history)
    ]
    done = replay(history, file_of(records), "d.jsonl")
    assert (done.same, done.different, done.problems) == (len(records), (), ())
    records[0] = replace(records[0], effect=Effect.ALLOW)
    (found,) = replay(history, file_of(records), "d.jsonl").different
    assert (found.line, found.parts) == (1, ("decision",))


def test_lines_that_say_what_has_no_record_are_told(history: Store) -> None:
    """They are no records, and no problems."""
    gap = Dropped(2, TIME, TIME)
    records = file_of(recorded(history)[:2])
    done = replay(history, [*records, gap.to_json().encode()], "d.jsonl")
    assert (done.same, done.different, done.problems) == (2, (), ())
    assert done.dropped == {3: gap}


def test_records_with_pseudonyms_are_made_again_by_the_key(history: Store) -> None:
    """Of whom the version knows, who is blocked, and strangers; none is named."""
    pseudonyms = Pseudonyms(b"k" * 32)
    plain = recorded(history)
    stranger = Request("person:nobody", "read", "file", "1.1")
    point = DecisionPoint(snapshot_of(history.load()))
    decided = point.decide(stranger, DAY)
    plain.append(DecisionRecord.of(decided, id="stranger", time=TIME))
    hidden = [pseudonyms.hide(record) for record in plain]
    assert {record.effect for record in hidden} == {Effect.ALLOW, Effect.DENY}
    done = replay(history, file_of(hidden), "d.jsonl", pseudonyms=pseudonyms)
    assert (done.same, done.different, done.problems) == (len(plain), (), ())
    allowed = next(n for n, each in enumerate(hidden) if each.grant)
    hidden[allowed] = replace(hidden[allowed], grant=None)
    done = replay(history, file_of(hidden), "d.jsonl", pseudonyms=pseudonyms)
    (differing,) = done.different
    assert differing.parts == ("grant",)
    assert differing.recomputed.ids == pseudonyms.key
    assert "person:a" not in differing.recomputed.to_json()
    # records in clear may stand beside them
    done = replay(history, file_of(plain), "d.jsonl", pseudonyms=pseudonyms)
    assert done.same == len(plain)


def test_pseudonyms_need_their_key(history: Store) -> None:
    """Without it, or with another, nobody knows who asked."""
    pseudonyms, other = Pseudonyms(b"k" * 32), Pseudonyms(b"o" * 32)
    lines = file_of([pseudonyms.hide(recorded(history)[0])])
    (problem,) = replay(history, lines, "d.jsonl").problems
    assert str(problem) == (
        "d.jsonl:1: its ids are pseudonyms, expected --ids-key with what made them"
    )
    (problem,) = replay(history, lines, "d.jsonl", pseudonyms=other).problems
    assert problem.text == (
        f"its ids are pseudonyms by `{pseudonyms.key}`, expected that key with "
        f"--ids-key, not `{other.key}`"
    )
