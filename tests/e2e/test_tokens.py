"""Tokens of the service, through the command line: shown once, and never again."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine
from oikeus.store import Reader
from oikeus_cli.commands import tokens

Run = Callable[..., Any]

SYSTEM = "system:keuda-tiedonsiirto"
PERSON = "person:1.2.246.562.24.90100000011"
PROVIDER = "1.2.246.562.10.90100000000"
NIGHT = ("--scope", "evaluate", "--organisation", PROVIDER, "--label", "the night run")
FORM = r"oik_[0-9]+_[0-9a-f]{64}"
TODAY = engine.today_in_finland()


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Everybody here is of the example world, at version 3."""
    assert world.exists()


def last(days: int = 90) -> str:
    """The last day of a token that was created today."""
    return str(TODAY + timedelta(days))


def test_a_token_is_written_alone_to_stdout(oikeus: Run) -> None:
    """So that a pipe takes it; what is said about it goes to stderr."""
    ended = oikeus("token", "create", SYSTEM, *NIGHT)
    assert ended.code == 0
    assert re.fullmatch(f"{FORM}\n", ended.out)
    assert ended.err == (
        f"version 4: token 4 of {SYSTEM}, to evaluate at {PROVIDER} and below, until "
        f"{last()}; it is not shown again\n"
    )


def test_a_token_is_known_to_a_service(oikeus: Run) -> None:
    """Whose it is and what for, until it is revoked."""
    words = ("--scope", "audit", "--scope", "search", "--days", "1")
    text = oikeus("token", "create", PERSON, *words).out.strip()
    with engine.Store.open("sqlite:///oikeus.db", create=False) as store:
        book = engine.TokenBook(store)
        found = book.verify(text, TODAY + timedelta(1))
        scopes = frozenset({engine.Scope.SEARCH, engine.Scope.AUDIT})
        assert found == engine.Bearer(4, PERSON, scopes, ())
        assert book.verify(text, TODAY + timedelta(2)) is None
        assert oikeus("token", "revoke", 4, "--reason", "left").code == 0
        assert book.refresh()
        assert book.verify(text, TODAY) is None


