"""What a service recognises tokens by, read again only when a version has touched one.

INVARIANT: the digest of a secret leaves the log by this alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, select

from ..errors import OtherHistoryError, StoreError, TamperedError
from .asking import Ask
from .histories import accepted_since, holds
from .reading import NO_HEAD
from .store import Store
from .tables import head, token, version
from .token import TokenKey, TokenState
from .tokens import SECRET_DIGEST, TOLD, read_step
from .values import Mark

_creation, _later = token.alias("creation"), token.alias("later")
_last, _marked = version.alias(), version.alias()
_after: BindParameter[int] = bindparam("after")

_NEWS = select(
    head.c.version,
    _last.c.digest,
    _last.c.time,
    _marked.c.digest,
    exists().where(token.c.version > _after),
).select_from(
    head.outerjoin(_last, _last.c.number == head.c.version).outerjoin(
        _marked, _marked.c.number == _after
    )
)

# any later step closes it, whatever somebody made of its state
_KEYS = (
    select(
        *(_creation.c[name] for name in ("version", *TOLD)), _creation.c.secret_digest
    )
    .where(
        _creation.c.state == TokenState.ACTIVE.value,
        ~exists().where(
            _later.c.token == _creation.c.version,
            _later.c.version != _creation.c.version,
        ),
    )
    .order_by(_creation.c.version)
)


def token_keys(
    store: Store, mark: Mark | None = None, decides: Mark | None = None
) -> tuple[Mark, tuple[TokenKey, ...] | None]:
    """What tokens are recognised by, unless that is known.

    A row that cannot be read is no token: `verify` names it, and the others work.

    Args:
        store: the database.
        mark: of the version up to which it is known; nothing where it is not.
        decides: a version that the history must hold instead, where somebody else
            says which history counts.

    Returns:
        the mark of the head; and the keys of all tokens that were not revoked, or
        nothing where no version after the mark has touched one.

    Raises:
        StoreError: the database cannot be read.
        OtherHistoryError: it does not hold that version, or the one that is known.
    """
    with store.database.looking() as ask:
        last, is_known = _news(ask, mark)
        _check_history(ask, last, mark, decides)
        return last, None if is_known else tuple(_keys(ask(_KEYS)))


def _news(ask: Ask, mark: Mark | None) -> tuple[Mark, bool]:
    """The mark of the head, and whether no token was touched since this one."""
    known = mark or Mark(-1)
    rows = ask(_NEWS, {"after": known.number})
    if not rows:
        raise StoreError(NO_HEAD)
    ((number, digest, time, marked, touched),) = rows
    last = Mark(number, digest or "", time or "")
    # a database that was restored may have the number, and not the digest
    goes_on = last.number > known.number >= 0 and (marked or "") == known.digest
    return last, last == mark or (goes_on and not touched)


def _check_history(
    ask: Ask, last: Mark, mark: Mark | None, decides: Mark | None
) -> None:
    """Refuse a restored database, which has tokens that were revoked since."""
    known = decides or mark
    if known is None or known == last or holds(ask, known):
        return
    if decides is None and accepted_since(ask, known):
        return
    raise OtherHistoryError(str(known), last.number, last.digest)


def _keys(rows: Iterable[Sequence[Any]]) -> Iterator[TokenKey]:
    for number, *told, digest in rows:
        try:
            step = read_step(number, told, None, TokenState.ACTIVE)
        except TamperedError:
            continue
        # else a comparison would fail, or hold
        if SECRET_DIGEST.fullmatch(str(digest)):
            scopes = frozenset(step.scopes)
            yield TokenKey(
                number,
                step.subject,
                scopes,
                step.organisations,
                step.last_day,
                digest,
            )
