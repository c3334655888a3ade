"""Requirements on the role managers that Casbin asks."""

from __future__ import annotations

import pytest

from oikeus.decide.facts import Facts
from oikeus.decide.roles import GrantRoles, LinkRoles
from oikeus.terms import Line

from .small_world import SHIPPED, held, lines

CLOSING = Line("g2", ("500", "0"))
ROLES = GrantRoles(
    Facts.from_lines(
        SHIPPED,
        lines(
            held("person:1", "user", "north", "2026-02-01..2026-03-31"),
            held("person:1", "boss", "north-office"),
            held("role:user", "boss", "north"),
            "g3, role:a@b, person",
            "g4, north, role:a@b",
            "g4, north, role:a",
            held("person:1", "a@b", "north"),
        ),
    )
)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("north@2026-03-01@role:user", True),
        ("north-office@2026-03-01@role:user", True),
        ("north@2026-02-01@role:user", True),
        ("north@2026-03-31@role:user", True),
        ("north@2026-01-31@role:user", False),
        ("north@2026-04-01@role:user", False),
        ("south@2026-03-01@role:user", False),
        ("root@2026-03-01@role:user", False),
        ("north@2026-03-01", False),
        ("north", False),
    ],
)
def test_a_grant_covers_its_days_and_its_subtree(domain: str, expected: object) -> None:
    """First and last day are inclusive; below is covered, beside and above is not."""
    assert ROLES.has_link("person:1", "role:user", domain) is expected


def test_a_grant_does_not_count_where_the_role_cannot_be_held() -> None:
    """The level is that of the organisation held, not of the one asked (ruling K)."""
    domain = "north-office@2026-03-01@role:boss"
    assert not ROLES.has_link("person:1", "role:boss", domain)


def test_no_role_leads_to_another() -> None:
    """A row from role to role passes nothing on (ruling F)."""
    domain = "north@2026-03-01@role:boss"
    assert not ROLES.has_link("person:1", "role:boss", domain)


def test_a_role_with_an_at_sign_is_held_by_nobody() -> None:
    """The domain asked would have four parts, and no grant matches that."""
    domain = "north@2026-03-01@role:a@b"
    assert not ROLES.has_link("person:1", "role:a@b", domain)


def test_everybody_stands_for_themselves() -> None:
    """Casbin says so; that no role does is the model's own first term."""
    assert ROLES.has_link("person:1", "person:1", "north@2026-03-01@person:1")


def test_the_tree_is_followed_however_deep_it_is() -> None:
    """A cycle ends the search, and the end of the chain is not a beginning."""
    chain = [Line("g2", (str(number), str(number + 1))) for number in range(500)]
    links = LinkRoles(Facts.from_lines(SHIPPED, [*chain, CLOSING]), "g2")
    assert links.has_link("0", "500")
    assert links.has_link("7", "3")
    assert links.has_link("unknown", "unknown")
    assert not links.has_link("0", "unknown")


def test_a_kind_is_one_line_from_its_role() -> None:
    """A row that makes systems persons gives the service right to nobody (R10)."""
    rows = [Line("g3", ("role:robot", "system")), Line("g3", ("system", "person"))]
    links = LinkRoles(Facts.from_lines(SHIPPED, rows), "g3")
    assert links.has_link("role:robot", "system")
    assert not links.has_link("role:robot", "person")


def test_a_level_stands_between_an_organisation_and_a_role() -> None:
    """A row from level to level takes no role to where no line allows it."""
    rows = [("o", "level:a"), ("level:a", "level:b"), ("level:b", "role:x")]
    links = LinkRoles(
        Facts.from_lines(SHIPPED, [Line("g4", row) for row in rows]), "g4"
    )
    assert links.has_link("o", "level:b")
    assert not links.has_link("o", "role:x")
