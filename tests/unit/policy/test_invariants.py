"""Reading invariants: their form, their words, and where each is written."""

import shutil
from pathlib import Path

import pytest

from oikeus import PolicyError, load_model, load_policies
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.invariants import (
    At,
    Cannot,
    Invariant,
    Never,
    NeverBoth,
    NeverOutside,
    Only,
    Statement,
    read_invariants,
)

HOME = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped one."""
    return load_policies(HOME / "policies", load_model(HOME / "model.conf")).catalogue


def read(catalogue: Catalogue, *said: str) -> tuple[Invariant, ...]:
    """Read statements."""
    items = (f"  - rule: [R1]\n    why: it is so\n    {each}\n" for each in said)
    return read_invariants("invariants:\n" + "".join(items), "i.yaml", catalogue)


@pytest.mark.parametrize(
    ("said", "statement", "text"),
    [
        (
            "never: {holder: person, role: tunnus}",
            Never("tunnus", "person"),
            "never {holder: person, role: tunnus}",
        ),
        (
            "never_granted: {role: tunnus, at: {mode: none, level: root}}",
            Never("tunnus", at=At("none", "root"), granted=True),
            "never_granted {role: tunnus, at: {mode: none, level: root}}",
        ),
        (
            "only: {role: tunnus, granted_by: vastuukayttaja}",
            Only("tunnus", "vastuukayttaja"),
            "only {role: tunnus, granted_by: vastuukayttaja}",
        ),
        (
            "never_both: {roles: [tunnus, tallentaja]}",
            NeverBoth(("tunnus", "tallentaja")),
            "never_both {roles: [tunnus, tallentaja]}",
        ),
        (
            "never_both: {roles: [tunnus], and: [tallentaja], within: oppilaitos}",
            NeverBoth(("tunnus",), ("tallentaja",), "oppilaitos"),
            "never_both {roles: [tunnus], and: [tallentaja], within: oppilaitos}",
        ),
        (
            "cannot: {role: tunnus, reach: any}",
            Cannot("tunnus", "any"),
            "cannot {role: tunnus, reach: any}",
        ),
        (
            "never_outside: {power_of: tunnus, scope: own}",
            NeverOutside("tunnus"),
            "never_outside {power_of: tunnus, scope: own}",
        ),
    ],
)
def test_a_statement_is_read_and_written_alike(
    catalogue: Catalogue, said: str, statement: object, text: str
) -> None:
    """With its rules, its reason and its line."""
    (found,) = read(catalogue, said)
    assert found == Invariant(found.statement, ("R1",), "it is so", "i.yaml", 2)
    assert (found.statement, str(found.statement)) == (statement, text)
    assert str(found) == f"{text} (R1: it is so)"


@pytest.mark.parametrize(
    ("statement", "roles"),
    [
        (Never("a", "person"), ("a",)),
        (Only("a", "b"), ("a", "b")),
        (NeverBoth(("a", "b"), ("c",)), ("a", "b", "c")),
        (Cannot("a", "b"), ("a", "b")),
        (Cannot("a", "any"), ("a",)),
        (NeverOutside("a"), ("a",)),
    ],
)
def test_roles_that_a_statement_names(
    statement: Statement, roles: tuple[str, ...]
) -> None:
    """Any role is none of them."""
    assert Invariant(statement, ("R1",), "why", "a.yaml", 1).roles == roles


def test_pairs_that_may_not_be_held_together() -> None:
    """Each with each other, or with each of the others."""
    assert [*NeverBoth(("a", "b", "c")).pairs()] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [*NeverBoth(("a", "b"), ("c",)).pairs()] == [("a", "c"), ("b", "c")]


def test_everything_wrong_is_said_at_once(catalogue: Catalogue) -> None:
    """Unknown words, and two statements in one."""
    with pytest.raises(PolicyError) as caught:
        read(
            catalogue,
            "never: {holder: cat, role: tunus, at: {mode: x, status: gone}}",
            "only: {role: tunnus, granted_by: tunnus}\n    cannot: {role: tunnus, "
            "reach: tunnus}",
            "never_both: {roles: [tunnus, nobody], and: [tunnus], within: moon}",
        )
    texts = [f"{each.line}: {each.text}" for each in caught.value.problems]
    assert {text.partition(", expected")[0] for text in texts} == {
        "4: unknown kind of holder `cat`",
        "4: unknown role `tunus`",
        "4: unknown mode `x`",
        "4: unknown status `gone`",
        "5: says several things at once (only, cannot)",
        "11: unknown role `nobody`",
        "11: unknown level `moon`",
        "11: `tunnus` stands in both lists",
    }


def test_no_statement_is_no_invariant(catalogue: Catalogue) -> None:
    """Its form is held by a schema."""
    with pytest.raises(PolicyError, match="is incomplete"):
        read(catalogue, "")


def test_folder_with_and_without_the_file(tmp_path: Path) -> None:
    """One that is there is read, or said to be unreadable."""
    model = load_model(HOME / "model.conf")
    shipped = load_policies(HOME / "policies", model).invariants
    assert {each.file for each in shipped} == {"policies/invariants.yaml"}
    assert len(shipped) > 30
    place = tmp_path / "policies"
    shutil.copytree(HOME / "policies", place)
    file = place / "invariants.yaml"
    file.write_bytes(b"\xff")
    with pytest.raises(PolicyError, match="is not UTF-8"):
        load_policies(place, model)
    file.write_text("invariants: []\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="is empty, expected at least 1"):
        load_policies(place, model)
    file.unlink()
    assert load_policies(place, model).invariants == ()
