"""How imported grants meet those in force: overlaps, and credentials to register."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from oikeus import Grant, Snapshot, Span, Store, snapshot_of
from oikeus.administration.grant_checks import credential_of, overlap, registrations

Commit = Callable[..., int]

FOREVER = Span(date(2026, 1, 1), date(2099, 12, 31))


def grant(days: str = "", **changes: str) -> Grant:
    """A system's right at the school on paper, but for what is said."""
    parts = {"subject": "system:s", "role": "role:robot", "organisation": "1.1"}
    span = Span.parse(days or "2026-01-01..2026-12-31")
    return Grant(**(parts | changes), span=span)


@pytest.fixture
def snapshot(loaded: Store) -> Snapshot:
    """The policy and the register."""
    return snapshot_of(loaded.load())


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (grant("2025-01-01..2025-12-31"), False),
        (grant("2025-01-01..2026-01-01"), True),
        (grant("2026-06-01..2026-06-30"), True),
        (grant("2026-12-31..2027-12-31"), True),
        (grant("2027-01-01..2027-12-31"), False),
        (grant("2026-01-01..2026-12-31"), False),
        (grant("2026-06-01..2026-06-30", subject="system:t"), False),
        (grant("2026-06-01..2026-06-30", role="role:tunnus"), False),
        (grant("2026-06-01..2026-06-30", organisation="1.2"), False),
    ],
    ids=str,
)
def test_overlap_is_the_same_right_on_a_shared_day(
    other: Grant,
    overlaps: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """The very same grant is a repetition and no overlap."""
    first = grant(subject="system:u")
    assert overlap(grant(), [first, other]) == (other if overlaps else None)


def test_credential_is_the_role_that_the_catalogue_names(snapshot: Snapshot) -> None:
    """A policy may have none, and lines alone have no catalogue."""
    assert credential_of(snapshot) == "role:tunnus"
    assert snapshot.catalogue is not None
    none = replace(snapshot.catalogue, credential=None)
    assert credential_of(replace(snapshot, catalogue=none)) is None
    assert credential_of(replace(snapshot, catalogue=None)) is None


def test_without_a_credential_nothing_is_registered(snapshot: Snapshot) -> None:
    """The policy does not know what to register."""
    assert registrations(replace(snapshot, catalogue=None), [grant()]) == ()


def test_person_is_not_registered(snapshot: Snapshot) -> None:
    """A credential is for the kind of subject that its role is for."""
    assert registrations(snapshot, [grant(subject="person:a", role="role:clerk")]) == ()


def test_one_registration_covers_grants_below_whatever_their_order(
    snapshot: Snapshot,
) -> None:
    """The highest place and the longest time are enough."""
    found = registrations(snapshot, [grant(organisation="1.1.9"), grant()])
    assert found == (Grant("system:s", "role:tunnus", "1.1", FOREVER),)


def test_systems_are_registered_each_for_itself(snapshot: Snapshot) -> None:
    """And each where its own right is."""
    found = registrations(
        snapshot, [grant(), grant(subject="system:t", organisation="1.2")]
    )
    assert found == (
        Grant("system:s", "role:tunnus", "1.1", FOREVER),
        Grant("system:t", "role:tunnus", "1.2", FOREVER),
    )


@pytest.mark.parametrize(
    ("held", "registered"),
    [
        (("role:tunnus", "1.1@2026-01-01..2099-12-31"), 0),
        (("role:tunnus", "1.1@2026-01-01..2026-12-31"), 0),
        (("role:tunnus", "1.1@2026-01-02..2099-12-31"), 1),
        (("role:tunnus", "1.1@2026-01-01..2026-12-30"), 1),
        (("role:tunnus", "1.2@2026-01-01..2099-12-31"), 1),
        (("role:tunnus", "1.1.9@2026-01-01..2099-12-31"), 1),
        (("role:robot", "1.1@2026-01-01..2099-12-31"), 1),
    ],
    ids=str,
)
def test_registration_in_force_counts_where_it_covers_the_grant(
    loaded: Store, commit: Commit, held: tuple[str, str], registered: int
) -> None:
    """Here or above, and for all its days."""
    commit(loaded, add=(("g", "system:s", *held),))
    snapshot = snapshot_of(loaded.load())
    assert len(registrations(snapshot, [grant()])) == registered


def test_registration_lasts_at_least_as_long_as_the_right(loaded: Store) -> None:
    """Even where the catalogue would let it end sooner."""
    contents = loaded.load()
    assert contents.catalogue is not None
    shorter = contents.catalogue.replace("2099-12-31", "2026-06-30")
    found = registrations(snapshot_of(replace(contents, catalogue=shorter)), [grant()])
    assert found == (replace(grant(), role="role:tunnus"),)
