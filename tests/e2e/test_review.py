"""Reviewing grants through the command: looking at them, and deciding."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Contents = Callable[[Path], engine.Contents]

PROVIDER = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
GRANTER = "person:1.2.246.562.24.90100000012"
HOLDER = "person:1.2.246.562.24.90100000013"
OPH = "person:1.2.246.562.24.90000000001"
AT = ("--at", "2099-11-20")
LINE = f"g, {HOLDER}, role:ehoks-kayttaja, {SCHOOL}@2026-01-01..2099-12-31"
HEADER = "subject,role,organisation,name,from,until,findings,approvers,decision,reason"
ROW = (
    f"{HOLDER},ehoks-kayttaja,{SCHOOL},Keski-Uudenmaan ammattiopisto Keuda,2026-01-01,"
    f"2099-12-31,ends on 2099-12-31,{GRANTER}"
)


@pytest.fixture
def staffed(oikeus: Run, world: Path, examples: Path) -> Path:
    """The example world with administrators whose rights last until the end of 2099."""
    assert oikeus("import", "grants", examples / "administrators.csv").code == 0
    return world


def decided(*rows: str) -> str:
    """A sheet with decisions, as a file."""
    Path("review.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return "review.csv"


def test_review_lists_grants_by_approver(oikeus: Run, staffed: Path) -> None:
    """Each with why; those that nobody may revoke come last."""
    ended = oikeus("review", "--organisation", SCHOOL, *AT)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        f"{GRANTER}: 1 grant\n"
        f"  {HOLDER} ehoks-kayttaja at {SCHOOL} Keski-Uudenmaan ammattiopisto Keuda "
        "2026-01-01..2099-12-31\n"
        "    ends on 2099-12-31\n"
        "1 of 1 grant to review on 2099-11-20\n"
    )
    ended = oikeus("review", "--at", "2027-11-20")
    told = ended.out.splitlines()
    assert told[0] == "nobody has power over these: 2 grants"
    assert told[1].startswith(f"  {OPH} opetushallitus at ")
    ended = oikeus("review", "--to", GRANTER, *AT)
    assert ended.out.startswith(f"{GRANTER}: 1 grant\n")
    assert "nobody" not in ended.out
    assert staffed.exists()


def test_review_is_written_for_spreadsheets_programs_and_people(
    oikeus: Run, staffed: Path
) -> None:
    """The same in each."""
    asked = ("review", "--organisation", SCHOOL, *AT, "--format")
    assert oikeus(*asked, "csv").out == f"{HEADER}\n{ROW},,\n"
    found = json.loads(oikeus(*asked, "json").out)
    assert found["counts"] == {
        "grants": 1,
        "ends": 1,
        "barred": 0,
        "granter": 0,
        "conflict": 0,
    }
    assert found["approvers"] == [{"approver": GRANTER, "grants": [0]}]
    assert found["grants"] == [
        {
            "subject": HOLDER,
            "role": "ehoks-kayttaja",
            "organisation": SCHOOL,
            "from": "2026-01-01",
            "until": "2099-12-31",
            "name": "Keski-Uudenmaan ammattiopisto Keuda",
            "granter": None,
            "source": None,
            "approvers": [GRANTER],
            "findings": [{"matter": "ends", "text": "ends on 2099-12-31"}],
        }
    ]
    page = oikeus(*asked, "html").out
    assert page.startswith("<!doctype html>\n")
    assert f'<h2 id="part-1"><bdi class="id">{GRANTER}</bdi></h2>' in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "://" not in page
    calm = ("review", "--organisation", SCHOOL, "--at", "2050-01-01")
    page = oikeus(*calm, "--format", "html").out
    assert "There is nothing to review." in page
    assert staffed.exists()


def test_page_of_a_review_shows_names_as_text(
    oikeus: Run, staffed: Path, desk: Path
) -> None:
    """Whatever the register calls a place."""
    entry = {
        "oid": SCHOOL,
        "parentOid": PROVIDER,
        "nimi": {"fi": "=<b>Keuda</b>;@x"},
        "status": "AKTIIVINEN",
        "tyypit": ["organisaatiotyyppi_02"],
    }
    (desk / "a.json").write_text(json.dumps(entry))
    assert oikeus("import", "organisations", "a.json").code == 0
    asked = ("review", "--organisation", SCHOOL, *AT, "--format")
    assert "<bdi>=&lt;b&gt;Keuda&lt;/b&gt;;@x</bdi>" in oikeus(*asked, "html").out
    assert "'=<b>Keuda</b>;'@x" in oikeus(*asked, "csv").out
    assert staffed.exists()


def test_decisions_are_carried_out_as_one_version(
    oikeus: Run, staffed: Path, contents: Contents
) -> None:
    """From the file as a spreadsheet wrote it."""
    text = oikeus("review", "--organisation", SCHOOL, *AT, "--format", "csv").out
    header, row = csv.reader(StringIO(text))
    row[header.index("decision")] = "revoke"
    row[header.index("reason")] = "left in June"
    back = StringIO()
    csv.writer(back, delimiter=";").writerows([header, row])
    Path("back.csv").write_bytes(b"\xef\xbb\xbf" + back.getvalue().encode())
    ended = oikeus("review", "--apply", "back.csv", "--as", GRANTER)
    assert (ended.code, ended.out, ended.err) == (
        0,
        "version 5: 0 grants renewed, 1 revoked, 0 kept\n",
        "",
    )
    assert LINE not in {str(line) for line in contents(staffed).lines}
    with engine.Store.open(f"sqlite:///{staffed}") as store:
        version = store.versions()[-1]
    assert (version.origin, version.granter) == ("review", GRANTER)
    assert version.message.startswith("1 revoked\nrevoke: ehoks-kayttaja of ")
    assert version.message.endswith(": left in June")
    assert oikeus("verify").code == 0


def test_sheet_without_decisions_changes_nothing(oikeus: Run, staffed: Path) -> None:
    """Rows with a blank decision are passed over."""
    ended = oikeus("review", "--apply", decided(f"{ROW},,"), "--as", GRANTER)
    assert (ended.code, ended.out) == (
        0,
        "no change: version 4, for no row has a decision\n",
    )
    found = oikeus(
        *("review", "--apply", decided(f"{ROW},keep,"), "--as", GRANTER),
        *("--format", "json"),
    )
    assert [each["subject"] for each in json.loads(found.out)["kept"]] == [HOLDER]
    assert staffed.exists()


def test_refused_decisions_are_told_by_line_and_nothing_is_done(
    oikeus: Run, staffed: Path, contents: Contents
) -> None:
    """A refusal is a negative answer."""
    before = contents(staffed)
    gone = ROW.replace("2099-12-31", "2098-12-31")
    words = ("review", "--apply", decided(f"{ROW},revoke,", f"{gone},keep,"))
    ended = oikeus(*words, "--as", GRANTER)
    changed = "the grant is not in force as written here: it was changed since"
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == f"refused: review.csv:3: {changed}\n"
    ended = oikeus(*words, "--as", HOLDER, "--format", "json")
    assert ended.code == 3
    assert json.loads(ended.out)["refused"] == [f"review.csv:3: {changed}"]
    ended = oikeus(*words, "--as", OPH)
    assert ended.code == 3
    assert ended.err.startswith(
        "refused: review.csv:2: the granter has no power over `ehoks-kayttaja` at "
        f"`{SCHOOL}` (Keski-Uudenmaan ammattiopisto Keuda)"
    )
    assert contents(staffed) == before


def test_file_that_is_no_sheet_is_an_error(oikeus: Run, staffed: Path) -> None:
    """With everything that is wrong with it."""
    ended = oikeus("review", "--apply", decided(f"{ROW},kep,"), "--as", GRANTER)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "review.csv:2: unknown decision `kep`, expected keep, renew or revoke (did you "
        "mean `keep`?)\nerror: 1 problem, nothing was changed\n"
    )
    Path("review.csv").write_bytes(b"subject\xff")
    ended = oikeus("review", "--apply", "review.csv", "--as", GRANTER)
    assert (ended.code, "is not UTF-8 at byte 7, expected UTF-8" in ended.err) == (
        1,
        True,
    )
    assert staffed.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--apply", "a.csv"),
        ("--as", GRANTER),
        ("--apply", "a.csv", "--as", GRANTER, *AT),
        ("--apply", "a.csv", "--as", GRANTER, "--to", OPH),
        ("--apply", "a.csv", "--as", GRANTER, "--format", "html"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    oikeus: Run, staffed: Path, words: tuple[str, ...]
) -> None:
    """Nothing that was asked for is passed over in silence."""
    Path("a.csv").write_text(HEADER)
    assert oikeus("review", *words).code == 2
    assert staffed.exists()
