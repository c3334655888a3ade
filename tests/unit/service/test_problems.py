"""Requirements on what is said of a body or query that cannot be read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
import pytest

from oikeus.service.problems import plain

WORDS = Literal["open", "closed"]
LOW = Annotated[int, msgspec.Meta(le=5)]


@pytest.mark.parametrize(
    ("sent", "kind", "text"),
    [
        (1, str, "expected text, got a whole number"),
        ([1], dict[str, int], "expected an object, got a list"),
        ({}, str | None, "expected text or null, got an object"),
        ([1.5], list[bool], "expected true or false, got a number - at `$[0]`"),
        (7, LOW, "expected a whole number <= 5"),
        (
            ["1.3.2026"],
            list[date],
            "no day, expected one such as 2026-03-01 - at `$[0]`",
        ),
        (
            ["person:1' - at `$.x`"],
            list[WORDS],
            "an unknown word, expected one that /openapi.json lists - at `$[0]`",
        ),
        ("person:1", WORDS, "an unknown word, expected one that /openapi.json lists"),
    ],
)
def test_no_value_and_no_type_name_is_said(
    sent: object,
    kind: Any,  # noqa: ANN401 - whatever msgspec takes for one
    text: str,
) -> None:
    """What was sent may be the id of a person."""
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(msgspec.json.encode(sent), type=kind)
    assert plain(raised.value) == text


def test_member_that_is_missing_is_named() -> None:
    """It is one of ours."""
    shape = msgspec.defstruct("Shape", [("int", int)])
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(b"{}", type=shape)
    assert plain(raised.value) == "object missing required field `int`"
