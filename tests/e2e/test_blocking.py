"""Blocking and unblocking: at once, and said so that it can be trusted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine
from oikeus.store import Reader

Run = Callable[..., Any]

VASTUU = "person:1.2.246.562.24.90100000001"
SYSTEM = "system:keuda-tiedonsiirto"
PROVIDER = "1.2.246.562.10.90100000000"
AT = ("--at", "2026-11-02")


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Everybody here is of the example world."""
    assert world.exists()


def test_block_and_unblock_say_what_they_did(oikeus: Run) -> None:
    """A version each, the first time; no change the second."""
    question = ("decide", SYSTEM, "transfer", "hoks", PROVIDER, *AT)
    assert oikeus(*question).code == 0
    ended = oikeus("block", SYSTEM, "--reason", "key leaked")
    assert (ended.code, ended.out, ended.err) == (
        0,
        f"version 4: {SYSTEM} blocked\n",
        "",
    )
    ended = oikeus("block", SYSTEM, "--reason", "key leaked")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"no change: {SYSTEM} is blocked already\n"
    ended = oikeus(*question)
    assert ended.code == 3
    assert ended.out == (
        "deny: the subject is blocked, and denied everything until the block is "
        "lifted\n"
    )
    ended = oikeus("unblock", SYSTEM)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"version 5: {SYSTEM} no longer blocked\n"
    ended = oikeus("unblock", SYSTEM, "--reason", "new key")
    assert (ended.code, ended.out) == (0, f"no change: {SYSTEM} is not blocked\n")
    assert oikeus(*question).code == 0


def test_block_for_programs(oikeus: Run) -> None:
    """The version is nothing where nothing changed."""
    words = (SYSTEM, "--format", "json")
    reason = ("--reason", "leaked")
    for command, version in (("block", 4), ("block", None), ("unblock", 5)):
        ended = oikeus(command, *words, *reason)
        assert json.loads(ended.out) == {
            "subject": SYSTEM,
            "version": version,
            "changed": version is not None,
        }
    assert json.loads(oikeus("unblock", *words).out)["changed"] is False


def test_blocked_official_has_no_powers(oikeus: Run) -> None:
    """Denied everything, powers included."""
    oikeus("block", VASTUU, "--reason", "dismissed")
    words = ("ehoks-paakayttaja", PROVIDER, "--to", "person:new", *AT)
    ended = oikeus("may-grant", VASTUU, *words)
    assert ended.code == 3
    assert "blocked" in ended.out


def test_block_of_one_who_holds_nothing_asks_whether_it_is_meant(oikeus: Run) -> None:
    """A misspelt id would leave the leaked credential working."""
    ended = oikeus("block", "system:keuda-tiedonsirto", "--reason", "leaked")
    assert (ended.code, ended.out) == (
        0,
        "version 4: system:keuda-tiedonsirto blocked\n",
    )
    assert ended.err == (
        "warning: `system:keuda-tiedonsirto` holds no grant: is this the subject you "
        "mean?\n"
    )


def test_rows_that_cannot_be_read_do_not_make_a_block_look_failed(
    oikeus: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made, whatever else the table holds."""

    def broken(*_: object) -> bool:
        message = "a row cannot be read"
        raise engine.StoreError(message)

    monkeypatch.setattr(Reader, "has_grant", broken)
    ended = oikeus("block", SYSTEM, "--reason", "leaked")
    assert (ended.code, ended.out) == (0, f"version 4: {SYSTEM} blocked\n")
    assert ended.err == ""


BLOCKS = {
    "no kind": (
        ("block", "keuda", "--reason", "x"),
        "the subject `keuda` has no kind, expected person:ID or system:ID",
    ),
    "unknown kind": (
        ("block", "sytem:keuda", "--reason", "x"),
        "`sytem:keuda` is of no known kind, expected person:ID or system:ID",
    ),
    "role": (
        ("unblock", "role:tallentaja"),
        "the subject `role:tallentaja` is a role, expected person:ID or system:ID",
    ),
    "blank reason": (
        ("block", SYSTEM, "--reason", " "),
        "no reason given, expected why the subject is blocked",
    ),
}


@pytest.mark.parametrize(("words", "text"), BLOCKS.values(), ids=BLOCKS)
def test_block_that_blocks_nobody_is_refused(
    oikeus: Run, words: tuple[str, ...], text: str
) -> None:
    """And makes no version."""
    ended = oikeus(*words)
    assert (ended.code, ended.out, ended.err) == (1, "", f"error: {text}\n")
    assert json.loads(oikeus("doctor", "--format", "json").out)["head"] == 3


def test_blocked_subjects_are_shown_whether_they_hold_anything_or_not(
    oikeus: Run,
) -> None:
    """A block of somebody without a grant would otherwise be seen nowhere."""
    assert oikeus("show", "blocks").out == ""
    for subject in (SYSTEM, "system:unheard-of"):
        oikeus("block", subject, "--reason", "leaked")
    ended = oikeus("show", "blocks")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{SYSTEM}\t2\nsystem:unheard-of\t0\n"


def test_explaining_a_block_sends_nobody_for_another_role(oikeus: Run) -> None:
    """No role helps; the block must be lifted."""
    oikeus("block", SYSTEM, "--reason", "leaked")
    ended = oikeus("explain", SYSTEM, "transfer", "hoks", PROVIDER, *AT)
    assert ended.code == 3
    assert ended.out.splitlines()[1:] == [
        "  day       2026-11-02",
        "  version   4",
        "  remedy    lift the block: oikeus unblock SUBJECT",
    ]
