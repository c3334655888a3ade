"""Connects to what decides: a database, or a service that has one."""

from __future__ import annotations

from pathlib import Path
from types import EllipsisType
from typing import overload

from .errors import RequestError, ServiceError
from .remote.address import Address, is_address
from .remote.exchange import Patience
from .remote.point import RemotePoint
from .remote.secret import Secret
from .remote.session import Session
from .runtime import LivePoint
from .runtime import connect as connect_database
from .store import Progress

__all__ = ["connect"]


@overload
def connect(
    url: str,
    *,
    follow: bool | None = None,
    every: float | EllipsisType | None = ...,
    max_stale: float | EllipsisType | None = ...,
    state: str | Path | None = None,
    under: str | None = None,
    progress: Progress | None = None,
) -> LivePoint: ...


@overload
def connect(
    url: str,
    *,
    token: str | None,
    ca_file: str | Path | None = None,
    patience: Patience | None = None,
) -> RemotePoint: ...


def connect(  # noqa: PLR0913 # what either of them may be given
    url: str,
    *,
    follow: bool | None = None,
    every: float | EllipsisType | None = ...,
    max_stale: float | EllipsisType | None = ...,
    state: str | Path | None = None,
    under: str | None = None,
    progress: Progress | None = None,
    token: str | EllipsisType | None = ...,
    ca_file: str | Path | None = None,
    patience: Patience | None = None,
) -> LivePoint | RemotePoint:
    """Decide by a database, or by a service that decides by one.

    Args:
        url: of a database, `sqlite:///oikeus.db`, `postgresql://…`; or of a service,
            `https://…`, and `http://…` on this machine.
        follow: of a database: whether to look for newer versions all the time, or to
            stay at this one until `refresh` is called; without it `every` says, and if
            that is not given either, the point follows.
        every: of a database: how many seconds to wait between two looks, one if it is
            not given; `None` says the same as `follow=False`.
        max_stale: of a database: for how many seconds to go on deciding when the head
            cannot be taken in; then every question is an `OutdatedError` until it can.
            An hour if it is not given, and no limit for a point that does not follow;
            `None` sets none.
        state: of a database: a file, to remember the version that is decided by: one
            that connects again with it does not go back to an older one, or to another
            history.
        under: of a database: an organisation, to load only what decides about it and
            those below it; questions about others are refused then.
        progress: of a database: shows how far the load has come.
        token: of a service, and always given for one: by what it knows the caller;
            `None` for one that asks nobody who they are.
        ca_file: of a service: certificates to trust in the place of the system's.
        patience: of a service: how long to wait for it.

    Raises:
        StoreError: the database cannot be used, or holds no policy; or `every` or
            `max_stale` is no number of seconds, or `every` contradicts `follow`, or
            `progress` cannot be called, or the file is none of ours.
        OtherHistoryError: the database does not hold the version in the file.
        RequestError: the organisation is not in the register; the address, the token or
            the certificates cannot be used; or an option is not of what is connected.
        ServiceError: a service needs urllib3, which is not installed.
    """
    if not is_address(url):
        if token is not None and token is not ...:
            message = "a token is for a service, expected its address: https://HOST"
            raise RequestError(message)
        _check_none_of("a database", ca_file=ca_file, patience=patience)
        return connect_database(
            url,
            follow=follow,
            every=every,
            max_stale=max_stale,
            state=state,
            under=under,
            progress=progress,
        )
    _check_none_of(
        "a service",
        follow=follow,
        every=every,
        max_stale=max_stale,
        state=state,
        under=under,
        progress=progress,
    )
    if token is ...:
        message = "a service is asked with a token, expected token=…, or token=None"
        raise RequestError(message)
    return _connect_service(url, token, ca_file, patience)


def _check_none_of(what: str, **options: object) -> None:
    """Refuse options of something else.

    Raises:
        RequestError: naming the first one; what it says is not repeated.
    """
    for name, value in options.items():
        if value is not None and value is not ...:
            message = f"`{name}` is no option of {what}, expected none"
            raise RequestError(message)


def _connect_service(
    url: str,
    token: str | None,
    ca_file: str | Path | None,
    patience: Patience | None,
) -> RemotePoint:
    address, secret = Address.parse(url), Secret(token)
    if patience is not None and type(patience) is not Patience:
        message = "the patience is none, expected oikeus.Patience(connect=…, read=…)"
        raise RequestError(message)
    try:
        from .remote.pool import Pool  # noqa: PLC0415 # an extra brings what it needs
    except ImportError as error:
        message = 'a service needs urllib3: pip install "oikeus[client]"'
        raise ServiceError(message) from error
    pool = Pool(address, ca_file=ca_file, patience=patience or Patience())
    return RemotePoint(Session(pool, secret))
