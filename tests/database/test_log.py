"""Requirements on the log: versions found by what they are and by what they changed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from oikeus.errors import StoreError
from oikeus.store import Change, LineFilter, Op, Recorded, Store, VersionFilter
from oikeus.store import Renamed as Named
from oikeus.terms import Line, Names, Source

from ..conftest import ROOT

Commit = Callable[..., int]
Scans = Callable[..., set[str]]

ODD = "person:Å'\"%_,)] \N{GRINNING FACE}"
RULE = Line("p", ("role:a", "hoks", "read", "allow"), Source("p/a.csv", 3, "R1: why"))
POWER = Line("p2", ("role:b", "role:a", "*", "*"))
GRANT = Line("g", ("person:1", "role:b", "1.2@2026-01-01..2026-12-31"))
OTHER = Line("g", (ODD, "role:c", "1.20@2026-01-01..2026-12-31"))
TREE = Line("g2", ("1.2", "1"))
BLOCK = Line("g3", ("person:1", "blocked"))


@pytest.fixture
def written(store: Store) -> Store:
    """Six versions, each of another sort."""
    changes = (
        Change("policy", "os:a", "rules", add=(RULE, POWER), git_commit="abc"),
        Change("organisations", "os:b", "tree", add=(TREE,), names={"1": Names("x")}),
        Change("grants", "os:b", "one", add=(GRANT,), granter="person:2"),
        Change("grants", "os:c", "odd", add=(OTHER,), granter=ODD),
        Change("block", "os:c", "stop", add=(BLOCK,), remove=(GRANT,)),
        Change("policy", "os:a", "moved", add=(_moved(RULE),), catalogue="c"),
    )
    for change in changes:
        with store.writing() as writer:
            writer.commit(change)
    return store


def _moved(line: Line) -> Line:
    return Line(line.ptype, line.values, Source("p/b.csv", 9, "R2: now"))


def numbers(store: Store, **only: Any) -> list[int]:  # noqa: ANN401
    """The versions found, the newest first."""
    return [each.number for each in store.log(VersionFilter(**only)).versions]


def test_log_tells_the_newest_first_and_how_many_more_there_are(written: Store) -> None:
    """Whoever looks wants what happened last."""
    logged = written.log(most=2)
    assert logged.versions == written.versions()[:-3:-1]
    assert logged.earlier == 4
    assert written.log().versions == written.versions()[::-1]
    assert written.log().earlier == 0


def test_counts_are_those_of_the_versions_shown(written: Store) -> None:
    """Of lines added and removed; a line that moved is neither."""
    counts = [(each.added, each.removed) for each in written.log().versions]
    assert counts == [(0, 0), (1, 1), (1, 0), (1, 0), (1, 0), (2, 0)]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ({"actor": "os:b"}, [3, 2]),
        ({"granter": "person:2"}, [3]),
        ({"granter": ODD}, [4]),
        ({"origin": "policy"}, [6, 1]),
        ({"origin": "policy", "actor": "os:b"}, []),
        ({"before": 3}, [2, 1]),
        ({"text": "catalogue"}, [6]),
        ({"text": "invariants"}, []),
        ({"before": 7, "origin": "policy"}, [6, 1]),
        ({"lines": LineFilter(subject="person:1")}, [5, 3]),
        ({"lines": LineFilter(subject=ODD)}, [4]),
        ({"lines": LineFilter(subject="role:a")}, []),
        ({"lines": LineFilter(subject="person:_")}, []),
        ({"lines": LineFilter(role="role:a")}, [6, 1]),
        ({"lines": LineFilter(role="role:b")}, [5, 3, 1]),
        ({"lines": LineFilter(organisations=("1.2",))}, [5, 3, 2]),
        ({"lines": LineFilter(organisations=("1.20",))}, [4]),
        ({"lines": LineFilter(organisations=("1", "1.20"))}, [4, 2]),
        ({"lines": LineFilter(organisations=())}, []),
        ({"lines": LineFilter(organisations=("1.2",), subject="person:1")}, [5, 3]),
        ({"lines": LineFilter(kinds=("p2", "g2"))}, [2, 1]),
        ({}, [6, 5, 4, 3, 2, 1]),
    ],
)
def test_versions_are_found_by_what_they_are_and_by_what_they_changed(
    written: Store, only: dict[str, Any], expected: list[int]
) -> None:
    """Words are compared whole, in the places where they mean what is asked."""
    assert numbers(written, **only) == expected


def test_days_of_the_log_are_those_of_finland(
    store: Store, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both days are inclusive, and a day begins at midnight in Helsinki."""
    for time in ("2026-01-31T21:59:59.999999Z", "2026-01-31T22:00:00.000000Z"):
        clock = dict.fromkeys(("sqlite", "postgresql"), f"'{time}'")
        monkeypatch.setattr("oikeus.store.recording._CLOCKS", clock)
        commit(store, catalogue=time)
    assert numbers(store, until=date(2026, 1, 31)) == [1]
    assert numbers(store, since=date(2026, 2, 1)) == [2]
    assert numbers(store, since=date(2026, 1, 31), until=date(2026, 2, 1)) == [2, 1]
    assert numbers(store, since=date.min, until=date.max) == [2, 1]
    assert numbers(store, since=date(1, 1, 2)) == [2, 1]
    assert numbers(store, since=date.max) == []


