"""From a URL to a decision point that follows the database there."""

from __future__ import annotations

from types import EllipsisType

from ..errors import OikeusError
from ..store import Progress, Store
from .live_point import LivePoint
from .options import MAX_STALE, check_seconds, seconds_between


def connect(  # noqa: PLR0913 # what may be said of it
    url: str,
    *,
    follow: bool | None = None,
    every: float | EllipsisType | None = ...,
    max_stale: float | EllipsisType | None = ...,
    under: str | None = None,
    progress: Progress | None = None,
) -> LivePoint:
    """Decide by a database, and follow its versions.

    Args:
        url: `sqlite:///oikeus.db`, `postgresql://…`.
        follow: whether to look for newer versions all the time, or to stay at this one
            until `refresh` is called; without it `every` says, and if that is not
            given either, the point follows.
        every: how many seconds to wait between two looks, one if it is not given;
            `None` says the same as `follow=False`.
        max_stale: for how many seconds to go on deciding when the head cannot be taken
            in; then every question is an `OutdatedError` until it can. An hour if it
            is not given, and no limit for a point that does not follow; `None` sets
            none.
        under: an organisation, to load only what decides about it and those below it;
            questions about others are refused then.
        progress: shows how far the load has come.

    Raises:
        StoreError: the database cannot be used, or holds no policy; or `every` or
            `max_stale` is no number of seconds, or `every` contradicts `follow`, or
            `progress` cannot be called.
        RequestError: the organisation is not in the register.
    """
    seconds = seconds_between(follow, every)
    if max_stale is ...:
        max_stale = None if seconds is None else MAX_STALE
    check_seconds("max_stale", max_stale)
    store = Store.open(url, create=False)
    try:
        return LivePoint(
            store, every=seconds, under=under, max_stale=max_stale, progress=progress
        )
    except OikeusError:
        store.close()
        raise
