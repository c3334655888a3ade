"""The example world reads, fits the policy's words, and is what its README says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from oikeus.administration.register import Organisation, read_register
from oikeus.administration.register_placement import place_organisations
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.catalogue_reading import read_catalogue
from oikeus.policy.lines import read_lines
from oikeus.terms import Line, Request, kind_of, parse_day

REPOSITORY = Path(__file__).parents[3]
EXAMPLES = REPOSITORY / "examples"
ROOT = "1.2.246.562.10.00000000001"
PROVIDERS = {f"1.2.246.562.10.90{number}00000000" for number in range(1, 10)}


def text(*path: str) -> str:
    """A file of the repository."""
    return REPOSITORY.joinpath(*path).read_text(encoding="utf-8")


def policy_lines(name: str) -> list[Line]:
    """The lines of a policy file, all of them readable."""
    reading = read_lines(text("policies", name), name)
    assert reading.problems == ()
    return list(reading.lines)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the eHOKS policy."""
    return read_catalogue(text("policies", "ehoks.yaml"), "policies/ehoks.yaml")


@pytest.fixture(scope="module")
def organisations(catalogue: Catalogue) -> dict[str, Organisation]:
    """The organisations of the example extract."""
    extract = text("examples", "organisations.json")
    found = read_register(extract, "examples/organisations.json", catalogue, ROOT)
    return {each.id: each for each in found}


@pytest.fixture(scope="module")
def modes() -> dict[str, str]:
    """The transfer mode of each example provider that has one."""
    return {
        line.values[0]: line.values[1].removeprefix("mode:")
        for line in policy_lines("organisations.csv")
        if line.ptype == "g2"
    }


def above(oid: str, organisations: dict[str, Organisation]) -> list[str]:
    """An organisation and all above it, below the root."""
    chain = []
    while oid != ROOT:
        chain.append(oid)
        oid = organisations[oid].parent or ROOT
    return chain


def test_the_extract_is_as_large_as_it_says(
    organisations: dict[str, Organisation],
) -> None:
    """About forty organisations of several providers, with ids that are made up."""
    assert json.loads(text("examples", "organisations.json"))["numHits"] == 44
    assert len(organisations) == 44
    assert all(
        oid == ROOT or oid.startswith("1.2.246.562.10.9") for oid in organisations
    )


def test_the_extract_can_be_placed(organisations: dict[str, Organisation]) -> None:
    """A first import adds all but the root, a second one changes nothing."""
    lines = policy_lines("organisations.csv")
    found = list(organisations.values())
    first = place_organisations(found, lines, {}, ROOT, accept_moves=False)
    assert len(first.added) == 43
    lines = [*lines, *first.add]
    again = place_organisations(found, lines, first.names, ROOT, accept_moves=False)
    assert again.changes_nothing


def test_the_extract_shows_what_the_register_has(
    organisations: dict[str, Organisation], modes: dict[str, str]
) -> None:
    """Both modes and none, passive ones, two types at once, offices under offices."""
    providers = {
        oid for oid, each in organisations.items() if "koulutustoimija" in each.levels
    }
    assert providers == PROVIDERS
    assert providers - set(modes) == {"1.2.246.562.10.90700000000"}
    assert sorted(modes.values()).count("syottoliittyma") == 3
    passive = {oid for oid, each in organisations.items() if each.status == "passive"}
    assert {"1.2.246.562.10.90800000000", "1.2.246.562.10.90202000000"} < passive
    assert organisations["1.2.246.562.10.90501000000"].levels == (
        "oppilaitos",
        "toimipiste",
    )
    under = {
        each.id
        for each in organisations.values()
        if each.levels == ("toimipiste",)
        and organisations[str(each.parent)].levels == ("toimipiste",)
    }
    assert under == {"1.2.246.562.10.90101010100", "1.2.246.562.10.90101010200"}
    assert organisations["1.2.246.562.10.90102000000"].parent in PROVIDERS
    assert "SUUNNITELTU" in text("examples", "organisations.json")


def test_example_grants_obey_the_rules(
    organisations: dict[str, Organisation], modes: dict[str, str], catalogue: Catalogue
) -> None:
    """R1, R10, A, D: the kind, the level and the mode of every grant are right."""
    policy = policy_lines("ehoks.csv")
    kinds = {line.values for line in policy if line.ptype == "g3"}
    levels = {line.values for line in policy if line.ptype == "g4"}
    wanted = {
        line.values[1]: line.values[2].removeprefix("mode:")
        for line in policy
        if line.ptype == "p2"
    }
    reader = csv.DictReader(text("examples", "grants.csv").splitlines())
    rows = list(reader)
    assert reader.fieldnames == ["subject", "role", "organisation", "from", "until"]
    assert len({row["subject"] for row in rows}) == 29
    for row in rows:
        role, place = f"role:{row['role']}", organisations[row["organisation"]]
        assert row["role"] in catalogue.roles
        assert (role, kind_of(row["subject"])) in kinds
        assert any((f"level:{level}", role) in levels for level in place.levels)
        mode = next(
            (modes[oid] for oid in above(place.id, organisations) if oid in modes), ""
        )
        assert wanted[role] in ("*", mode)
        assert parse_day(row["from"]) < parse_day(row["until"])


def test_first_grants_are_at_the_root() -> None:
    """B: Opetushallitus's officials, two of them, from policy files only."""
    grants = policy_lines("grants.csv")
    assert len(grants) == 2
    for line in grants:
        assert line.values[1] == "role:opetushallitus"
        assert line.values[2] == f"{ROOT}@2026-01-01..2027-12-31"
        assert line.source is not None
        assert line.source.rules == ("B", "H")


def test_every_line_about_an_organisation_cites_its_rule() -> None:
    """An auditor finds the reason above each line."""
    for line in policy_lines("organisations.csv"):
        assert line.source is not None
        assert line.source.rules


def test_example_requests_can_be_asked(catalogue: Catalogue) -> None:
    """Every line is a request of one day, most of them about known words."""
    lines = text("examples", "requests.jsonl").splitlines()
    asked = [json.loads(line) for line in lines]
    assert len(asked) == 24
    assert {each.pop("at") for each in asked} == {"2026-11-02"}
    requests = [Request(**each) for each in asked]
    actions = {request.action for request in requests}
    assert actions - set(catalogue.resources["hoks"].actions) == {"delete"}


def test_the_readme_names_every_provider_and_system(
    organisations: dict[str, Organisation],
) -> None:
    """The page of the example world stays complete."""
    page = text("examples", "README.md")
    rows = csv.DictReader(text("examples", "grants.csv").splitlines())
    names = {organisations[oid].names.best for oid in PROVIDERS}
    names |= {row["subject"] for row in rows if kind_of(row["subject"]) == "system"}
    names |= {path.name for path in EXAMPLES.iterdir() if path.suffix != ".md"}
    assert {name for name in names if name not in page} == set()
