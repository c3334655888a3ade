"""Requirements on the log version by version."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import text

from oikeus.store import Store, steps
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]

SPAN = "1@2026-01-01..2026-12-31"
GRANTS = [Line("g", (f"person:{n}", "role:a", SPAN)) for n in range(6)]
RULES = [Line("p", (f"role:{n}", "hoks", "read", "allow")) for n in range(4)]


def walk(store: Store, after: int, until: int) -> list[steps.Step]:
    """All steps between, however many are told at once."""
    found: list[steps.Step] = []
    while after < until:
        told = store.steps(after, until)
        assert told
        found += told
        after = found[-1].number
    return found


@pytest.fixture
def history(store: Store, commit: Commit) -> Store:
    """Twenty versions of chance; some change no line."""
    chance = random.Random(11)  # noqa: S311 # no secret
    for number in range(1, 21):
        present = {*store.load().lines}
        picked = chance.sample([*GRANTS, *RULES], chance.randrange(4))
        gone = {line for line in picked if line in present}
        commit(
            store,
            add=tuple(
                Line(line.ptype, line.values, Source("a.csv", number))
                for line in picked
                if line not in gone
            ),
            remove=tuple(gone),
            catalogue=f"c{number}",
            names={"1": Names(f"n{number}")} if number % 3 == 0 else {},
            model=f"m{number}" if number % 7 == 0 else None,
        )
    return store


@pytest.mark.parametrize("most", [100_000, 5, 2])
@pytest.mark.parametrize("first", [1, 7])
def test_steps_lead_from_a_version_to_every_later_one(
    history: Store, monkeypatch: pytest.MonkeyPatch, first: int, most: int
) -> None:
    """Grants by what they are, other lines by their rows; texts and names with them."""
    monkeypatch.setattr(steps, "MOST_CHANGES", most)
    monkeypatch.setattr(steps, "MOST_VERSIONS", 6)
    with history.reading(first) as reader:
        grants = {row for batch in reader.grants() for row in batch}
        rows = {stored.id: stored.line for stored in reader.rows()}
    found = walk(history, first, 20)
    assert [step.number for step in found] == [*range(first + 1, 21)]
    times = [each.time for each in history.versions()]
    for step in found:
        then = history.load(step.number)
        if step.whole:
            assert len(history.changes(step.number)) > most
            grants = {tuple(x.values) for x in then.lines if x.ptype == "g"}  # type: ignore[misc] # three
            with history.reading(step.number) as reader:
                rows = {stored.id: stored.line for stored in reader.rows()}
            continue
        grants = (grants - {*step.removed}) | {*step.added}
        rows |= {rule: line for rule, line in step.rows.items() if line}
        for rule, line in step.rows.items():
            if line is None:
                del rows[rule]
        assert grants == {line.values for line in then.lines if line.ptype == "g"}
        others = [line for line in then.lines if line.ptype != "g"]
        assert [rows[rule] for rule in sorted(rows)] == others
        assert step.catalogue == f"c{step.number}"
        assert step.model == (f"m{step.number}" if step.number % 7 == 0 else None)
        assert {**step.names} == (
            {"1": Names(f"n{step.number}")} if step.number % 3 == 0 else {}
        )
        assert (
            step.time.isoformat(timespec="microseconds").replace("+00:00", "Z")
            == times[step.number - 1]
        )


def test_line_with_another_source_is_told_and_a_grant_is_not(
    store: Store, commit: Commit
) -> None:
    """A grant has no source that anybody reads."""
    commit(store, add=(GRANTS[0], RULES[0]))
    moved = [Line(x.ptype, x.values, Source("b.csv", 1)) for x in (GRANTS[0], RULES[0])]
    commit(store, add=tuple(moved))
    (step,) = store.steps(1, 2)
    assert (step.added, step.removed) == ((), ())
    (line,) = step.rows.values()
    assert line is not None
    assert (line, line.source) == (RULES[0], Source("b.csv", 1))


def test_row_that_is_no_text_decides_nothing(
    sqlite: str, commit: Commit, unguard: Callable[[Store], None]
) -> None:
    """It is told as a line of a kind that no model has."""
    with Store.open(sqlite) as store:
        commit(store, add=(GRANTS[0],))
        commit(store, add=(GRANTS[1],))
        unguard(store)
        with store.database.writing() as connection:
            connection.execute(text("UPDATE oikeus_change SET v0 = x'ff'"))
        (step,) = store.steps(1, 2)
    assert step.added == ()
    (line,) = step.rows.values()
    assert line is not None
    assert line.ptype == "\N{REPLACEMENT CHARACTER}g"
