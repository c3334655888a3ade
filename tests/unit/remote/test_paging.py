"""Pages are followed, and end."""

import pytest

from oikeus import ServiceError
from oikeus.remote import paging
from oikeus.remote.paging import Place, next_number, pages
from oikeus.remote.reading import Fields


def test_pages_are_followed_to_the_last() -> None:
    """Each from where the one before it said."""
    book = {None: 3, 3: 5, 5: None}
    asked: list[Place] = []

    def ask(place: Place) -> Fields:
        asked.append(place)
        assert not isinstance(place, str)
        return Fields({"next": book[place]})

    assert len([*pages(ask, next_number)]) == 3
    assert asked == [None, 3, 5]


def test_pages_in_a_circle_are_refused() -> None:
    """They would be asked for without end."""
    book = {None: 1, 1: 2, 2: 1}

    def ask(place: Place) -> Fields:
        assert not isinstance(place, str)
        return Fields({"next": book[place]})

    with pytest.raises(ServiceError, match="its pages do not end"):
        [*pages(ask, next_number)]


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may have another place, and there may be no last one."""
    monkeypatch.setattr(paging, "MOST", 5)

    def ask(place: Place) -> Fields:
        assert not isinstance(place, str)
        return Fields({"next": (place or 0) + 1})

    found = pages(ask, next_number)
    assert [each.number("next") for each in (next(found) for _ in range(5))] == [
        *range(1, 6)
    ]
    with pytest.raises(ServiceError, match="its pages do not end"):
        next(found)
