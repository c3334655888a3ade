"""Places that the model cannot tell apart are judged once, and only those."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oikeus import Grant, Line, Snapshot, Span, Store, snapshot_of
from oikeus.administration import alike
from oikeus.administration.alike import AlikeChecks
from oikeus.decide.grant_checks import GrantChecks, Verdict
from oikeus.policy.model import parse_model

Commit = Callable[..., int]
Change = Callable[[str, str], Snapshot]

SPAN = Span(date(2026, 1, 1), date(2026, 12, 31))
MANY = 5


def grant(place: str, role: str = "role:clerk", subject: str = "person:a") -> Grant:
    """Somebody is a clerk at a place."""
    return Grant(subject, role, place, SPAN)


def schools(*extra: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Schools on paper, alike but for what is said."""
    return (
        *(("g2", f"2.{number}", "1.1") for number in range(MANY)),
        *(("g4", f"2.{number}", "level:school") for number in range(MANY)),
        *extra,
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the grants that are judged one by one."""
    places: list[str] = []

    class Counted(GrantChecks):
        def judge(self, grant: Grant) -> Verdict:
            places.append(grant.organisation)
            return super().judge(grant)

    monkeypatch.setattr(alike, "GrantChecks", Counted)
    return places


def judged(snapshot: Snapshot) -> list[Verdict]:
    """The verdicts on a grant at each of the schools, the same as without likeness."""
    checks, plain = AlikeChecks(snapshot), GrantChecks(snapshot)
    verdicts = [checks.judge(grant(f"2.{number}")) for number in range(MANY)]
    assert verdicts == [plain.judge(grant(f"2.{number}")) for number in range(MANY)]
    return verdicts


def test_places_that_are_alike_are_judged_once(
    loaded: Store, commit: Commit, asked: list[str]
) -> None:
    """What nothing hinders at one of them is hindered at none."""
    commit(loaded, add=schools(("g2", "2.3", "mode:paper")))
    verdicts = judged(snapshot_of(loaded.load()))
    assert verdicts == [Verdict()] * MANY
    assert asked == ["2.0"]


def test_what_is_hindered_is_told_of_every_place(
    loaded: Store, commit: Commit, asked: list[str]
) -> None:
    """The text names it."""
    added = tuple(("g2", f"2.{number}", "status:passive") for number in range(MANY))
    commit(loaded, add=schools(*added))
    verdicts = judged(snapshot_of(loaded.load()))
    assert len({verdict.warning for verdict in verdicts}) == MANY
    assert len(asked) == MANY


@pytest.mark.parametrize(
    "extra",
    [
        ("g2", "2.4", "status:passive"),
        ("g2", "2.4", "mode:screen"),
        ("g2", "2.4", "1.2"),
        ("g4", "2.4", "level:office"),
    ],
    ids=" ".join,
)
def test_a_place_that_differs_is_judged_by_itself(
    loaded: Store, commit: Commit, asked: list[str], extra: tuple[str, ...]
) -> None:
    """In what it inherits, where it stands, or its levels."""
    commit(loaded, add=schools(extra))
    judged(snapshot_of(loaded.load()))
    assert asked == ["2.0", "2.4"]


def test_a_place_that_a_power_names_is_judged_by_itself(
    loaded: Store, commit: Commit, asked: list[str]
) -> None:
    """A mode may be the id of an organisation: to Casbin both are words."""
    commit(loaded, add=schools(("p2", "role:head", "role:clerk", "2.2", "active")))
    judged(snapshot_of(loaded.load()))
    assert asked == ["2.0", "2.2"]


@pytest.mark.parametrize(
    "term",
    [
        'keyMatch(r2.org, "*")',
        'r2.org != "2.2"',
        'g2("2.2", r2.org) || r2.org != "2.2"',
        "g3(r2.org, r2.org)",
    ],
)
def test_model_that_looks_at_ids_judges_every_place(
    loaded: Store, commit: Commit, asked: list[str], term: str
) -> None:
    """Then no two places are alike."""
    commit(loaded, add=schools())
    snapshot = snapshot_of(loaded.load())
    text = snapshot.model.text.replace("m2 = ", f"m2 = ({term}) && ")
    judged(Snapshot.build(parse_model(text), tuple(snapshot.facts.lines())))
    assert len(asked) == MANY


def test_roles_that_hold_roles_somewhere_keep_places_apart(
    loaded: Store, commit: Commit, asked: list[str]
) -> None:
    """Such rows do not come by any import, and Casbin follows them."""
    row = ("g", "role:chief", "role:head", "2.2@2026-01-01..2026-12-31")
    commit(loaded, add=schools(row))
    judged(snapshot_of(loaded.load()))
    assert len(asked) == MANY


PLACES = ("1.0", "1.1", "1.2", "3.0", "3.1", "3.2", "3.3")
ROWS = st.one_of(
    st.tuples(st.just("g2"), st.sampled_from(PLACES[3:]), st.sampled_from(PLACES)),
    st.tuples(
        st.just("g2"),
        st.sampled_from(PLACES),
        st.sampled_from(["mode:paper", "mode:screen", "status:passive"]),
    ),
    st.tuples(
        st.just("g4"),
        st.sampled_from(PLACES[1:]),
        st.sampled_from(["level:school", "level:office"]),
    ),
)


@pytest.fixture
def base(loaded: Store) -> Snapshot:
    """The small world."""
    return snapshot_of(loaded.load())


@settings(
    deadline=None,
    max_examples=60,
    # the snapshot cannot change
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.sets(ROWS, max_size=14))
def test_likeness_changes_no_verdict(
    base: Snapshot, rows: set[tuple[str, str, str]]
) -> None:
    """Wherever organisations stand, and whatever they inherit."""
    added = [Line(ptype, tuple(values)) for ptype, *values in sorted(rows)]
    lines = dict.fromkeys((*tuple(base.facts.lines()), *added))
    snapshot = Snapshot.build(base.model, lines, catalogue=base.catalogue)
    checks, plain = AlikeChecks(snapshot), GrantChecks(snapshot)
    for place in PLACES:
        for role in ("role:clerk", "role:head"):
            each = grant(place, role)
            assert checks.judge(each) == plain.judge(each)
