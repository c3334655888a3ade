"""Plan, apply a plan, approve it, compare, roll back: nothing but what was shown."""

import json
import os
import pty
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine
from oikeus import make_key

Run = Callable[..., Any]
Edit = Callable[[Path, str, str], None]
Contents = Callable[[Path], engine.Contents]

RULE = "p, role:ehoks-kayttaja, hoks, share, allow"
LEVEL = "g4, level:oppilaitos, role:palvelukayttaja"
AT = ("--at", "2026-11-02")


@pytest.fixture
def git(desk: Path) -> Callable[..., str]:
    """Run git in the folder of the test, as somebody."""
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")

    def run(*words: str) -> str:
        done = subprocess.run(  # noqa: S603 - ours
            ["git", "-C", str(desk), *who, *words],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def rules(world: Path, checkout: Path) -> Path:
    """The file with the rules that the database of the examples was made from."""
    assert world.parent == checkout
    return checkout / "policies" / "ehoks.csv"


@pytest.fixture
def planned(oikeus: Run, rules: Path, edit: Edit) -> Path:
    """The file of a plan that takes a rule away."""
    edit(rules, f"{RULE}\n", "")
    assert oikeus("plan", "policies", "--out", "a.plan", "--message", "m").code == 3
    return Path("a.plan").resolve()


def test_plan_of_what_is_in_force_ends_with_0(oikeus: Run, rules: Path) -> None:
    """And says so."""
    assert rules.exists()
    ended = oikeus("plan", "policies")
    assert (ended.code, ended.out, ended.err) == (
        0,
        "no change: version 3 says what the files say\n",
        "",
    )
    found = json.loads(oikeus("plan", "policies", "--format", "json").out)
    assert (found["changed"], found["changes"]) == (False, None)


def test_plan_says_lines_access_power_and_what_becomes_inert(
    oikeus: Run, rules: Path, edit: Edit, world: Path, contents: Contents
) -> None:
    """In groups, with a closing count, and nothing is changed."""
    before = contents(world)
    edit(rules, f"{LEVEL}\n", "")
    edit(rules, RULE, RULE.replace("share", "create"))
    ended = oikeus("plan", "policies", *AT)
    told = ended.out.splitlines()
    assert ended.code == 3
    assert [line.partition(" (policies")[0] for line in told[:3]] == [
        f"- {LEVEL}",
        f"- {RULE}",
        f"+ {RULE.replace('share', 'create')}",
    ]
    places = (
        "5 organisations (3 educational institutions, 2 offices), 16 with those below"
    )
    assert told[3:9] == [
        "access on 2026-11-02:",
        f"+ 7 people gain create on hoks at {places}",
        f"- 7 people lose share on hoks at {places}",
        (
            "- 1 system loses transfer on hoks at 1.2.246.562.10.90201000000 "
            "Stadin ammattiopisto and 4 below"
        ),
        "power on 2026-11-02:",
        (
            "- 4 people lose the power to grant palvelukayttaja at 4 educational "
            "institutions"
        ),
    ]
    assert told[9] == "grants:"
    assert told[10].startswith("~ g, system:stadi-tiedonsiirto, ")
    assert told[11:13] == [
        "grants that no rule would allow any more:",
        (
            "~ flagged (level): system:stadi-tiedonsiirto palvelukayttaja at "
            "1.2.246.562.10.90201000000 Stadin ammattiopisto 2026-01-01..2099-12-31"
        ),
    ]
    assert told[13] == (
        "plan: 1 line to add, 2 to remove, 26 moved in their files, 7 gain and 8 lose "
        "access, 0 gain and 4 lose power, 1 grant made inert, 1 grant flagged"
    )
    assert contents(world) == before
    full = oikeus("plan", "policies", "--full", *AT).out
    assert (
        "+ person:1.2.246.562.24.90100000003 create on hoks at "
        "1.2.246.562.10.90101000000 Keski-Uudenmaan ammattiopisto Keuda and 6 below\n"
    ) in full
    assert (
        "- person:1.2.246.562.24.90100000001 grants palvelukayttaja at "
        "1.2.246.562.10.90101000000 Keski-Uudenmaan ammattiopisto Keuda\n"
    ) in full


def test_plan_without_a_database_is_one_against_nothing(
    oikeus: Run, checkout: Path
) -> None:
    """And its file makes the database."""
    ended = oikeus("plan", "policies", "--out", "first.plan")
    assert ended.code == 3
    assert "plan: 56 lines to add, 0 to remove" in ended.out
    assert not (checkout / "oikeus.db").exists()
    ended = oikeus("apply", "first.plan", "--yes")
    assert (ended.code, ended.out) == (0, "version 1: 56 lines added, 0 removed\n")


def test_drift_is_shown_apart(
    oikeus: Run, rules: Path, insert: Callable[..., None]
) -> None:
    """What another program put past the files, in the symbols of every change."""
    rule = ("p", "role:ehoks-kayttaja", "hoks", "update", "allow")
    insert(rules.parents[1] / "oikeus.db", *rule)
    told = oikeus("plan", "policies", *AT).out.splitlines()
    assert told[:3] == [
        "drift, changed in the database past the files:",
        f"  + {', '.join(rule)}",
        f"- {', '.join(rule)}",
    ]


def test_a_load_that_mends_drift_leaves_a_history_that_verifies(
    oikeus: Run, world: Path, policies: Path, insert: Callable[..., None]
) -> None:
    """What was changed behind the log is told by the version that met it."""
    insert(world, "p", "role:tallentaja", "hoks", "transfer", "allow")
    with sqlite3.connect(world) as connection:
        connection.execute("DELETE FROM casbin_rule WHERE v0 = 'role:ehoks-kayttaja'")
        connection.execute("UPDATE casbin_rule SET v2 = 'wipe' WHERE v2 = 'update'")
    connection.close()
    assert oikeus("verify").code == 3
    assert oikeus("apply", policies, "--yes").code == 0
    assert oikeus("verify").out.startswith("clean: ")
    assert oikeus("plan", policies).code == 0


def test_applied_plan_is_exactly_what_was_planned(
    oikeus: Run, planned: Path, rules: Path, world: Path, contents: Contents
) -> None:
    """Whatever the files say by now."""
    rules.write_text("nonsense\n")
    ended = oikeus("apply", planned, "--yes")
    assert ended.code == 0
    assert ended.out.startswith("version 4: 0 lines added, 1 removed, ")
    told = ended.err.splitlines()
    assert "of policies, against version 3: m" in told[1]
    assert told[2].startswith(f"- {RULE} (policies/ehoks.csv:")
    assert told[4].startswith("- 7 people lose share on hoks at 5 organisations")
    assert RULE not in {str(line) for line in contents(world).lines}


def test_plan_file_is_shown_and_asked_about(
    oikeus: Run, planned: Path, world: Path, contents: Contents
) -> None:
    """Where nobody can be asked, that is an error, and nothing is applied."""
    before = contents(world)
    ended = oikeus("apply", planned)
    assert (ended.code, ended.out) == (1, "")
    assert "nobody can be asked here, nothing was changed: expected --yes" in ended.err
    assert contents(world) == before


def test_plan_file_of_uncommitted_files_is_warned_of(
    oikeus: Run, rules: Path, edit: Edit, git: Callable[..., str]
) -> None:
    """Nobody can look up what it was made of."""
    git("init", "-q")
    git("add", "policies", "model.conf")
    git("commit", "-qm", "one")
    edit(rules, f"{RULE}\n", "")
    assert oikeus("plan", "policies", "--out", "a.plan").code == 3
    warning = "warning: the files of the plan were not as their git commit has them\n"
    make_key(Path("private.pem"), Path("public.pem"))
    for words in (
        ("plan", "a.plan"),
        ("sign", "a.plan", "--key", "private.pem"),
        ("apply", "a.plan", "--yes"),
    ):
        assert warning in oikeus(*words).err


def test_plan_file_can_be_read_before_it_is_signed(oikeus: Run, planned: Path) -> None:
    """As it was shown when it was made, with what it is of; `sign` shows it too."""
    made = oikeus("plan", "policies", *AT).out
    ended = oikeus("plan", planned, *AT)
    assert (ended.code, ended.err) == (3, "")
    heading, rest = ended.out.split("against version 3: m\n")
    assert heading.startswith("plan ")
    assert rest == made
    make_key(Path("private.pem"), Path("public.pem"))
    told = oikeus("sign", planned, "--key", "private.pem").err
    assert told.startswith(f"{heading}against version 3: m\n- {RULE} (")
    assert "- 7 people lose share on hoks" in told
    found = json.loads(oikeus("plan", planned, *AT, "--format", "json").out)
    again = oikeus("plan", "policies", "--message", "m", *AT, "--format", "json")
    folder = json.loads(again.out)
    assert found == folder
    assert (found["invariants"]["count"], found["invariants"]["broken"]) == (41, [])


def test_plan_file_of_another_version_is_shown_without_its_effect(
    oikeus: Run, planned: Path, world: Path
) -> None:
    """Its lines are, with why no more is known of it; so where there is no database."""
    assert oikeus("block", "person:x", "--reason", "gone").code == 0
    for reason in ("the head is version 4 now", "there is no database here"):
        ended = oikeus("plan", planned)
        told = ended.out.splitlines()
        assert (ended.code, ended.err) == (3, "")
        assert told[2].startswith(f"- {RULE} (policies/ehoks.csv:")
        assert told[-1].startswith("who gains and who loses is not known: ")
        assert reason in told[-1]
        found = json.loads(oikeus("plan", planned, "--format", "json").out)
        assert reason in found["unknown"]
        assert found["changes"] is None
        assert [each["text"] for each in found["lines"]["removed"]] == [RULE]
        world.unlink(missing_ok=True)


def test_plan_of_an_older_version_is_refused(oikeus: Run, planned: Path) -> None:
    """Saying what the head is now and what to do."""
    assert oikeus("block", "person:x", "--reason", "gone").code == 0
    ended = oikeus("apply", planned, "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: the plan was made against version 3, and the head is version 4 now: "
        "make another plan with `oikeus plan`\n"
    )


def test_plan_of_another_database_is_refused(
    oikeus: Run, planned: Path, world: Path
) -> None:
    """The number of its head is the same, and its digest is not."""
    world.unlink()
    for line in ("a", "b", "c"):
        with (
            engine.Store.open(f"sqlite:///{world}") as store,
            store.writing() as writer,
        ):
            change = engine.Change(
                "casbin", "os:t", line, add=(engine.Line(line, (line,)),)
            )
            writer.commit(change)
    ended = oikeus("apply", planned, "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert "this database has another version 3" in ended.err


def test_rules_changed_behind_a_plan_are_noticed(
    oikeus: Run, planned: Path, world: Path, insert: Callable[..., None]
) -> None:
    """Though no version tells."""
    insert(world, "p", "role:ehoks-kayttaja", "hoks", "update", "allow")
    ended = oikeus("apply", planned, "--yes")
    assert ended.code == 1
    assert "rules were changed in the database behind it since" in ended.err


def test_plan_that_was_touched_is_refused(
    oikeus: Run, planned: Path, world: Path, contents: Contents
) -> None:
    """By one word."""
    before = contents(world)
    planned.write_text(planned.read_text().replace('"m"', '"n"'))
    ended = oikeus("apply", planned, "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert "has another digest than it says" in ended.err
    assert contents(world) == before


def test_approved_plan_is_recorded_with_its_signature(
    oikeus: Run, planned: Path, world: Path
) -> None:
    """Which is verified before anything is done."""
    make_key(Path("private.pem"), Path("public.pem"))
    make_key(Path("other.pem"), Path("other-public.pem"))
    ended = oikeus("apply", planned, "--yes", "--approved-by", "public.pem")
    assert (ended.code, ended.out) == (1, "")
    assert "cannot be read" in ended.err
    signed = oikeus("sign", planned, "--key", "private.pem")
    assert signed.code == 0
    by_other = ("--approved-by", "other-public.pem")
    assert oikeus("apply", planned, "--yes", *by_other).code == 1
    ended = oikeus("apply", planned, "--yes", "--approved-by", "public.pem")
    assert ended.code == 0
    with engine.Store.open(f"sqlite:///{world}") as store:
        approval = store.versions()[-1].approval
    assert approval is not None
    assert approval == Path("a.plan.sig").read_text().strip()
    assert json.loads(approval)["plan"] in signed.out
    found = json.loads(
        oikeus("sign", planned, "--key", "private.pem", "--format", "json").out
    )
    assert found["plan"] == json.loads(approval)["plan"]


def test_options_that_do_not_go_together_are_wrong_usage(
    oikeus: Run, planned: Path
) -> None:
    """Nothing that was asked for is passed over in silence."""
    make_key(Path("private.pem"), Path("public.pem"))
    for words in (
        ("apply", "policies", "--approved-by", "public.pem"),
        ("apply", planned, "--message", "x"),
        ("apply", planned, "--signature", "x.sig"),
        ("plan", planned, "--message", "x"),
        ("plan", planned, "--out", "b.plan"),
    ):
        assert oikeus(*words).code == 2


def test_nobody_to_ask_is_an_error(
    oikeus: Run, rules: Path, edit: Edit, world: Path, contents: Contents
) -> None:
    """And nothing is applied."""
    before = contents(world)
    edit(rules, f"{RULE}\n", "")
    ended = oikeus("apply", "policies")
    assert (ended.code, ended.out) == (1, "")
    assert "nobody can be asked here, nothing was changed: expected --yes" in ended.err
    assert contents(world) == before


@pytest.mark.parametrize("answer", ["y", "n"])
def test_somebody_at_a_terminal_is_asked(
    spawn: Callable[..., "subprocess.Popen[bytes]"],
    rules: Path,
    world: Path,
    contents: Contents,
    answer: str,
) -> None:
    """After the plan was shown."""
    rules.write_text(rules.read_text(encoding="utf-8").replace(f"{RULE}\n", ""))
    ours, theirs = pty.openpty()
    process = spawn("apply", "policies", stdin=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(60) == (answer == "n")
    seen = b""
    while b"carry it out?" not in seen:
        seen += os.read(ours, 10_000)
    os.close(ours)
    assert RULE.encode() in seen
    assert b"plan: 0 lines to add, 1 to remove" in seen
    assert contents(world).version == (4 if answer == "y" else 3)


def test_plan_is_not_written_over_a_link(oikeus: Run, rules: Path, edit: Edit) -> None:
    """Nobody leads it elsewhere."""
    edit(rules, f"{RULE}\n", "")
    Path("elsewhere").write_text("mine")
    Path("a.plan").symlink_to("elsewhere")
    ended = oikeus("plan", "policies", "--out", "a.plan")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: `a.plan` cannot be written: ")
    assert Path("elsewhere").read_text() == "mine"
    assert oikeus("plan", "policies", "--out", "no/such/a.plan").code == 1


def test_committed_files_are_insisted_on(
    oikeus: Run, rules: Path, edit: Edit, git: Callable[..., str], world: Path
) -> None:
    """And a version names the commit that it was made from, dirty or not."""
    ended = oikeus("plan", "policies", "--require-clean")
    assert ended.code == 1
    assert "is in no git repository with a commit" in ended.err
    git("init", "-q")
    git("add", "policies", "model.conf")
    git("commit", "-qm", "one")
    first = git("rev-parse", "HEAD")
    assert oikeus("plan", "policies", "--require-clean").code == 0
    edit(rules, f"{RULE}\n", "")
    ended = oikeus("apply", "policies", "--require-clean", "--yes")
    assert ended.code == 1
    assert f"policies/ehoks.csv: is not as commit {first} has it" in ended.err
    assert oikeus("apply", "policies", "--yes").code == 0
    git("commit", "-qam", "two")
    edit(rules, "# R3, R9: an eHOKS-käyttäjä reads and", "# R3, R9: one reads and")
    git("commit", "-qam", "three")
    assert oikeus("apply", "policies", "--yes", "--require-clean").code == 0
    with engine.Store.open(f"sqlite:///{world}") as store:
        *_, dirty, clean = (each.git_commit for each in store.versions())
    assert (dirty, clean) == (f"{first}-dirty", git("rev-parse", "HEAD"))


def test_diff_takes_versions_days_git_and_folders(
    oikeus: Run, rules: Path, edit: Edit, git: Callable[..., str]
) -> None:
    """Any two of them."""
    git("init", "-q")
    git("add", "policies", "model.conf")
    git("commit", "-qm", "one")
    edit(rules, f"{RULE}\n", "")
    git("commit", "-qam", "two")
    same = ("git:HEAD~1", "head"), ("head", "3"), ("git:HEAD", "policies")
    for pair in (*same, ("git:HEAD:policies", "policies"), ("2999-01-01", "head")):
        ended = oikeus("diff", *pair)
        assert (ended.code, ended.out) == (
            0,
            f"no difference between {_named(pair[0])} and {_named(pair[1])}\n",
        )
    for pair in (("head", "policies"), ("git:HEAD~1", "git:HEAD"), ("3", "git:HEAD")):
        ended = oikeus("diff", *pair, *AT)
        assert ended.code == 3
        assert ended.out.startswith(f"- {RULE} (policies/ehoks.csv:")
        assert "- 7 people lose share on hoks" in ended.out
    git("mv", "policies", "rules")
    git("commit", "-qm", "three")
    ended = oikeus("diff", "git:HEAD:rules", "git:HEAD~1:policies")
    assert ended.out.startswith("0 lines to add, 0 to remove, ")
    ended = oikeus("diff", "git:HEAD", "head")
    assert (ended.code, "expected git:REVISION:FOLDER" in ended.err) == (1, True)


def _named(word: str) -> str:
    return "version 3" if word in ("head", "3", "2999-01-01") else word


@pytest.mark.parametrize(
    "word", ["git:nothing", "git:-x", "git:--all", "git:", "99", "2020-01-01", "none"]
)
def test_diff_of_what_is_not_there_is_an_error(
    oikeus: Run, rules: Path, git: Callable[..., str], word: str
) -> None:
    """Whatever the word may do elsewhere."""
    assert rules.exists()
    git("init", "-q")
    git("add", "policies", "model.conf")
    git("commit", "-qm", "one")
    ended = oikeus("diff", word, "head")
    assert (ended.code, ended.out) == (1, "")
    assert "Traceback" not in ended.err


def test_diff_without_a_database_compares_files(
    oikeus: Run, checkout: Path, git: Callable[..., str]
) -> None:
    """By themselves; with CRLF at the end of lines they are the same."""
    git("init", "-q")
    git("add", "policies", "model.conf")
    git("commit", "-qm", "one")
    for path in (checkout / "policies").iterdir():
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ended = oikeus("diff", "git:HEAD", "policies")
    assert (ended.code, ended.err) == (
        0,
        "note: there is no database, so files are compared by themselves\n",
    )
    assert oikeus("plan", "policies", "--require-clean").code == 3
    assert oikeus("diff", "1", "policies").code == 1


def test_diff_for_programs_and_for_comments(
    oikeus: Run, rules: Path, edit: Edit
) -> None:
    """The same in JSON and in Markdown, cut to what a comment holds."""
    edit(rules, RULE, RULE.replace("share", "create"))
    found = json.loads(oikeus("diff", "head", "policies", *AT, "--format", "json").out)
    assert found["summary"]["access"][0]["kinds"] == {"person": 7}
    assert [each["text"] for each in found["lines"]["removed"]] == [RULE]
    text = oikeus("diff", "head", "policies", *AT, "--format", "markdown").out
    assert "| `+` | `7 people gain create on hoks" in text
    assert text.count("<details") == text.count("</details>") == 3


def test_rollback_restores_the_rules_of_a_version(
    oikeus: Run, planned: Path, world: Path, contents: Contents
) -> None:
    """As a version of its own; a plan of the old files is then empty."""
    old = contents(world)
    assert oikeus("apply", planned, "--yes").code == 0
    ended = oikeus("rollback", "3")
    assert (ended.code, "expected --yes" in ended.err) == (1, True)
    ended = oikeus("rollback", "3", "--yes", "--message", "back")
    assert ended.code == 0
    assert ended.out.startswith("version 5: 1 line added, 0 removed, ")
    assert ended.err.endswith("still say otherwise, until they are reverted too\n")
    assert {*contents(world).lines} == {*old.lines}
    with engine.Store.open(f"sqlite:///{world}") as store:
        version = store.versions()[-1]
    assert (version.origin, version.message) == ("rollback", "back")
    ended = oikeus("rollback", "3", "--yes")
    assert (ended.code, ended.out) == (
        0,
        "no change: version 5 has the rules of version 3\n",
    )
    assert oikeus("rollback", "9").code == 1


def test_rollback_that_makes_grants_inert_is_refused(
    oikeus: Run, rules: Path, edit: Edit
) -> None:
    """Unless that is accepted; the grants are named."""
    edit(rules, f"{LEVEL}\n", "")
    assert oikeus("apply", "policies", "--yes").code == 0
    edit(rules, "g4, level:koulutustoimija, role:palvelukayttaja\n", f"{LEVEL}\n")
    assert oikeus("apply", "policies", "--yes").code == 0
    ended = oikeus("rollback", "4", "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert "`g, system:stadi-tiedonsiirto, role:palvelukayttaja, " in ended.err
    assert oikeus("rollback", "4", "--yes", "--allow-inert").code == 0


def test_model_that_fails_can_be_replaced(
    oikeus: Run, rules: Path, world: Path
) -> None:
    """Though nobody can be told then who gains what."""
    with engine.Store.open(f"sqlite:///{world}") as store, store.writing() as writer:
        model = (rules.parents[1] / "model.conf").read_text(encoding="utf-8")
        broken = model.replace("r.act == p.act", 'regexMatch(r.act, "(")')
        assert broken != model
        writer.commit(engine.Change("casbin", "os:t", "", model=broken))
    ended = oikeus("apply", "policies", "--yes")
    assert ended.code == 0
    assert "note: who gains and who loses is not known: " in ended.err
    with sqlite3.connect(world) as connection:
        (count,) = connection.execute("SELECT version FROM oikeus_head").fetchone()
    connection.close()
    assert count == 5
