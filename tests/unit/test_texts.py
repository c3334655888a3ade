"""Requirements on reading text of whatever type."""

from __future__ import annotations

import pytest

from oikeus.errors import RequestError
from oikeus.texts import text_of

from ..pretenders import PosingObject, PosingText


def test_text_is_what_it_holds() -> None:
    """Not what a type of its own says."""
    found = text_of("part", PosingText("a", "b"))
    assert found == "a"
    assert type(found) is str


@pytest.mark.parametrize("value", [None, 5, b"a", ["a"], PosingObject("a")])
def test_what_is_no_text_is_refused(value: object) -> None:
    """The text names the part, and says what was expected."""
    with pytest.raises(RequestError) as refused:
        text_of("part", value)
    assert str(refused.value) == "the part is not text, expected an id"
    with pytest.raises(RequestError, match="expected a word"):
        text_of("part", value, expected="a word")
