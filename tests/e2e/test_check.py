"""Checking policies: everything that is wrong, and nothing loaded."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Contents = Callable[[Path], engine.Contents]
Edit = Callable[[Path, str, str], None]

KEUDA = "1.2.246.562.10.90101000000"


def test_check_of_right_files_says_so(
    oikeus: Run, world: Path, checkout: Path, contents: Contents
) -> None:
    """Judged together with what the database holds."""
    assert world.parent == checkout
    ended = oikeus("check", "policies")
    count = sum(line.source is not None for line in contents(world).lines)
    assert (ended.code, ended.out, ended.err) == (
        0,
        f"{count} lines, nothing wrong\n",
        "",
    )
    ended = oikeus("check", "policies", "--format", "json")
    expected = {"lines": count, "findings": [], "suppressed": []}
    assert (ended.code, json.loads(ended.out)) == (0, expected)


def test_check_without_a_database_makes_none(oikeus: Run, checkout: Path) -> None:
    """It says so, and asks nothing that only a register can answer."""
    ended = oikeus("check", "policies")
    assert (ended.code, ended.out) == (0, "56 lines, nothing wrong\n")
    assert ended.err == (
        "note: judged by the files alone, there is no database `oikeus.db`, "
        "make one with `oikeus apply policies/`\n"
    )
    assert not (checkout / "oikeus.db").exists()


def test_check_of_wrong_files_ends_with_3(oikeus: Run, broken: list[str]) -> None:
    """The problems are the result, how many there are is talk."""
    ended = oikeus("check", "policies")
    assert ended.code == 3
    found = [line.replace(" error load-error:", "") for line in ended.out.splitlines()]
    assert found == broken
    assert ended.err.splitlines()[-1] == "2 errors"
    view = json.loads(oikeus("check", "policies", "--format", "json").out)
    assert [
        f"{each['file']}:{each['line']}: {each['reason']}" for each in view["findings"]
    ] == broken
    assert {(each["id"], each["severity"]) for each in view["findings"]} == {
        ("load-error", "error")
    }


def test_check_finds_what_only_the_register_makes_wrong(
    oikeus: Run, world: Path, checkout: Path
) -> None:
    """As a load would."""
    assert world.parent == checkout
    (checkout / "policies" / "more.csv").write_text(
        f"g, person:a, role:vastuukayttaja, {KEUDA}@2026-01-01..2026-12-31\n",
        encoding="utf-8",
    )
    ended = oikeus("check", "policies")
    assert (ended.code, ended.err) == (3, "1 error\n")
    assert ended.out == (
        "policies/more.csv:1: error load-error: `role:vastuukayttaja` cannot be held "
        f"at `{KEUDA}`, which has `level:oppilaitos`; "
        "expected `level:koulutustoimija`\n"
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("more.csv", b"\xff\xfe\x00"),
        ("ehoks.yaml", b"\x00\xff"),
        ("more.csv", b"\0" * 99),
    ],
)
def test_binary_policy_file_is_a_problem_like_any_other(
    oikeus: Run, checkout: Path, name: str, data: bytes
) -> None:
    """With its place, and no traceback."""
    (checkout / "policies" / name).write_bytes(data)
    ended = oikeus("check", "policies")
    assert ended.code == 3
    assert f"policies/{name}" in ended.out


def test_folder_without_a_catalogue_is_no_policy(oikeus: Run, checkout: Path) -> None:
    """Such as the wrong folder."""
    (checkout / "empty").mkdir()
    for command, code in (("check", 3), ("apply", 1)):
        ended = oikeus(command, "empty")
        assert ended.code == code
        assert "expected one catalogue, a .yaml file" in ended.out + ended.err


def test_pipe_in_the_folder_is_a_problem_and_nobody_waits(
    oikeus: Run, checkout: Path
) -> None:
    """Nobody writes to it; it would be read for ever."""
    os.mkfifo(checkout / "policies" / "more.csv")
    for command, code in (("check", 3), ("apply", 1)):
        ended = oikeus(command, "policies")
        assert ended.code == code
        said = (ended.out + ended.err).replace(" error load-error:", "")
        text = "policies/more.csv: is no regular file, expected a file of text"
        assert text in said


def test_model_that_needs_no_grant_is_warned_of(
    oikeus: Run, checkout: Path, edit: Edit
) -> None:
    """It is not refused, since somebody may want it; the shipped invariants break."""
    term = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'
    edit(checkout / "model.conf", f" && {term} \\\n", " \\\n")
    model = (checkout / "model.conf").read_text(encoding="utf-8").splitlines()
    number = model.index("    && r.obj == p.obj && r.act == p.act") + 1
    text = (
        f"`m` can allow without a grant: `{term}` is no term of "
        "it that must hold by itself, so that roles and their days may decide nothing; "
        "join it to the others with `&&`, unless that is what you want"
    )
    ended = oikeus("check", "policies")
    assert ended.code == 3
    first, *others = ended.out.splitlines()
    assert first == f"model.conf:{number}: warning needs-no-grant: {text}"
    broken = "policies/invariants.yaml:"
    assert all(each.startswith((broken, "  ")) or not each for each in others)
    assert any(each.startswith(broken) for each in others)
    ended = oikeus("plan", "policies")
    assert ended.code == 3
    assert f"warning: model.conf:{number}: {text}" in ended.err.splitlines()
    ended = oikeus("plan", "policies", "--format", "json")
    assert (ended.code, "can allow without a grant" in ended.out) == (3, True)


WIDE = "p2, role:ehoks-paakayttaja, role:ehoks-kayttaja, *, active\n"


@pytest.fixture
def doubtful(checkout: Path) -> Path:
    """A file with a line that another one covers, twice: once it is allowed."""
    path = checkout / "policies" / "more.csv"
    path.write_text(f"# R8: whatever the mode\n{WIDE}", encoding="utf-8")
    return path


def test_check_finds_what_looks_wrong(oikeus: Run, doubtful: Path) -> None:
    """Each finding with its id, its reason and what to do."""
    assert doubtful.exists()
    ended = oikeus("check", "policies")
    narrow = WIDE.strip().replace("*", "mode:integraatio")
    number = 1 + (doubtful.parent / "ehoks.csv").read_text().splitlines().index(narrow)
    assert ended.code == 3
    assert ended.out == (
        f"policies/ehoks.csv:{number}: warning redundant-rule: `{narrow}` says nothing "
        "that policies/more.csv:2 does not say already\n"
        "  fix: take one of them away, or say what is different about it\n"
    )
    assert ended.err.endswith("\n1 warning\n")
    assert oikeus("check", "policies", "--severity", "error").code == 0


def test_findings_stand_file_by_file(oikeus: Run, doubtful: Path) -> None:
    """With a blank line between."""
    doubtful.write_text(WIDE, encoding="utf-8")
    lines = oikeus("check", "policies").out.splitlines()
    assert lines[2] == ""
    assert lines[3].startswith("policies/more.csv:1: warning no-reason: ")
    assert len(lines) == 5


def test_file_can_allow_a_finding(oikeus: Run, doubtful: Path, edit: Edit) -> None:
    """Above the line, with the reason, which is counted and shown to programs."""
    narrow = WIDE.replace("*", "mode:integraatio")
    allow = "# oikeus: allow redundant-rule: until the modes are gone\n"
    edit(doubtful.parent / "ehoks.csv", narrow, allow + narrow)
    ended = oikeus("check", "policies")
    assert (ended.code, ended.out) == (0, "57 lines, nothing wrong, 1 suppressed\n")
    view = json.loads(oikeus("check", "policies", "--format", "json").out)
    assert [each["why"] for each in view["suppressed"]] == ["until the modes are gone"]
    log = json.loads(oikeus("check", "policies", "--format", "sarif").out)
    (found,) = log["runs"][0]["results"]
    assert found["suppressions"] == [
        {"kind": "inSource", "justification": "until the modes are gone"}
    ]


def test_sarif_says_where_and_how_grave(oikeus: Run, doubtful: Path) -> None:
    """Version 2.1.0, with each check as a rule."""
    doubtful.write_text("p, role:x, hoks, read, allow\n", encoding="utf-8")
    (doubtful.parent / "two.yaml").write_text("{}", encoding="utf-8")
    ended = oikeus("check", "policies", "--format", "sarif")
    assert ended.code == 3
    log = json.loads(ended.out)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert (log["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "oikeus")
    assert [rule["id"] for rule in rules] == [check.id for check in engine.CHECKS]
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {
        "error",
        "warning",
        "note",
    }
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert places[0] == {"artifactLocation": {"uri": "policies"}}
    assert all(
        rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"]
    )
    assert {each["level"] for each in run["results"]} == {"error"}


def test_checks_are_listed(oikeus: Run) -> None:
    """For people and for programs, without a folder."""
    ended = oikeus("check", "--list")
    assert ended.code == 0
    assert [line.split("\t") for line in ended.out.splitlines()] == [
        [check.id, check.severity.value, check.title] for check in engine.CHECKS
    ]
    view = json.loads(oikeus("--format", "json", "check", "--list").out)
    assert [each["id"] for each in view] == [check.id for check in engine.CHECKS]


def test_model_that_runs_data_is_an_error_with_its_place(
    oikeus: Run, checkout: Path, edit: Edit
) -> None:
    """A model that is not there is none: the command was called wrongly."""
    edit(checkout / "model.conf", "r.obj == p.obj &&", "p.fn(r.obj) &&")
    ended = oikeus("check", "policies")
    assert ended.code == 3
    assert ended.out.startswith("model.conf:54: error matcher-runs-data: `m` has ")
    (checkout / "model.conf").unlink()
    ended = oikeus("check", "policies")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].startswith("error: cannot read ")
