"""What the catalogue says of reviews: when grants end soon, and what conflicts."""

import pytest

from oikeus.errors import PolicyError
from oikeus.policy.catalogue import Ending
from oikeus.policy.catalogue_reading import read_catalogue
from oikeus.policy.reviewing import Conflict, Reviewing

from ..conftest import FILES


def read(section: str) -> Reviewing:
    """What a catalogue with this section says."""
    return read_catalogue(f"{FILES['words.yaml']}{section}", "a.yaml").reviewing


def test_grants_end_soon_sixty_days_ahead_and_nothing_conflicts() -> None:
    """Where nothing is said."""
    assert read("") == read("review: {}\n") == Reviewing(Ending("P60D"), ())


def test_sections_are_read() -> None:
    """Both of them."""
    conflict = "conflicts:\n  - {below: school, groups: [[clerk, head], [robot]]}\n"
    assert read(f"review: {{ends-within: P2M}}\n{conflict}") == Reviewing(
        Ending("P2M"), (Conflict("school", (("clerk", "head"), ("robot",))),)
    )


@pytest.mark.parametrize(
    ("conflict", "problem"),
    [
        (
            "{below: scool, groups: [[clerk], [head]]}",
            (
                "unknown level `scool`, expected root, school or office "
                "(did you mean `school`?)"
            ),
        ),
        (
            "{below: school, groups: [[clerk], [haed]]}",
            (
                "unknown role `haed`, expected chief, head, clerk, robot or tunnus "
                "(did you mean `head`?)"
            ),
        ),
        (
            "{below: school, groups: [[clerk], [head, clerk]]}",
            "`clerk` stands there already, expected each role in one group",
        ),
        (
            "{below: school, groups: [[clerk]]}",
            "`conflicts[0].groups` has 1, expected at least 2",
        ),
    ],
    ids=["level", "role", "twice", "one group"],
)
def test_conflict_of_unknown_words_is_a_problem(conflict: str, problem: str) -> None:
    """All of them are told."""
    with pytest.raises(PolicyError) as wrong:
        read(f"conflicts: [{conflict}]\n")
    (found,) = wrong.value.problems
    assert found.text == problem
