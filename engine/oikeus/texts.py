"""Text that callers give: whatever type it is of, what counts is the text it holds."""

from __future__ import annotations

from .errors import RequestError


def text_of(name: str, value: object, *, expected: str = "an id") -> str:
    """The text that a caller gave, as a plain `str`.

    What a subclass of `str` (a `StrEnum`, for example) says of itself, of what it is
    equal to and of its hash, is not asked.

    Raises:
        RequestError: it is no text.
    """
    if type(value) is str:
        return value
    try:
        return str.__str__(value)
    except TypeError:
        message = f"the {name} is not text, expected {expected}"
        raise RequestError(message) from None
