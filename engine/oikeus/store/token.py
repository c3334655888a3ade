"""A token: by it a caller of the service shows who it is, and what it may ask.

A token is a credential of the service and no policy: it gives nobody a right, it only
says whose rights are asked about. What is kept of its secret is a digest.
A step is part of a version. A token expires without one: its last day passes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Scope(StrEnum):
    """What a token lets its bearer ask the service for."""

    EVALUATE = "evaluate"
    SEARCH = "search"
    ADMINISTER = "administer"
    AUDIT = "audit"


class TokenState(StrEnum):
    """What became of a token; all but the first are for good."""

    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class TokenStep:
    """What a version does to one token.

    Attributes:
        state: what it is from then on; no version makes it expire.
        subject: whose it is, `person:…` or `system:…`.
        scopes: what it is good for, in the order of `Scope`.
        organisations: where, each with all below it; everywhere where there is none.
        last_day: on which it is good.
        label: what its owner calls it; blank where nobody said.
        token: its id; nothing for a new one, which gets that of its version.
        secret_digest: of a new one; nothing in what is read from the log.
    """

    state: TokenState
    subject: str
    scopes: tuple[Scope, ...]
    organisations: tuple[str, ...]
    last_day: date
    label: str = ""
    token: int | None = None
    secret_digest: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it stands on a day, without its secret and the digest of that.

    Attributes:
        id: the number of the version in which it was created.
        subject: whose it is.
        scopes: what it is good for.
        organisations: where, each with all below it; everywhere where there is none.
        state: on that day.
        created: when, as the log has times.
        created_by: the actor.
        until: the last day on which it is good.
        label: what its owner calls it; blank where nobody said.
        version: the number of the version that revoked it.
        revoked: when that was.
        revoked_by: the actor.
        reason: why it was revoked.
    """

    id: int
    subject: str
    scopes: tuple[Scope, ...]
    organisations: tuple[str, ...]
    state: TokenState
    created: str
    created_by: str
    until: date
    label: str
    version: int | None = None
    revoked: str | None = None
    revoked_by: str | None = None
    reason: str = ""

    def revocation(self) -> TokenStep:
        """The step that revokes it."""
        return TokenStep(
            TokenState.REVOKED,
            self.subject,
            self.scopes,
            self.organisations,
            self.until,
            self.label,
            self.id,
        )


@dataclass(frozen=True, slots=True)
class TokenKey:
    """What a service recognises a token by that was not revoked.

    Attributes:
        id: by which it is found.
        subject: whose it is.
        scopes: what it is good for.
        organisations: where, each with all below it; everywhere where there is none.
        last_day: on which it is good.
        secret_digest: SHA-256 of its secret.
    """

    id: int
    subject: str
    scopes: frozenset[Scope]
    organisations: tuple[str, ...]
    last_day: date
    secret_digest: str = field(repr=False)
