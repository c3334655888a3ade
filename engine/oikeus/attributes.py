"""Attributes: what a caller sends with a question, besides its four parts.

They have names that the model declares. A value may be any text of one line that has
one spelling; what is blank was not sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from .errors import RequestError
from .ids import MARKS, flaw_in_id
from .texts import text_of

Attributes = tuple[tuple[str, str], ...]
"""What was sent with a question: names and values, sorted, none of them blank."""


def check_attributes(given: Mapping[str, str] | Attributes) -> Attributes:
    """Refuse attributes that cannot be read in one way only.

    Args:
        given: values by name, or pairs of both; each value is text that a person could
            read, commas, brackets and the like in it. A blank one was not sent.

    Returns:
        those that were sent, as plain `str`, sorted.

    Raises:
        RequestError: naming the first attribute that is none, or stands twice.
    """
    found: dict[str, str] = {}
    for name, value in _pairs(given):
        key = text_of("name of an attribute", name, expected="one such as `role`")
        if flaw := flaw_in_id(key):
            message = f"the name of an attribute {flaw}"
            raise RequestError(message)
        text = text_of(f"attribute `{key}`", value, expected="text such as `1`")
        flaw = flaw_in_id(text, allowed=MARKS) if text else None
        if key in found:
            flaw = "stands twice, expected it once"
        if flaw:
            message = f"the attribute `{key}` {flaw}"
            raise RequestError(message)
        found[key] = text
    return tuple(sorted((key, text) for key, text in found.items() if text))


def _pairs(given: Mapping[str, str] | Attributes) -> list[tuple[str, str]]:
    try:
        pairs = given.items() if isinstance(given, Mapping) else given
        return [(name, value) for name, value in pairs]
    except (TypeError, ValueError):
        message = "the attributes are no values by name, expected a mapping"
        raise RequestError(message) from None
