"""The application log: one event one line, and nothing of people in it."""

import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import suppress

import pytest

from oikeus import parse_day
from oikeus.service.logs import (
    ACCESS,
    Form,
    JsonLines,
    TextLines,
    configure,
    log_access,
)

NAMES = ("uvicorn", "uvicorn.access", "uvicorn.error", ACCESS)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave the logs of the tests' own process as they were."""
    root = logging.getLogger()
    kept, level = [*root.handlers], root.level
    yield
    root.handlers[:] = kept
    root.setLevel(level)
    for name in NAMES:
        log = logging.getLogger(name)
        log.handlers.clear()
        log.propagate = True
        log.setLevel(logging.NOTSET)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was written to the standard error."""
    return capsys.readouterr().err.splitlines()


def test_text_says_when_how_grave_where_and_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In UTC; the least grave are left out."""
    configure(Form.TEXT)
    logging.getLogger("oikeus.x").warning("began at %d\n", 3)
    logging.getLogger("oikeus.x").debug("not this")
    (line,) = lines(capsys)
    time, _, rest = line.partition(" ")
    assert len(time) == len("2026-03-01T09:30:00.000000Z")
    assert rest == "WARNING oikeus.x: began at 3"


def told(log: logging.Logger) -> None:
    """Fail one call further down, and log it here."""
    try:
        parse_day("person:a")
    except ValueError:
        log.exception("failed")
        raise


@pytest.mark.parametrize("form", Form)
def test_text_of_others_begins_no_line(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line ends and terminal controls are written as what they are."""
    configure(form)
    logging.getLogger("uvicorn.error").info("a\r\nb\x1b[2J\u2028c\x85d")
    (line,) = capsys.readouterr().err.split("\n")[:-1]
    assert line.isprintable() or form is Form.JSON
    assert "\x1b" not in line
    assert "\\u001b[2J" in line


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With the same things."""
    configure(Form.JSON, level="DEBUG")
    logging.getLogger("oikeus.x").debug('it is "so"')
    found = json.loads(lines(capsys)[0])
    assert found.pop("time").endswith("Z")
    assert found == {"level": "debug", "log": "oikeus.x", "message": 'it is "so"'}


def test_exception_is_told_by_its_kind_and_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its text may hold what a caller sent."""
    configure(Form.TEXT)
    log = logging.getLogger("uvicorn.error")
    with suppress(ValueError):
        told(log)
    log.handle(
        log.makeRecord(
            "x", 40, "f", 1, "bad", (), (KeyError, KeyError("person:a"), None)
        )
    )
    log.handle(log.makeRecord("x", 40, "f", 1, "none", (), (None, None, None)))
    first, second, third = lines(capsys)
    assert first.partition("failed: ValueError at line ")[2].endswith(
        " of oikeus.terms"
    )
    assert second.endswith("bad: KeyError")
    assert third.endswith(" none")
    assert "person" not in first + second


NAMED = [(b"authorization", b"Bearer x"), (b"x-request-id", b"id-1")]


def test_requests_are_logged_only_where_the_owner_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And never by the server, whose lines hold paths."""
    configure(Form.TEXT)
    log_access("POST", "/x", 200, 0.0012345, NAMED)
    logging.getLogger("uvicorn.access").info("/x?secret")
    assert lines(capsys) == []
    assert not logging.getLogger("uvicorn.access").hasHandlers()
    configure(Form.TEXT, level="WARNING", access=True)
    log_access("POST", "/x", 200, 0.0012345, NAMED)
    log_access("POST", "/x", 200, 0.0012345, [])
    first, second = lines(capsys)
    assert first.endswith(
        " INFO oikeus.access: POST /x status=200 ms=1.234 request_id=id-1"
    )
    assert second.endswith(" status=200 ms=1.234")
    log_access("POST", "/x", 200, 0.0, [(b"x-request-id", b'a" status=500')])
    assert lines(capsys)[0].endswith(r' ms=0.0 request_id="a\" status=500"')
    configure(Form.JSON, access=True)
    log_access("GET", "/y", 503, 1, NAMED)
    found = json.loads(lines(capsys)[0])
    assert (found["message"], found["status"], found["ms"]) == ("GET /y", 503, 1000)
    assert found["request_id"] == "id-1"


def test_both_forms_are_formatters() -> None:
    """Who has a configuration of their own can use them."""
    record = logging.LogRecord("a", logging.INFO, "f", 1, "text", (), None)
    assert TextLines().format(record).endswith(" INFO a: text")
    assert json.loads(JsonLines().format(record))["message"] == "text"
