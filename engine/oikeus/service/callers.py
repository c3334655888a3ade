"""Who a request comes from, and what they may ask the service for.

INVARIANT: scopes and organisations of a caller only take away. What a caller gets is
what the policy gives its subject, and never more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers

from ..policy.tree import Tree
from ..store import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever a request comes from.

    Attributes:
        name: what the log of versions names as the actor, such as `token:17`.
        subject: for whom it acts, a typed id; nothing where nobody is known
            (`--insecure-no-auth`): then it may not administer.
        scopes: what it may ask for.
        organisations: where, each with all below it; everywhere where there is none.
    """

    name: str
    subject: str | None
    scopes: frozenset[Scope]
    organisations: tuple[str, ...] = ()

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
            HttpError: 401, when they identify nobody; nothing tells why.
        """
