"""Loading policies: all or nothing, and what came, went and moved."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Contents = Callable[[Path], engine.Contents]
Edit = Callable[[Path, str, str], None]

KEUDA = "1.2.246.562.10.90101000000"
RULE = "p, role:ehoks-kayttaja, hoks, share, allow"


def number_of(line: str, path: Path) -> int:
    """Where a line stands in a file."""
    return path.read_text(encoding="utf-8").splitlines().index(line) + 1


def test_first_load_makes_the_database(
    oikeus: Run, checkout: Path, contents: Contents
) -> None:
    """Each new line is talk, how many there are is the result."""
    ended = oikeus("apply", "policies", "--yes")
    lines = contents(checkout / "oikeus.db").lines
    assert (ended.code, ended.out) == (
        0,
        f"version 1: {len(lines)} lines added, 0 removed\n",
    )
    told = [line for line in ended.err.splitlines() if line.startswith("+ ")]
    assert told[: len(lines)] == [
        f"+ {line} ({line.source}; {line.source.comment})"
        for line in lines
        if line.source
    ]
    assert told[len(lines) :][0] == (
        "+ [request_definition] r = sub, kind, org, day, obj, act"
    )
    warned = [line for line in ended.err.splitlines() if line.startswith("warning: ")]
    assert len(warned) == 8
    assert all("is not in the register yet" in line for line in warned)


def test_refused_first_load_leaves_no_database(
    oikeus: Run, checkout: Path, broken: list[str]
) -> None:
    """An empty one would answer every question with an error that misleads."""
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[:-1] == broken
    assert not (checkout / "oikeus.db").exists()


def test_second_load_changes_nothing(
    oikeus: Run, world: Path, checkout: Path, contents: Contents
) -> None:
    """And has nothing to warn of once the register is there."""
    assert world.parent == checkout
    before = contents(world)
    ended = oikeus("apply", "policies/", "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "no change: version 3 says what the files say\n"
    assert contents(world) == before


def test_load_says_what_came_what_went_and_what_moved(
    oikeus: Run, world: Path, checkout: Path, contents: Contents, edit: Edit
) -> None:
    """Differences are talk; programs get lists of them."""
    assert world.parent == checkout
    edit(checkout / "policies" / "ehoks.yaml", "en: eHOKS user}", "en: eHOKS viewer}")
    number = number_of(RULE, checkout / "policies" / "ehoks.csv")
    edit(checkout / "policies" / "ehoks.csv", f"{RULE}\n", "")
    ended = oikeus("apply", "policies", "--yes", "--message", "no more sharing")
    moved = sum(
        line.source is not None
        and line.source.file == "policies/ehoks.csv"
        and line.source.line
        >= number_of(
            "# R10: every call of an integration asks "
            "for this one action, whatever it does",
            checkout / "policies" / "ehoks.csv",
        )
        for line in contents(world).lines
    )
    assert (ended.code, ended.out) == (
        0,
        (
            f"version 4: 0 lines added, 1 removed, {moved} moved in their files, the "
            "catalogue changed\n"
        ),
    )
    written = f"policies/ehoks.csv:{number}; R3, R9: an eHOKS-käyttäjä reads and shares"
    assert ended.err.splitlines()[:3] == [
        f"- {RULE} ({written})",
        "~ the catalogue",
        f"access on {engine.today_in_finland()}:",
    ]
    with engine.Store.open(f"sqlite:///{world}") as store:
        version = store.versions()[-1]
        assert version.message == "no more sharing"
        assert version.actor.startswith("os:")


def test_load_says_what_the_model_defined_before_and_what_it_defines_now(
    oikeus: Run, world: Path, checkout: Path, edit: Edit
) -> None:
    """A changed definition is shown in the symbols of changed lines."""
    assert world.parent == checkout
    effect = "some(where (p.eft == allow)) && !some(where (p.eft == deny))"
    weaker = "some(where (p.eft == allow))"
    edit(checkout / "model.conf", effect, weaker)
    edit(checkout / "policies" / "ehoks.csv", RULE, RULE.replace("allow", "deny"))
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.out) == (
        0,
        "version 4: 1 line added, 1 removed, the model changed\n",
    )
    told = ended.err.splitlines()
    assert [line.partition(" (policies")[0] for line in told[:5]] == [
        f"- {RULE}",
        f"+ {RULE.replace('allow', 'deny')}",
        "~ [policy_effect] e",
        f"  - {effect}",
        f"  + {weaker}",
    ]
    edit(checkout / "model.conf", f"e = {weaker}", f"e = {effect}")
    found = json.loads(oikeus("apply", "policies", "--yes", "--format", "json").out)
    assert found["texts"] == ["model"]
    assert found["definitions"] == [
        {"section": "policy_effect", "name": "e", "before": weaker, "after": effect}
    ]


def test_load_says_that_only_comments_of_the_model_changed(
    oikeus: Run, world: Path, checkout: Path, edit: Edit
) -> None:
    """It is a version of its own all the same."""
    assert world.parent == checkout
    edit(checkout / "model.conf", "# A permission: ", "# Permission: ")
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "version 4: 0 lines added, 0 removed, the comments of the model changed\n"
    )


def test_load_over_a_model_that_cannot_be_read_shows_all_of_the_new_one(
    oikeus: Run, world: Path, checkout: Path
) -> None:
    """Such as one that another release of the program took."""
    assert world.parent == checkout
    with engine.Store.open(f"sqlite:///{world}") as store, store.writing() as writer:
        writer.commit(engine.Change("casbin", "os:tester", "", model="none"))
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.out) == (
        0,
        "version 5: 0 lines added, 0 removed, the model changed\n",
    )
    assert "+ [role_definition] g = _, _, _" in ended.err.splitlines()
    assert "~ [" not in ended.err


def test_load_for_programs(
    oikeus: Run, world: Path, checkout: Path, edit: Edit
) -> None:
    """One object, and no talk of what it holds."""
    assert world.parent == checkout
    edit(checkout / "policies" / "ehoks.csv", RULE, RULE.replace("allow", "deny"))
    ended = oikeus("apply", "policies", "--yes", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == {
        "version": 4,
        "changed": True,
        "added": [RULE.replace("allow", "deny")],
        "removed": [RULE],
        "moved": [],
        "revoked": [],
        "texts": [],
        "definitions": [],
        "warnings": [],
        "inert": [],
    }
    question = ("person:1.2.246.562.24.90100000003", "share", "hoks", KEUDA)
    ended = oikeus("decide", *question, "--at", "2026-11-02")
    assert ended.code == 3
    assert ended.out.startswith(f"deny: denied by `{RULE.replace('allow', 'deny')}`")


def test_grants_that_no_longer_decide_are_told(
    oikeus: Run, world: Path, checkout: Path, edit: Edit
) -> None:
    """They stay, and the owner should know."""
    assert world.parent == checkout
    edit(
        checkout / "policies" / "ehoks.csv",
        "g4, level:koulutustoimija, role:vastuukayttaja\n",
        "g4, level:oppilaitos, role:vastuukayttaja\n",
    )
    ended = oikeus("apply", "policies", "--yes")
    inert = [line for line in ended.err.splitlines() if line.startswith("inert: ")]
    assert ended.code == 0
    assert len(inert) == 7
    first = "g, person:1.2.246.562.24.90100000001, role:vastuukayttaja, "
    days = "1.2.246.562.10.90100000000@2026-01-01..2026-12-31"
    assert inert[0] == (
        f"inert: `{first}{days}`: `role:vastuukayttaja` cannot be held at "
        "`1.2.246.562.10.90100000000`, whose levels are: level:koulutustoimija"
    )
    assert oikeus("doctor").code == 3


def test_refused_load_tells_everything_and_changes_nothing(
    oikeus: Run, world: Path, checkout: Path, contents: Contents, broken: list[str]
) -> None:
    """A problem a line, as editors and other tools read it."""
    assert world.parent == checkout
    before = contents(world)
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        *broken,
        "error: 2 problems, nothing was changed",
    ]
    assert contents(world) == before


def test_what_a_terminal_would_obey_is_shown_and_never_sent(
    oikeus: Run, checkout: Path
) -> None:
    """A policy file may come from anywhere before it is checked."""
    (checkout / "policies" / "more.csv").write_text("g3, role:\x1b[2J, person\n")
    for command in ("check", "apply"):
        ended = oikeus(command, "policies")
        assert "policies/more.csv:1: " in ended.out + ended.err
        assert "\\x1b" in ended.out + ended.err
        assert "\x1b" not in ended.out + ended.err


def test_model_beside_the_folder_is_needed(oikeus: Run, checkout: Path) -> None:
    """Or one that is named."""
    model = checkout / "model.conf"
    other = model.rename(checkout / "other.conf")
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"error: cannot read `{model}`, expected a model.conf in UTF-8\n"
    )
    assert not (checkout / "oikeus.db").exists()
    assert oikeus("apply", "policies", "--yes", "--model", other).code == 0


@pytest.mark.parametrize(
    ("data", "checked"),
    [(b"\x7fELF\x00\xff", 1), (b"[matchers]\nm = " + b"(" * 9999, 3)],
)
def test_model_that_is_none_is_an_error(
    oikeus: Run, checkout: Path, data: bytes, checked: int
) -> None:
    """Whatever file was given by mistake; what can be read is checked."""
    path = checkout / "none.conf"
    path.write_bytes(data)
    ended = oikeus("apply", "policies", "--model", path)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: ")
    ended = oikeus("check", "policies", "--model", path)
    assert ended.code == checked
    assert bool(ended.out) is (checked == 3)
    assert "none.conf" in ended.out + ended.err
