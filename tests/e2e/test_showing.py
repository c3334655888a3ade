"""What is in force: roles, rules, organisations and grants."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Insert = Callable[..., None]

SYSTEM = "system:keuda-tiedonsiirto"
PROVIDER = "1.2.246.562.10.90100000000"


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Everything is shown of the example world."""
    assert world.exists()


def test_roles_are_shown_with_all_that_is_said_of_them(oikeus: Run) -> None:
    """Tab-separated where no terminal is; an object each for programs."""
    ended = oikeus("show", "roles")
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert [row[0] for row in rows] == [
        "opetushallitus",
        "vastuukayttaja",
        "ehoks-paakayttaja",
        "ehoks-kayttaja",
        "palvelukayttaja",
        "tunnus",
        "tallentajan-paakayttaja",
        "tallentaja",
    ]
    assert rows[4] == [
        "palvelukayttaja",
        "eHOKS-palvelunkäyttöoikeus",
        "system",
        "koulutustoimija, oppilaitos",
        "vastuukayttaja",
        "transfer hoks",
        "2099-12-31",
    ]
    assert [row[4] for row in rows[:6:5]] == ["policy files only", "registration"]
    found = json.loads(oikeus("show", "roles", "--format", "json").out)
    headings = ("role", "label", "holder", "levels", "granted by", "may", "longest")
    assert [tuple(each) for each in found] == [headings] * 8
    assert [list(each.values()) for each in found] == rows


def test_rules_are_shown_with_their_reasons(oikeus: Run, policies: Path) -> None:
    """Where each was written, and which rules it carries out."""
    ended = oikeus("show", "rules")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    written = (policies / "ehoks.csv").read_text(encoding="utf-8").splitlines()
    rules = [line for line in written if line.startswith(("p, ", "p2, "))]
    assert (ended.code, ended.err) == (0, "")
    assert sorted(row[0] for row in rows) == sorted(rules)
    for line, place, cited, because in rows:
        assert place == f"policies/ehoks.csv:{written.index(line) + 1}"
        assert because.startswith(cited.split(", ")[0])
    found = json.loads(oikeus("show", "rules", "--format", "json").out)
    assert [list(each) for each in found] == [
        ["line", "written", "rules", "because"]
    ] * len(rows)


def test_the_plan_says_what_is_looked_up_and_what_is_tried(oikeus: Run) -> None:
    """A list of lines for each matcher for programs; the same for people."""
    ended = oikeus("show", "plan")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "m: may a subject do this?"
    assert "    once for a subject: not g3(r.sub, 'blocked')" in lines
    assert "    look up the rules whose p.act equals r.act" in lines
    assert "m2: may a subject grant this role?" in lines
    assert "  look up the rules whose p2.role equals r2.role" in lines
    found = json.loads(oikeus("show", "plan", "--format", "json").out)
    assert [*found] == ["m", "m2", "m3"]
    assert [f"  {line}" for line in found["m3"]] == lines[-len(found["m3"]) :]


def test_organisations_are_shown_as_a_tree(oikeus: Run) -> None:
    """Each below the one it belongs to; programs get bare ids."""
    ended = oikeus("show", "organisations")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert (ended.code, ended.err, len(rows)) == (0, "", 44)
    assert rows[:5] == [
        ["1.2.246.562.10.00000000001", "Opetushallitus", "root", "", "active"],
        [
            f"  {PROVIDER}",
            "Keski-Uudenmaan koulutuskuntayhtymä",
            "koulutustoimija",
            "integraatio",
            "active",
        ],
        [
            "    1.2.246.562.10.90101000000",
            "Keski-Uudenmaan ammattiopisto Keuda",
            "oppilaitos",
            "integraatio",
            "active",
        ],
        [
            "      1.2.246.562.10.90101010000",
            "Keuda, Järvenpää",
            "toimipiste",
            "integraatio",
            "active",
        ],
        [
            "        1.2.246.562.10.90101010100",
            "Keuda, Järvenpää, Wärtsilänkatu",
            "toimipiste",
            "integraatio",
            "active",
        ],
    ]
    both = next(row for row in rows if row[0].endswith(".90501000000"))
    assert both[2] == "oppilaitos, toimipiste"
    # passive itself and below a passive one, and said once
    twice = next(row for row in rows if row[0].endswith(".90202010000"))
    assert twice[4] == "passive"
    found = json.loads(oikeus("show", "organisations", "--format", "json").out)
    assert found[4] == {
        "organisation": "1.2.246.562.10.90101010100",
        "name": "Keuda, Järvenpää, Wärtsilänkatu",
        "levels": "toimipiste",
        "mode": "integraatio",
        "status": "active",
    }


GRANTS = {
    "all": ((), 35),
    "subject": (("--subject", SYSTEM), 2),
    "role": (("--role", "vastuukayttaja"), 7),
    "role with its type": (("--role", "role:vastuukayttaja"), 7),
    "organisation": (("--organisation", PROVIDER), 9),
    "two": (("--organisation", PROVIDER, "--role", "ehoks-kayttaja"), 5),
}


@pytest.mark.parametrize(("words", "count"), GRANTS.values(), ids=GRANTS)
def test_grants_can_be_narrowed(
    oikeus: Run, words: tuple[str, ...], count: int
) -> None:
    """By subject, role, and organisation with all below it."""
    ended = oikeus("show", "grants", *words)
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert (ended.code, ended.err, len(rows)) == (0, "", count)
    assert rows == sorted(rows)
    found = json.loads(oikeus("show", "grants", *words, "--format", "json").out)
    assert [list(each.values()) for each in found] == rows


def test_no_grants_are_none(oikeus: Run) -> None:
    """Which is no error: nothing was asked that could be answered with a no."""
    ended = oikeus("show", "grants", "--subject", "person:nobody")
    told = "none with subject `person:nobody`\n"
    assert (ended.code, ended.out, ended.err) == (0, "", told)
    words = ("--subject", "person:nobody", "--role", "tunnus")
    told = "none with subject `person:nobody`, role `tunnus`\n"
    assert oikeus("show", "grants", *words).err == told
    assert oikeus("show", "blocks").err == "none\n"
    ended = oikeus("show", "grants", "--subject", "person:nobody", "--format", "json")
    assert (ended.code, ended.out, ended.err) == (0, "[]\n", "")


def test_grants_of_a_role_or_place_that_is_none_are_an_error(oikeus: Run) -> None:
    """Else it would be taken for one that nobody holds."""
    ended = oikeus("show", "grants", "--role", "tunus", "--organisation", "1.9")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: organisation `1.9` is not in the register, expected one of "
        "`oikeus show organisations`; unknown role `tunus`, expected one of "
        "`oikeus show roles` (did you mean `tunnus`?)\n"
    )


def test_blocked_and_inert_grants_are_noted(
    oikeus: Run, world: Path, insert: Insert
) -> None:
    """They are in force, and decide nothing."""
    days = f"{PROVIDER}@2026-01-01..2026-12-31"
    insert(world, "g", "system:new", "role:vastuukayttaja", days)
    oikeus("block", "system:new", "--reason", "leaked")
    ended = oikeus("show", "grants", "--subject", "system:new")
    assert ended.out.rstrip("\n").split("\t")[-1] == (
        "blocked; inert: `role:vastuukayttaja` is for a person, not for a system"
    )
