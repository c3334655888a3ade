"""What the JSON Schemas of a policy call a format, as checks that say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from jsonschema import FormatChecker

from ..ids import flaw_in_id
from ..terms import kind_of, parse_day
from .validity import Ending, is_period
from .wording import shown

_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_KEY = re.compile(r"hmac-sha-256:[0-9a-f]{16}")
_RULE = re.compile(r"R[1-9][0-9]*|[A-Z]")

FORMATS = FormatChecker(formats=())
"""What the schemas call a format; every checker raises a ValueError that says why."""


def _format(name: str) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Register the checker of a format; what is not text is the type's affair."""

    def register(check: Callable[[str], None]) -> Callable[[str], None]:
        @FORMATS.checks(name, raises=ValueError)
        def passes(value: object) -> bool:
            if isinstance(value, str):
                check(value)
            return True

        return check

    return register


@_format("oikeus-word")
def _check_word(value: str) -> None:
    if not _WORD.fullmatch(value):
        message = (
            f"{shown(value)} is no name, expected small letters a to z, digits and "
            "single hyphens"
        )
        raise ValueError(message)


@_format("oikeus-id")
def _check_id(value: str) -> None:
    flaw = flaw_in_id(value)
    if flaw:
        message = f"{shown(value)} {flaw}"
        raise ValueError(message)


@_format("oikeus-organisation")
def _check_organisation(value: str) -> None:
    _check_id(value)
    if ":" in value:
        message = f"{shown(value)} holds :, expected the bare id of an organisation"
        raise ValueError(message)


@_format("oikeus-subject")
def _check_subject(value: str) -> None:
    _check_id(value)
    if not kind_of(value):
        message = f"{shown(value)} has no kind, expected person:ID or system:ID"
        raise ValueError(message)


@_format("oikeus-rule")
def _check_rule(value: str) -> None:
    if not _RULE.fullmatch(value):
        message = f"{shown(value)} is no rule number, expected the form R8 or C"
        raise ValueError(message)


@_format("oikeus-text")
def _check_text(value: str) -> None:
    if not value.strip():
        message = "it is blank, expected text"
        raise ValueError(message)
    if not all(line.isprintable() for line in value.split("\n")):
        message = f"{shown(value)} holds a control or invisible character"
        raise ValueError(message)


@_format("oikeus-label")
def _check_label(value: str) -> None:
    _check_text(value)
    if "\n" in value or value != value.strip():
        message = f"{shown(value)} is no label, expected one line without outer blanks"
        raise ValueError(message)


@_format("oikeus-ending")
def _check_ending(value: str) -> None:
    Ending.parse(value)


@_format("oikeus-period")
def _check_period(value: str) -> None:
    if not is_period(value):
        message = f"{shown(value)} is no period, expected the form P1Y, P6M or P30D"
        raise ValueError(message)


@_format("date")
def _check_day(value: str) -> None:
    parse_day(value)


@_format("oikeus-time")
def _check_time(value: str) -> None:
    expected = "expected the form 2026-03-01T09:30:00.000000Z"
    if not _TIME.fullmatch(value):
        message = f"{shown(value)} is no time in UTC, {expected}"
        raise ValueError(message)
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        message = f"{shown(value)} is no time of the calendar, {expected}"
        raise ValueError(message) from error


@_format("oikeus-key")
def _check_key(value: str) -> None:
    if not _KEY.fullmatch(value):
        message = f"{shown(value)} names no key, expected hmac-sha-256:FINGERPRINT"
        raise ValueError(message)
