"""The log at a service: which versions there are, and what each did to lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from ..store import Logged, Recorded, Version
from .paging import Place, next_number, pages
from .reading import Fields
from .session import Session
from .shapes import recorded_of, version_of

_VERSIONS = "/admin/v1/versions"
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which versions are asked for; all where nothing is said.

    Attributes:
        actor: made by this actor.
        granter: on this subject's power.
        origin: of this sort: `policy`, `grant`, `block` …
        since: made on this day in Finland, or later.
        until: made on this day, or before.
        subject: that changed a grant or a block of this subject.
        role: that changed a line of this role.
        organisation: that changed a line about this organisation.
        below: or one below it.
    """

    actor: str | None = None
    granter: str | None = None
    origin: str | None = None
    since: date | None = None
    until: date | None = None
    subject: str | None = None
    role: str | None = None
    organisation: str | None = None
    below: bool = False


class RemoteLog:
    """The log at a service, for a token that may audit.

    Every look raises:
        RequestError: what is asked for cannot be.
        ServiceError: the service gave no answer, or does not let this token look.

    Args:
        session: with the service.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        """What it shares with others that ask and act there."""
        return self._session

    def log(self, only: LogFilter | None = None, *, most: int = 50) -> Logged:
        """List versions, the newest first.

        Args:
            only: which ones; all where nothing is said.
            most: how many of them at most.
        """
        wanted = only or LogFilter()
        query = asdict(wanted) | {"below": "true" if wanted.below else None}
        found: list[Version] = []

        def page(before: Place) -> Fields:
            limit = min(most - len(found), _PAGE)
            return self._session.look(
                _VERSIONS, {**query, "limit": limit, "before": before}
            )

        earlier = 0
        for each in pages(page, next_number):
            found += map(version_of, each.inners("versions"))
            earlier = each.number("earlier")
            if len(found) >= most:
                break
        return Logged(tuple(found[:most]), earlier)

    def changes(self, version: int) -> Iterator[Recorded]:
        """What a version did to lines, in its order."""
        path = f"{_VERSIONS}/{int(version)}"

        def page(offset: Place) -> Fields:
            return self._session.look(path, {"limit": _PAGE, "offset": offset})

        for each in pages(page, next_number):
            yield from map(recorded_of, each.inners("changes"))
