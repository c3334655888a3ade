"""Requirements on applications in the log: what there is on a day, and decided once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oikeus import verify
from oikeus.errors import StoreError, TamperedError
from oikeus.store import (
    Application,
    ApplicationFilter,
    ApplicationState,
    ApplicationStep,
    Change,
    LineFilter,
    Since,
    Store,
    VersionFilter,
)
from oikeus.terms import Line

Commit = Callable[..., int]
Scans = Callable[[Store, Callable[[], object]], set[str]]
Unguard = Callable[[Store], None]

TODAY = date(2026, 3, 1)
LAST = date(2026, 4, 30)
REQUESTED, GRANTED, REJECTED, WITHDRAWN, LAPSED = ApplicationState
GRANT = Line("g", ("person:a", "role:a", "1.2@2026-03-01..2027-02-28"))
RULE = Line("p", ("role:a", "hoks", "read", "allow"))


def request(subject: str = "person:a", **other: Any) -> ApplicationStep:  # noqa: ANN401
    """The step of an application that is open until the end of April."""
    of_it: dict[str, Any] = {
        "role": "role:a",
        "organisation": "1.2",
        "last_day": LAST,
    } | other
    return ApplicationStep(REQUESTED, subject, **of_it)


def ids(store: Store, day: date = TODAY, **only: Any) -> list[int]:  # noqa: ANN401
    """Which ones are found."""
    found = store.applications(ApplicationFilter(**only), day=day)
    return [each.id for each in found]


@pytest.fixture
def written(store: Store, commit: Commit) -> Store:
    """Five applications: one of each state, and version 1 beside them."""
    commit(store, add=(RULE,))
    commit(store, application=request(reason="for the autumn"))
    commit(store, application=request(last_day=date(2026, 2, 28)))
    for subject in ("person:b", "person:c", "person:d"):
        commit(store, application=request(subject, organisation="1.3"))
    for application, state in enumerate((GRANTED, REJECTED, WITHDRAWN), start=4):
        (found,) = store.applications(ApplicationFilter(application), day=TODAY)
        granter = None if state is WITHDRAWN else "person:boss"
        step = found.step(state, "as it must be")
        commit(store, application=step, granter=granter)
    return store


def test_an_application_has_the_number_of_its_version(written: Store) -> None:
    """And stands as it is on the day that is asked about."""
    first, lapsed, *decided = written.applications(day=TODAY)
    versions = written.versions()
    assert first == Application(
        2,
        "person:a",
        "role:a",
        "1.2",
        REQUESTED,
        versions[1].time,
        LAST,
        "for the autumn",
    )
    assert (lapsed.id, lapsed.state, lapsed.decided_by) == (3, LAPSED, None)
    assert [each.state for each in decided] == [GRANTED, REJECTED, WITHDRAWN]
    assert [each.version for each in decided] == [7, 8, 9]
    assert [each.decided for each in decided] == [each.time for each in versions[6:]]
    assert [each.decided_by for each in decided] == [
        "person:boss",
        "person:boss",
        "person:d",
    ]
    assert {each.decision for each in decided} == {"as it must be"}


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ({}, [2, 3, 4, 5, 6]),
        ({"id": 4}, [4]),
        ({"id": 1}, []),
        ({"id": 0}, []),
        ({"id": 10**30}, []),
        ({"subject": "person:a"}, [2, 3]),
        ({"role": "role:b"}, []),
        ({"role": "role:a", "organisation": "1.3"}, [4, 5, 6]),
        ({"states": (REQUESTED,)}, [2]),
        ({"states": (LAPSED,)}, [3]),
        ({"states": (REQUESTED, WITHDRAWN)}, [2, 6]),
        ({"states": ()}, []),
    ],
)
def test_applications_are_chosen(
    written: Store, only: dict[str, Any], expected: list[int]
) -> None:
    """By what they are, and by what they are on the day."""
    assert ids(written, **only) == expected


def test_an_application_is_open_on_its_last_day(written: Store) -> None:
    """And has lapsed on the next one, without anybody writing that."""
    assert ids(written, LAST, states=(REQUESTED,)) == [2]
    after = LAST + timedelta(days=1)
    assert ids(written, after, states=(REQUESTED,)) == []
    assert ids(written, after, states=(LAPSED,)) == [2, 3]


def test_an_earlier_version_has_what_was_known_then(written: Store) -> None:
    """Neither later requests nor later decisions."""
    with written.reading(4) as reader:
        found = reader.applications(ApplicationFilter(), day=TODAY)
    assert [(each.id, each.state) for each in found] == [
        (2, REQUESTED),
        (3, LAPSED),
        (4, REQUESTED),
    ]


def test_a_step_alone_is_a_version(written: Store) -> None:
    """Chained and verified; whoever follows learns that no decision is another."""
    assert len(written.versions()) == 9
    assert verify(written).findings == ()
    mark = written.head_mark()
    with written.reading(5) as reader:
        before = reader.mark
    assert written.changes_since(before) == Since(mark)
    assert [step.whole for step in written.steps(5, 9)] == [False] * 4


def test_a_version_tells_its_step(written: Store) -> None:
    """In the log, by itself, and with all that it did."""
    assert written.version(1).application is None
    assert written.version(2).application == request(reason="for the autumn")
    rejected = written.version(8).application
    assert rejected == ApplicationStep(
        REJECTED, "person:c", "role:a", "1.3", LAST, "as it must be", 5
    )
    assert written.log(most=2).versions[1].application == rejected
    with written.details(8) as details:
        assert details.version.application == rejected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (LineFilter(subject="person:c"), [8, 5]),
        (LineFilter(role="role:a"), [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (LineFilter(organisations=("1.2",)), [3, 2]),
        (LineFilter(role="role:a", kinds=("p",)), [1]),
    ],
)
def test_the_log_is_searched_for_steps_too(
    written: Store, lines: LineFilter, expected: list[int]
) -> None:
    """By subject, role and organisation; a step is of no kind of line."""
    found = written.log(VersionFilter(lines=lines)).versions
    assert [version.number for version in found] == expected


def test_a_grant_and_its_step_are_one_version(store: Store, commit: Commit) -> None:
    """So that neither is there without the other."""
    commit(store, application=request())
    (found,) = store.applications(day=TODAY)
    commit(store, add=(GRANT,), application=found.step(GRANTED), granter="person:boss")
    assert [str(each.line) for each in store.changes(2)] == [str(GRANT)]
    assert ids(store, states=(GRANTED,)) == [1]


STRANGE = {
    "the subject has 300 characters, expected 255 at most": request("a" * 300),
    "the reason is 'a\\x00', with a character that no database keeps": request(
        reason="a\0"
    ),
    "an application lapses by itself, expected another step": ApplicationStep(
        LAPSED, "person:a", "role:a", "1.2", LAST, application=2
    ),
    "a decision needs the id of an application, and a request has none": (
        ApplicationStep(GRANTED, "person:a", "role:a", "1.2", LAST)
    ),
    "there is no application 7, expected one of `oikeus requests`": ApplicationStep(
        GRANTED, "person:a", "role:a", "1.2", LAST, application=7
    ),
    "application 4 is granted already, expected an open one": ApplicationStep(
        GRANTED, "person:b", "role:a", "1.3", LAST, application=4
    ),
    "application 2 is another one, expected what it says": ApplicationStep(
        GRANTED, "person:b", "role:a", "1.2", LAST, application=2
    ),
}


def test_a_step_that_cannot_be_taken_is_refused(written: Store, commit: Commit) -> None:
    """Whoever asks for it: nothing is written then."""
    for expected, step in STRANGE.items():
        with pytest.raises(StoreError) as caught:
            commit(written, add=(GRANT,), application=step)
        assert str(caught.value) == expected
    assert written.head() == 9
    assert verify(written).findings == ()


def test_the_database_itself_refuses_a_second_decision(written: Store) -> None:
    """Whatever program writes it."""
    version = (
        "INSERT INTO oikeus_version (number, time, actor, origin, message) "
        "VALUES (10, '', '', '', '')"
    )
    decided = (
        "INSERT INTO oikeus_application (version, application, state, subject, role, "
        "organisation, last_day, reason) "
        "VALUES (10, 4, 'withdrawn', 'person:b', 'role:a', '1.3', '2026-04-30', '')"
    )
    with pytest.raises(StoreError) as caught:
        _execute(written, version, decided)
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert written.head() == 9


def _execute(store: Store, *statements: str) -> None:
    with store.database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_of_two_who_decide_at_once_one_is_told(store: Store, commit: Commit) -> None:
    """The second finds it decided: there is one decision and no lost version."""
    commit(store, application=request())
    (found,) = store.applications(day=TODAY)
    barrier, told = threading.Barrier(2), []

    def decide(state: ApplicationState) -> None:
        barrier.wait()
        try:
            commit(store, application=found.step(state))
        except StoreError as error:
            told.append(str(error))

    states = GRANTED, REJECTED
    threads = [threading.Thread(target=decide, args=(each,)) for each in states]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (decided,) = store.applications(day=TODAY)
    assert told == [f"application 1 is {decided.state} already, expected an open one"]
    assert store.head() == 2
    assert verify(store).findings == ()


def test_a_row_that_nobody_can_have_written_is_told(
    written: Store, unguard: Unguard
) -> None:
    """Nothing is guessed of what was changed past the log."""
    unguard(written)
    late = "UPDATE oikeus_application SET last_day = 'soon' WHERE version"
    _execute(written, f"{late} = 8", f"{late} = 5")
    expected = "the step of version 5 cannot be read, run `oikeus verify`"
    with pytest.raises(TamperedError, match=expected):
        written.applications(day=TODAY)
    with pytest.raises(TamperedError, match="version 8 cannot be read"):
        written.version(8)


def test_open_applications_are_found_by_an_index(
    sqlite: str, commit: Commit, scans: Scans
) -> None:
    """However many were decided or lapsed before: a day names those that matter."""
    with Store.open(sqlite) as store:
        for number in range(40):
            commit(store, application=request(f"person:{number}"))
        asked = ApplicationFilter(states=(REQUESTED,))
        assert scans(store, lambda: store.applications(asked, day=TODAY)) == set()
        asked = ApplicationFilter(subject="person:7", role="role:a", organisation="1.2")
        assert scans(store, lambda: store.applications(asked, day=TODAY)) == set()


def test_nothing_but_a_step_needs_no_line(store: Store) -> None:
    """A change without anything is none."""
    with store.writing() as writer:
        assert writer.commit(Change("application", "os:me", "why")) == 0
    with store.writing() as writer:
        change = Change("application", "os:me", "why", application=request())
        assert writer.applications(ApplicationFilter(), day=TODAY) == ()
        assert writer.commit(change) == 1
