"""What an import of organisations changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.administration.register import Organisation
from oikeus.administration.register_placement import Placement, place_organisations
from oikeus.errors import RegisterError
from oikeus.terms import Line, Names, Source

ROOT = "root"
MODE = Line("g2", ("opisto", "mode:integraatio"))
FILE = Source("policies/organisations.csv", 5)


def organisation(
    oid: str,
    parent: str | None = ROOT,
    levels: tuple[str, ...] = ("oppilaitos",),
    *,
    status: str = "active",
    names: Names | None = None,
) -> Organisation:
    """An organisation of an import, whose place names it."""
    named = Names(fi=f"nimi {oid}") if names is None else names
    return Organisation(oid, parent, levels, status, named, f"$.{oid}", "a.json")


def place(
    organisations: Iterable[Organisation],
    lines: Iterable[Line] = (),
    names: Mapping[str, Names] | None = None,
    *,
    accept_moves: bool = False,
) -> Placement:
    """What these organisations change."""
    return place_organisations(
        list(organisations), lines, names or {}, ROOT, accept_moves=accept_moves
    )


def after(
    placement: Placement, lines: Iterable[Line] = ()
) -> tuple[tuple[Line, ...], Mapping[str, Names]]:
    """The lines in force once the import is done, and its names."""
    left = [line for line in lines if line not in placement.remove]
    return (*left, *placement.add), placement.names


def words(changes: Iterable[object]) -> list[str]:
    """Changes as people read them."""
    return [str(change) for change in changes]


def written(lines: Iterable[Line]) -> list[str]:
    """Lines as they are written."""
    return [str(line) for line in lines]


def test_a_first_import_adds_everything() -> None:
    """Lines come sorted, and every organisation is shown with its place."""
    placement = place(
        [
            organisation("opisto", "keski", ("oppilaitos", "toimipiste")),
            organisation("keski", levels=("koulutustoimija",), status="passive"),
            organisation("muu", levels=(), names=Names()),
        ]
    )
    assert written(placement.add) == [
        "g2, keski, root",
        "g2, keski, status:passive",
        "g2, muu, root",
        "g2, opisto, keski",
        "g4, keski, level:koulutustoimija",
        "g4, opisto, level:oppilaitos",
        "g4, opisto, level:toimipiste",
    ]
    assert all(line.source is None for line in placement.add)
    assert placement.remove == ()
    assert words(placement.added) == [
        "keski nimi keski: under root",
        "muu: under root",
        "opisto nimi opisto: under keski",
    ]
    assert placement.names == {
        "keski": Names(fi="nimi keski"),
        "opisto": Names(fi="nimi opisto"),
    }
    assert not placement.renamed
    assert placement.unchanged == 0


def test_a_second_import_changes_nothing() -> None:
    """The same extract again is no new version."""
    world = [organisation("keski"), organisation("opisto", "keski", status="passive")]
    lines, names = after(place(world))
    again = place(world, lines, names)
    assert again.changes_nothing
    assert again.unchanged == 2
    assert (again.added, again.moved, again.levels, again.statuses) == ((), (), (), ())


def test_what_changed_is_named() -> None:
    """Levels, status and names, each with before and after."""
    lines, names = after(
        place([organisation("a"), organisation("b"), organisation("c")])
    )
    placement = place(
        [
            organisation("a", levels=("oppilaitos", "toimipiste"), status="passive"),
            organisation("b", levels=(), names=Names(fi="uusi", sv="ny")),
            organisation("c"),
        ],
        lines,
        names,
    )
    assert written(placement.add) == [
        "g2, a, status:passive",
        "g4, a, level:toimipiste",
    ]
    assert written(placement.remove) == ["g4, b, level:oppilaitos"]
    assert words(placement.levels) == [
        "a nimi a: oppilaitos -> oppilaitos, toimipiste",
        "b uusi: oppilaitos -> none",
    ]
    assert words(placement.statuses) == ["a nimi a: active -> passive"]
    assert words(placement.renamed) == ["b uusi: fi nimi b -> fi uusi, sv ny"]
    assert placement.names == {"b": Names(fi="uusi", sv="ny")}
    assert (placement.added, placement.moved, placement.unchanged) == ((), (), 1)


def test_an_organisation_that_opens_again_is_active() -> None:
    """The line about its status goes."""
    lines, names = after(place([organisation("a", status="passive")]))
    placement = place([organisation("a")], lines, names)
    assert written(placement.remove) == ["g2, a, status:passive"]
    assert words(placement.statuses) == ["a nimi a: passive -> active"]


def test_extracts_never_delete() -> None:
    """An organisation that the import does not name stays as it is."""
    lines, names = after(place([organisation("a"), organisation("b", "a")]))
    placement = place([organisation("b", "a")], lines, names)
    assert placement.changes_nothing


def test_missing_names_erase_none() -> None:
    """An entry without names says nothing about them."""
    lines, names = after(place([organisation("a")]))
    assert place([organisation("a", names=Names())], lines, names).changes_nothing


def test_a_new_name_in_another_language_is_a_change() -> None:
    """Each language counts, not only the one that is shown first."""
    lines, names = after(place([organisation("a")]))
    placement = place(
        [organisation("a", names=Names(fi="nimi a", en="a"))], lines, names
    )
    assert words(placement.renamed) == ["a nimi a: fi nimi a -> fi nimi a, en a"]


def test_lines_that_are_not_the_registers_are_never_touched() -> None:
    """Modes, levels of roles and the root's level belong to the policy."""
    others = [
        MODE,
        Line("g4", ("level:oppilaitos", "role:x")),
        Line("g4", (ROOT, "level:root")),
        Line("g3", ("person:x", "blocked")),
    ]
    root = organisation(ROOT, None, ())
    placement = place([root, organisation("opisto")], others)
    assert placement.remove == ()
    assert written(placement.add) == [
        "g2, opisto, root",
        "g4, opisto, level:oppilaitos",
    ]


