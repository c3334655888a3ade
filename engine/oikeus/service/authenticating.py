"""Who says whom a request comes from: our own tokens, an OpenID provider, or nobody.

A token that begins like one of ours is ours, and nobody else is asked about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from typing import Protocol

from starlette.datastructures import Headers

from ..bearers import PREFIX, TokenBook
from ..decide.allowing import today_in_finland
from ..hosts import is_loopback
from ..store import Scope
from .bearing import bearer_text, no_good
from .callers import Authenticator, Caller
from .exposure import AuthSettings
from .jwts import Jwts
from .key_source import KeySource
from .problems import HttpError

_OURS = f"{PREFIX}_"
_HOST = re.compile(r"(?:\[([0-9a-f:]+)\]|([A-Za-z0-9.]+))(?::[0-9]{1,5})?")
_ANYONE = Caller("anyone", None, frozenset({Scope.EVALUATE, Scope.SEARCH}))


@contextmanager
def admitting(settings: AuthSettings, book: TokenBook) -> Iterator[Authenticator]:
    """Know callers on these terms, in this process, for as long as it serves.

    Raises:
        SettingsError: the file with the provider's keys cannot be used.
    """
    if settings.insecure_no_auth:
        yield Anyone()
    elif settings.jwt is None:
        yield Tokens(book)
    else:
        with KeySource(settings.jwt) as source:
            yield Tokens(book, Jwts(settings.jwt, source))


class Provider(Protocol):
    """Knows callers by tokens that somebody else made."""

    def identify(self, text: str) -> Caller:
        """Whose token this is.

        Raises:
            HttpError: 401, when it is not good; 503, when that cannot be told now.
        """

    def check(self, caller: Caller) -> None:
        """Refuse a caller whose token has ended since it was shown.

        Raises:
            HttpError: 401.
        """


class Tokens:
    """Knows callers by the tokens of the database, and by those of a provider.

    Args:
        book: the tokens of the database; whoever follows that refreshes it.
        provider: is asked about all others; without one they are nobody's.
        today: tells the day in Finland.
    """

    def __init__(
        self,
        book: TokenBook,
        provider: Provider | None = None,
        *,
        today: Callable[[], date] = today_in_finland,
    ) -> None:
        self._book = book
        self._provider = provider
        self._today = today

    def caller(self, headers: Headers) -> Caller:
        """Whoever brings the token of these headers.

        Nothing is kept from one request to the next: a token that was revoked is good
        for nothing from the moment that the book was refreshed.

        Raises:
            HttpError: 401, when they identify nobody; 503, when the provider's keys
                are not there.
        """
        text = bearer_text(headers)
        if self._provider is not None and not text.startswith(_OURS):
            return self._provider.identify(text)
        bearer = self._book.verify(text, self._today())
        if bearer is None:
            raise no_good()
        number = bearer.id
        return Caller(
            f"token:{number}",
            bearer.subject,
            bearer.scopes,
            bearer.organisations,
            number,
        )

    def check(self, caller: Caller) -> None:
        """Refuse a caller whose token is not good any more.

        Raises:
            HttpError: 401.
        """
        if caller.token is None and self._provider is not None:
            self._provider.check(caller)
        elif not (caller.token and self._book.stands(caller.token, self._today())):
            raise no_good()


class Anyone:
    """Takes every request for one of nobody known, who may evaluate and search.

    It is for `--insecure-no-auth`, on this machine alone. A page in a browser of this
    machine may not ask: its requests name the host that it came from.
    """

    def caller(self, headers: Headers) -> Caller:
        """Nobody known.

        Raises:
            HttpError: 421, where the request is meant for another host.
        """
        hosts = headers.getlist("host")
        if len(hosts) == 1 and _is_here(hosts[0]):
            return _ANYONE
        detail = "the request is for another host, expected localhost"
        raise HttpError(HTTPStatus.MISDIRECTED_REQUEST, detail)

    def check(self, caller: Caller) -> None:
        """Nothing: nobody is known, and stays so."""


def _is_here(host: str) -> bool:
    form = _HOST.fullmatch(host)
    return form is not None and is_loopback(form[1] or form[2])
