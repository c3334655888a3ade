"""What the catalogue says of grants that no rule would allow after a change."""

import pytest

from oikeus.errors import PolicyError
from oikeus.policy.catalogue_reading import read_catalogue
from oikeus.policy.circumstances import Case, Consequence, consequences

from ..conftest import FILES


def said(section: str) -> str:
    """A catalogue with this section."""
    return f"{FILES['words.yaml']}{section}"


def test_nothing_is_revoked_unless_the_catalogue_says_so() -> None:
    """Without a word every case is flagged, and those that are not named."""
    assert {*consequences().values()} == {Consequence.FLAG}
    assert read_catalogue(said(""), "a.yaml").circumstances == consequences()
    found = read_catalogue(said("circumstances: {mode: revoke}\n"), "a.yaml")
    assert found.circumstances == {**consequences(), Case.MODE: Consequence.REVOKE}


def test_every_case_can_be_named() -> None:
    """The schema knows the same as the program."""
    rows = "".join(f"  {case}: stay\n" for case in Case)
    found = read_catalogue(said(f"circumstances:\n{rows}"), "a.yaml")
    assert {*found.circumstances.values()} == {Consequence.STAY}


@pytest.mark.parametrize("section", ["{mode: remove}", "{modes: flag}", "[mode]"])
def test_unknown_word_is_a_problem(section: str) -> None:
    """With the line on which it stands."""
    with pytest.raises(PolicyError, match="circumstances"):
        read_catalogue(said(f"circumstances: {section}\n"), "a.yaml")
