"""The token that a service knows its caller by, so that nothing shows it.

INVARIANT: no error, representation or log holds the token.
"""

from __future__ import annotations

import re
from typing import final

from ..errors import RequestError

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")
"""What can stand after `Bearer` (RFC 6750): nothing that begins another header."""

HIDDEN = "…"


@final
class Secret:
    """A token, or none.

    Raises:
        RequestError: the text cannot be a token; it is not repeated.
    """

    __slots__ = ("_token",)

    def __init__(self, token: str | None) -> None:
        if token is not None and not (
            type(token) is str and _TOKEN.fullmatch(token) and token.isascii()
        ):
            message = "the token is none, expected one line as `oikeus token` writes it"
            raise RequestError(message)
        self._token = token

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def headers(self) -> dict[str, str]:
        """What says to the service who asks."""
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}

    def hidden(self, body: bytes) -> bytes:
        """What a service answered, without the token that it may have sent back."""
        if self._token is None:
            return body
        return body.replace(self._token.encode(), HIDDEN.encode())
