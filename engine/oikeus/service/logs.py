"""The application log: lines on the standard error, as text or as JSON.

It says what the process does and what fails, and is apart from the records of
decisions: neither ids of people nor tokens, bodies or queries are written to it.

INVARIANT: one event is one line. What a text holds cannot begin another.
"""

from __future__ import annotations

import logging
import logging.config
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

ACCESS = "oikeus.access"
"""The log of requests; off unless the owner asks for it."""
_ACCESS = logging.getLogger(ACCESS)

_LONGEST_ID = 128
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_REQUEST_ID = re.compile(r"[!-~]+")


class Form(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


class TextLines(logging.Formatter):
    """Time, level, log and message; what is known of a request as NAME=VALUE."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        text = f"{_time(record)} {record.levelname} {record.name}: {_message(record)}"
        return _one_line(text + fields)


class JsonLines(logging.Formatter):
    """One JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": _message(record),
            **_fields(record),
        }
        return msgspec.json.encode(line).decode()


def configure(form: Form, *, level: str = "INFO", access: bool = False) -> None:
    """Bring every log of the process, and the server's, under one form.

    Args:
        form: of a line.
        level: the least that is written: `DEBUG`, `INFO`, `WARNING`, `ERROR`.
        access: whether requests are logged.
    """
    logging.config.dictConfig(configuration(form, level=level, access=access))


def configuration(form: Form, *, level: str, access: bool) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes."""
    formatter = JsonLines if form is Form.JSON else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # its own lines hold paths and addresses: ours take their place
            "uvicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
            "uvicorn.error": {"handlers": [], "propagate": True, "level": level},
            "uvicorn": {"handlers": [], "propagate": True, "level": level},
            ACCESS: {"level": "INFO" if access else "CRITICAL"},
        },
    }


def request_id(value: bytes | None) -> str | None:
    """The id that a caller gave a request; nothing where it is none to write down."""
    text = (value or b"").decode("latin-1")
    if len(text) > _LONGEST_ID or not _REQUEST_ID.fullmatch(text):
        return None
    return text


def log_access(
    method: str, route: str, status: int, seconds: float, given: str | None
) -> None:
    """Write that a request was answered.

    Args:
        method: one that HTTP knows.
        route: the template of its path.
        status: of the answer.
        seconds: how long it took.
        given: the id that the caller gave it.
    """
    if not _ACCESS.isEnabledFor(logging.INFO):
        return
    fields: dict[str, object] = {"status": status, "ms": round(seconds * 1000, 3)}
    if given is not None:
        fields["request_id"] = given
    _ACCESS.info("%s %s", method, route, extra={"fields": fields})


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = getattr(record, "fields", {})
    return fields


def _time(record: logging.LogRecord) -> str:
    time = datetime.fromtimestamp(record.created, UTC)
    return f"{time:%Y-%m-%dT%H:%M:%S.%fZ}"


def _message(record: logging.LogRecord) -> str:
    """The message, and of an exception its kind and where it was raised.

    Its text is left out: it may hold what a caller sent.
    """
    text = record.getMessage().rstrip("\n")
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return text
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f" at line {frame.tb_lineno}" if frame else ""
    name = f" of {frame.tb_frame.f_globals.get('__name__')}" if frame else ""
    return f"{text}: {type(error).__name__}{place}{name}"


def _one_line(text: str) -> str:
    return _CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
