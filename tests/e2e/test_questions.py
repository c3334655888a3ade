"""Questions about access: answers, hints, and what the exit code says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

USER = "person:1.2.246.562.24.90100000003"
ENDED = "person:1.2.246.562.24.90200000004"
KEUDA = "1.2.246.562.10.90101000000"
MALMI = "1.2.246.562.10.90201010000"
AT = ("--at", "2026-11-02")
NAMED = f"`{KEUDA}` (Keski-Uudenmaan ammattiopisto Keuda)"


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Every question is asked in the example world."""
    assert world.exists()


def rule(line: str, policies: Path, file: str = "ehoks.csv") -> int:
    """The number of a line in a policy file."""
    lines = (policies / file).read_text(encoding="utf-8").splitlines()
    return lines.index(line) + 1


def test_allow_ends_with_0_and_names_rule_and_grant(
    oikeus: Run, policies: Path
) -> None:
    """What it rests on, in one line."""
    line = "p, role:ehoks-kayttaja, hoks, read, allow"
    ended = oikeus("decide", USER, "read", "hoks", KEUDA, *AT)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        f"allow: `ehoks-kayttaja` at {NAMED} until 2026-12-31, by `{line}` "
        f"(policies/ehoks.csv:{rule(line, policies)}; R3, R9)\n"
    )


def test_deny_ends_with_3_and_says_why(oikeus: Run) -> None:
    """On stdout: a deny is an answer."""
    ended = oikeus("decide", ENDED, "read", "hoks", MALMI, *AT)
    assert (ended.code, ended.err) == (3, "")
    assert ended.out == "deny: `ehoks-kayttaja` ended on 2026-09-30\n"


def test_day_of_the_question_counts(oikeus: Run) -> None:
    """Both days of a grant are inclusive."""
    for day, code in (("2026-09-30", 0), ("2026-10-01", 3), ("2025-12-31", 3)):
        assert oikeus("decide", ENDED, "read", "hoks", MALMI, "--at", day).code == code


def test_decision_for_programs_holds_all_that_is_known(
    oikeus: Run, policies: Path
) -> None:
    """One object, with the same names as the request's in a batch."""
    line = "p, role:ehoks-kayttaja, hoks, read, allow"
    ended = oikeus("--format", "json", "decide", USER, "read", "hoks", KEUDA, *AT)
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    assert found.pop("reason").startswith("`ehoks-kayttaja` at ")
    assert found == {
        "subject": USER,
        "action": "read",
        "resource": "hoks",
        "organisation": KEUDA,
        "at": "2026-11-02",
        "decision": "allow",
        "version": 3,
        "rule": {
            "text": line,
            "file": "policies/ehoks.csv",
            "line": rule(line, policies),
            "comment": "R3, R9: an eHOKS-käyttäjä reads and shares",
            "rules": ["R3", "R9"],
        },
        "grant": {
            "subject": USER,
            "role": "ehoks-kayttaja",
            "organisation": KEUDA,
            "from": "2026-01-01",
            "until": "2026-12-31",
        },
        "misses": [],
        "roles": [],
        "granters": [],
    }


def test_deny_for_programs_holds_the_nearest_miss(oikeus: Run) -> None:
    """And which roles would give it, and which roles could grant those."""
    ended = oikeus("decide", ENDED, "read", "hoks", MALMI, *AT, "--format", "json")
    assert (ended.code, ended.err) == (3, "")
    found = json.loads(ended.out)
    assert (found["decision"], found["rule"], found["grant"]) == ("deny", None, None)
    assert found["misses"] == [
        {"cause": "ended", "text": "`ehoks-kayttaja` ended on 2026-09-30"}
    ]
    assert set(found["roles"]) == {
        "ehoks-paakayttaja",
        "ehoks-kayttaja",
        "tallentajan-paakayttaja",
        "tallentaja",
    }
    assert found["granters"] == ["vastuukayttaja", "ehoks-paakayttaja"]


def test_explanation_of_an_allow_gives_line_reason_and_grant(
    oikeus: Run, policies: Path
) -> None:
    """A fact a line."""
    line = "p, role:ehoks-kayttaja, hoks, read, allow"
    ended = oikeus("explain", USER, "read", "hoks", KEUDA, *AT)
    assert (ended.code, ended.err) == (0, "")
    first, *rest = ended.out.splitlines()
    assert first == oikeus("decide", USER, "read", "hoks", KEUDA, *AT).out.rstrip("\n")
    assert rest == [
        "  day       2026-11-02",
        "  version   3",
        f"  line      {line}",
        f"  written   policies/ehoks.csv:{rule(line, policies)}",
        "  because   R3, R9: an eHOKS-käyttäjä reads and shares",
        f"  grant     ehoks-kayttaja at {KEUDA}, 2026-01-01 until 2026-12-31",
    ]


def test_explanation_of_a_deny_names_roles_and_people_to_ask(oikeus: Run) -> None:
    """The command line is the owner's, who may know who holds what."""
    ended = oikeus("explain", ENDED, "read", "hoks", MALMI, *AT)
    assert (ended.code, ended.err) == (3, "")
    assert ended.out.splitlines() == [
        "deny: `ehoks-kayttaja` ended on 2026-09-30",
        "  day       2026-11-02",
        "  version   3",
        (
            "  needs     one of: ehoks-paakayttaja, ehoks-kayttaja, "
            "tallentajan-paakayttaja, tallentaja"
        ),
        "  granters  vastuukayttaja, ehoks-paakayttaja",
        "  ask       for ehoks-paakayttaja: person:1.2.246.562.24.90200000001",
        "  ask       for ehoks-kayttaja: person:1.2.246.562.24.90200000002",
    ]
    found = json.loads(
        oikeus("explain", ENDED, "read", "hoks", MALMI, *AT, "--format", "json").out
    )
    assert found["people"] == {
        "ehoks-paakayttaja": ["person:1.2.246.562.24.90200000001"],
        "ehoks-kayttaja": ["person:1.2.246.562.24.90200000002"],
        "tallentajan-paakayttaja": [],
        "tallentaja": [],
    }


def test_many_people_are_counted(oikeus: Run, desk: Path) -> None:
    """An explanation stays readable; programs get all of them."""
    header = "subject,role,organisation,from,until"
    rows = [
        f"person:head{number:02},ehoks-paakayttaja,{KEUDA},2026-01-01,2026-12-31"
        for number in range(12)
    ]
    path = desk / "more.csv"
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    assert oikeus("import", "grants", path).code == 0
    ended = oikeus("explain", "person:new", "read", "hoks", KEUDA, *AT)
    ask = [line for line in ended.out.splitlines() if "for ehoks-kayttaja" in line]
    assert ask[0].endswith("person:head08 and 3 more")
