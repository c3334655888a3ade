"""Requirements on a version that meets rows changed behind the log: it tells them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from oikeus.store import Change, Op, Store
from oikeus.store.verification import verify
from oikeus.terms import Line, Source

Commit = Callable[..., int]

ONE, TWO, THREE = (
    Line("p", (f"role:{name}", "hoks", "read", "allow")) for name in "abc"
)
RAW = Line("p", ("role:mallory", "hoks", "read", "allow"))


@pytest.fixture
def filled(store: Store, commit: Commit) -> Store:
    """Three lines in three rows."""
    commit(store, add=(ONE, TWO, THREE))
    return store


def _past_the_log(store: Store, statement: str) -> None:
    with store.database.writing() as connection:
        connection.execute(text(statement))
    assert verify(store).findings


def _told(store: Store) -> list[str]:
    return [f"{each.op} {each.line.values[0]}" for each in store.changes(2)]


INSERT = (
    "INSERT INTO casbin_rule (id, ptype, v0, v1, v2, v3) "
    "VALUES (9, 'p', 'role:mallory', 'hoks', 'read', 'allow')"
)
EDIT = "UPDATE casbin_rule SET v0 = 'role:mallory' WHERE v0 = 'role:b'"
DELETE = "DELETE FROM casbin_rule WHERE v0 = 'role:c'"


@pytest.mark.parametrize(
    ("statement", "change", "told"),
    [
        (INSERT, {"remove": (RAW,)}, ["+ role:mallory", "- role:mallory"]),
        (
            INSERT,
            {"add": (Line("p", RAW.values, Source("p/a.csv", 1, "R1: why")),)},
            ["+ role:mallory", "~ role:mallory"],
        ),
        (
            EDIT,
            {"remove": (RAW,), "add": (TWO,), "lost": (TWO,)},
            ["- role:b", "+ role:mallory", "- role:mallory", "+ role:b"],
        ),
        (EDIT, {"remove": (RAW,)}, ["- role:b", "+ role:mallory", "- role:mallory"]),
        (DELETE, {"add": (THREE,), "lost": (THREE,)}, ["- role:c", "+ role:c"]),
        (DELETE, {"lost": (THREE,)}, ["- role:c"]),
    ],
)
def test_a_row_that_the_log_does_not_explain_is_told_before_it_is_touched(
    filled: Store,
    commit: Commit,
    statement: str,
    change: dict[str, tuple[Line, ...]],
    told: list[str],
) -> None:
    """Replayed, the log gives the table again, and the history shows what was found."""
    _past_the_log(filled, statement)
    assert commit(filled, **change) == 2
    assert _told(filled) == told
    assert verify(filled).findings == ()
    lines = {ONE, TWO, THREE} - {*change.get("lost", ())} | {*change.get("add", ())}
    if statement == EDIT:
        lines -= {TWO} - {*change.get("add", ())}
    assert {*filled.load().lines} == lines


def test_what_is_lost_by_no_word_of_the_log_is_not_told(
    filled: Store, commit: Commit
) -> None:
    """Nothing happened to it; there is no version of nothing."""
    commit(filled, remove=(THREE,))
    before = filled.head()
    assert commit(filled, lost=(THREE, RAW)) == before
    # the row of THREE is another line's by now
    with filled.writing() as writer:
        moving = Change("casbin", "os:me", "x", add=(RAW,), remove=(TWO,))
        writer.commit(moving, in_place={RAW: TWO})
    assert commit(filled, lost=(TWO,)) == before + 1
    assert verify(filled).findings == ()


def test_a_new_line_comes_into_no_row_that_the_log_has_filled(
    filled: Store, commit: Commit
) -> None:
    """A row removed behind the log is not given to another line, unnoticed."""
    _past_the_log(filled, DELETE)
    commit(filled, add=(RAW,))
    with filled.database.reading() as connection:
        rows = "SELECT rule, op FROM oikeus_change WHERE version = 2"
        ((rule, op),) = connection.execute(text(rows)).all()
    assert (rule, op) == (4, Op.ADDED.value)
    findings = verify(filled).findings
    assert findings
    assert all("role:c" in str(found) for found in findings)
