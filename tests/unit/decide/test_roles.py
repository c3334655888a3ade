"""Requirements on the role managers that Casbin asks."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import FunctionType, ModuleType

import pytest

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.facts import Facts
from oikeus.decide.roles import GrantRoles, LinkRoles
from oikeus.terms import Line

from .small_world import DAY, SHIPPED, held, lines, snapshot

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


class Counted(Mapping[str, tuple[str, ...]]):
    """Links that count how often they are read, and cannot be gone through."""

    def __init__(self, links: Mapping[str, tuple[str, ...]]) -> None:
        self.links = links
        self.reads = 0

    def __getitem__(self, word: str) -> tuple[str, ...]:
        self.reads += 1
        return self.links[word]

    def __iter__(self) -> Iterator[str]:
        pytest.fail("a question went through all links")

    def __len__(self) -> int:
        return len(self.links)


def _wide(places: int) -> tuple[GrantRoles, dict[str, Counted]]:
    """A tree of three levels with so many places, each with a grant of somebody."""
    rows = [
        *(
            line
            for at in range(places)
            for line in (
                f"g2, a{at}, north",
                f"g2, b{at}, a{at}",
                f"g4, b{at}, level:school",
                held(f"person:x{at}", "user", f"b{at}"),
            )
        ),
        held("person:1", "user", "north"),
    ]
    facts = Facts.from_lines(SHIPPED, lines(*rows))
    links = {ptype: Counted(found) for ptype, found in facts.links.items()}
    return GrantRoles(replace(facts, links=links)), links


def test_a_question_reads_as_much_in_a_large_tree_as_in_a_small_one() -> None:
    """The depth counts, not how many organisations, grants and rules there are."""
    reads = []
    for places in (2, 500):
        roles, links = _wide(places)
        assert roles.has_link("person:1", "role:user", "b1@2026-03-01@role:user")
        assert not roles.has_link("person:1", "role:user", "south@2026-03-01@role:user")
        assert not roles.has_link("person:9", "role:user", "b1@2026-03-01@role:user")
        reads.append({ptype: found.reads for ptype, found in links.items()})
    assert reads[0] == reads[1]
    assert 0 < reads[0]["g2"] < 12


def test_a_question_reads_as_much_as_the_tree_is_deep() -> None:
    """Each organisation above is looked at once."""
    for depth in (10, 300):
        chain = [f"g2, {number}, {number + 1}" for number in range(depth)]
        facts = Facts.from_lines(SHIPPED, lines(*chain))
        links = {ptype: Counted(found) for ptype, found in facts.links.items()}
        found = LinkRoles(replace(facts, links=links), "g2")
        assert found.has_link("0", str(depth))
        assert links["g2"].reads <= depth + 1


def _size(root: object) -> tuple[int, int]:
    """How many objects hang on one, and how many bytes they take."""
    gc.collect()
    seen, queue, total = {id(root)}, [root], 0
    for found in queue:
        total += sys.getsizeof(found)
        inner = gc.get_referents(found)
        if isinstance(found, FunctionType):
            inner = [*(found.__closure__ or ()), found.__globals__.get("tables")]
        for each in inner:
            if id(each) not in seen and not isinstance(each, ModuleType | type):
                seen.add(id(each))
                queue.append(each)
    return len(queue), total


def test_ten_thousand_unknown_names_leave_no_trace() -> None:
    """Neither in the role managers nor in the decision point that they serve."""
    made = snapshot(
        held("person:1", "user", "north"), held("person:1", "boss", "attic")
    )
    asked = DecisionPoint(made)
    grants = GrantRoles(made.facts)
    links = [LinkRoles(made.facts, ptype) for ptype in ("g2", "g3", "g4")]
    day = "2026-03-01"

    def ask(name: str) -> None:
        for who in ("person:1", f"person:{name}"):
            assert not grants.has_link(who, "role:user", f"{name}@{day}@role:user")
            assert not grants.has_link(who, f"role:{name}", f"north@{day}@role:{name}")
            assert not asked.allows(who, "read", "plan", name, DAY)
            assert not asked.allows(who, name, "plan", "north", DAY)
            assert not asked.allows(who, "read", name, "attic", DAY)
        for found in links:
            assert not found.has_link(name, "root")
            assert not found.has_link("north", name)

    ask("x")
    before = _size((asked, grants, links))
    for number in range(10_000):
        ask(f"x{number}")
    assert _size((asked, grants, links)) == before


def test_a_chain_of_roles_ends_at_once() -> None:
    """Cycles among roles, and a role that holds itself, lead nowhere (ruling F)."""
    rows = [
        held("role:user", "boss", "north"),
        held("role:boss", "user", "north"),
        held("role:boss", "boss", "north"),
        held("person:1", "user", "north"),
    ]
    found = GrantRoles(Facts.from_lines(SHIPPED, lines(*rows)))
    for role, expected in (("user", True), ("boss", False)):
        domain = f"north@2026-03-01@role:{role}"
        assert found.has_link("person:1", f"role:{role}", domain) is expected


@pytest.mark.parametrize("ptype", ["g2", "g3", "g4"])
def test_a_cycle_of_links_ends_where_it_closes(ptype: str) -> None:
    """Every word leads to itself, and no further than its chain is long."""
    rows = [
        Line(ptype, pair) for pair in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "d"))
    ]
    found = LinkRoles(Facts.from_lines(SHIPPED, rows), ptype)
    assert [found.has_link("a", word) for word in "abcd"] == [
        *(True, True, ptype != "g3", False),
    ]
    assert found.has_link("d", "d")


def test_many_threads_may_ask() -> None:
    """Each is answered as if it were alone."""
    found: list[object] = []

    def ask() -> None:
        for _ in range(300):
            for place, expected in (("north-office", True), ("south", False)):
                domain = f"{place}@2026-03-01@role:user"
                if ROLES.has_link("person:1", "role:user", domain) is not expected:
                    found.append(place)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert found == []
