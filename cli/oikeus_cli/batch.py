"""Requests as JSON lines: each line in gives one line out, in order.

A line that cannot be decided gives an `error` and does not stop the rest. Nothing odd
is let through: a key that stands twice, NaN, and values that are no text are errors.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import oikeus

from .output import progress, write_json
from .recording import Record

PARTS = ("subject", "action", "resource", "organisation")
"""What every request has; it may have `at` and `attributes` too."""


def decide_batch(
    point: oikeus.Decides, batch: str, at: date | None, record: Record
) -> bool:
    """Answer a batch line by line.

    Args:
        point: decides.
        batch: the path of a file, or - for standard input.
        at: the day for requests that name none.
        record: is told each decision before it is answered.

    Returns:
        whether every line was a request.

    Raises:
        RequestError: the batch cannot be read at all.
    """
    whole = True
    for number, line in _lines(batch):
        answered = _decide_line(point, number, line, at, record)
        whole = whole and "error" not in answered
        write_json(answered, indent=None)
    return whole


def _lines(batch: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank; standard input is answered as it comes."""
    if batch == "-":
        # a stream that was closed before the program began is none
        stream = sys.stdin.buffer if sys.stdin else ()
        yield from _numbered(stream)
        return
    try:
        content = Path(batch).read_bytes()
    except OSError as error:
        reason = (error.strerror or "no such file").lower()
        message = f"cannot read `{batch}`: {reason}"
        raise oikeus.RequestError(message) from error
    yield from progress([*_numbered(content.split(b"\n"))], "deciding")


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def _decide_line(
    point: oikeus.Decides,
    number: int,
    line: bytes,
    at: date | None,
    record: Record,
) -> dict[str, Any]:
    try:
        asked = _read(line)
    except oikeus.RequestError as error:
        return {"error": f"line {number}: {error}"}
    # what is no text is not given back: it may be as deep as can just be read
    given: dict[str, Any] = {
        name: value for name, value in asked.items() if isinstance(value, str)
    }
    try:
        day = _check(asked) or at
        sent = asked.get("attributes", {})
        request = oikeus.Request(*(asked[name] for name in PARTS), attributes=sent)
        given |= {"attributes": sent} if sent else {}
        decision = point.decide(request, day)
        record(decision)
    except oikeus.OikeusError as error:
        return {**given, "error": f"line {number}: {error}"}
    return {**given, "decision": decision.effect.value, "reason": decision.reason}


def _read(line: bytes) -> dict[str, Any]:
    """Read an object.

    Raises:
        RequestError: anything else, or an object that can be read in two ways.
    """
    try:
        value = json.loads(
            line.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        message = "cannot be read, expected a JSON object in UTF-8"
        raise oikeus.RequestError(message) from error
    if not isinstance(value, dict):
        message = "is no object, expected {…} in JSON"
        raise oikeus.RequestError(message)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        message = "a key stands twice, expected it once"
        raise oikeus.RequestError(message)
    return value


def _no_number(text: str) -> object:
    message = f"{text} is no JSON, expected a number"
    raise oikeus.RequestError(message)


def _check(asked: dict[str, Any]) -> date | None:
    """Check the keys, and read the day.

    Raises:
        RequestError: unknown or missing keys, or a day that is none.
    """
    expected = f"expected {', '.join(PARTS)} and perhaps at, attributes"
    for name in PARTS:
        if name not in asked:
            message = f"`{name}` is missing, {expected}"
            raise oikeus.RequestError(message)
    for name in asked:
        if name not in (*PARTS, "at", "attributes"):
            message = f"unknown key `{ascii(name)[1:-1]}`, {expected}"
            raise oikeus.RequestError(message)
    if not isinstance(asked.get("attributes", {}), dict):
        message = "the attributes are no object, expected values by name"
        raise oikeus.RequestError(message)
    if "at" not in asked:
        return None
    day = asked["at"]
    if not isinstance(day, str):
        message = "the at is not text, expected a day of the form 2026-03-01"
        raise oikeus.RequestError(message)
    try:
        return oikeus.parse_day(day)
    except ValueError as error:
        raise oikeus.RequestError(str(error)) from error
