"""Who else than its owner can reach a secret."""

import pytest

from oikeus import Others, others_by, privacy


@pytest.mark.parametrize(
    ("mode", "others"),
    [
        (0o100600, Others.NOBODY),
        (0o100400, Others.NOBODY),
        (0o100640, Others.GROUP),
        (0o100620, Others.GROUP),
        (0o100644, Others.EVERYBODY),
        (0o100602, Others.EVERYBODY),
        (0o100601, Others.EVERYBODY),
    ],
)
def test_mode_says_who_else(mode: int, others: Others) -> None:
    """Writing counts as reading does."""
    assert others_by(mode) is others


def test_elsewhere_modes_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows shows the same for each file."""
    monkeypatch.setattr(privacy, "_HAS_MODES", False)
    assert others_by(0o100666) is Others.NOBODY
