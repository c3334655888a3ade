"""Applying for a role and deciding that, through the command line (R12)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

NEW = "person:1.2.246.562.24.90100000077"
PAA = "person:1.2.246.562.24.90100000012"
VASTUU = "person:1.2.246.562.24.90100000011"
OPH = "person:1.2.246.562.24.90000000001"
SCHOOL = "1.2.246.562.10.90101000000"
ENTRY_PLACE = "1.2.246.562.10.90400000000"
DAY = r"\d{4}-\d\d-\d\d"
ROLE = "role:ehoks-kayttaja"
WISH = f"ehoks-kayttaja at {SCHOOL}"


@pytest.fixture(autouse=True)
def _administrators(world: Path, oikeus: Run, examples: Path) -> None:
    """The example world, with people whose rights do not end with the year."""
    assert world.exists()
    assert oikeus("import", "grants", examples / "administrators.csv").code == 0


@pytest.fixture
def asked(oikeus: Run) -> Any:  # noqa: ANN401
    """An application, as version 5."""
    words = ("--as", NEW, "--reason", "new here")
    return oikeus("request", "ehoks-kayttaja", SCHOOL, *words)


def test_a_request_says_who_can_grant_it(asked: Any) -> None:  # noqa: ANN401
    """And until when it can be decided."""
    assert (asked.code, asked.err) == (0, "")
    first, second = asked.out.splitlines()
    text = f"version 5: application 5 of {NEW} for {WISH}, open until {DAY}"
    assert re.fullmatch(text, first)
    assert second == "  granters  ehoks-paakayttaja"


def test_a_request_names_the_contact_of_the_catalogue(oikeus: Run) -> None:
    """R12: by e-mail, or in the service."""
    words = ("request", "tallentajan-paakayttaja", ENTRY_PLACE, "--as", NEW)
    assert oikeus(*words).out.endswith(
        "  granters  opetushallitus\n  contact   ehoks@opintopolku.fi\n"
    )
    assert [each["id"] for each in listed(oikeus, "--to", OPH)] == [5]
    ended = oikeus(*words, "--format", "json")
    assert ended.code == 3
    assert (
        "application 5 is the same and open until" in (json.loads(ended.out)["refused"])
    )


def listed(oikeus: Run, *options: str) -> list[dict[str, Any]]:
    """The applications, for programs."""
    ended = oikeus("requests", *options, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(ended.out)
    return found


def test_what_can_never_be_granted_is_refused(oikeus: Run) -> None:
    """With 3, and the reason whole."""
    ended = oikeus("request", "ehoks-kayttaja", ENTRY_PLACE, "--as", NEW)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        f"refused: `{ENTRY_PLACE}` (Kiipulasäätiö sr) has the transfer mode "
        "`syottoliittyma`; expected `integraatio`\n"
    )
    assert listed(oikeus) == []
    assert oikeus("requests").err == "none\n"


@pytest.mark.usefixtures("asked")
def test_applications_are_listed(oikeus: Run) -> None:
    """To their approver, of their applicant, and by what became of them."""
    (found,) = listed(oikeus, "--to", PAA)
    assert re.fullmatch(rf"{DAY}T[:\d]{{8}}\.\d{{6}}Z", found.pop("requested"))
    assert re.fullmatch(DAY, found.pop("until"))
    assert found == {
        "id": 5,
        "subject": NEW,
        "role": "ehoks-kayttaja",
        "organisation": SCHOOL,
        "state": "requested",
        "reason": "new here",
        "decided": None,
        "decided_by": None,
        "decision": "",
        "version": None,
    }
    assert listed(oikeus, "--to", VASTUU) == listed(oikeus, "--by", PAA) == []
    assert listed(oikeus, "--state", "granted", "--state", "lapsed") == []
    assert len(listed(oikeus, "--by", NEW, "--state", "requested")) == 1
    (row,) = oikeus("requests").out.splitlines()
    cells = row.split("\t")
    assert cells[:5] == ["5", NEW, "ehoks-kayttaja", SCHOOL, "requested"]
    assert cells[7:] == ["", "new here"]


@pytest.mark.usefixtures("asked")
def test_an_approval_is_a_grant(oikeus: Run) -> None:
    """One version, which `log` and `show version` tell as both."""
    ended = oikeus("approve", 5, "--as", PAA)
    assert (ended.code, ended.err) == (0, "")
    text = f"version 6: application 5 of {NEW} granted: {WISH}, {DAY} until {DAY}\n"
    assert re.fullmatch(text, ended.out)
    assert oikeus("decide", NEW, "read", "hoks", SCHOOL).code == 0
    (found,) = listed(oikeus, "--by", NEW)
    assert (found["state"], found["decided_by"]) == ("granted", PAA)
    assert found["version"] == 6
    log = oikeus("log", "--subject", NEW).out.splitlines()
    assert [line.split("\t")[0] for line in log] == ["6", "5"]
    granted, requested = (line.split("\t")[-1] for line in log)
    assert requested == f"application 5 of {NEW} requested: new here"
    text = (
        f"application 5 of {NEW} granted: approve {WISH}; [+] ehoks-kayttaja of {NEW} "
        f"at {SCHOOL}, {DAY} until {DAY}"
    )
    assert re.fullmatch(text, granted)
    assert oikeus("show", "version", 6).out.splitlines()[-1] == (
        f"~ application 5 of {NEW} for {WISH}: granted"
    )
    last = oikeus("show", "version", 5).out.splitlines()[-1]
    assert last.startswith(
        f"+ application 5 of {NEW} for {WISH}: requested, open until "
    )
    shown = json.loads(oikeus("show", "version", 6, "--format", "json").out)
    assert shown["application"] == {
        "id": 5,
        "state": "granted",
        "subject": NEW,
        "role": "ehoks-kayttaja",
        "organisation": SCHOOL,
        "until": found["until"],
        "reason": "",
    }
    assert oikeus("verify").code == 0


@pytest.mark.usefixtures("asked")
def test_an_approval_for_programs_says_what_it_gave(oikeus: Run) -> None:
    """The application, the grant and the power."""
    options = ("--until", "2099-01-01", "--format", "json")
    ended = oikeus("approve", 5, "--as", PAA, *options)
    assert ended.code == 3
    assert "expected" in json.loads(ended.out)["refused"]
    done = json.loads(oikeus("approve", 5, "--as", PAA, "--format", "json").out)
    assert (done["id"], done["state"], done["version"]) == (5, "granted", 6)
    assert done["granted"]["subject"] == NEW
    assert (done["replaced"], done["warnings"]) == (None, [])
    assert done["power"]["text"].startswith(f"p2, role:ehoks-paakayttaja, {ROLE}, ")


@pytest.mark.usefixtures("asked")
def test_a_grant_to_a_blocked_applicant_is_warned_of(oikeus: Run) -> None:
    """As when granting."""
    assert oikeus("block", NEW, "--reason", "left").code == 0
    ended = oikeus("approve", 5, "--as", PAA)
    assert (ended.code, ended.err) == (
        0,
        "warning: the subject is blocked: the grant works when the block is lifted\n",
    )


@pytest.mark.usefixtures("asked")
def test_a_rejection_needs_a_reason_and_the_power(oikeus: Run) -> None:
    """And is told to whoever comes after."""
    assert oikeus("reject", 5, "--as", PAA).code == 2
    ended = oikeus("reject", 5, "--as", NEW, "--reason", "no")
    assert (ended.code, ended.err) == (
        3,
        (
            "refused: nobody decides an application of their own, and 5 is, expected "
            "another approver, or `oikeus withdraw`\n"
        ),
    )
    ended = oikeus("reject", 5, "--as", PAA, "--reason", "not here")
    assert (ended.code, ended.out) == (
        0,
        f"version 6: application 5 of {NEW} rejected: {WISH}\n",
    )
    ended = oikeus("approve", 5, "--as", PAA)
    assert (ended.code, ended.err) == (
        3,
        f"refused: application 5 was rejected already, by {PAA} in version 6\n",
    )
    assert oikeus("requests").out.split("\t")[7:] == [PAA, "new here / not here\n"]


@pytest.mark.usefixtures("asked")
def test_an_application_is_withdrawn(oikeus: Run) -> None:
    """By the applicant; an id that is none is an error."""
    ended = oikeus("withdraw", 5, "--as", PAA)
    assert (ended.code, ended.err) == (
        3,
        (
            "refused: application 5 is another subject's, expected its applicant, or "
            "`oikeus reject`\n"
        ),
    )
    done = json.loads(oikeus("withdraw", 5, "--as", NEW, "--format", "json").out)
    assert (done["state"], done["decided_by"], done["version"]) == ("withdrawn", NEW, 6)
    ended = oikeus("withdraw", 99, "--as", NEW)
    assert (ended.code, ended.err) == (
        1,
        "error: there is no application 99, expected one of `oikeus requests`\n",
    )
