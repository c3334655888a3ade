"""Who could what in a period: the intervals, and what opened and closed each."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from oikeus import (
    Act,
    Change,
    Interval,
    Line,
    Model,
    RequestError,
    Store,
    StoreError,
    block,
    unblock,
    what_could,
    who_could,
)
from oikeus.store import steps

Commit = Callable[..., int]
Clock = Callable[[str], None]

DEED = ("read", "file")
GRANT = ("g", "person:a", "role:clerk", "1.1@2026-03-29..2026-10-25")
RULE = ("p", "role:clerk", "file", "read", "allow")


@pytest.fixture(autouse=True)
def _policy(
    loaded_in_january: Store,
) -> None:
    """Versions 1 and 2, policy and register, are of January."""
    assert loaded_in_january.head() == 2


@pytest.fixture
def loaded_in_january(
    store: Store,
    policy: Callable[[], object],
    register: Callable[[Store], int],
    at: Clock,
) -> Store:
    """The policy and the organisations."""
    at("2026-01-10T10:00:00.000000Z")
    policy()
    register(store)
    return store


def who(store: Store, first: str, last: str, place: str = "1.1.1") -> list[str]:
    """Who could read in the year, a line each."""
    days = date.fromisoformat(first), date.fromisoformat(last)
    found = who_could(store, *DEED, place, first=days[0], last=days[1])
    assert all(each.organisations == (place,) for each in found)
    assert all((each.action, each.resource) == DEED for each in found)
    return [told(each) for each in found]


def told(interval: Interval) -> str:
    """An interval on a line, times in UTC."""
    span = f"{interval.first:%m-%dT%H:%M} {interval.until:%m-%dT%H:%M}"
    ending = by(interval.closed) if interval.closed else "open"
    return f"{interval.subject} {span} | {by(interval.opened)} | {ending}"


def by(act: Act) -> str:
    """An act in a few words."""
    number = act.version.number if act.version else None
    return f"{number} {'day ' if act.day else ''}{act.text}"


def test_grant_opens_on_its_first_day_and_ends_with_its_last(
    store: Store, commit: Commit, at: Clock
) -> None:
    """At midnight in Helsinki, in summer time and out of it; by whose grant."""
    at("2026-02-01T10:00:00.000000Z")
    commit(store, add=(GRANT,))
    what = "the grant of clerk at 1.1"
    begun = f"3 day {what} began on 2026-03-29"
    ended = f"3 day {what} ended on 2026-10-25"
    whole = f"person:a 03-28T22:00 10-25T22:00 | {begun} | {ended}"
    assert who(store, "2026-01-01", "2026-12-31") == [whole]
    assert who(store, "2026-03-28", "2026-03-29") == [
        f"person:a 03-28T22:00 03-29T21:00 | {begun} | open"
    ]
    assert who(store, "2026-10-25", "2026-10-26") == [
        f"person:a 10-24T21:00 10-25T22:00 | 3 grant of clerk at 1.1 | {ended}"
    ]
    assert who(store, "2026-03-28", "2026-03-28") == []
    assert who(store, "2025-01-01", "2025-12-31") == []


def test_versions_open_and_close_by_what_they_changed(
    store: Store, commit: Commit, at: Clock
) -> None:
    """A grant, a block, a rule, and whatever else, with the decision's reason."""
    acts: tuple[Callable[[], object], ...] = (
        lambda: commit(store, add=(GRANT,)),
        lambda: block(store, "person:a", reason="leaked", actor="os:b"),
        lambda: unblock(store, "person:a", actor="os:b"),
        lambda: commit(store, remove=(RULE,)),
        lambda: commit(store, add=(RULE,)),
        lambda: commit(store, add=((*RULE[:-1], "deny"),)),
        lambda: commit(store, remove=((*RULE[:-1], "deny"),)),
        lambda: commit(store, remove=(GRANT,)),
    )
    for number, act in enumerate(acts, 1):
        at(f"2026-05-0{number}T10:00:00.000000Z")
        act()
    reason = "`clerk` at `1.1` until 2026-10-25, by"
    rule = "`p, role:clerk, file, read, allow`"
    denied = "denied by `p, role:clerk, file, read, deny`"
    granted = "grant of clerk at 1.1"
    back = f"{granted} taken back"
    assert who(store, "2026-01-01", "2026-12-31") == [
        f"person:a 05-01T10:00 05-02T10:00 | 3 {granted} | 4 blocked",
        f"person:a 05-03T10:00 05-04T10:00 | 5 unblocked | 6 rule {rule} taken out",
        f"person:a 05-05T10:00 05-06T10:00 | 7 rule {rule} | 8 {denied}",
        f"person:a 05-07T10:00 05-08T10:00 | 9 {reason} {rule} | 10 {back}",
    ]


