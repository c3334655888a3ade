"""Keys are at hand, read again in time, and by nobody more often than is allowed."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from oikeus import SettingsError
from oikeus.service.key_source import KeySource, Pace

from ...openid import key_set, settings

PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""


class Place:
    """Where keys are published, and how often somebody looked."""

    def __init__(self) -> None:
        self.document = key_set("ec-1")
        self.error: Exception | None = None
        self.looks = threading.Semaphore(0)
        self.time = 0.0

    def read(self) -> bytes:
        """The document, unless there is an error."""
        self.looks.release()
        if self.error:
            raise self.error
        return self.document

    def source(self, *, every: float = 300.0, pause: float = 0.0) -> KeySource:
        """Keys of this place."""
        pace = Pace(every=every, pause=pause, oldest=100.0)
        return KeySource(settings(), read=self.read, clock=lambda: self.time, pace=pace)

    def looked(self, patience: float = PATIENCE) -> bool:
        """Wait until somebody looks."""
        return self.looks.acquire(timeout=patience)


@pytest.fixture
def place() -> Place:
    """It has one key, at first."""
    return Place()


def ids(source: KeySource) -> set[str]:
    """Which keys are known."""
    assert source.keys is not None
    return {key_id for key_id, _ in source.keys.keys}


def test_nothing_is_known_before_the_first_reading(place: Place) -> None:
    """And what was read then, after it."""
    source = place.source()
    assert not source.keys
    assert source.refresh()
    assert ids(source) == {"ec-1"}


def test_other_keys_take_the_place_of_the_old_ones(place: Place) -> None:
    """What was withdrawn is no longer known; what is the same stays the same."""
    source = place.source()
    source.refresh()
    before = source.keys
    source.refresh()
    assert source.keys is before
    place.document = key_set("ec-2", "ed-1")
    source.refresh()
    assert ids(source) == {"ec-2", "ed-1"}


@pytest.mark.parametrize(
    ("error", "document", "told"),
    [
        (OSError("person:secret"), b"", "OSError while reading"),
        (SettingsError("ours"), b"", "ours"),
        (None, b"<html>", "the provider's keys are no JWKS of at most 100 keys"),
    ],
)
def test_old_keys_hold_for_a_time_when_they_cannot_be_read_again(
    place: Place,
    caplog: pytest.LogCaptureFixture,
    error: Exception | None,
    document: bytes,
    told: str,
) -> None:
    """It is told once, without what others' errors say, and when it is over."""
    caplog.set_level(logging.INFO, "oikeus.service")
    source = place.source()
    source.refresh()
    place.error, place.document = error, document
    place.time = 100.0
    assert not source.refresh()
    assert not source.refresh()
    assert str(source.failure) == told
    assert ids(source) == {"ec-1"}
    place.time = 100.1
    assert not source.keys
    place.error, place.document = None, key_set("ec-1")
    assert source.refresh()
    assert source.failure is None
    assert ids(source) == {"ec-1"}
    assert caplog.messages == [
        f"keys of the OpenID provider: {told}",
        "keys of the OpenID provider: read again",
    ]


def test_keys_are_read_again_once_in_a_while(place: Place) -> None:
    """Though nobody asks; and no longer when it is closed."""
    with place.source(every=0.01) as source:
        for _ in range(3):
            assert place.looked()
    assert ids(source) == {"ec-1"}
    while place.looked(0.0):
        pass
    assert not place.looked(0.05)


def test_a_key_that_is_not_known_is_looked_for_at_once(place: Place) -> None:
    """By the thread, while the request that named it is long answered."""
    with place.source() as source:
        assert place.looked()
        assert not place.looked(0.05)
        place.document = key_set("ec-1", "ec-2")
        source.want()
        assert place.looked()
        waited = threading.Event()
        for _ in range(2000):
            if ids(source) == {"ec-1", "ec-2"}:
                break
            waited.wait(0.01)
        assert ids(source) == {"ec-1", "ec-2"}


def test_unknown_keys_are_looked_for_no_more_often_than_is_allowed(
    place: Place,
) -> None:
    """However many tokens name them: the provider is not attacked through here."""
    with place.source(pause=300.0, every=300.0) as source:
        assert place.looked()
        for _ in range(10_000):
            source.want()
        assert not place.looked(0.1)


def test_what_failed_is_tried_again_after_the_pause(place: Place) -> None:
    """And not only when it would be time for it."""
    place.error = OSError()
    with place.source(pause=0.01) as source:
        for _ in range(3):
            assert place.looked()
        assert source.keys is None


def test_keys_in_a_file_are_there_at_once_or_the_service_does_not_start(
    tmp_path: Path,
) -> None:
    """For then it can be corrected before anybody asks."""
    path = tmp_path / "keys.json"
    source = KeySource(settings(keys=str(path)))
    with pytest.raises(SettingsError, match="cannot be read, expected a JWKS"):
        source.start()
    path.write_text("{}")
    with pytest.raises(SettingsError, match="no JWKS"):
        source.start()
    source.close()
    path.write_bytes(key_set("ec-1"))
    with KeySource(settings(keys=str(path))) as source:
        assert ids(source) == {"ec-1"}
