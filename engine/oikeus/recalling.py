"""Decides as it would have been decided at a moment: by what was known then.

What was known (a version) is apart from the day that is decided (validity): who could
do something on a day is one question, what was known of it at another moment another.
"""

from __future__ import annotations

from datetime import date, datetime

from .decide.decision_point import DecisionPoint
from .decide.snapshot import Snapshot
from .errors import StoreError
from .loading import Progress, load_from, opened
from .moments import Moment, day_of, instant_of
from .store import Store, Version


class RecalledPoint(DecisionPoint):
    """A decision point at an earlier version; a question without a day is of its day.

    Attributes:
        known: the version that was known at the moment.
        instant: the moment, as an instant: the end of a day, the time of a version.
        day: the day of the moment in Europe/Helsinki.
    """

    def __init__(self, snapshot: Snapshot, known: Version, instant: datetime) -> None:
        self.known = known
        self.instant = instant
        self.day: date = day_of(instant)
        super().__init__(snapshot, today=lambda: self.day)


def recall(
    store: Store | str,
    moment: Moment,
    *,
    under: str | None = None,
    progress: Progress | None = None,
) -> RecalledPoint:
    """Decide by what was known at a moment.

    At a moment that is still to come, that is what is known now.

    Args:
        store: the database, or its URL; the point needs it no more once it is made.
        moment: a version; a day, which means its end in Europe/Helsinki; or an instant
            with its offset.
        under: an organisation, to load only what decides about it and those below it.
        progress: shows how far the load has come.

    Raises:
        StoreError: the database cannot be used, there was no such version, or it held
            no policy yet.
        RequestError: what is given is no moment, or the organisation is not in the
            register of that version.
        ModelError: the model of that version cannot be used by this program.
        PolicyError: nor can its catalogue.
    """
    with opened(store) as log:
        if type(moment) is int:
            known = log.version(moment)
            instant = datetime.fromisoformat(known.time)
        else:
            instant = instant_of(moment)
            known = log.version(_number_at(log, instant))
        number = known.number
        _, snapshot = load_from(log, version=number, under=under, progress=progress)
        return RecalledPoint(snapshot, known, instant)


def _number_at(store: Store, instant: datetime) -> int:
    """The version that was known at an instant.

    Raises:
        StoreError: there was none yet.
    """
    number = store.version_at(instant)
    if number:
        return number
    message = f"there was no version yet at {instant.isoformat(timespec='seconds')}"
    if store.head():
        message += f", the first one is of {store.version(1).time}"
    else:
        message += ", load a policy with `oikeus apply policies/`"
    raise StoreError(message)
