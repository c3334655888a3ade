"""Requirements on how openings and closings become stretches of time."""

from datetime import UTC, datetime

from oikeus.analysis.stretches import Stretch, Stretches
from oikeus.terms import Request

ASKED = Request("person:a", "read", "file", "1.1")
OTHER = Request("person:b", "read", "file", "1.1")
T1, T2, T3 = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3))


def test_stretch_lasts_from_an_opening_until_a_closing() -> None:
    """One that was not closed goes on; others are not touched."""
    found = Stretches[str]()
    found.open(ASKED, T1, "came")
    found.open(OTHER, T1, "came")
    found.close(ASKED, T2, "went")
    found.open(ASKED, T3, "came again")
    assert [*found.every()] == [
        Stretch(ASKED, T1, "came", T2, "went"),
        Stretch(OTHER, T1, "came"),
        Stretch(ASKED, T3, "came again"),
    ]


def test_what_closes_and_opens_at_once_was_never_gone() -> None:
    """And what ends it then is what closed it last."""
    found = Stretches[str]()
    found.open(ASKED, T1, "came")
    found.close(ASKED, T2, "went")
    found.open(ASKED, T2, "came again")
    assert [*found.every()] == [Stretch(ASKED, T1, "came")]
    found.close(ASKED, T2, "went for good")
    assert [*found.every()] == [Stretch(ASKED, T1, "came", T2, "went for good")]


def test_what_opens_and_closes_at_once_was_never_there() -> None:
    """Though something else was before."""
    found = Stretches[str]()
    found.open(ASKED, T1, "came")
    found.close(ASKED, T2, "went")
    found.open(ASKED, T3, "came again")
    found.close(ASKED, T3, "went again")
    assert [*found.every()] == [Stretch(ASKED, T1, "came", T2, "went")]
