"""JSON whose keys each stand there once: what stands before a service reads the same.

RFC 8259 lets a reader take either value of a key that stands twice, and a gateway may
take the other one. What was read is written again: it has as many keys and texts as
what was sent, unless some were lost in reading. All of that is done in C.

INVARIANT: nothing is written that was not read. What is left out where it has its
default would otherwise make up for what was lost.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from .problems import HttpError

_ENCODE = msgspec.json.Encoder().encode
_ANYTHING = msgspec.json.Decoder()
_QUOTE, _ESCAPE = b'"\\'
_ESCAPED_QUOTE, _ESCAPED_ESCAPE = b'\\"', b"\\\\"


def is_whole(text: bytes, found: object) -> bool:
    """Whether a text holds no other keys and texts than what was read of it.

    Args:
        text: JSON.
        found: what was read.
    """
    again = _ENCODE(found)
    if _ESCAPE in text:
        return _quotes(again) == _quotes(text)
    return again.count(_QUOTE) == text.count(_QUOTE)


def _quotes(text: bytes) -> int:
    """How many quotes begin or end a key or a text; none of those that are its letters.

    No pattern, which would stop at each escape: a body may be full of them.
    """
    # without these, each escape that is left stands before what it makes a letter of
    text = text.replace(_ESCAPED_ESCAPE, b"")
    return text.count(_QUOTE) - text.count(_ESCAPED_QUOTE)


def check_once(text: bytes) -> None:
    """Refuse JSON in which a key stands twice, be it one that nobody asks for.

    Raises:
        HttpError: 400.
        DecodeError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    if not is_whole(text, _ANYTHING.decode(text)):
        detail = "a key stands twice in an object, expected each once"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail)
