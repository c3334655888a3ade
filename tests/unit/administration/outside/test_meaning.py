"""Entries of one holder count together, and mean what the catalogue says."""

from oikeus.administration.outside.entries import (
    Entry,
    GivenRight,
    Holder,
    Note,
    Place,
    merged,
)
from oikeus.administration.outside.meaning import Meant, meant_by
from oikeus.errors import Problem
from oikeus.policy.imports import Imports, Meaning

IMPORTS = Imports(
    "FILES",
    {"OFFICIAL": "person", "SERVICE": "system"},
    {"person": {"READ": Meaning("clerk", 1)}, "system": {"MOVE": Meaning("robot", 2)}},
)
HERE, THERE = Place("a.json", "$[0]"), Place("b.json", "$")


def right(word: str, organisation: str = "1.1", place: Place = HERE) -> GivenRight:
    """A right that some place gives."""
    return GivenRight(word, organisation, place)


def meant(type: str | None, *rights: GivenRight) -> Meant:  # noqa: A002
    """What the rights of holder 9 mean."""
    return meant_by([Holder("9", type, HERE, [*rights])], IMPORTS)


def test_entries_of_one_holder_count_together() -> None:
    """In one document or in several; the type may stand in any of them."""
    problems: list[Problem] = []
    found = merged(
        [
            Entry("9", None, HERE, (right("READ"),)),
            Entry("8", "SERVICE", HERE),
            Entry("9", "OFFICIAL", THERE, (right("LEAD"),)),
            Entry("9", None, HERE, (right("READ"),)),
        ],
        problems,
    )
    assert found == (
        Holder("9", "OFFICIAL", HERE, [right("READ"), right("LEAD"), right("READ")]),
        Holder("8", "SERVICE", HERE),
    )
    assert problems == []


def test_contradictory_types_are_a_problem() -> None:
    """It is told where both stand."""
    problems: list[Problem] = []
    merged(
        [Entry("9", "OFFICIAL", HERE), Entry("9", "SERVICE", THERE)],
        problems,
    )
    assert [str(problem) for problem in problems] == [
        (
            "b.json: $: `9` is `SERVICE` here and `OFFICIAL` at a.json, $[0], expected "
            "the same"
        )
    ]


def test_right_means_a_role_of_a_subject_at_an_organisation() -> None:
    """Given twice it is one, at the place that gave it first."""
    found = meant("OFFICIAL", right("READ"), right("READ", place=THERE))
    assert found == Meant(rights={("person:9", "role:clerk", "1.1"): HERE}, named={"9"})


def test_id_of_a_system_is_its_oid() -> None:
    """A user name may be missing from the next document."""
    found = meant("SERVICE", right("MOVE"))
    assert [*found.rights] == [("system:9", "role:robot", "1.1")]


def test_right_that_means_nothing_is_reported() -> None:
    """A person never gets what a system's right means, nor a system a person's."""
    found = meant("SERVICE", right("READ"), right("MOVE", place=THERE))
    text = "`READ` of a system means no role, not imported"
    assert found.reported == [Note("a.json", "$[0]", text)]
    assert [*found.rights] == [("system:9", "role:robot", "1.1")]
    assert found.undecided == set()
    text = "`MOVE` of a person means no role, not imported"
    assert [note.text for note in meant("OFFICIAL", right("MOVE")).reported] == [text]


def test_missing_type_is_never_guessed() -> None:
    """Whoever has a right is reported once, and skipped."""
    found = meant(None, right("READ"), right("READ", "1.2"))
    assert (found.rights, found.undecided, found.named) == ({}, {"9"}, {"9"})
    text = "`9` has no type, expected OFFICIAL or SERVICE: its rights were not imported"
    assert found.reported == [Note("a.json", "$[0]", text)]


def test_unknown_type_is_no_kind_either() -> None:
    """Nor is a blank one."""
    for word in ("PUPIL", "", "official"):
        found = meant(word, right("READ"))
        assert (found.rights, found.undecided) == ({}, {"9"})
        (note,) = found.reported
        assert note.text.startswith(f"`9` has the unknown type `{word}`, expected")


def test_who_has_no_right_needs_no_type() -> None:
    """They are named, so that it is known that their rights have gone."""
    assert meant(None) == Meant(named={"9"})
