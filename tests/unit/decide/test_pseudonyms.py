"""Pseudonyms: what they hide, what they keep, and who can tell."""

import hashlib
import hmac
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from oikeus import (
    DecisionRecord,
    Effect,
    Line,
    Pseudonyms,
    RecordError,
    Request,
)
from oikeus.decide.pseudonyms import Unmasking

SECRET = b"0123456789abcdef0123456789abcdef"
TIME = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2026, 3, 1)


def hidden(subject: str) -> str:
    """What stands for a subject, by the definition of HMAC-SHA-256."""
    digest = hmac.new(SECRET, subject.encode(), hashlib.sha256).hexdigest()
    return f"{subject.partition(':')[0]}:hmac-{digest}"


def record(request: Request, grant: str | None = None) -> DecisionRecord:
    """A record of an allow."""
    rule = Line("p", ("role:a", "file", "read", "allow"))
    line = Line("g", (grant, "role:a", "1.1@2026-01-01..2026-12-31")) if grant else None
    return DecisionRecord(
        "1", TIME, request, DAY, Effect.ALLOW, 3, rule if grant else None, line
    )


def test_pseudonym_is_the_digest_of_the_id_by_the_key() -> None:
    """It keeps the kind, is an id itself, and is another by another key."""
    pseudonyms = Pseudonyms(SECRET)
    assert pseudonyms.of("person:ä") == hidden("person:ä")
    assert Request(pseudonyms.of("system:x"), "a", "b", "c").subject.startswith(
        "system:"
    )
    assert Pseudonyms(SECRET[::-1]).of("person:a") != pseudonyms.of("person:a")


def test_record_names_nobody() -> None:
    """Neither in the question nor in the lines; roles and places stay."""
    asked = Request("person:a", "read", "person:b", "1.1")
    plain = record(asked, "person:a")
    found = Pseudonyms(SECRET).hide(plain)
    assert found.request == Request(
        hidden("person:a"), "read", hidden("person:b"), "1.1"
    )
    assert found.rule == plain.rule
    assert found.grant == Line(
        "g", (hidden("person:a"), "role:a", "1.1@2026-01-01..2026-12-31")
    )
    assert found.ids == Pseudonyms(SECRET).key
    assert "person:a" not in found.to_json()
    assert DecisionRecord.from_json(found.to_json()) == found


def test_what_is_of_the_kind_of_who_asked_is_hidden_too() -> None:
    """Whatever a policy calls people."""
    asked = Request("user:a", "read", "user:b", "1.1")
    found = Pseudonyms(SECRET).hide(record(asked)).request
    assert (found.subject, found.resource) == (hidden("user:a"), hidden("user:b"))


def test_key_is_named_and_never_told() -> None:
    """The name is the same for the same key, and says nothing of it."""
    pseudonyms = Pseudonyms(SECRET)
    assert pseudonyms.key == Pseudonyms(SECRET).key != Pseudonyms(SECRET[::-1]).key
    assert pseudonyms.key.startswith("hmac-sha-256:")
    assert SECRET.decode() not in f"{pseudonyms!r} {pseudonyms.key}"


def test_short_key_is_refused() -> None:
    """It could be guessed."""
    with pytest.raises(ValueError, match="the key is short, expected 32 bytes or more"):
        Pseudonyms(SECRET[1:])


def test_key_comes_from_a_file(tmp_path: Path) -> None:
    """The end of its line is none of it; what is wrong is said with the file."""
    path = tmp_path / "key"
    path.write_bytes(SECRET + b"\r\n")
    path.chmod(0o644)
    with pytest.raises(RecordError, match=r"key: is open to everybody"):
        Pseudonyms.from_file(str(path))
    path.chmod(0o640)
    assert Pseudonyms.from_file(str(path)).key == Pseudonyms(SECRET).key
    path.write_bytes(b"short\n")
    with pytest.raises(RecordError, match=r"key: the key is short"):
        Pseudonyms.from_file(str(path))
    with pytest.raises(RecordError, match=r"none: cannot be read: no such file"):
        Pseudonyms.from_file(str(tmp_path / "none"))


def test_subjects_that_are_known_are_found_again() -> None:
    """Others keep their pseudonyms; what is no id is nobody's."""
    pseudonyms = Pseudonyms(SECRET)
    unmasking = Unmasking(pseudonyms)
    unmasking.learn(["person:a", "no id, this"])
    unmasking.learn(["person:a", "person:b"])
    a, c = hidden("person:a"), hidden("person:c")
    assert unmasking.request(Request(a, "read", c, "1.1")) == Request(
        "person:a", "read", c, "1.1"
    )
