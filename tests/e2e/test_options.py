"""What all commands share: the database, the format, the exit codes, the errors."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

SUBJECT = "person:1.2.246.562.24.90100000003"
HERE = "1.2.246.562.10.90101000000"
QUESTION = ("decide", SUBJECT, "read", "hoks", HERE, "--at", "2026-11-02")


@pytest.fixture
def elsewhere(world: Path) -> str:
    """The example world where nobody looks for it by default."""
    return f"sqlite:///{world.rename(world.with_name('elsewhere.db'))}"


def test_database_can_be_named_before_and_after_the_command(
    oikeus: Run, elsewhere: str
) -> None:
    """Wherever one thinks of it; the later one counts."""
    assert oikeus("--db", elsewhere, *QUESTION).code == 0
    assert oikeus(*QUESTION, "--db", elsewhere).code == 0
    assert oikeus("--db", "sqlite:///none.db", *QUESTION, "--db", elsewhere).code == 0
    assert oikeus("--db", elsewhere, "show", "roles").code == 0
    assert oikeus("show", "roles", "--db", elsewhere).code == 0


def test_environment_names_the_database(
    oikeus: Run, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless an option does."""
    assert oikeus(*QUESTION).code == 1
    monkeypatch.setenv("OIKEUS_DB", elsewhere)
    assert oikeus(*QUESTION).code == 0
    assert oikeus("--db", "sqlite:///none.db", *QUESTION).code == 1
    assert oikeus(*QUESTION, "--db", "sqlite:///none.db").code == 1
    monkeypatch.setenv("OIKEUS_DB", "")
    assert oikeus(*QUESTION).err == (
        "error: there is no database `oikeus.db`, "
        "make one with `oikeus apply policies/`\n"
    )


def test_format_can_be_named_before_and_after_the_command(
    oikeus: Run, world: Path
) -> None:
    """The later one counts."""
    assert world.exists()
    for words in (
        ("--format", "json", *QUESTION),
        (*QUESTION, "--format", "json"),
        ("--format", "text", *QUESTION, "--format=json"),
    ):
        assert json.loads(oikeus(*words).out)["decision"] == "allow"
    text = oikeus("--format", "json", *QUESTION, "--format", "text").out
    assert text.startswith("allow: ")


def test_command_itself_is_installed_and_ends_with_the_same(
    oikeus: Run, run: Run, world: Path
) -> None:
    """What the other tests call in their own process is what is started here."""
    assert world.exists()
    for words in (QUESTION, ("decide", SUBJECT, "fly", "hoks", HERE), ("decide",)):
        assert run(*words) == oikeus(*words)


USAGE = {
    "unknown command": (("fly",), "No such command 'fly'."),
    "unknown option": (("decide", "--fly"), "No such option '--fly'."),
    "format": (
        ("--format", "xml", "doctor"),
        "Invalid value for '--format': 'xml' is not one of 'text', 'json'.",
    ),
    "no question": (
        ("decide",),
        "expected SUBJECT ACTION RESOURCE ORGANISATION, or --batch FILE",
    ),
    "half a question": (
        ("decide", SUBJECT, "read"),
        "expected SUBJECT ACTION RESOURCE ORGANISATION, or --batch FILE",
    ),
    "question and batch": (
        (*QUESTION, "--batch", "-"),
        "expected SUBJECT ACTION RESOURCE ORGANISATION, or --batch FILE",
    ),
    "form of the day": (
        ("what-can", SUBJECT, "--at", "1.3.2026"),
        (
            "Invalid value for '--at': `1.3.2026` is no day, expected the form "
            "2026-03-01"
        ),
    ),
    "day that is none": (
        ("what-can", SUBJECT, "--at", "2026-02-29"),
        (
            "Invalid value for '--at': `2026-02-29` is no day of the calendar, "
            "expected one that there is"
        ),
    ),
    "no recipient": (
        ("may-grant", SUBJECT, "ehoks-kayttaja", HERE),
        "Missing option '--to'.",
    ),
    "no reason": (("block", SUBJECT), "Missing option '--reason'."),
    "no file": (("import", "grants"), "Missing argument 'FILES...'."),
    "absent file": (
        ("import", "grants", "none.csv"),
        "Invalid value for 'FILES...': File 'none.csv' does not exist.",
    ),
    "folder as file": (
        ("import", "organisations", "."),
        "Invalid value for 'FILES...': File '.' is a directory.",
    ),
    "folder as batch": (
        ("decide", "--batch", "."),
        "Invalid value for '--batch': File '.' is a directory.",
    ),
    "absent folder": (
        ("apply", "none"),
        "Invalid value for 'SOURCE': Path 'none' does not exist.",
    ),
    "absent model": (
        ("check", ".", "--model", "none"),
        "Invalid value for '--model': File 'none' does not exist.",
    ),
}


@pytest.mark.parametrize(("words", "text"), USAGE.values(), ids=USAGE)
def test_wrong_usage_ends_with_2_and_says_what_was_expected(
    oikeus: Run, desk: Path, words: tuple[str, ...], text: str
) -> None:
    """On stderr, with nothing done."""
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == f"Error: {text}"
    assert ended.err.startswith("Usage: oikeus ")
    assert list(desk.iterdir()) == []


REFUSED = {
    "blank": (("", "read", "hoks", HERE), "the subject is blank, expected a value"),
    "blank action": (
        (SUBJECT, " ", "hoks", HERE),
        "the action has a leading or trailing blank, expected none",
    ),
    "no kind": (
        ("anna", "read", "hoks", HERE),
        "the subject `anna` has no kind, expected person:ID or system:ID",
    ),
    "role": (
        ("role:tallentaja", "read", "hoks", HERE),
        "the subject `role:tallentaja` is a role, expected person:ID or system:ID",
    ),
    "unknown kind": (
        ("dog:rex", "read", "hoks", HERE),
        "`dog:rex` is of no known kind, expected person:ID or system:ID",
    ),
    "at in organisation": (
        (SUBJECT, "read", "hoks", f"{HERE}@2026-01-01"),
        "the organisation holds @, which ids cannot",
    ),
    "dots in organisation": (
        (SUBJECT, "read", "hoks", "1..2"),
        "the organisation holds .., which ids cannot",
    ),
    "control character": (
        (SUBJECT, "read", "hoks\x1b[2J", HERE),
        "the resource holds a control or invisible character, expected plain text",
    ),
    "too long": (
        (SUBJECT, "read", "hoks", "1" * 256),
        "the organisation is longer than 255 characters, the most there may be",
    ),
}


@pytest.mark.parametrize(("parts", "text"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("command", ["decide", "explain"])
def test_question_that_cannot_be_decided_is_an_error_and_no_deny(
    oikeus: Run, world: Path, command: str, parts: tuple[str, ...], text: str
) -> None:
    """Exit code 1: a script that takes 3 for a no must not take this for one."""
    assert world.exists()
    for form in ("text", "json"):
        ended = oikeus("--format", form, command, *parts)
        assert (ended.code, ended.out, ended.err) == (1, "", f"error: {text}\n")


def test_bytes_that_are_no_text_are_refused(run: Run, world: Path) -> None:
    """The shell passes on whatever it is given."""
    words = ("decide", SUBJECT, "read", "hoks", os.fsdecode(b"1.2\xff"))
    ended = run(*words, cwd=world.parent)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: the organisation holds a control or invisible character, expected "
        "plain text\n"
    )