def test_right_that_is_granted_again_has_two_intervals(
    store: Store, commit: Commit, at: Clock
) -> None:
    """Unless it was granted again at the same instant: then it was never gone."""
    for time, change in (
        ("2026-05-01T10:00:00.000000Z", {"add": (GRANT,)}),
        ("2026-05-02T10:00:00.000000Z", {"remove": (GRANT,)}),
        ("2026-05-02T10:00:00.000000Z", {"add": (GRANT,)}),
        ("2026-05-03T10:00:00.000000Z", {"remove": (GRANT,)}),
        ("2026-05-04T10:00:00.000000Z", {"add": (GRANT,)}),
    ):
        at(time)
        commit(store, **change)
    assert [each[:32] for each in who(store, "2026-05-01", "2026-05-31")] == [
        "person:a 05-01T10:00 05-03T10:00",
        "person:a 05-04T10:00 05-31T21:00",
    ]


def test_grant_that_goes_on_in_another_is_one_interval(
    store: Store, commit: Commit, at: Clock
) -> None:
    """One that begins the day after, or that takes the place of another."""
    at("2026-05-01T10:00:00.000000Z")
    commit(store, add=(GRANT, (*GRANT[:3], "1.0@2026-10-26..2026-11-30")))
    at("2026-05-02T10:00:00.000000Z")
    commit(store, add=((*GRANT[:3], "1.1@2026-10-26..2026-11-30"),))
    (only,) = who(store, "2026-05-01", "2026-12-31")
    assert only.startswith("person:a 05-01T10:00 11-30T22:00 | 3 ")


def test_what_could_says_what_and_where(
    store: Store, commit: Commit, at: Clock
) -> None:
    """Places of which all is the same stand together; others are not touched."""
    at("2026-05-01T10:00:00.000000Z")
    commit(store, add=(GRANT,))
    at("2026-05-02T10:00:00.000000Z")
    commit(store, add=(("g", "person:b", *GRANT[2:]),))
    period = {"first": date(2026, 5, 1), "last": date(2026, 5, 31)}
    (found,) = what_could(store, "person:a", first=period["first"], last=period["last"])
    assert found.organisations == ("1.1", "1.1.1", "1.1.9")
    assert found.first == datetime(2026, 5, 1, 10, tzinfo=UTC)
    (found,) = what_could(store, "person:a", "1.1.1", **period)  # type: ignore[arg-type] # days
    assert found.organisations == ("1.1.1",)
    assert what_could(store, "person:a", "1.2", **period) == ()  # type: ignore[arg-type] # days
    assert what_could(store, "alien:a", **period) == ()  # type: ignore[arg-type] # days


