"""The application log: lines on the standard error, as text or as JSON.

It says what the process does and what fails, and is apart from the records of
decisions: neither ids of people nor tokens, bodies or queries are written to it.

INVARIANT: one event is one line. What a text holds cannot begin another.
"""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from .request_ids import request_id

ACCESS = "oikeus.access"
"""The log of requests; off unless the owner asks for it."""
_ACCESS = logging.getLogger(ACCESS)

_WORD = re.compile(r'[^\s"=]+')
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Form(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


class TextLines(logging.Formatter):
    """Time, level, log and message; what is known of a request as NAME=VALUE."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        named = _fields(record).items()
        fields = "".join(f" {name}={_word(value)}" for name, value in named)
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


def log_access(
    method: str,
    route: str,
    status: int,
    seconds: float,
    headers: Iterable[tuple[bytes, bytes]],
) -> None:
    """Write that a request was answered.

    Args:
        method: one that HTTP knows.
        route: the template of its path.
        status: of the answer.
        seconds: how long it took.
        headers: of the request; nothing but the id that it may have is written.
    """
    if not _ACCESS.isEnabledFor(logging.INFO):
        return
    fields: dict[str, object] = {"status": status, "ms": round(seconds * 1000, 3)}
    if identity := request_id(headers):
        fields["request_id"] = identity.decode()
    _ACCESS.info("%s %s", method, route, extra={"fields": fields})


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = getattr(record, "fields", {})
    return fields


def _word(value: object) -> str:
    """The value; quoted where it could say that it is more than one."""
    text = str(value)
    return text if _WORD.fullmatch(text) else msgspec.json.encode(text).decode()


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
