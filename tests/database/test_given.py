"""Requirements on who gave grants, and on grants that went with something else."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from oikeus.store import Change, Gone, Store
from oikeus.store.tables import casbin_rule
from oikeus.terms import Line, Source

Commit = Callable[..., int]

DAYS = "2026-01-01..2026-12-31"
GIVEN = Line("g", ("person:1", "role:a", f"1.2@{DAYS}"))
OTHER = Line("g", ("person:2", "role:a", f"1.2@{DAYS}"))
STATED = Line("g", ("person:3", "role:a", f"1.2@{DAYS}"), Source("p/a.csv", 1))


@pytest.fixture
def write(store: Store) -> Callable[..., int]:
    """Commit a version of an origin, maybe on somebody's power."""

    def commit(
        origin: str,
        add: tuple[Line, ...] = (),
        remove: tuple[Line, ...] = (),
        granter: str | None = None,
    ) -> int:
        change = Change(origin, "os:me", "m", add=add, remove=remove, granter=granter)
        with store.writing() as writer:
            return writer.commit(change)

    return commit


Write = Callable[..., int]


def granters(store: Store) -> dict[Line, str]:
    """Who gave what; whoever reads and whoever writes is told the same."""
    with store.reading() as reader:
        found = dict(reader.granters())
    with store.writing() as writer:
        assert dict(writer.reading().granters()) == found
    return found


def gone(store: Store, number: int, *origins: str) -> tuple[Gone, ...]:
    """What went since a version."""
    with store.reading() as reader:
        return reader.gone_since(number, *origins)


def test_grant_is_given_by_the_granter_of_the_version_that_brought_it(
    store: Store, write: Write
) -> None:
    """Not by who did anything else to it, or brought something else."""
    block = Line("g3", ("person:9", "blocked"))
    write("grants", (OTHER,))
    write("grant", (GIVEN, block), granter="person:9")
    assert granters(store) == {GIVEN: "person:9"}
    write("revoke", remove=(GIVEN,), granter="person:8")
    assert granters(store) == {}
    write("grants", (GIVEN,))
    assert granters(store) == {}
    write("revoke", remove=(GIVEN,))
    write("grant", (GIVEN,), granter="person:7")
    assert granters(store) == {GIVEN: "person:7"}


def test_row_that_was_changed_behind_the_log_was_given_by_nobody(
    store: Store, write: Write
) -> None:
    """Whose row it was is another matter."""
    write("grant", (GIVEN,), granter="person:9")
    with store.database.engine.begin() as connection:
        connection.execute(update(casbin_rule).values(v1="role:b"))
    assert granters(store) == {}


def test_grants_that_went_are_told_by_the_act_that_removed_them(
    store: Store, write: Write
) -> None:
    """Only those of the acts asked for, after the version, and not of a file."""
    write("grants", (GIVEN, OTHER))
    write("policy", (STATED,))
    write("policy", remove=(GIVEN, STATED))
    write("revoke", remove=(OTHER,), granter="person:9")
    assert gone(store, 1, "policy") == (Gone(GIVEN, 3, "policy"),)
    assert gone(store, 3, "policy") == ()
    assert gone(store, 0, "organisations") == ()
    assert gone(store, 0, "policy", "revoke") == (
        Gone(GIVEN, 3, "policy"),
        Gone(OTHER, 4, "revoke"),
    )


def test_grant_that_something_happened_to_since_is_not_told(
    store: Store, write: Write
) -> None:
    """It came back, or was given anew and taken away by somebody."""
    write("grants", (GIVEN, OTHER))
    write("policy", remove=(GIVEN, OTHER))
    write("grant", (GIVEN, OTHER), granter="person:9")
    write("revoke", remove=(OTHER,), granter="person:9")
    assert gone(store, 1, "policy") == ()
