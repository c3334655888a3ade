"""Answers that come in pages, followed to the last one.

INVARIANT: it ends. A page that was there already is refused, and so are too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import ServiceError
from .reading import Fields

MOST = 10_000
"""How many pages there may be."""

Place = str | int | None
"""Where a page begins: as the page before it said; nothing for the first."""


def pages(
    ask: Callable[[Place], Fields], following: Callable[[Fields], Place]
) -> Iterator[Fields]:
    """All pages of an answer.

    Args:
        ask: asks for the page that begins at a place.
        following: where the page after this one begins; nothing after the last.

    Raises:
        ServiceError: they lead in a circle, or there are too many.
    """
    place: Place = None
    seen: set[Place] = set()
    while place not in seen:
        seen.add(place)
        page = ask(place)
        yield page
        place = following(page)
        if place is None:
            return
        if len(seen) >= MOST:
            break
    message = "the service answered oddly: its pages do not end"
    raise ServiceError(message)


def next_number(page: Fields) -> int | None:
    """The place that administration names."""
    return page.perhaps("next", page.number)
