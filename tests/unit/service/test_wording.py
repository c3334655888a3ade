"""Brief reasons: the language, and what roles are called."""

import pytest

from oikeus import DecisionPoint, Snapshot
from oikeus.service.wording import Brief, brief, language


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "en"),
        ("de", "en"),
        ("FI", "fi"),
        ("de, sv-FI;q=0.2, fi;q=0.3", "fi"),
        ("fi;q=nonsense, sv;q=0.1", "sv"),
        ("fi;q=0", "en"),
        (f"{'x,' * 100}fi", "en"),
    ],
)
def test_language_that_a_reader_likes_best(accepted: str, expected: str) -> None:
    """English where there is none of ours."""
    assert language(accepted) == expected


def test_role_that_the_catalogue_does_not_have(ehoks: DecisionPoint) -> None:
    """It is called by its name, and so is every role without a catalogue."""
    bare = Snapshot.build(ehoks.snapshot.model, [])
    for snapshot, role in ((ehoks.snapshot, "role:x"), (bare, "role:x")):
        assert brief(snapshot, "en", Brief.ROLE, role) == "allowed by the role x"
