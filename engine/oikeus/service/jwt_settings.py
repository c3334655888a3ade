"""An OpenID provider whose tokens the service knows, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import SettingsError
from ..hosts import is_loopback
from ..ids import is_id
from ..store import Scope

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""With what a token may be signed: with keys of which this service has one half."""

ANY_TYPE = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
"""What a token may say it is (`typ`): nothing, or that it grants access."""

ACCESS_TYPE = frozenset({"at+jwt", "application/at+jwt"})
"""What a token of RFC 9068 says it is, and one that shows who signed in does not."""

SCOPE_PREFIX = "oikeus:"
"""Stands before our scopes in a claim, which holds those of other services too."""

_MOST_LEEWAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtSettings:
    """Which tokens of which provider are good, and what they are good for.

    Attributes:
        issuer: who made them, as their claim `iss` says it, to the letter.
        audience: for whom they were made: one of those in `aud` must be this.
        keys: the provider's keys (JWKS): a file, or an address that begins with
            `https:`, or `http:` on this machine.
        algorithms: with what they may be signed, some of `ALGORITHMS`.
        types: what they may say they are, in small letters.
        subject_claim: which claim says whose they are.
        kind: of all their subjects; it stands before what the claim says.
        scopes: which scopes they can have at all. A token has those of them that its
            claim `scope` or `scp` names, with `oikeus:` before.
        organisations_claim: which claim says where they are good. With it, a token
            without that claim is no good; nothing where they are good everywhere.
        leeway: how far the provider's clock may be from ours.
        longest: how long before its end a token may have been made.

    Raises:
        SettingsError: a value cannot be used; names it and what was expected.
    """

    issuer: str
    audience: str
    keys: str
    algorithms: tuple[str, ...] = ALGORITHMS
    types: frozenset[str] = ANY_TYPE
    subject_claim: str = "sub"
    kind: str = "person"
    scopes: frozenset[Scope] = frozenset({Scope.EVALUATE, Scope.SEARCH})
    organisations_claim: str | None = None
    leeway: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if flaw := self._flaw():
            raise SettingsError(flaw)

    @property
    def file(self) -> Path | None:
        """Where the keys are, when they are in a file."""
        return None if "://" in self.keys else Path(self.keys)

    def _flaw(self) -> str | None:  # noqa: PLR0911 # one flaw at a time
        if not self.issuer or not self.audience or not self.keys:
            return "the issuer, the audience or the keys are blank, expected all three"
        if not self.algorithms or set(self.algorithms) - set(ALGORITHMS):
            # a shared secret could be mistaken for a key that everybody knows
            return f"unknown algorithm, expected some of {', '.join(ALGORITHMS)}"
        if not is_id(self.kind) or ":" in self.kind or self.kind == "role":
            return f"`{self.kind}` is no kind of subjects, expected `person` or another"
        if not self.subject_claim or self.organisations_claim == "":
            return "the name of a claim is blank, expected a name"
        if not timedelta(0) <= self.leeway <= _MOST_LEEWAY:
            return f"the leeway is {self.leeway}, expected 0 to 5 minutes"
        if self.longest <= timedelta(0):
            return f"a token may last {self.longest}, expected some time"
        if self.file is None and not _may_be_fetched(self.keys):
            return (
                f"keys cannot be fetched from `{self.keys}`, expected an address that "
                "begins with https, or with http on this machine"
            )
        return None


def _may_be_fetched(address: str) -> bool:
    """Whether nobody in between can put other keys in their place."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 # raises where it is none
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    here = parts.scheme == "http" and is_loopback(parts.hostname)
    return parts.scheme == "https" or here
