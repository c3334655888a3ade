"""Requirements on a version as decisions read it."""

from __future__ import annotations

from types import MappingProxyType

from oikeus.terms import Names

from .small_world import SHIPPED, held, lines, snapshot


def test_a_snapshot_holds_everything_of_a_version() -> None:
    """Lines, model, facts, tree and names hang on it, so that it is swapped whole."""
    names = MappingProxyType({"north": Names(fi="Pohjoinen")})
    made = snapshot(held("person:1", "user", "north"), names=names, version=7)
    assert made.version == 7
    assert made.lines == lines(held("person:1", "user", "north"))
    assert made.model is SHIPPED
    assert made.facts.of("person:1")
    assert "north-office" in made.tree
    assert made.names["north"].fi == "Pohjoinen"
    assert made.catalogue is None
    assert made.inert == ()


def test_roles_and_kinds_are_those_that_questions_can_name() -> None:
    """Rows of a database may link any text; only ids are taken for roles and kinds."""
    made = snapshot(
        "g3, role:guest, visitor",
        "g3, role:a@b, alien",
        "g3, role:, alien",
        "g3, role:user, role",
        "g3, person:1, blocked",
    )
    assert made.roles == (
        "role:chief",
        "role:boss",
        "role:user",
        "role:robot",
        "role:tunnus",
        "role:guest",
    )
    assert made.kinds == {"person", "system", "visitor"}
    assert snapshot(policy="", tree="").kinds == frozenset()


def test_inert_rows_are_reported_with_the_version() -> None:
    """A row that decides nothing is known as soon as the version is (ruling K)."""
    (found,) = snapshot(held("person:1", "boss", "north-school")).inert
    assert str(found.line) == (
        "g, person:1, role:boss, north-school@2026-01-01..2026-12-31"
    )
