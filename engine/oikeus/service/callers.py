"""Who a request comes from, and what they may ask the service for.

INVARIANT: scopes and organisations of a caller only take away. What a caller gets is
what the policy gives its subject, and never more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from math import inf
from typing import Protocol

from starlette.datastructures import Headers

from ..policy.tree import Tree
from ..policy.wording import choice
from ..store import Scope
from .problems import HttpError

REALM = 'Bearer realm="oikeus"'
"""How to show who one is (RFC 6750, section 3): the beginning of every challenge."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever a request comes from.

    Attributes:
        name: what the log of versions names as the actor, such as `token:17`. It may
            hold the id of a person, and is nothing for the application's log.
        subject: for whom it acts, a typed id; nothing where nobody is known
            (`--insecure-no-auth`): then it may not administer.
        scopes: what it may ask for.
        organisations: where, each with all below it; everywhere where there is none.
        token: the id of the token of ours that was shown; nothing where it was none.
        ends: until when a token of a provider is good, in seconds of the clock on the
            wall.
    """

    name: str
    subject: str | None
    scopes: frozenset[Scope]
    organisations: tuple[str, ...] = ()
    token: int | None = field(default=None, compare=False)
    ends: float = field(default=inf, compare=False)

    def reaches(self, organisation: str, tree: Tree) -> bool:
        """Whether it may ask about an organisation, which need not be known."""
        return not self.organisations or any(
            place in self.organisations for place in tree.above(organisation)
        )


class Authenticator(Protocol):
    """Says who a request comes from."""

    def caller(self, headers: Headers) -> Caller:
        """Whoever sent these headers. It is asked on the event loop and never waits.

        Raises:
            HttpError: 401, when they identify nobody, and nothing tells why; 503, when
                nobody can be identified now; 421, when they are meant for another host.
        """

    def check(self, caller: Caller) -> None:
        """Refuse a caller who was known and is not any more: after any waiting.

        By the tokens that are known now: those of the version that decides at least.
        It costs next to nothing, for what was shown is not looked at again.

        Raises:
            HttpError: 401, when the token was revoked meanwhile, or has expired.
        """


def needs(caller: Caller, *scopes: Scope) -> None:
    """Refuse what the caller may not ask for.

    Args:
        caller: who asks.
        scopes: of which one is enough; the first is the one to ask for.

    Raises:
        HttpError: 403, with the scopes of which one is missing.
    """
    if caller.scopes.isdisjoint(scopes):
        missing = choice(f"`{scope.value}`" for scope in scopes)
        detail = f"the caller lacks the scope {missing}"
        raise _too_little(detail, f', scope="{scopes[0].value}"')


def needs_reach(caller: Caller, organisation: str, tree: Tree) -> None:
    """Refuse what the caller may not ask about.

    Args:
        caller: who asks.
        organisation: an id, which need not be known.
        tree: of the version that decides.

    Raises:
        HttpError: 403; it tells nothing of the organisation.
    """
    if not caller.reaches(organisation, tree):
        detail = "the caller may ask about other organisations only"
        raise _too_little(detail)


def needs_subject(caller: Caller) -> str:
    """For whom the caller acts.

    Raises:
        HttpError: 403, where nobody is known.
    """
    if caller.subject is None:
        detail = "nobody is known here, expected a token of somebody"
        raise _too_little(detail)
    return caller.subject


def _too_little(detail: str, more: str = "") -> HttpError:
    challenge = f'{REALM}, error="insufficient_scope"{more}'
    return HttpError(HTTPStatus.FORBIDDEN, detail, {"WWW-Authenticate": challenge})
