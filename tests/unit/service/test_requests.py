"""Requests of words that were checked before are those that `Request` makes."""

import pytest

from oikeus import Request, RequestError
from oikeus.service import requests
from oikeus.service.requests import Requests

PARTS = ("person:a", "read", "file", "1.1")


def test_request_is_the_same_made_in_either_way() -> None:
    """The second one is not checked again."""
    made = Requests()
    first, second = made.of(*PARTS), made.of(*PARTS)
    assert first == second == Request(*PARTS)
    assert hash(first) == hash(second)


@pytest.mark.parametrize("place", range(4))
def test_word_that_is_wrong_is_never_known(place: int) -> None:
    """Nor is one that is right in another place."""
    made = Requests()
    made.of("person:a", "x:y", "x:z", "1.1")
    for word in ("a,b", "x:y,", ""):
        parts = [*PARTS]
        parts[place] = word
        for _ in range(2):
            with pytest.raises(RequestError):
                made.of(*parts)
    with pytest.raises(RequestError):
        made.of("person:a", "read", "file", "x:y")


def test_so_many_words_are_remembered_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others are checked each time."""
    monkeypatch.setattr(requests, "_MOST", 0)
    made = Requests()
    assert made.of(*PARTS) == made.of(*PARTS) == Request(*PARTS)