def test_the_root_brings_its_names_only() -> None:
    """It is known before any import, and keeps the lines that policy files give it."""
    lines = [Line("g4", (ROOT, "level:root"))]
    placement = place([organisation(ROOT, None, ())], lines)
    assert (placement.add, placement.remove, placement.added) == ((), (), ())
    assert words(placement.renamed) == ["root nimi root: none -> fi nimi root"]


def test_a_mode_that_came_before_does_not_make_an_organisation_known() -> None:
    """Policy and register may come in either order."""
    assert words(place([organisation("opisto")], [MODE]).added) == [
        "opisto nimi opisto: under root"
    ]


MOVE = [organisation("a"), organisation("b"), organisation("opisto", "a")]
MOVED = [organisation("opisto", "b"), organisation("b")]


def test_a_move_needs_to_be_accepted() -> None:
    """Every move is listed, and nothing is done."""
    lines, names = after(place([*MOVE, organisation("c", "a")]))
    with pytest.raises(RegisterError) as caught:
        place([*MOVED, organisation("c", "b")], lines, names)
    assert str(caught.value).splitlines() == [
        (
            "a.json: $.c: `c` moves from `a` to `b`, which needs to be accepted with "
            "--accept-moves"
        ),
        (
            "a.json: $.opisto: `opisto` moves from `a` to `b`, which needs to be "
            "accepted with --accept-moves"
        ),
    ]


def test_an_accepted_move_is_shown() -> None:
    """The old place goes and the new one comes, in one step."""
    lines, names = after(place(MOVE))
    placement = place(MOVED, lines, names, accept_moves=True)
    assert written(placement.add) == ["g2, opisto, b"]
    assert written(placement.remove) == ["g2, opisto, a"]
    assert words(placement.moved) == ["opisto nimi opisto: a -> b"]
    assert placement.unchanged == 1


def test_a_move_cannot_close_a_cycle() -> None:
    """Accepting moves does not accept what has no place; both faults are reported."""
    lines, names = after(place([organisation("a"), organisation("b", "a")]))
    with pytest.raises(RegisterError, match="stands below itself, `a` under `b`"):
        place([organisation("a", "b")], lines, names, accept_moves=True)


def test_an_organisation_with_two_places_gets_one() -> None:
    """Rows can reach a database past every check; an import mends them as a move."""
    lines = [Line("g2", ("a", ROOT)), Line("g2", ("a", "b")), Line("g2", ("b", ROOT))]
    placement = place([organisation("a")], lines, accept_moves=True)
    assert written(placement.remove) == ["g2, a, b"]
    assert words(placement.moved) == ["a nimi a: b, root -> root"]


def test_an_unknown_parent_refuses_the_import() -> None:
    """The path inside the document is named."""
    with pytest.raises(RegisterError, match=r"a\.json: \$\.a: `a` cannot be placed"):
        place([organisation("a", "unknown"), organisation("b")])


def test_what_policy_files_say_stays() -> None:
    """People change files: an import takes no line away that a file states."""
    lines = [
        Line("g2", ("a", ROOT), FILE),
        Line("g2", ("a", "status:passive"), FILE),
        Line("g4", ("a", "level:toimipiste"), FILE),
    ]
    placement = place([organisation("a")], lines)
    assert written(placement.add) == ["g4, a, level:oppilaitos"]
    assert placement.remove == ()
    assert placement.statuses == ()
    assert words(placement.levels) == ["a nimi a: toimipiste -> oppilaitos, toimipiste"]


@pytest.mark.parametrize("accept_moves", [True, False])
def test_a_place_that_a_policy_file_gives_cannot_change(*, accept_moves: bool) -> None:
    """Accepting moves does not overrule a file."""
    lines = [Line("g2", ("a", ROOT), FILE), Line("g2", ("b", ROOT))]
    with pytest.raises(RegisterError) as caught:
        place([organisation("a", "b")], lines, accept_moves=accept_moves)
    assert str(caught.value) == (
        "a.json: $.a: `a` moves to `b`, but policies/organisations.csv:5 says "
        "`g2, a, root`, expected the same"
    )


@st.composite
def worlds(draw: st.DrawFn) -> list[Organisation]:
    """Organisations in trees, in any order."""
    ids = [f"o{number}" for number in range(draw(st.integers(1, 8)))]
    found = []
    for number, oid in enumerate(ids):
        parent = draw(st.sampled_from([ROOT, *ids[:number]]))
        levels = draw(st.sets(st.sampled_from(["koulutustoimija", "toimipiste"])))
        status = draw(st.sampled_from(["active", "passive"]))
        names = Names(fi=draw(st.sampled_from(["", "x", "y"])))
        found.append(
            organisation(oid, parent, tuple(levels), status=status, names=names)
        )
    return draw(st.permutations(found))


@settings(deadline=None)
@given(worlds(), worlds())
def test_an_import_is_an_update(
    first: list[Organisation], second: list[Organisation]
) -> None:
    """Whatever was there: a second time changes nothing, and order does not matter."""
    lines, names = after(place(first))
    try:
        placement = place(second, lines, names, accept_moves=True)
    except RegisterError as error:
        # an organisation that the second does not name can close a cycle
        assert "stands below itself" in str(error)  # noqa: PT017
        return
    then, named = after(placement, lines)
    again = place(second, then, {**names, **named})
    assert again.changes_nothing
    assert again.unchanged == len(second)
    assert place(second[::-1], lines, names, accept_moves=True) == placement
    assert len(then) == len(set(then))
    assert all(
        line in then
        for line in lines
        if line.values[0] not in {each.id for each in second}
    )
