"""Importing rights of the national services: the plan, the version, the refusals."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Contents = Callable[[Path], engine.Contents]

KEUDA = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90101010000"
KERAVA = "1.2.246.562.10.90101020000"
TREDU = "1.2.246.562.10.90900000000"
DAY = ("--from", "2026-03-01")
EXAMPLE = ("import", "kayttooikeus", "examples/kayttooikeus.json", *DAY)

WARNED = """\
warning: examples/kayttooikeus.json: $[3].organisaatiot[0].kayttooikeudet[0]: \
`1.2.246.562.10.90901010000` (Tredu, Hervanta) has the transfer mode `integraatio`; \
expected `syottoliittyma`
reported: examples/kayttooikeus.json: $[1].organisaatiot[1].kayttooikeudet[1]: \
`HOKS_DELETE` of a person means no role, not imported
reported: examples/kayttooikeus.json: $[4]: `1.2.246.562.24.90900000012` has no type, \
expected VIRKAILIJA or PALVELU: its rights were not imported
reported: examples/kayttooikeus.json: $[5].organisaatiot[0].kayttooikeudet[1]: \
`READ` of a system means no role, not imported
3 ignored (of other services, or at no organisation), 3 reported and not imported
"""
PLANNED = """\
added: person:1.2.246.562.24.90100000011 ehoks-kayttaja at \
1.2.246.562.10.90101010000, 2026-03-01 until 2027-02-28
added: person:1.2.246.562.24.90100000011 ehoks-kayttaja at \
1.2.246.562.10.90101020000, 2026-03-01 until 2027-02-28
added: person:1.2.246.562.24.90400000011 tallentaja at \
1.2.246.562.10.90401010000, 2026-03-01 until 2027-02-28
added: person:1.2.246.562.24.90900000011 tallentaja at \
1.2.246.562.10.90901010000, 2026-03-01 until 2027-02-28
added: system:1.2.246.562.24.90900000013 palvelukayttaja at \
1.2.246.562.10.90900000000, 2026-03-01 until 2099-12-31
registered: system:1.2.246.562.24.90900000013 tunnus at \
1.2.246.562.10.90900000000, 2026-03-01 until 2099-12-31
"""


def written(path: Path, *holders: tuple[str, str | None, str, tuple[str, ...]]) -> Path:
    """Write a document: OID, type, organisation and rights of each holder."""
    value = []
    for oid, type_, place, words in holders:
        rights = [{"palvelu": "EHOKS", "oikeus": word} for word in words]
        where = {"organisaatioOid": place, "kayttooikeudet": rights}
        entry = {"oidHenkilo": f"1.2.246.562.24.{oid}", "organisaatiot": [where]}
        value.append(entry | ({"kayttajaTyyppi": type_} if type_ else {}))
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_dry_run_prints_the_plan_and_the_import_does_it(
    oikeus: Run, world: Path, checkout: Path, contents: Contents
) -> None:
    """The second import says the same of what means nothing, and changes nothing."""
    assert world.parent == checkout
    before = contents(world)
    ended = oikeus(*EXAMPLE, "--dry-run")
    counts = "5 grants added, 1 credential registered, 0 grants removed, 1 unchanged"
    assert (ended.code, ended.err) == (0, WARNED)
    assert ended.out == f"{PLANNED}dry run, nothing was written: {counts}\n"
    assert contents(world) == before
    ended = oikeus(*EXAMPLE)
    assert (ended.code, ended.out) == (0, f"version 4: {counts}\n")
    assert ended.err == WARNED
    ended = oikeus(*EXAMPLE)
    assert (ended.code, ended.out) == (0, "no change: version 4, 6 unchanged\n")
    assert ended.err == WARNED


def test_page_on_imports_shows_this_plan(policies: Path) -> None:
    """What the documentation prints is what the command prints."""
    page = policies.with_name("docs") / "imports.md"
    text = page.read_text(encoding="utf-8")
    *warned, left = WARNED.splitlines()
    assert all(f"\n{line}\n" in text for line in (*warned, left))
    assert PLANNED in text


def test_imported_rights_decide(oikeus: Run, world: Path, checkout: Path) -> None:
    """A reader reads, and a system transfers where it is registered."""
    assert world.parent == checkout
    assert oikeus(*EXAMPLE).code == 0
    when = ("hoks", OFFICE, "--at", "2026-06-01")
    assert (
        oikeus("decide", "person:1.2.246.562.24.90100000011", "read", *when).code == 0
    )
    when = ("hoks", TREDU, "--at", "2099-12-31")
    system = "system:1.2.246.562.24.90900000013"
    assert oikeus("decide", system, "transfer", *when).code == 0
    assert oikeus("decide", system, "read", *when).code == 3


def test_cas_is_read_whole(oikeus: Run, world: Path, checkout: Path) -> None:
    """Roles at no organisation are passed over; a version names the source."""
    assert world.parent == checkout
    ended = oikeus("import", "cas", "examples/cas.json", *DAY)
    assert (ended.code, ended.err) == (
        0,
        "5 ignored (of other services, or at no organisation)\n",
    )
    assert ended.out == (
        "version 4: 2 grants added, 1 credential registered, 0 grants removed, "
        "0 unchanged\n"
    )
    (logged, *_) = json.loads(oikeus("log", "--format", "json").out)
    assert (logged["origin"], logged["message"]) == (
        "cas",
        "import cas examples/cas.json",
    )


def test_vanished_grants_are_listed_and_pruned_when_asked(
    oikeus: Run, world: Path, desk: Path
) -> None:
    """Those of holders in no file apart."""
    assert world.parent == desk
    first = written(
        desk / "a.json",
        ("81", "VIRKAILIJA", KEUDA, ("READ",)),
        ("82", "VIRKAILIJA", OFFICE, ("READ",)),
    )
    oikeus("import", "kayttooikeus", first, "--until", "2999-12-31")
    words = (
        "import",
        "kayttooikeus",
        written(desk / "b.json", ("81", None, KEUDA, ())),
    )
    today = engine.today_in_finland()
    text = (
        "{0}: person:1.2.246.562.24.81 ehoks-kayttaja at 1.2.246.562.10.90101000000, "
        "{1} until 2999-12-31\n"
        "{0}, of a holder in no file: person:1.2.246.562.24.82 ehoks-kayttaja at "
        "1.2.246.562.10.90101010000, {1} until 2999-12-31\n"
    )
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (0, "no change: version 4, 0 unchanged\n")
    assert ended.err == f"{text.format('vanished', today)}2 vanished and kept\n"
    counts = "0 grants added, 0 credentials registered, 2 grants removed, 0 unchanged"
    ended = oikeus(*words, "--prune", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    planned = text.format("removed", today)
    assert ended.out == f"{planned}dry run, nothing was written: {counts}\n"
    ended = oikeus(*words, "--prune")
    assert (ended.code, ended.err) == (0, planned)
    assert ended.out == f"version 5: {counts}\n"


def test_plan_for_programs(oikeus: Run, world: Path, desk: Path) -> None:
    """Everything that is told, each grant with its days."""
    assert world.parent == desk
    path = written(
        desk / "a.json",
        ("81", "PALVELU", KEUDA, ("CRUD", "READ")),
        ("82", "VIRKAILIJA", KEUDA, ("READ", "READ")),
    )
    words = ("import", "kayttooikeus", path, *DAY, "--format", "json")
    system = {
        "subject": "system:1.2.246.562.24.81",
        "role": "palvelukayttaja",
        "organisation": KEUDA,
        "from": "2026-03-01",
        "until": "2099-12-31",
    }
    person = {
        "subject": "person:1.2.246.562.24.82",
        "role": "ehoks-kayttaja",
        "organisation": KEUDA,
        "from": "2026-03-01",
        "until": "2027-02-28",
    }
    expected = {
        "version": 3,
        "dry_run": True,
        "added": [system, person],
        "registered": [system | {"role": "tunnus"}],
        "unchanged": 0,
        "vanished": [],
        "absent": [],
        "pruned": False,
        "ignored": 0,
        "reported": [
            (
                f"{path}: $[0].organisaatiot[0].kayttooikeudet[1]: `READ` of a system "
                "means no role, not imported"
            )
        ],
        "warnings": [],
    }
    ended = oikeus(*words, "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == expected
    expected |= {"version": 4, "dry_run": False}
    assert json.loads(oikeus(*words).out) == expected


def test_notes_that_say_the_same_are_folded(
    oikeus: Run, world: Path, desk: Path
) -> None:
    """There may be thousands; programs get them all."""
    assert world.parent == desk
    rights = ("HOKS_DELETE",)
    path = written(
        desk / "a.json",
        *((f"8{n}", "VIRKAILIJA", KEUDA, rights) for n in range(4)),
    )
    ended = oikeus("import", "kayttooikeus", path)
    assert ended.err == (
        f"reported: {path}: $[0].organisaatiot[0].kayttooikeudet[0]: `HOKS_DELETE` of "
        "a person means no role, not imported (and at 3 more places)\n"
        "4 reported and not imported\n"
    )


REFUSED = {
    "level": (
        [("81", "PALVELU", OFFICE, ("CRUD",))],
        (
            "$[0].organisaatiot[0].kayttooikeudet[0]: `role:palvelukayttaja` cannot be "
            "held at `1.2.246.562.10.90101010000`, whose levels are: level:toimipiste"
        ),
    ),
    "unknown organisation": (
        [("81", "VIRKAILIJA", "1.2.246.562.10.8", ("READ",))],
        (
            "$[0].organisaatiot[0].kayttooikeudet[0]: organisation "
            "`1.2.246.562.10.8` is not in the register"
        ),
    ),
    "contradiction": (
        [
            ("81", "VIRKAILIJA", KEUDA, ("READ",)),
            ("81", "PALVELU", KEUDA, ("READ",)),
        ],
        (
            "$[1]: `1.2.246.562.24.81` is `PALVELU` here and `VIRKAILIJA` at a.json, "
            "$[0], expected the same"
        ),
    ),
}


@pytest.mark.parametrize(("holders", "text"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_refuses_everything(
    oikeus: Run,
    world: Path,
    contents: Contents,
    holders: list[Any],
    text: str,
) -> None:
    """With the place in the document, in a dry run too."""
    before = contents(world)
    written(Path("a.json"), ("80", "VIRKAILIJA", KERAVA, ("READ",)), *holders)
    text = text.replace("$[1]", "$[2]").replace("$[0]", "$[1]", 1)
    text = text.replace("a.json, $[0]", "a.json, $[1]")
    for more in ((), ("--dry-run",)):
        ended = oikeus("import", "kayttooikeus", "a.json", *more)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err == (f"a.json: {text}\nerror: 1 problem, nothing was changed\n")
    assert contents(world) == before


def test_person_never_gets_the_service_right(
    oikeus: Run, world: Path, desk: Path
) -> None:
    """R10: an official's CRUD is never a system's, and the map cannot say so."""
    assert world.parent == desk
    path = written(desk / "a.json", ("81", "VIRKAILIJA", KEUDA, ("CRUD",)))
    found = json.loads(oikeus("import", "kayttooikeus", path, "--format", "json").out)
    assert [grant["role"] for grant in found["added"]] == ["tallentaja"]


def test_map_that_no_policy_could_follow_is_refused_by_check(
    oikeus: Run, checkout: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """Each with its line: another kind's role, and one of policy files only."""
    path = checkout / "policies" / "ehoks.yaml"
    edit(path, "      READ: ehoks-kayttaja", "      READ: palvelukayttaja")
    edit(path, "      CRUD: tallentaja", "      CRUD: opetushallitus")
    line = path.read_text(encoding="utf-8").splitlines().index("  rights:") + 3
    ended = oikeus("check", "policies")
    assert ended.code == 3
    assert (
        f"policies/ehoks.yaml:{line}: error load-error: "
        "`READ` of a person means `palvelukayttaja`, "
        "which is for a system, expected one for a person\n"
    ) in ended.out
    assert (
        f"policies/ehoks.yaml:{line + 1}: error load-error: "
        "`CRUD` of a person means `opetushallitus`, "
        "which no power gives, expected a role that can be granted\n"
    ) in ended.out


def test_catalogue_without_a_map_says_what_is_missing(
    oikeus: Run, checkout: Path
) -> None:
    """Another policy may have none."""
    path = checkout / "policies" / "ehoks.yaml"
    text, _, _ = path.read_text(encoding="utf-8").partition("imports:\n")
    path.write_text(text, encoding="utf-8")
    oikeus("apply", "policies", "--yes")
    ended = oikeus(*EXAMPLE)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "catalogue: has no `imports`, expected what the rights of the service mean: "
        "add it to the catalogue, then `oikeus apply`\n"
        "error: 1 problem, nothing was changed\n"
    )


def test_days_that_end_before_they_begin_are_refused(oikeus: Run, world: Path) -> None:
    """As they were stated."""
    assert world.exists()
    Path("a.json").write_text("[]")
    words = ("import", "cas", "a.json", *DAY, "--until", "2026-02-01")
    ended = oikeus(*words)
    assert (ended.code, ended.out, ended.err) == (
        1,
        "",
        (
            "error: the import would begin on 2026-03-01 and end on 2026-02-01, "
            "expected a last day that is not before the first\n"
        ),
    )
