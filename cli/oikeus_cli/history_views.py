"""How times, acts and intervals of the past are shown, to people and to programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import oikeus

_FINLAND = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True, slots=True)
class Past:
    """The versions behind a decision that was recalled.

    Attributes:
        known: the one that decided.
        granted: the one that had brought the grant.
        ruled: the one that had brought the rule.
    """

    known: oikeus.Version
    granted: oikeus.Version | None
    ruled: oikeus.Version | None


def local_time(time: str | datetime) -> str:
    """A time of the log as people read it: of Helsinki, to the minute."""
    instant = datetime.fromisoformat(time) if isinstance(time, str) else time
    return f"{instant.astimezone(_FINLAND):%Y-%m-%d %H:%M}"


def _to_the_second(instant: datetime) -> str:
    """Where an interval begins or ends; most do at midnight."""
    seconds = f"{instant:%S}" if instant.second or instant.microsecond else ""
    return ":".join(filter(None, (local_time(instant), seconds)))


def version_text(version: oikeus.Version) -> str:
    """Which version it was, whose and why: `version 3 (2026-11-02 10:15, os:anna)`."""
    granter = f" for {version.granter}" if version.granter else ""
    who = f"version {version.number} ({local_time(version.time)}, {version.actor}"
    return f"{who}{granter}): {version.message}"


def brief_view(version: oikeus.Version) -> dict[str, Any]:
    """A version for programs, without its lines and digests."""
    return {
        "version": version.number,
        "time": version.time,
        "actor": version.actor,
        "granter": version.granter,
        "origin": version.origin,
        "message": version.message,
    }


def past_view(past: Past | None) -> dict[str, Any]:
    """What a recalled decision has besides, for programs."""
    if past is None:
        return {}
    return {
        "known": brief_view(past.known),
        "granted": past.granted and brief_view(past.granted),
        "in_force": past.ruled and brief_view(past.ruled),
    }


def interval_text(interval: oikeus.Interval, where: str) -> str:
    """An interval on one line: since when, until when, and what opened and closed it.

    Args:
        interval: what was found.
        where: the subject, or what it could do and where.
    """
    closed = interval.closed
    ending = f"closed by {act_text(closed)}" if closed else "not closed in the period"
    return (
        f"{where}: {_to_the_second(interval.first)} until "
        f"{_to_the_second(interval.until)}; "
        f"opened by {act_text(interval.opened)}; {ending}"
    )


def act_text(act: oikeus.Act) -> str:
    """What opened or closed an interval, and by whose act."""
    version = act.version
    if version is None:
        return act.text
    granter = f" for {version.granter}" if version.granter else ""
    who = f"version {version.number} ({local_time(version.time)}, {version.actor}"
    message = f", `{version.message}`" if version.message else ""
    by = f"{who}{granter}{message})"
    return f"{by}: {act.text}" if act.day is None else f"{act.text}, given by {by}"


def act_view(act: oikeus.Act | None) -> dict[str, Any] | None:
    """The same for programs."""
    if act is None:
        return None
    return {
        "text": act.text,
        "day": act.day.isoformat() if act.day else None,
        "by": act.version and brief_view(act.version),
    }


def interval_view(interval: oikeus.Interval) -> dict[str, Any]:
    """An interval for programs; instants in UTC, the second one exclusive."""
    return {
        "subject": interval.subject,
        "action": interval.action,
        "resource": interval.resource,
        "organisations": list(interval.organisations),
        "from": interval.first.isoformat(),
        "until": interval.until.isoformat(),
        "opened": act_view(interval.opened),
        "closed": act_view(interval.closed),
    }
