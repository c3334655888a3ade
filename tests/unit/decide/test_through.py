"""The role through which a question was allowed."""

from datetime import date
from pathlib import Path

from oikeus import DecisionPoint, Line, Request, Snapshot, load_model
from oikeus.decide.grants import role_of
from oikeus.decide.through import role_named

HOME = Path(__file__).resolve().parents[3]
DAY = date(2026, 3, 1)
LINES = tuple(
    Line(ptype, tuple(rest))
    for ptype, *rest in (
        ("g3", "role:a", "person"),
        ("g3", "role:b", "person"),
        ("g4", "1.0", "level:top"),
        ("g4", "level:top", "role:a"),
        ("g4", "level:top", "role:b"),
        ("p", "role:b", "file", "read", "allow"),
        ("g", "person:x", "role:a", "1.0@2026-01-01..2026-12-31"),
        ("g", "person:x", "role:b", "1.0@2026-01-01..2026-12-31"),
        ("g", "person:y", "role:b", "1.0@2025-01-01..2025-12-31"),
    )
)
ASKED = Request("person:x", "read", "file", "1.0")


def snapshot(*more: Line) -> Snapshot:
    """A version of these lines."""
    return Snapshot.build(load_model(HOME / "model.conf"), [*LINES, *more])


def role_behind(found: Snapshot, request: Request, day: date) -> str | None:
    """By what the tables say, or else by the line."""
    subject, action, resource, organisation = request
    holder = found.access.behind(
        subject, action, resource, organisation, day.toordinal()
    )
    if isinstance(holder, str):
        return role_of(holder)
    return role_named(found, request, day)


def test_role_of_the_grant_that_allows() -> None:
    """Not that of another one, and none where nothing allows."""
    found = snapshot()
    assert role_behind(found, ASKED, DAY) == "role:b"
    for other in (
        replace_subject("person:y"),
        replace_subject("person:z"),
        Request("person:x", "read", "file", "9.9"),
        Request("person:x", "write", "file", "1.0"),
    ):
        assert role_behind(found, other, DAY) is None


def replace_subject(subject: str) -> Request:
    """The same question of somebody else."""
    return Request(subject, ASKED.action, ASKED.resource, ASKED.organisation)


def test_where_some_rules_deny() -> None:
    """The tables hold those too."""
    denying = Line("p", ("role:a", "file", "write", "deny"))
    assert role_behind(snapshot(denying), ASKED, DAY) == "role:b"


def test_after_a_version_that_changed_a_grant() -> None:
    """What came later counts."""
    row = ("person:z", "role:b", "1.0@2026-01-01..2026-12-31")
    later = snapshot().following(1, added=[row])
    assert role_behind(later, replace_subject("person:z"), DAY) == "role:b"


def test_model_whose_rules_are_tried_one_by_one() -> None:
    """The matcher itself is asked."""
    folder = HOME / "examples" / "authzen"
    point = DecisionPoint.from_files(folder / "model.conf", folder / "policies")
    asked = Request("user:alice", "read", "record", "record-1")
    assert role_behind(point.snapshot, asked, DAY) == "role:reader"
