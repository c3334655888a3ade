"""What was known then: --as-of everywhere, and who could what in a period."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oikeus import operating_system_user
from oikeus.store import recording

Run = Callable[..., Any]

USER = "person:1.2.246.562.24.90100000003"
SYSTEM = "system:keuda-tiedonsiirto"
KEUDA = "1.2.246.562.10.90101000000"
PROVIDER = "1.2.246.562.10.90100000000"
RULE = "p, role:ehoks-kayttaja, hoks, read, allow"
AT = ("--at", "2026-11-02")


@pytest.fixture(autouse=True)
def _history(oikeus: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version N is of the Nth of May; 4 and 5 block and unblock, 6 and 7 are rules."""
    rules = checkout / "policies" / "ehoks.csv"
    whole = rules.read_text(encoding="utf-8")
    for number, words in enumerate(
        (
            ("apply", "policies/", "--yes", "--message", "first load"),
            ("import", "organisations", "examples/organisations.json"),
            ("import", "grants", "examples/grants.csv"),
            ("block", SYSTEM, "--reason", "key leaked"),
            ("unblock", SYSTEM, "--reason", "new key"),
            ("apply", "policies/", "--yes", "--message", "no reading"),
            ("apply", "policies/", "--yes", "--message", "reading again"),
        ),
        1,
    ):
        text = whole.replace(f"{RULE}\n", "") if number == 6 else whole
        rules.write_text(text, encoding="utf-8")
        clock = f"'2026-05-0{number}T07:15:00.000000Z'"
        monkeypatch.setattr(recording, "_CLOCKS", {"sqlite": clock})
        assert oikeus(*words).code == 0


@pytest.fixture
def actor() -> str:
    """Who runs the commands."""
    return f"os:{operating_system_user()}"


@pytest.mark.parametrize(
    ("words", "number", "allowed"),
    [
        (("decide", SYSTEM, "transfer", "hoks", KEUDA), 3, True),
        (("decide", SYSTEM, "transfer", "hoks", KEUDA), 4, False),
        (("decide", SYSTEM, "transfer", "hoks", KEUDA), 5, True),
        (("explain", USER, "read", "hoks", KEUDA), 6, False),
        (("who-can", "transfer", "hoks", KEUDA), 4, False),
        (("what-can", SYSTEM), 4, False),
        (("where-can", SYSTEM, "transfer", "hoks"), 4, False),
        (("where-can", SYSTEM, "transfer", "hoks"), 7, True),
        (("may-grant", USER, "ehoks-kayttaja", KEUDA, "--to", "person:x"), 4, False),
    ],
)
def test_questions_are_decided_by_what_was_known(
    oikeus: Run, words: tuple[str, ...], number: int, *, allowed: bool
) -> None:
    """By the version, whatever came after it."""
    ended = oikeus(*words, *AT, "--as-of", number)
    assert ended.code == (0 if allowed else 3), ended.err


def test_batch_is_decided_by_what_was_known(oikeus: Run) -> None:
    """Each line of it."""
    parts = ("subject", "action", "resource", "organisation")
    line = json.dumps(
        dict(zip(parts, (SYSTEM, "transfer", "hoks", KEUDA), strict=True))
    )
    for number, word in ((4, "deny"), (5, "allow")):
        ended = oikeus("decide", "--batch", "-", "--as-of", number, stdin=line.encode())
        assert json.loads(ended.out)["decision"] == word


def test_show_shows_what_was_in_force(oikeus: Run) -> None:
    """Whatever is shown."""
    assert SYSTEM in oikeus("show", "blocks", "--as-of", 4).out
    assert oikeus("show", "blocks", "--as-of", 5).out == ""
    assert RULE in oikeus("show", "rules", "--as-of", 5).out
    assert RULE not in oikeus("show", "rules", "--as-of", 6).out
    for what in ("roles", "organisations", "grants", "plan"):
        assert oikeus("show", what, "--as-of", 3).out
    assert oikeus("show", "grants", "--as-of", 2).out.count("ehoks-kayttaja") == 0


def test_explain_says_which_rule_and_whose_grant(oikeus: Run, actor: str) -> None:
    """Could X read HOKS at Y on 3 May, by which rule and whose grant?"""
    question = ("explain", USER, "read", "hoks", KEUDA, "--at", "2026-05-03")
    ended = oikeus(*question, "--as-of", "2026-05-05")
    assert ended.code == 0
    assert ended.out.startswith("allow: `ehoks-kayttaja` at ")
    told = ended.out.splitlines()
    assert told[1:4] == [
        "  day       2026-05-03",
        "  version   5 of 2026-05-05 10:15",
        f"  line      {RULE}",
    ]
    imported = "import grants examples/grants.csv"
    assert told[6:] == [
        f"  in force  by version 1 (2026-05-01 10:15, {actor}): first load",
        f"  grant     ehoks-kayttaja at {KEUDA}, 2026-01-01 until 2026-12-31",
        f"  granted   by version 3 (2026-05-03 10:15, {actor}): {imported}",
    ]
    said = json.loads(oikeus(*question, "--as-of", 7, "--format", "json").out)
    assert (said["version"], said["at"]) == (7, "2026-05-03")
    assert said["in_force"]["version"] == 7
    assert said["in_force"]["message"] == "reading again"
    assert (said["granted"]["version"], said["granted"]["origin"]) == (3, "grants")
    assert said["known"]["time"] == "2026-05-07T07:15:00.000000Z"
    denied = json.loads(oikeus(*question, "--as-of", 6, "--format", "json").out)
    assert (denied["granted"], denied["in_force"]) == (None, None)


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        ("2026-05-04T10:14:59+03:00", 3),
        ("2026-05-04T10:15:00+03:00", 4),
        ("2026-05-04T07:15Z", 4),
        ("2026-05-04", 4),
        ("5", 5),
    ],
)
def test_moment_is_a_version_the_end_of_a_day_or_an_instant(
    oikeus: Run, moment: str, version: int
) -> None:
    """What was known is the last version whose time is not after it."""
    words = ("decide", SYSTEM, "transfer", "hoks", KEUDA, "--as-of", moment)
    assert json.loads(oikeus(*words, "--format", "json").out)["version"] == version


