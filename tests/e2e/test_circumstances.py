"""A change of circumstances, through the command: what it does to grants in force."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Edit = Callable[[Path, str, str], None]
Contents = Callable[[Path], engine.Contents]

AT = ("--at", "2026-11-02")
PROVIDER = "1.2.246.562.10.90400000000"
SCHOOL = "1.2.246.562.10.90401000000"
HEAD = "person:1.2.246.562.24.90400000002"
CLERK = "person:1.2.246.562.24.90400000003"
NAMED = f"{SCHOOL} Kiipulan ammattiopisto 2026-01-01..2099-12-31"
LINES = (
    f"g, {HEAD}, role:tallentajan-paakayttaja, {SCHOOL}@2026-01-01..2099-12-31",
    f"g, {CLERK}, role:tallentaja, {SCHOOL}@2026-01-01..2099-12-31",
)
MODE = f"g2, {PROVIDER}, mode:syottoliittyma"
GRANTS = f"""\
subject,role,organisation,from,until
{HEAD},tallentajan-paakayttaja,{SCHOOL},2026-01-01,2099-12-31
{CLERK},tallentaja,{SCHOOL},2026-01-01,2099-12-31
person:ended,tallentaja,{SCHOOL},2026-01-01,2026-02-01
"""


@pytest.fixture
def kept(oikeus: Run, checkout: Path) -> Path:
    """The example organisations, with grants that outlast every run of the tests."""
    (checkout / "lasting.csv").write_text(GRANTS)
    for words in (
        ("apply", "policies", "--yes"),
        ("import", "organisations", "examples/organisations.json"),
        ("import", "grants", "lasting.csv"),
    ):
        assert oikeus(*words).code == 0
    return checkout / "oikeus.db"


@pytest.fixture
def moded(kept: Path, checkout: Path, edit: Edit) -> Path:
    """Files in which a provider has another mode."""
    path = checkout / "policies" / "organisations.csv"
    edit(path, MODE, MODE.replace("syottoliittyma", "integraatio"))
    return kept


@pytest.fixture
def revoking(moded: Path, checkout: Path, edit: Edit) -> Path:
    """And a catalogue that revokes what such a change strands."""
    edit(checkout / "policies" / "ehoks.yaml", "  mode: flag\n", "  mode: revoke\n")
    return moded


def test_plan_flags_what_no_rule_would_allow(
    oikeus: Run, moded: Path, contents: Contents
) -> None:
    """Ruling D: it goes on deciding until it is reviewed."""
    ended = oikeus("plan", "policies", *AT)
    told = ended.out.splitlines()
    assert told[-4:] == [
        "grants that no rule would allow any more:",
        f"~ flagged (mode): {HEAD} tallentajan-paakayttaja at {NAMED}",
        f"~ flagged (mode): {CLERK} tallentaja at {NAMED}",
        (
            "plan: 1 line to add, 1 to remove, 0 gain and 0 lose access, 0 gain and 3 "
            "lose power, 0 grants made inert, 2 grants flagged"
        ),
    ]
    ended = oikeus("apply", "policies", "--yes")
    assert (ended.code, ended.out) == (0, "version 4: 1 line added, 1 removed\n")
    assert {*LINES} <= {str(line) for line in contents(moded).lines}


def test_plan_revokes_where_the_catalogue_says_so(
    oikeus: Run, revoking: Path, contents: Contents
) -> None:
    """In the same version; a roll-back brings back what went."""
    ended = oikeus("plan", "policies", *AT, "--out", "a.plan")
    told = ended.out.splitlines()
    assert [f"- {line}" for line in LINES] == told[1:3]
    assert told[-4:] == [
        "grants that no rule would allow any more:",
        f"- revoked (mode): {HEAD} tallentajan-paakayttaja at {NAMED}",
        f"- revoked (mode): {CLERK} tallentaja at {NAMED}",
        (
            "plan: 1 line to add, 3 to remove, 0 gain and 2 lose access, 0 gain and 3 "
            "lose power, 0 grants made inert, 2 grants revoked"
        ),
    ]
    assert oikeus("plan", "a.plan", *AT).out.endswith("\n".join(told[1:]) + "\n")
    ended = oikeus("apply", "a.plan", "--yes")
    assert (ended.code, ended.out) == (
        0,
        (
            "version 4: 1 line added, 1 removed, 2 grants revoked, the catalogue "
            "changed\n"
        ),
    )
    assert not {*LINES} & {str(line) for line in contents(revoking).lines}
    assert oikeus("verify").code == 0
    ended = oikeus("rollback", "3", "--yes")
    assert (ended.code, ended.out) == (
        0,
        "version 5: 3 lines added, 1 removed, the catalogue changed\n",
    )
    assert {*LINES} <= {str(line) for line in contents(revoking).lines}


def test_stranded_grants_stand_in_every_form(oikeus: Run, revoking: Path) -> None:
    """For programs, for comments, and on the page that an auditor keeps."""
    found = json.loads(oikeus("plan", "policies", *AT, "--format", "json").out)
    assert found["changes"]["stranded"][0] == {
        "case": "mode",
        "consequence": "revoke",
        "grant": {
            "subject": HEAD,
            "role": "tallentajan-paakayttaja",
            "organisation": SCHOOL,
            "from": "2026-01-01",
            "until": "2099-12-31",
        },
        "granter": None,
    }
    pair = ("diff", "head", "policies", *AT, "--format")
    assert json.loads(oikeus(*pair, "json").out)["counts"]["stranded"] == {
        "stay": 0,
        "flag": 0,
        "revoke": 2,
    }
    text = oikeus(*pair, "markdown").out
    assert "Grants that no rule would allow any more (2)" in text
    assert f"| `-` | `revoked (mode): {CLERK} tallentaja at {NAMED}` |" in text
    page = oikeus(*pair, "html").out
    assert "Revoked with the change</h3>" in page
    done = json.loads(oikeus("apply", "policies", "--yes", "--format", "json").out)
    assert (done["version"], done["revoked"]) == (4, [*LINES])
    assert revoking.exists()


def test_plan_file_shows_what_it_revokes_where_nothing_else_is_known(
    oikeus: Run, revoking: Path
) -> None:
    """Whoever signs it has seen it."""
    assert oikeus("plan", "policies", "--out", "a.plan").code == 3
    revoking.unlink()
    told = oikeus("plan", "a.plan").out.splitlines()
    assert f"- {LINES[0]} (no rule would allow it)" in told
    found = json.loads(oikeus("plan", "a.plan", "--format", "json").out)
    assert [each["text"] for each in found["lines"]["revoked"]] == [*LINES]


def test_long_list_is_cut_unless_all_is_asked_for(
    oikeus: Run, moded: Path, checkout: Path
) -> None:
    """The rest is counted."""
    rows = [f"person:{number:02},tallentaja" for number in range(20)]
    rest = f"{SCHOOL},2026-01-01,2099-12-31"
    text = "\n".join([GRANTS.splitlines()[0], *(f"{row},{rest}" for row in rows)])
    (checkout / "many.csv").write_text(text)
    assert oikeus("import", "grants", "many.csv").code == 0
    told = oikeus("plan", "policies", *AT).out.splitlines()
    assert told[-2] == "~ flagged (mode): 2 more, listed by --full"
    told = oikeus("plan", "policies", *AT, "--full").out.splitlines()
    assert sum(line.startswith("~ flagged (mode): ") for line in told) == 22
    assert moded.exists()


@pytest.fixture
def closed(kept: Path, checkout: Path) -> str:
    """An extract in which the school is closed."""
    entry = {
        "oid": SCHOOL,
        "parentOid": PROVIDER,
        "nimi": {"fi": "Kiipulan ammattiopisto"},
        "status": "PASSIIVINEN",
        "tyypit": ["organisaatiotyyppi_02"],
    }
    (checkout / "closed.json").write_text(json.dumps(entry))
    assert kept.exists()
    return "closed.json"


def test_import_says_what_stays_at_a_closed_school(oikeus: Run, closed: str) -> None:
    """Ruling I: what was granted goes on deciding."""
    ended = oikeus("import", "organisations", closed, "--dry-run")
    told = [
        f"status: {SCHOOL} Kiipulan ammattiopisto: active -> passive",
        "grants that no rule would allow any more:",
        (f"~ stays (passive): {CLERK} tallentaja at {SCHOOL} 2026-01-01..2099-12-31"),
    ]
    assert (ended.code, ended.err.splitlines()) == (0, told)
    assert ended.out.startswith("nothing was done, against version 3: ")
    found = json.loads(
        oikeus("import", "organisations", closed, "--format", "json").out
    )
    assert (found["version"], found["dry_run"]) == (4, False)
    assert [each["consequence"] for each in found["stranded"]] == ["stay"]


def test_import_revokes_where_the_catalogue_says_so(
    oikeus: Run, closed: str, checkout: Path, edit: Edit, contents: Contents
) -> None:
    """In its own version, and a roll-back says why that does not come back."""
    edit(
        checkout / "policies" / "ehoks.yaml", "  passive: stay\n", "  passive: revoke\n"
    )
    assert oikeus("apply", "policies", "--yes").code == 0
    ended = oikeus("import", "organisations", closed)
    assert ended.out.startswith("version 5: ")
    assert ended.out.endswith("0 unchanged, 1 grant revoked\n")
    lines = {str(line) for line in contents(checkout / "oikeus.db").lines}
    assert LINES[0] in lines
    assert LINES[1] not in lines
    ended = oikeus("rollback", "4", "--yes")
    assert (ended.code, ended.err) == (
        0,
        (
            f"warning: `{LINES[1]}`: was revoked by version 5 and stays so: the "
            "register is not rolled back\n"
        ),
    )


def test_dry_run_makes_no_database(oikeus: Run, checkout: Path) -> None:
    """Nothing is done, not even that."""
    words = ("import", "organisations", "examples/organisations.json", "--dry-run")
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (1, "")
    assert not (checkout / "oikeus.db").exists()


def test_word_of_the_catalogue_that_is_none_is_found_by_check(
    oikeus: Run, checkout: Path, edit: Edit
) -> None:
    """Before anything is loaded."""
    words = checkout / "policies" / "ehoks.yaml"
    edit(words, "  mode: flag\n", "  mode: revke\n")
    edit(words, "  passive: stay\n", "  pasive: stay\n")
    ended = oikeus("check", "policies")
    assert ended.code == 3
    assert (
        "`circumstances.mode` is `revke`, expected stay, flag or revoke "
        "(did you mean `revoke`?)" in ended.out
    )
    assert "`circumstances` has the unknown key `pasive`, expected" in ended.out