def test_more_organisations_than_parameters_can_be_asked_for(written: Store) -> None:
    """The whole tree is below its root."""
    many = tuple(f"9.{number}" for number in range(70_000))
    found = numbers(written, lines=LineFilter(organisations=(*many, "1.20")))
    assert found == [4]


@pytest.mark.parametrize(
    "only",
    [
        VersionFilter(actor="\0"),
        VersionFilter(lines=LineFilter(subject="\ud800")),
        VersionFilter(lines=LineFilter(role="\0")),
        VersionFilter(lines=LineFilter(organisations=("\0",))),
    ],
)
def test_word_that_no_column_can_hold_is_refused(
    store: Store, only: VersionFilter
) -> None:
    """One of the databases would fail on it in its own words."""
    with pytest.raises(StoreError, match="with a character that no database keeps"):
        store.log(only)


def test_text_that_no_version_has_is_refused(store: Store) -> None:
    """It would be the name of any column."""
    with pytest.raises(StoreError, match="no such text, expected model or "):
        store.log(VersionFilter(text="actor"))


def test_less_than_one_version_is_refused(store: Store) -> None:
    """One of the databases takes a negative number for all."""
    with pytest.raises(StoreError, match="-1 versions cannot be shown, expected 1"):
        store.log(most=-1)


def test_all_that_a_version_did_is_told(written: Store) -> None:
    """Lines with their sources, names with what they were before, texts."""
    with written.details(2) as second:
        assert second.version == written.versions()[1]
        assert [*second.changes()] == [Recorded(Op.ADDED, TREE)]
        assert second.renamed == (Named("1", None, Names("x")),)
        assert not second.model_changed
        assert not second.catalogue_changed
    with written.details() as head:
        (moved,) = head.changes()
        assert (moved, moved.line.source) == (
            Recorded(Op.MOVED, RULE),
            Source("p/b.csv", 9, "R2: now"),
        )
        assert head.version.number == 6
        assert head.catalogue_changed
        assert head.renamed == ()


def test_names_are_told_with_what_they_were_before(
    store: Store, commit: Commit
) -> None:
    """Only those that the version changed."""
    commit(store, names={"1": Names("a"), "2": Names("b")})
    commit(store, names={"1": Names("c")})
    with store.details(2) as details:
        assert details.renamed == (Named("1", Names("a"), Names("c")),)


def test_model_is_told_by_its_definitions(
    store: Store,
    commit: Commit,
    repository: Any,  # noqa: ANN401
) -> None:
    """One with other comments brings none; one that cannot be read is told as such."""
    model = (repository / "model.conf").read_text(encoding="utf-8")
    commit(store, model=model)
    commit(store, model=f"# more\n{model}")
    commit(store, model="of another release")
    with store.details(1) as first:
        assert first.model_changed
        assert {each.section for each in first.definitions} >= {"matchers"}
        assert all(each.before == "" for each in first.definitions)
    for number in (2, 3):
        with store.details(number) as later:
            assert later.model_changed
            assert later.definitions == ()


def test_stream_that_is_not_read_to_its_end_is_let_go_of(
    store: Store, commit: Commit, caplog: pytest.LogCaptureFixture
) -> None:
    """Its cursor is closed before the connection, whatever ended the reading."""
    many = (Line("g3", (f"person:{number}", "blocked")) for number in range(6_000))
    commit(store, add=tuple(many))
    with store.details(1) as details, store.blame() as blamed:
        changes = details.changes()
        assert next(changes).line == next(blamed).line
    assert [*changes, *blamed] == []
    assert caplog.text == ""


def test_version_that_was_never_made_is_an_error(store: Store) -> None:
    """The head of an empty database among them."""
    for number in (None, 0, 7):
        with pytest.raises(StoreError, match="there is no version"):
            store.details(number).__enter__()


def test_log_is_read_by_its_key(sqlite: str, commit: Commit, scans: Scans) -> None:
    """A filter by lines walks it once, version by version; counts need only theirs."""
    only = VersionFilter(lines=LineFilter(subject="person:1"))
    with Store.open(sqlite) as store:
        commit(store, add=(GRANT,))
        assert scans(store, lambda: store.log(only)) == {"SCAN oikeus_version"}


CATALOGUE = (ROOT / "policies" / "ehoks.yaml").read_text(encoding="utf-8")
SAID = """invariants:
  - {rule: [R9], why: nothing is granted, cannot: {role: ehoks-kayttaja, reach: any}}
"""


def test_statements_that_a_version_took_away_are_told(
    store: Store, commit: Commit
) -> None:
    """An auditor reads there which held when; what cannot be read is not guessed."""
    other = SAID.replace("any", "vastuukayttaja")
    commit(store, catalogue=CATALOGUE, invariants=SAID)
    commit(store, invariants=other)
    commit(store, invariants="")
    commit(store, invariants="odd")
    said = "cannot {role: ehoks-kayttaja, reach: any} (R9: nothing is granted)"
    weaker = said.replace("any", "vastuukayttaja")
    expected: list[tuple[list[str], list[str]]] = [
        ([], [said]),
        ([said], [weaker]),
        ([weaker], []),
        ([], []),
    ]
    for number, (gone, new) in enumerate(expected, 1):
        with store.details(number) as details:
            assert details.invariants_changed
            assert [str(each) for each in details.statements.gone] == gone
            assert [str(each) for each in details.statements.new] == new
    commit(store, message="x", names={"1": Names("y")})
    with store.details() as details:
        assert not details.invariants_changed
        assert (details.statements.gone, details.statements.new) == ((), ())