def test_version_that_did_much_is_loaded_whole(
    store: Store, commit: Commit, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same intervals; the reason then says why."""
    monkeypatch.setattr(steps, "MOST_CHANGES", 1)
    at("2026-05-01T10:00:00.000000Z")
    commit(store, add=(GRANT, ("g", "person:b", *GRANT[2:])))
    at("2026-05-02T10:00:00.000000Z")
    commit(store, remove=(GRANT,))
    first, second = who(store, "2026-05-01", "2026-12-31")
    assert first.startswith("person:a 05-01T10:00 05-02T10:00 | 3 `clerk` at `1.1` ")
    assert first.endswith(" | 4 grant of clerk at 1.1 taken back")
    assert second.startswith("person:b 05-01T10:00 10-25T22:00 | 3 ")


def test_model_that_asks_more_of_the_day_is_asked_every_day(
    store: Store, commit: Commit, at: Clock, model: Model
) -> None:
    """A day may then change any answer, and the reason says why."""
    at("2026-05-01T10:00:00.000000Z")
    commit(store, add=(GRANT,))
    odd = model.text.replace("\nm = ", '\nm = r.day != "2026-05-03" && ')
    change = Change("policy", "os:c", "not on Sundays", model=odd)
    with store.writing() as writer:
        writer.commit(change)
    first, second = who(store, "2026-05-01", "2026-12-31")
    assert first.startswith("person:a 05-01T10:00 05-02T21:00 | ")
    assert " | 3 day " in first
    assert second.startswith("person:a 05-03T21:00 10-25T22:00 | 3 day `clerk` at ")


def test_subject_whom_a_rule_names_needs_no_grant(
    store: Store, commit: Commit, at: Clock, model: Model
) -> None:
    """Where the model lets it: then the rule is what it rests on."""
    at("2026-05-01T10:00:00.000000Z")
    matcher = re.compile(r"^m = (.*\\\n)*.*$", re.MULTILINE)
    free = matcher.sub("m = r.obj == p.obj && r.act == p.act", model.text)
    change = Change("policy", "os:c", "everybody", model=free)
    with store.writing() as writer:
        writer.commit(change)
    commit(store, add=(("g", "person:a", *GRANT[2:]),))
    at("2026-05-03T10:00:00.000000Z")
    commit(store, remove=(RULE,))
    (chief, found) = who(store, "2026-05-02", "2026-05-31")
    assert found.startswith(
        "person:chief 05-01T21:00 05-03T10:00 | 1 by `p, role:clerk"
    )
    assert chief.endswith("taken out")


def test_nobody_could_anything_before_there_was_a_policy(
    model: Model, folder: Path, at: Clock, commit: Commit
) -> None:
    """Whatever lines were there already, and whatever came without a policy."""
    with Store.open("sqlite://") as empty:
        commit(empty, add=(GRANT, ("g4", "1.1", "level:school")))
        commit(empty, add=(("g", "person:b", *GRANT[2:]),))
        at("2026-05-02T10:00:00.000000Z")
        texts = (folder / "words.yaml").read_text(encoding="utf-8")
        lines = tuple(Line("p", RULE[1:]) for _ in range(1))
        rest = (("g3", "role:clerk", "person"), ("g4", "level:school", "role:clerk"))
        change = Change(
            "policy",
            "os:c",
            "first",
            model=model.text,
            catalogue=texts,
            add=(*lines, *(Line(kind, tuple(values)) for kind, *values in rest)),
        )
        with empty.writing() as writer:
            writer.commit(change)
        found = who(empty, "2026-01-01", "2026-12-31", "1.1")
        assert [each[:32] for each in found] == [
            "person:a 05-02T10:00 10-25T22:00",
            "person:b 05-02T10:00 10-25T22:00",
        ]
        assert who(empty, "2026-04-01", "2026-04-30", "1.1") == []


def test_period_that_is_none_is_refused(store: Store, tmp_path: Path) -> None:
    """And a question that cannot be asked, and a database that is not there."""
    first, last = date(2026, 1, 2), date(2026, 1, 1)
    with pytest.raises(RequestError, match="before it begins on 2026-01-02"):
        who_could(store, *DEED, "1.1", first=first, last=last)
    with pytest.raises(RequestError):
        who_could(store, "", "file", "1.1", first=last, last=first)
    with pytest.raises(RequestError):
        what_could(store, "role:clerk", first=last, last=first)
    with pytest.raises(RequestError):
        what_could(store, "person:a", "a:b", first=last, last=first)
    with pytest.raises(StoreError):
        who_could(
            f"sqlite:///{tmp_path / 'none'}", *DEED, "1.1", first=last, last=first
        )
    forever = {"first": date.min, "last": date.max}
    assert who_could(store, *DEED, "1.1", **forever) == ()  # type: ignore[arg-type] # days
