"""Whom a token of an OpenID provider names: its signature and every claim are checked.

As RFC 8725 and RFC 9068 ask: the algorithm is one of a list, and that of the key; keys
are the provider's alone, never those that a token brings or points to (`jwk`, `jku`,
`x5u`, `x5c`); issuer, audience, the times and the subject must be there and fit.

INVARIANT: whatever is wrong with a token, or goes wrong with it, is the same 401.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import jwt
from jwt.exceptions import InvalidTokenError

from ..ids import MAX_VALUE_LENGTH, is_id
from ..store import Scope
from .bearing import no_good
from .callers import Caller
from .jwt_settings import SCOPE_PREFIX, JwtSettings
from .key_sets import KeySet
from .key_source import KeySource
from .problems import HttpError

_LOG = logging.getLogger("oikeus.service")

_KEPT = 10_000
"""How many tokens that were good are kept, so that their signature is checked once."""

_SCOPE_CLAIMS = ("scope", "scp")
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """A token that was good.

    Attributes:
        caller: whose it is.
        keys: what its signature was checked with; other keys check it anew.
    """

    caller: Caller
    keys: KeySet


class Jwts:
    """Knows callers by the tokens of one OpenID provider.

    Args:
        settings: which tokens are good.
        source: the provider's keys.
        now: seconds of the clock on the wall.
    """

    def __init__(
        self,
        settings: JwtSettings,
        source: KeySource,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._source = source
        self._now = now
        self._known: dict[bytes, _Known] = {}

    def identify(self, text: str) -> Caller:
        """Whose token this is.

        Raises:
            HttpError: 401, when it is not good; 503, when the provider's keys are not
                known, whatever the token.
        """
        keys = self._source.keys
        if keys is None:
            detail = "the keys of the provider are not known now"
            retry = {"Retry-After": "30"}
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry)
        # the digest, so that no token is kept in memory
        digest = sha256(text.encode()).digest()
        known = self._known.get(digest)
        if known is None or known.keys is not keys:
            known = self._checked(text, keys)
            self._keep(digest, known)
        self.check(known.caller)
        return known.caller

    def check(self, caller: Caller) -> None:
        """Refuse a caller whose token has ended.

        Raises:
            HttpError: 401.
        """
        if self._now() >= caller.ends:
            raise no_good()

    def _keep(self, digest: bytes, known: _Known) -> None:
        self._known.pop(digest, None)
        if len(self._known) >= _KEPT:
            # the one that was kept first, and is likely to have ended
            del self._known[next(iter(self._known))]
        self._known[digest] = known

    def _checked(self, text: str, keys: KeySet) -> _Known:
        """Check a token that is not known to be good."""
        try:
            claims = self._claims(text, keys)
            caller = caller_of(claims, self._settings)
            return _Known(replace(caller, ends=self._ends(claims)), keys)
        except Exception as error:  # noqa: BLE001 - no exception may become a caller
            # the kind alone: texts repeat what the token says
            _LOG.debug("a JWT was refused: %s", type(error).__name__)
            raise no_good() from None

    def _claims(self, text: str, keys: KeySet) -> Mapping[str, Any]:
        """What a token claims, of which the signature, names and times are right."""
        settings = self._settings
        header = jwt.get_unverified_header(text)
        algorithm, kind = header.get("alg"), header.get("typ", "")
        # nothing that a token calls critical is understood here, `b64` neither
        if algorithm not in settings.algorithms or "crit" in header:
            raise InvalidTokenError
        if kind.lower() not in settings.types:
            raise InvalidTokenError
        key = keys.find(header.get("kid"), algorithm)
        if key is None:
            self._source.want()
            raise InvalidTokenError
        return jwt.decode(
            text,
            key,
            algorithms=[algorithm],
            issuer=settings.issuer,
            audience=settings.audience,
            leeway=settings.leeway,
            options={
                "require": ["exp", "iat", "iss", "aud", settings.subject_claim],
                "enforce_minimum_key_length": True,
            },
        )

    def _ends(self, claims: Mapping[str, Any]) -> float:
        """Until when the token is good."""
        made, ends = claims["iat"], claims["exp"]
        for each in (made, ends, claims.get("nbf", 0)):
            # PyJWT reads texts of digits too, and a truth for a number
            if type(each) not in {int, float}:
                raise InvalidTokenError
        if ends - made > self._settings.longest / _SECOND:
            raise InvalidTokenError
        return float(ends + self._settings.leeway / _SECOND)


def caller_of(claims: Mapping[str, Any], settings: JwtSettings) -> Caller:
    """Whom claims name, that were checked.

    Raises:
        InvalidTokenError: the subject or an organisation is no id, or the token is
            bound to a key that its bearer would have to show (`cnf`).
    """
    name = claims[settings.subject_claim]
    subject = f"{settings.kind}:{name}"
    actor = f"jwt:{subject}"
    # INVARIANT: a text; a number would have other spellings, and so other subjects
    if type(name) is not str or not name or not is_id(subject) or "cnf" in claims:
        raise InvalidTokenError
    if len(actor) > MAX_VALUE_LENGTH:
        raise InvalidTokenError
    scopes = _scopes(claims) & settings.scopes
    return Caller(actor, subject, scopes, _organisations(claims, settings))


def _scopes(claims: Mapping[str, Any]) -> frozenset[Scope]:
    """The scopes of ours that a token claims; what else it claims is others'."""
    claim = next((claim for claim in _SCOPE_CLAIMS if claim in claims), None)
    words = claims[claim] if claim else []
    words = words.split(" ") if isinstance(words, str) else words
    if type(words) is not list:
        raise InvalidTokenError
    return frozenset(
        scope for scope in Scope if f"{SCOPE_PREFIX}{scope.value}" in words
    )


def _organisations(claims: Mapping[str, Any], settings: JwtSettings) -> tuple[str, ...]:
    """Where a token is good; none of them means everywhere, so none may be missing."""
    if settings.organisations_claim is None:
        return ()
    found = claims[settings.organisations_claim]
    places = [found] if isinstance(found, str) else found
    if type(places) is not list or not places:
        raise InvalidTokenError
    for place in places:
        if type(place) is not str or not is_id(place) or ":" in place:
            raise InvalidTokenError
    return tuple(places)
