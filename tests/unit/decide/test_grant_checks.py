"""Requirements on grants that nobody gave: what binds files and imports (ruling M)."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from oikeus.decide import grant_checks
from oikeus.decide.decision import Cause
from oikeus.decide.grant_checks import GrantChecks, Verdict, judge_first_grants
from oikeus.errors import PolicyError
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.folder import Policies
from oikeus.policy.lines import read_lines
from oikeus.terms import Line

from .small_world import grant, held, row, snapshot

_NONE: MappingProxyType[str, object] = MappingProxyType({})
PASSIVE = "`north` is `passive`: no new grants there or below"
HAND = "`south` has the transfer mode `hand`; expected `auto`"

VERDICTS = {
    "could be granted": ("person:1", "user", "north", Verdict()),
    "level": (
        "person:1",
        "boss",
        "north-school",
        Verdict(
            "`role:boss` cannot be held at `north-school`, "
            "whose levels are: level:school",
            causes=frozenset({Cause.INERT}),
        ),
    ),
    "kind": (
        "system:1",
        "user",
        "north",
        Verdict(
            "`role:user` is for a person, not for a system",
            causes=frozenset({Cause.INERT}),
        ),
    ),
    "mode": (
        "person:1",
        "user",
        "south",
        Verdict(HAND, causes=frozenset({Cause.MODE})),
    ),
    "no power": (
        "person:1",
        "chief",
        "root",
        Verdict(
            "no power gives `chief`: it comes from the policy files only",
            from_files_only=True,
        ),
    ),
}


@pytest.mark.parametrize(
    ("subject", "role", "place", "expected"), VERDICTS.values(), ids=VERDICTS
)
def test_a_grant_is_judged_by_what_anybody_could_give(
    subject: str, role: str, place: str, expected: Verdict
) -> None:
    """Kind, level and mode bind; whether there is anybody to grant it does not."""
    checks = GrantChecks(snapshot())
    assert checks.judge(grant(subject, role, place)) == expected


def test_a_passive_organisation_is_a_warning() -> None:
    """What a register restates exists there already (ruling M)."""
    checks = GrantChecks(snapshot("g2, north, status:passive"))
    assert checks.judge(grant("person:1", "user", "north")) == Verdict(
        warning=PASSIVE, causes=frozenset({Cause.STATUS})
    )


def test_grants_that_are_alike_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kind, role and place decide; an import has many of the same."""
    asked = 0

    def counted(*_: object) -> tuple[()]:
        nonlocal asked
        asked += 1
        return ()

    monkeypatch.setattr(grant_checks, "hindrances", counted)
    checks = GrantChecks(snapshot())
    for number in range(5):
        assert not checks.judge(grant(f"person:{number}", "user", "north")).refusal
    checks.judge(grant("person:1", "user", "north-school"))
    assert asked == 2


def policies(*rows: str) -> Policies:
    """Policy files with these rows, the first on line 1."""
    found = read_lines("\n".join(rows), "policies/grants.csv").lines
    nothing = Catalogue(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE)  # type: ignore[arg-type]
    return Policies((*found, Line("g", ("x", "y", "z"))), nothing, "", ())


def judged(*rows: str, given: tuple[str, ...] = ()) -> Policies:
    """Judge them among everything else in force."""
    made = snapshot(*rows, "g2, north, status:passive")
    in_force = frozenset(map(row, given))
    return judge_first_grants(policies(*rows), made, in_force)


def test_grants_of_files_that_could_not_be_given_are_refused_together() -> None:
    """Each with its place in the files."""
    with pytest.raises(PolicyError) as refused:
        judged(
            held("person:1", "user", "south"),
            "p, role:user, plan, burn, allow",
            held("person:1", "boss", "north-school"),
        )
    assert str(refused.value).splitlines() == [
        f"policies/grants.csv:1: {HAND}",
        (
            "policies/grants.csv:3: `role:boss` cannot be held at `north-school`, "
            "whose levels are: level:school"
        ),
    ]


def test_what_is_in_force_already_is_a_warning_only() -> None:
    """Grants go on deciding when a mode changes, until they are reviewed (ruling D)."""
    barred = held("person:1", "user", "south")
    found = judged(barred, given=(barred,))
    assert [str(each) for each in found.warnings] == [f"policies/grants.csv:1: {HAND}"]


def test_first_grants_and_those_that_only_warn_are_taken() -> None:
    """The central role comes from files only; a passive organisation warns."""
    found = judged(
        held("person:1", "chief", "root"),
        held("person:1", "user", "north"),
        held("person:1", "user", "mars"),
    )
    assert [str(each) for each in found.warnings] == [
        f"policies/grants.csv:2: {PASSIVE}"
    ]
