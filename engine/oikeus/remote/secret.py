"""A token on its way to a service, and what may be shown of what comes back.

INVARIANT: no error, representation or log holds the token. A service that is not ours
may send it back as it is, escaped, percent-encoded or in pieces.
"""

from __future__ import annotations

import re
from typing import Any, final
from urllib.parse import unquote

from ..bearers import FORM
from ..errors import RequestError

_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
"""What a signed token of a provider looks like (RFC 7515, section 3.1)."""

_LONGEST_TOKEN = 8192
"""How many characters it may have: a service looks at no more."""

_BESIDES = re.compile(r"[^A-Za-z0-9._~+/=-]+")
"""What stands between the pieces of a token that was taken apart."""

HIDDEN = "…"

_LONGEST = 1000
"""How many characters a sentence of a service may have."""

_TELLING = 16
"""As many characters of a token together are more than chance."""

_ENCODINGS = 3
"""How often one percent-encoding may be put upon another."""


@final
class Secret:
    """A token, or none; blanks and line ends around it are not part of it.

    INVARIANT: it is of the form of our tokens, or of a JWT: nothing that begins another
    header, and nothing that was never meant to be sent.

    Raises:
        RequestError: the text can be neither; it is not repeated.
    """

    __slots__ = ("_token",)

    def __init__(self, token: str | None) -> None:
        expected = (
            "expected the one line that `oikeus token create` writes, or a JWT of the "
            "provider that the service trusts"
        )
        if type(token) is str:
            # as a file or a shell has it
            token = token.strip(" \t\r\n")
            if not token:
                message = f"the token is blank, {expected}, or no token at all"
                raise RequestError(message)
        if token is not None and not (type(token) is str and _is_token(token)):
            message = f"the token is none, {expected}"
            raise RequestError(message)
        self._token = token

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def headers(self) -> dict[str, str]:
        """What says to the service who asks."""
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}

    def hidden_in(self, body: bytes) -> bytes:
        """What a service answered, without the token as it was sent."""
        if self._token is None:
            return body
        return body.replace(self._token.encode(), HIDDEN.encode())

    def hidden(self, value: Any) -> Any:  # noqa: ANN401 # as JSON has it
        """What was read of an answer, without the token, however it was escaped."""
        if self._token is None:
            return value
        if isinstance(value, str):
            return value.replace(self._token, HIDDEN)
        if isinstance(value, list):
            return [self.hidden(each) for each in value]
        return value

    def sentence(self, text: str) -> str:
        """A text of a service as it may be shown: one line, of plain characters.

        One that holds the token in pieces is not shown at all.
        """
        text = text[: 4 * _LONGEST]
        if self._is_told_by(text):
            return HIDDEN
        line = " ".join(text.split())
        clean = "".join(each if each.isprintable() else "\ufffd" for each in line)
        return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}{HIDDEN}"

    def _is_told_by(self, text: str) -> bool:
        """Whether a text holds the token, or much of it, in whatever pieces."""
        if self._token is None:
            return False
        size = min(_TELLING, len(self._token))
        for _ in range(_ENCODINGS):
            pieces = _BESIDES.sub("", text)
            if any(
                pieces[begin : begin + size] in self._token
                for begin in range(len(pieces) - size + 1)
            ):
                return True
            if "%" not in text:
                break
            text = unquote(text)
        return False


def _is_token(text: str) -> bool:
    form = FORM.fullmatch(text) or _JWT.fullmatch(text)
    return form is not None and len(text) <= _LONGEST_TOKEN


NOBODY = Secret(None)
"""No token, where nobody is asked who they are."""
