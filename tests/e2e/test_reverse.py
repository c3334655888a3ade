"""The reverse questions: who may, what may somebody, and where."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

VASTUU = "person:1.2.246.562.24.90100000001"
HEAD = "person:1.2.246.562.24.90100000002"
USER = "person:1.2.246.562.24.90100000003"
PROVIDER = "1.2.246.562.10.90100000000"
KEUDA = "1.2.246.562.10.90101000000"
AT = ("--at", "2026-11-02")


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Every question is asked in the example world."""
    assert world.exists()


def test_who_lists_subjects(oikeus: Run) -> None:
    """One a line, sorted; a list for programs."""
    ended = oikeus("who-can", "read", "hoks", KEUDA, *AT)
    assert (ended.code, ended.out, ended.err) == (0, f"{HEAD}\n{USER}\n", "")
    ended = oikeus("who-can", "read", "hoks", KEUDA, *AT, "--format", "json")
    assert (ended.code, json.loads(ended.out)) == (0, [HEAD, USER])


def test_what_lists_actions_with_the_highest_places(oikeus: Run) -> None:
    """Everywhere, or at one organisation; programs get every organisation."""
    ended = oikeus("what-can", USER, *AT)
    top = f"{KEUDA} Keski-Uudenmaan ammattiopisto Keuda and 6 below"
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"read hoks at {top}\nshare hoks at {top}\n"
    ended = oikeus("what-can", VASTUU, PROVIDER, *AT)
    assert ended.out == (
        f"create tiedonsiirtotunnus at {PROVIDER} Keski-Uudenmaan koulutuskuntayhtymä\n"
    )
    found = json.loads(oikeus("what-can", USER, *AT, "--format", "json").out)
    assert [(item["action"], item["resource"]) for item in found] == [
        ("read", "hoks"),
        ("share", "hoks"),
    ]
    assert [len(item["organisations"]) for item in found] == [7, 7]
    assert found[0]["organisations"][0] == KEUDA


def test_where_lists_the_highest_places(oikeus: Run) -> None:
    """As many as there are; programs get every organisation."""
    twice = "person:1.2.246.562.24.90200000003"
    ended = oikeus("where-can", twice, "share", "hoks", *AT)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "1.2.246.562.10.90201000000 Stadin ammattiopisto and 4 below",
        "1.2.246.562.10.90101020000 Keuda, Kerava",
    ]
    ended = oikeus("where-can", twice, "share", "hoks", *AT, "--format", "json")
    assert len(json.loads(ended.out)) == 6


ELSEWHERE = (
    "organisation `9.9` is not in the register, expected one of "
    "`oikeus show organisations`"
)

NOTHING = {
    "who": (("who-can", "transfer", "hoks", "1.2.246.562.10.90700000000"), "nobody"),
    "who, unknown action": (
        ("who-can", "delete", "hoks", KEUDA),
        "nobody: no rule is about `delete` on `hoks`",
    ),
    "who, unknown place": (
        ("who-can", "read", "hoks", "9.9"),
        f"nobody: {ELSEWHERE}",
    ),
    "who, both unknown": (
        ("who-can", "read", "hosk", "9.9"),
        (
            f"nobody: {ELSEWHERE}; no rule is about `read` on `hosk` "
            "(did you mean `hoks`?)"
        ),
    ),
    "what": (
        ("what-can", "person:nobody"),
        "nothing: no line is about `person:nobody`",
    ),
    "what, elsewhere": (("what-can", USER, "1.2.246.562.10.90700000000"), "nothing"),
    "what, unknown place": (
        ("what-can", USER, "9.9"),
        f"nothing: {ELSEWHERE}",
    ),
    "where": (("where-can", VASTUU, "read", "hoks"), "nowhere"),
    "where, unknown action": (
        ("where-can", USER, "delete", "hoks"),
        "nowhere: no rule is about `delete` on `hoks`",
    ),
    "where, misspelt action and unknown subject": (
        ("where-can", "person:nobody", "raed", "hoks"),
        (
            "nowhere: no rule is about `raed` on `hoks` (did you mean `read`?); "
            "no line is about `person:nobody`"
        ),
    ),
}


@pytest.mark.parametrize(("words", "text"), NOTHING.values(), ids=NOTHING)
def test_empty_answer_ends_with_3(
    oikeus: Run, words: tuple[str, ...], text: str
) -> None:
    """With nothing on stdout, and a hint where something is probably misspelt."""
    ended = oikeus(*words, *AT)
    assert (ended.code, ended.out, ended.err) == (3, "", f"{text}\n")
    ended = oikeus(*words, *AT, "--format", "json")
    assert (ended.code, ended.out, ended.err) == (3, "[]\n", f"{text}\n")
