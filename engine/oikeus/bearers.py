"""Who a request to the service comes from: the bearer of the token that it brings.

A token is written `oik_ID_SECRET`. It is found by its id; of the secret the digest is
compared, in the same time whether the id is known or not. Tokens are read from the
log, and again only when a version has touched one.

INVARIANT: what is no token, unknown, wrong, expired or revoked identifies nobody, and
nothing tells these apart. A blocked subject is identified, and decisions deny it.
"""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from .policy.tree import Tree
from .store import Mark, Scope, Store, TokenKey, token_keys

PREFIX = "oik"
"""Begins every token, so that it is known for one wherever it is found."""

SECRET_BYTES = 32
"""How long a secret is: 256 bits, which nobody guesses."""

FORM = re.compile(rf"{PREFIX}_([1-9][0-9]{{0,9}})_([0-9a-f]{{{2 * SECRET_BYTES}}})")
"""What every token of ours is; its number and its secret."""

_LONGEST = len(PREFIX) + 2 * SECRET_BYTES + 12
_NOBODY = TokenKey(0, "", frozenset(), (), date.min, sha256().hexdigest())


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever brings a token that is good on the day.

    Attributes:
        id: of the token.
        subject: for whom it acts.
        scopes: what it may ask for.
        organisations: where, each with all below it; everywhere where there is none.
    """

    id: int
    subject: str
    scopes: frozenset[Scope]
    organisations: tuple[str, ...] = ()

    def reaches(self, organisation: str, tree: Tree) -> bool:
        """Whether it may ask about an organisation.

        Args:
            organisation: an id, which need not be known.
            tree: of the version that decides.
        """
        return not self.organisations or any(
            place in self.organisations for place in tree.above(organisation)
        )


class TokenBook:
    """The tokens of a store, for as many threads as there are.

    It stays at the version it was read at until `refresh`. When that fails, it goes on
    with what it knows.

    Raises:
        StoreError: the database cannot be read.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._mark: Mark | None = None
        self._keys: Mapping[int, TokenKey] = {}
        self.refresh()

    @property
    def mark(self) -> Mark | None:
        """The version up to which tokens are known."""
        return self._mark

    def refresh(self, decides: Mark | None = None) -> bool:
        """Take in what was created and revoked by now; cheap where nothing was.

        `point.on_change(book.refresh)` lets a book follow with a point: no version
        decides before its tokens are known.

        Args:
            decides: the mark of a version that somebody decides by, so that its history
                counts; that of the tokens that are known unless told.

        Returns:
            whether the tokens were read again.

        Raises:
            StoreError: the database cannot be read.
            OtherHistoryError: it was restored; tokens that were revoked may be good.
        """
        with self._lock:
            mark, keys = token_keys(self._store, self._mark, decides)
            if keys is not None:
                self._keys = {key.id: key for key in keys}
            self._mark = mark
        return keys is not None

    def stands(self, token: int, today: date) -> bool:
        """Whether a token that was verified is still good.

        Args:
            token: its id.
            today: the day, in Finland.
        """
        key = self._keys.get(token)
        return key is not None and today <= key.last_day

    def verify(self, text: object, today: date) -> Bearer | None:
        """Whose token this is; nothing where it is not good.

        Args:
            text: as the request brings it, whatever that is.
            today: the day of the request, in Finland.
        """
        # what is too long is not looked at: a caller says how long it is
        if not isinstance(text, str) or len(text) > _LONGEST:
            return None
        form = FORM.fullmatch(text)
        if form is None:
            return None
        number, secret = form.groups()
        # against a digest in any case, so that a known id takes no longer
        key = self._keys.get(int(number), _NOBODY)
        same = hmac.compare_digest(key.secret_digest, secret_digest(secret))
        if not same or today > key.last_day:
            return None
        return Bearer(key.id, key.subject, key.scopes, key.organisations)


def token_text(number: int, secret: str) -> str:
    """A token as its bearer keeps it."""
    return f"{PREFIX}_{number}_{secret}"


def secret_digest(secret: str) -> str:
    """What is kept of a secret.

    It is random and long, so that no slow digest is needed against guessing.
    """
    return sha256(secret.encode()).hexdigest()