def test_a_token_for_programs_is_in_the_object(oikeus: Run) -> None:
    """With all that it is bound to."""
    words = ("--until", last(7), "--format", "json")
    ended = oikeus("token", "create", SYSTEM, *NIGHT, *words)
    assert (ended.code, ended.err) == (0, "")
    view = json.loads(ended.out)
    assert re.fullmatch(FORM, view.pop("token"))
    assert re.fullmatch(r"[-0-9]{10}T[:.0-9]{15}Z", view.pop("created"))
    assert view.pop("created_by").startswith("os:")
    assert view == {
        "id": 4,
        "subject": SYSTEM,
        "scopes": ["evaluate"],
        "organisations": [PROVIDER],
        "until": last(7),
        "state": "active",
        "label": "the night run",
        "revoked": None,
        "revoked_by": None,
        "reason": "",
        "version": None,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_token_in_a_file_is_for_its_owner_and_not_on_the_screen(
    oikeus: Run, desk: Path, form: str
) -> None:
    """Neither stdout nor stderr repeats it."""
    words = ("--out", "night.token", "--format", form)
    ended = oikeus("token", "create", SYSTEM, *NIGHT, *words)
    assert ended.code == 0
    assert not re.search("[0-9a-f]{64}", ended.out + ended.err)
    file = desk / "night.token"
    assert re.fullmatch(f"{FORM}\n", file.read_text(encoding="utf-8"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    if form == "text":
        assert ended.out.endswith(f"until {last()}: written to night.token\n")
    else:
        assert json.loads(ended.out)["file"] == "night.token"


def test_a_token_that_cannot_be_written_is_not_left_active(oikeus: Run) -> None:
    """Nobody has it, and the log says so."""
    ended = oikeus("token", "create", SYSTEM, *NIGHT, "--out", "nowhere/night.token")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: `nowhere/night.token` cannot be written: no such file or directory\n"
    )
    (found,) = json.loads(oikeus("token", "list", "--format", "json").out)
    assert (found["id"], found["state"], found["version"]) == (4, "revoked", 5)
    assert found["reason"] == "its file could not be written"


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_that_is_there_is_not_overwritten(
    oikeus: Run, desk: Path, kind: str
) -> None:
    """It may hold another token; none is created then."""
    file = desk / "night.token"
    if kind == "file":
        file.write_text("another", encoding="utf-8")
    else:
        file.symlink_to("nothing")
    ended = oikeus("token", "create", SYSTEM, *NIGHT, "--out", "night.token")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: `night.token` cannot be written: it is there already, "
        "choose another name or remove it\n"
    )
    assert oikeus("token", "list").err == "none\n"
    if kind == "file":
        assert file.read_text(encoding="utf-8") == "another"


def test_a_file_that_comes_meanwhile_is_not_overwritten(
    oikeus: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nobody has the token, and it is not left active."""
    file = desk / "night.token"
    file.write_text("another", encoding="utf-8")
    monkeypatch.setattr(tokens, "check_new", lambda _: None)
    ended = oikeus("token", "create", SYSTEM, *NIGHT, "--out", "night.token")
    assert ended.err.endswith("it is there already, choose another name or remove it\n")
    (found,) = json.loads(oikeus("token", "list", "--format", "json").out)
    assert (found["state"], file.read_text(encoding="utf-8")) == ("revoked", "another")


def test_tokens_are_listed_without_secrets(oikeus: Run) -> None:
    """By their ids, with all that an owner looks for."""
    assert oikeus("token", "list").err == "none\n"
    made = [oikeus("token", "create", SYSTEM, *NIGHT).out]
    words = ("--scope", "search", "--scope", "administer", "--days", "0")
    made += [oikeus("token", "create", PERSON, *words).out]
    assert oikeus("token", "revoke", 4, "--reason", "leaked").code == 0
    ended = oikeus("token", "list")
    assert (ended.code, ended.err) == (0, "")
    assert [line.split("\t") for line in ended.out.splitlines()] == [
        ["4", SYSTEM, "evaluate", PROVIDER, last(), "revoked", "the night run"],
        ["5", PERSON, "search administer", "everywhere", last(0), "active", ""],
    ]
    shown = ended.out + oikeus("token", "list", "--format", "json").out
    assert not re.search("[0-9a-f]{64}", shown)
    assert all(text.strip().rpartition("_")[2] not in shown for text in made)


def test_what_was_done_to_tokens_is_in_the_log(oikeus: Run) -> None:
    """By whom, when and why; and the log stays whole."""
    secret = oikeus("token", "create", SYSTEM, *NIGHT).out.strip().rpartition("_")[2]
    assert oikeus("token", "revoke", 4, "--reason", "leaked").out == (
        "version 5: token 4 revoked\n"
    )
    listed = oikeus("log", "--origin", "token").out
    messages = [line.split("\t")[-1] for line in listed.splitlines()]
    assert messages == ["token 4 revoked: leaked", "token 4 active: the night run"]
    about = ("--subject", SYSTEM, "--organisation", PROVIDER, "--since", str(TODAY))
    assert oikeus("log", "--origin", "token", *about).out == listed
    elsewhere = ("--organisation", "1.2.246.562.10.90200000000")
    assert oikeus("log", "--origin", "token", *elsewhere).err == "none\n"
    created, revoked = (oikeus("show", "version", each).out for each in (4, 5))
    assert created.endswith(
        f"+ token 4 of {SYSTEM}, to evaluate at {PROVIDER} and below, until {last()}: "
        "active\n"
    )
    assert revoked.endswith(f"~ token 4 of {SYSTEM}: revoked\n")
    views = json.loads(oikeus("log", "--limit", 3, "--format", "json").out)
    assert [each["token"] and each["token"]["state"] for each in views] == [
        "revoked",
        "active",
        None,
    ]
    assert views[1]["token"] == {
        "id": 4,
        "state": "active",
        "subject": SYSTEM,
        "scopes": ["evaluate"],
        "organisations": [PROVIDER],
        "until": last(),
        "label": "the night run",
    }
    shown = json.dumps(views) + created + revoked + listed
    assert secret not in shown
    verified = oikeus("verify")
    assert (verified.code, verified.err) == (0, "")


def test_to_revoke_twice_is_no_change(oikeus: Run) -> None:
    """A script may try again."""
    oikeus("token", "create", SYSTEM, *NIGHT)
    words = ("token", "revoke", 4, "--reason", "leaked")
    ended = oikeus(*words, "--format", "json")
    assert json.loads(ended.out) == {"id": 4, "version": 5, "changed": True}
    assert oikeus(*words).out == "no change: token 4 is revoked already\n"
    ended = oikeus(*words, "--format", "json")
    assert json.loads(ended.out) == {"id": 4, "version": None, "changed": False}


def test_a_token_in_the_place_of_an_id_is_not_repeated(oikeus: Run) -> None:
    """It would stand in the terminal's and the job's log."""
    text = oikeus("token", "create", SYSTEM, *NIGHT).out.strip()
    for word in (text, text.rpartition("_")[2], "4 ", "\u0664", "9" * 11):
        ended = oikeus("token", "revoke", word, "--reason", "leaked")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.endswith(
            "Invalid value for 'ID': this is no id, expected one of `oikeus token "
            "list`\n"
        )
    ended = oikeus("token", "revoke", 3, "--reason", "leaked")
    assert (ended.code, ended.err) == (
        1,
        "error: there is no token 3, expected one of `oikeus token list`\n",
    )


REFUSED = {
    "error: `robot:a` is of no known kind, expected person:ID or system:ID": (
        *("robot:a", "--scope", "audit"),
    ),
    (
        "error: organisation `1.2.3` is not in the register, expected one of "
        "`oikeus show organisations`"
    ): (*(SYSTEM, "--scope", "audit", "--organisation", "1.2.3"),),
    "error: the subject holds a control or invisible character, expected plain text": (
        *("person:\0", "--scope", "audit"),
    ),
}


@pytest.mark.parametrize("expected", REFUSED)
def test_what_no_token_can_be_bound_to_is_an_error(oikeus: Run, expected: str) -> None:
    """In one line, and nothing is written."""
    ended = oikeus("token", "create", *REFUSED[expected])
    assert (ended.code, ended.out, ended.err) == (1, "", f"{expected}\n")
    assert oikeus("token", "list").err == "none\n"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--scope", "everything"),
        ("--scope", "audit", "--days", "366"),
        ("--scope", "audit", "--days", "-1"),
        ("--scope", "audit", "--days", "9", "--until", last()),
        ("--scope", "audit", "--until", "soon"),
    ],
)
def test_wrong_options_are_usage_errors(oikeus: Run, words: tuple[str, ...]) -> None:
    """Nothing is guessed: neither a scope nor a day."""
    ended = oikeus("token", "create", SYSTEM, *words)
    assert (ended.code, ended.out) == (2, "")
    assert oikeus("token", "list").err == "none\n"


def test_a_token_for_a_subject_without_grants_is_doubtful(
    oikeus: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is created all the same, also where nobody can tell."""
    words = ("token", "create", "system:keuda-tiedonsirto", "--scope", "evaluate")
    ended = oikeus(*words)
    assert ended.code == 0
    assert ended.err.startswith(
        "warning: `system:keuda-tiedonsirto` holds no grant: is this the subject you "
        "mean?\n"
    )

    def fail(reader: Reader, subject: str) -> bool:
        del reader, subject
        message = "cannot be read"
        raise engine.StoreError(message)

    monkeypatch.setattr(Reader, "has_grant", fail)
    ended = oikeus(*words)
    assert ended.code == 0
    assert re.fullmatch(f"{FORM}\n", ended.out)
    assert "warning" not in ended.err