def test_day_is_that_of_the_moment_unless_it_is_named(oikeus: Run) -> None:
    """What was known, and the day that is decided, are two things."""
    words = ("explain", USER, "read", "hoks", KEUDA, "--as-of", "2027-01-01")
    assert oikeus(*words, *AT).code == 0
    ended = oikeus(*words[:-1], "2099-12-31")
    assert ended.code == 3
    assert "day       2099-12-31" in ended.out
    said = "the moment is still to come: decided by version 7, which is what is known"
    assert ended.err == f"{said} now\n"


@pytest.mark.parametrize(
    ("moment", "code", "said"),
    [
        ("9", 1, "error: there is no version 9, expected one of `oikeus log`\n"),
        ("2020-01-01", 1, "error: there was no version yet at 2020-01-01T21:59:59"),
        ("2026-01-01T10:00", 2, "`2026-01-01T10:00` has no offset, expected a version"),
        ("yesterday", 2, "`yesterday` is no moment, expected a version such as 7"),
    ],
)
def test_what_is_no_moment_is_an_error(
    oikeus: Run, moment: str, code: int, said: str
) -> None:
    """One that no version was known at, and what cannot be read as one."""
    ended = oikeus("show", "roles", "--as-of", moment)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err


PERIOD = ("--from", "2026-01-01", "--until", "2099-12-30")


def test_who_could_says_what_opened_and_closed_each_interval(oikeus: Run) -> None:
    """A version by its number, time and actor; a day by the grant that ended."""
    ended = oikeus("who-could", "transfer", "hoks", KEUDA, *PERIOD)
    first, second = ended.out.splitlines()
    assert ended.code == 0
    assert first.startswith(f"{SYSTEM}: 2026-05-03 10:15 until 2026-05-04 10:15; ")
    assert f"grant of palvelukayttaja at {PROVIDER}; closed by version 4 (2026" in first
    assert first.endswith("`key leaked`): blocked")
    assert "opened by version 5 (2026-05-05 10:15, " in second
    assert second.endswith("`new key`): unblocked; not closed in the period")
    assert "the first version is of 2026-05-01 10:15: nothing is" in ended.err
    assert "the period is not over" in ended.err
    ended = oikeus("who-could", "read", "hoks", KEUDA, *PERIOD, "--format", "json")
    *_, before, after = json.loads(ended.out)
    assert before["subject"] == after["subject"] == USER
    assert before["closed"]["text"] == f"rule `{RULE}` taken out"
    assert before["closed"]["by"]["message"] == "no reading"
    assert after["opened"]["text"] == f"rule `{RULE}`"
    assert after["opened"]["by"]["version"] == 7
    assert after["until"] == "2026-12-31T22:00:00+00:00"
    assert after["closed"]["day"] == "2027-01-01"
    assert after["closed"]["text"] == (
        f"the grant of ehoks-kayttaja at {KEUDA} ended on 2026-12-31"
    )
    assert after["closed"]["by"]["version"] == 3


def test_what_could_folds_places(oikeus: Run) -> None:
    """Text names the highest; JSON names each."""
    ended = oikeus("what-could", USER, *PERIOD)
    assert ended.code == 0
    assert [line.partition(":")[0] for line in ended.out.splitlines()] == [
        f"{deed} hoks at {KEUDA} Keski-Uudenmaan ammattiopisto Keuda and 6 below"
        for deed in ("read", "share", "read")
    ]
    words = ("--organisation", KEUDA, "--format", "json")
    said = json.loads(oikeus("what-could", USER, *PERIOD, *words).out)
    assert [each["organisations"] for each in said] == [[KEUDA]] * 3


def test_nobody_could_where_nothing_was_known(oikeus: Run) -> None:
    """Before the first version, and where the question is misspelt."""
    long_ago = ("--from", "2020-01-01", "--until", "2020-12-31")
    ended = oikeus("who-could", "read", "hoks", KEUDA, *long_ago)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith("nobody: there was no version yet\n")
    ended = oikeus("who-could", "read", "hoks", "1.9", *PERIOD, "--format", "json")
    assert (ended.code, json.loads(ended.out)) == (3, [])
    assert "nobody: organisation `1.9` is not in the register" in ended.err
    ended = oikeus("what-could", "person:nobody", *PERIOD)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith("nothing: no line is about `person:nobody`\n")
    backwards = ("--from", "2026-01-01", "--until", "2025-12-31")
    ended = oikeus("what-could", USER, *backwards)
    assert ended.code == 1
    assert "the period ends on 2025-12-31, before it begins on 2026-01-01" in ended.err
