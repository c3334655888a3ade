"""The id that a caller gives a request: given back, and logged where requests are.

INVARIANT: it is plain text on one line. Nothing else is given back, which could be more
than one header, or written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = b"x-request-id"
_ID = re.compile(rb"[ -~]{1,128}")


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """The id of a request; nothing where it has none, or one of another form."""
    for name, value in headers:
        if name == _NAME:
            return value if _ID.fullmatch(value) else None
    return None
