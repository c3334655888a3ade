"""No subtree gets two transfer modes by an import."""

from __future__ import annotations

import pytest

from oikeus.administration.register import Organisation
from oikeus.administration.register_modes import mixed_modes
from oikeus.administration.register_placement import place_organisations
from oikeus.errors import RegisterError
from oikeus.terms import Line, Names

ROOT = "root"
A, B = "mode:a", "mode:b"


def organisation(oid: str, parent: str | None = ROOT) -> Organisation:
    """An organisation of an import, whose place names it."""
    return Organisation(oid, parent, (), "active", Names(), f"$.{oid}", "a.json")


def tree(*pairs: str) -> list[Line]:
    """What hangs where: `child parent`, `organisation mode:…`."""
    return [Line("g2", tuple(pair.split())) for pair in pairs]


def told(imported: list[str], *pairs: str) -> list[str]:
    """What is said of an import of these organisations."""
    organisations = [organisation(oid) for oid in imported]
    return [str(each) for each in mixed_modes(organisations, tree(*pairs))]


def mixture(place: str, organisation: str) -> str:
    """What is said of a place, in the entry of an organisation."""
    return (
        f"a.json: $.{place}: `{organisation}` would have the modes `{A}`, `{B}`, its "
        "own or from above; expected one"
    )


NESTED = ("p root", "q p", "q.1 q", f"p {A}", f"q {B}")


@pytest.mark.parametrize(
    ("imported", "pairs", "expected"),
    [
        (["p", "q", "q.1"], NESTED, [mixture("q", "q")]),
        (["q.1", "q"], NESTED, [mixture("q", "q")]),
        # below what is imported, and above it
        (["p"], NESTED, [mixture("p", "q")]),
        (["q.1"], NESTED, [mixture("q.1", "q.1")]),
        ([ROOT], NESTED, [mixture(ROOT, "q")]),
        # two mixtures
        (
            ["p", "q", "r"],
            (*NESTED, "r p", f"r {B}"),
            [mixture("q", "q"), mixture("r", "r")],
        ),
        # elsewhere, or none
        (["r"], (*NESTED, "r root"), []),
        (["p", "q"], ("p root", "q p", f"p {A}", f"q {A}"), []),
        (["p", "q"], ("p root", "q p", f"p {A}", "q status:passive"), []),
        # rows can reach a database past every check
        (["p"], ("p q", "q p", f"p {A}", f"q {B}"), [mixture("p", "p")]),
        (
            ["p"],
            ("p x", "p y", f"x {A}", f"y {B}", "x root", "y root"),
            [mixture("p", "p")],
        ),
    ],
)
def test_mixed_modes_are_told_at_the_highest_organisation_of_the_import(
    imported: list[str], pairs: tuple[str, ...], expected: list[str]
) -> None:
    """Whatever else inherits them is the same fault."""
    assert told(imported, *pairs) == expected


def test_a_deep_tree_takes_no_time() -> None:
    """Each organisation is looked at once, not each with all above it."""
    count = 50_000
    chain = [f"o{number + 1} o{number}" for number in range(count)]
    found = told(["o0"], f"o0 {A}", f"o{count} {B}", *chain)
    assert found == [mixture("o0", f"o{count}")]


@pytest.mark.parametrize("accept_moves", [True, False])
def test_a_second_mode_refuses_the_import(*, accept_moves: bool) -> None:
    """A mode of a policy file was there before its organisation was known."""
    lines = tree(f"p {A}", f"q {B}", "p root")
    with pytest.raises(RegisterError) as caught:
        place_organisations(
            [organisation("q", "p")], lines, {}, ROOT, accept_moves=accept_moves
        )
    assert str(caught.value) == mixture("q", "q")


def test_a_move_out_of_a_mixture_is_taken() -> None:
    """What counts is what would be in force."""
    lines = tree(*NESTED)
    placement = place_organisations(
        [organisation("q")], lines, {}, ROOT, accept_moves=True
    )
    assert placement.after(lines) == (
        *tree("p root", "q.1 q", f"p {A}", f"q {B}"),
        *tree("q root"),
    )
