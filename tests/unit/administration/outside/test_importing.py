"""Importing rights of a national service (ruling M): all or nothing, and again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from oikeus import (
    Model,
    PolicyError,
    RegisterError,
    RightsImport,
    RightsSource,
    Store,
    StoreError,
    apply_policies,
    import_rights,
    today_in_finland,
)
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.catalogue_reading import read_catalogue

from .conftest import IMPORTS, Take, at, documents, grants, holder

Commit = Callable[..., int]

READER = holder("9", at("1.1", "READ"))
MOVER = holder("7", at("1.1", "MOVE"), type="SERVICE")
YEAR = "2026-03-01..2027-02-28"
AGES = "2026-03-01..2099-12-31"


def test_rights_become_grants_of_one_version(loaded: Store, take: Take) -> None:
    """The same organisation twice is one; several documents are one import."""
    reader = holder("9", at("1.1", "READ"), at("1.1.1", "READ"), at("1.1", "READ"))
    done = take([reader, MOVER], holder("9", at("1.1", "READ", "LEAD")))
    assert grants(loaded) == [
        f"person:9, role:clerk, 1.1@{YEAR}",
        f"person:9, role:clerk, 1.1.1@{YEAR}",
        f"person:9, role:head, 1.1@{YEAR}",
        f"system:7, role:robot, 1.1@{AGES}",
        f"system:7, role:tunnus, 1.1@{AGES}",
    ]
    assert [grant.line for grant in done.added] == [
        line
        for line in loaded.load().lines
        if line.source is None and line.ptype == "g"
    ]
    assert (done.version, len(done.plan.registered), done.removed) == (3, 1, ())


def test_version_names_actor_source_and_files(loaded: Store, take: Take) -> None:
    """Nobody granted it, so it has no granter."""
    take([READER], [MOVER])
    version = loaded.versions()[-1]
    assert (version.origin, version.actor, version.message) == (
        "kayttooikeus",
        "os:tester",
        "import kayttooikeus a.json, b.json",
    )
    assert (version.granter, version.power) == (None, None)


def test_second_import_changes_nothing(loaded: Store, take: Take) -> None:
    """Nor does one that says the same in another way."""
    take([READER, MOVER])
    before = loaded.load()
    done = take([MOVER], [READER], [READER])
    assert (done.version, done.added, done.plan.unchanged) == (3, (), 2)
    assert loaded.load() == before


def test_dry_run_tells_the_same_and_writes_nothing(loaded: Store, take: Take) -> None:
    """Its version is the head, since it makes none."""
    before = loaded.load()
    planned = take([READER, MOVER], dry=True)
    assert (planned.version, loaded.load()) == (2, before)
    assert take([READER, MOVER]).plan == planned.plan


def test_day_of_an_import_is_that_of_finland(loaded: Store) -> None:
    """Unless told."""
    wanted = RightsImport(RightsSource.KAYTTOOIKEUS, documents([READER]))
    before = today_in_finland()
    done = import_rights(loaded, wanted, actor="os:tester")
    assert before <= done.added[0].span.first <= today_in_finland()


def test_credential_is_registered_again_where_it_is_no_more(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """Any import registers the credentials it brings (ruling M)."""
    take([MOVER])
    commit(loaded, remove=(("g", "system:7", "role:tunnus", f"1.1@{AGES}"),))
    done = take([MOVER])
    assert (len(done.plan.registered), done.plan.unchanged) == (1, 1)


REFUSED = {
    "level": (
        holder("9", at("1.1.1", "LEAD")),
        "`role:head` cannot be held at `1.1.1`, whose levels are: level:office",
    ),
    "unknown organisation": (
        holder("9", at("9.9", "READ")),
        "organisation `9.9` is not in the register",
    ),
}


@pytest.mark.parametrize(("found", "text"), REFUSED.values(), ids=REFUSED)
def test_what_could_not_decide_refuses_everything(
    loaded: Store, take: Take, found: object, text: str
) -> None:
    """Kind and level bind, wherever the right comes from."""
    before = loaded.load()
    with pytest.raises(RegisterError) as refusal:
        take([READER], [found])
    assert [str(problem) for problem in refusal.value.problems] == [
        f"b.json: $[0].organisaatiot[0].kayttooikeudet[0]: {text}"
    ]
    assert loaded.load() == before


def test_another_mode_and_a_passive_organisation_are_warnings(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """The service restates rights that exist there (ruling M)."""
    commit(loaded, add=(("g2", "1.2", "mode:screen"), ("g2", "1.2", "status:passive")))
    done = take(
        [holder("9", at("1.2", "READ"), at("1.1.9", "READ"), at("1.1", "READ"))]
    )
    assert [str(note) for note in done.warnings] == [
        (
            "a.json: $[0].organisaatiot[0].kayttooikeudet[0]: `1.2` has the transfer "
            "mode `screen`; expected `paper` and `1.2` is `passive`: no new grants "
            "there or below"
        ),
        (
            "a.json: $[0].organisaatiot[1].kayttooikeudet[0]: `1.1.9` is `passive`: no "
            "new grants there or below"
        ),
    ]
    assert len(done.added) == 3


MAPPED = {
    "role of policy files only": (
        "chief",
        "1.0",
        "no power gives `chief`: it comes from the policy files only",
    ),
    "role of systems": (
        "robot",
        "1.1",
        "`role:robot` is for a system, not for a person",
    ),
}


@pytest.mark.parametrize(("role", "place", "text"), MAPPED.values(), ids=MAPPED)
def test_right_is_refused_whatever_the_map_says(
    take: Take, monkeypatch: pytest.MonkeyPatch, role: str, place: str, text: str
) -> None:
    """Rulings B and K; `check` refuses such a map, but a database may hold one."""

    def reading(written: str, file: str) -> Catalogue:
        return read_catalogue(written.replace("LEAD: head", f"LEAD: {role}"), file)

    monkeypatch.setattr("oikeus.loading.read_catalogue", reading)
    with pytest.raises(RegisterError) as refusal:
        take([holder("9", at(place, "LEAD"))])
    assert [str(problem) for problem in refusal.value.problems] == [
        f"a.json: $[0].organisaatiot[0].kayttooikeudet[0]: {text}"
    ]


def test_everything_wrong_is_told_at_once(loaded: Store, take: Take) -> None:
    """What cannot be read, what contradicts itself, and what the policy bars."""
    before = loaded.load()
    with pytest.raises(RegisterError) as refusal:
        take(
            [holder("9", at("1.1.1", "LEAD")), {}],
            [holder("9", type="SERVICE"), holder("8", at("1.1", "READ"))],
        )
    assert [str(problem) for problem in refusal.value.problems] == [
        (
            "a.json: $[0].organisaatiot[0].kayttooikeudet[0]: `role:head` cannot be "
            "held at `1.1.1`, whose levels are: level:office"
        ),
        "a.json: $[1]: has no `oidHenkilo`",
        "a.json: $[1]: has no `organisaatiot`, expected a list of organisations",
        (
            "b.json: $[0]: `9` is `SERVICE` here and `OFFICIAL` at a.json, $[0], "
            "expected the same"
        ),
    ]
    assert loaded.load() == before


def test_what_means_nothing_is_reported_and_does_not_fail_the_rest(take: Take) -> None:
    """Rights without a role, holders without a type, odd role strings."""
    typeless = holder("8", at("1.1", "READ"), type=None)
    other = at("1.1", "READ", service="OTHER")
    done = take([holder("9", at("1.1", "READ", "RULE"), other), typeless])
    assert ([grant.subject for grant in done.added], done.ignored) == (["person:9"], 1)
    assert [str(note) for note in done.reported] == [
        (
            "a.json: $[0].organisaatiot[0].kayttooikeudet[1]: `RULE` of a person means "
            "no role, not imported"
        ),
        (
            "a.json: $[1]: `8` has no type, expected OFFICIAL or SERVICE: its rights "
            "were not imported"
        ),
    ]


def test_cas_gives_the_same_rights(loaded: Store, take: Take) -> None:
    """As a version of its own origin, since another source brought them."""
    roles = ["ROLE_APP_FILES_MOVE_1.1", "ROLE_APP_FILES_MOVE_1.1_2"]
    found = {"oid": "7", "kayttajaTyyppi": "SERVICE", "roles": roles}
    done = take([found], source=RightsSource.CAS)
    assert [grant.line.values for grant in done.added] == [
        ("system:7", "role:robot", f"1.1@{AGES}"),
        ("system:7", "role:tunnus", f"1.1@{AGES}"),
    ]
    assert len(done.reported) == 1
    assert loaded.versions()[-1].origin == "cas"


def test_catalogue_that_says_nothing_of_imports_is_told(
    loaded: Store, take: Take, folder: Path, model: Model
) -> None:
    """With what is missing, and how it is brought in."""
    path = folder / "words.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(IMPORTS, ""))
    apply_policies(loaded, model, folder, actor="os:tester")
    for dry in (False, True):
        with pytest.raises(PolicyError) as refusal:
            take([READER], dry=dry)
        assert str(refusal.value) == (
            "catalogue: has no `imports`, expected what the rights of the service "
            "mean: add it to the catalogue, then `oikeus apply`"
        )


def test_database_without_a_policy_is_told(store: Store) -> None:
    """Nothing can be judged by none."""
    wanted = RightsImport(RightsSource.KAYTTOOIKEUS, documents([READER]))
    with pytest.raises(StoreError, match="holds no policy"):
        import_rights(store, wanted, actor="os:tester")


def test_catalogue_that_changes_before_the_lock_is_the_one_that_counts(
    loaded: Store,
    take: Take,
    folder: Path,
    model: Model,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The documents are read again by its words."""
    path = folder / "words.yaml"
    text = path.read_text(encoding="utf-8").replace("service: FILES", "service: ACTS")
    path.write_text(text, encoding="utf-8")
    writing = loaded.writing

    def overtaken() -> object:
        monkeypatch.setattr(loaded, "writing", writing)
        apply_policies(loaded, model, folder, actor="os:tester")
        return writing()

    monkeypatch.setattr(loaded, "writing", overtaken)
    done = take([holder("9", at("1.1", "READ"), at("1.1.1", "READ", service="ACTS"))])
    assert [grant.organisation for grant in done.added] == ["1.1.1"]
    assert done.ignored == 1


def test_nothing_of_a_document_is_taken_for_more_than_text(take: Take) -> None:
    """A holder cannot name itself a role, nor stand in the domain of a grant."""
    with pytest.raises(RegisterError) as refusal:
        take(
            [
                holder("role:chief", at("1.1", "READ")),
                holder("9", at("1.1@2026-01-01..2099-12-31", "READ")),
            ]
        )
    assert len(refusal.value.problems) == 2
