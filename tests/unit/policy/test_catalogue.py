"""The catalogue: the words of a policy, and the one that ships."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from oikeus.errors import PolicyError, PolicySyntaxError
from oikeus.policy.catalogue import Catalogue, Label, Level, Registration
from oikeus.policy.catalogue_reading import read_catalogue

SHIPPED = Path(__file__).parents[3] / "policies" / "ehoks.yaml"

SMALL = """\
kinds:
  person: {fi: h, sv: p, en: p}
levels:
  root:
    label: {fi: r, sv: r, en: r}
  school:
    label: {fi: k, sv: s, en: s}
    types: [t2, t3]
  office:
    label: {fi: t, sv: v, en: o}
    types: [t3]
modes: {}
statuses:
  active: {label: {fi: a, sv: a, en: a}, register: [OPEN, PLANNED]}
  passive: {label: {fi: p, sv: p, en: p}, register: [CLOSED]}
resources:
  plan:
    label: {fi: s, sv: p, en: p}
    actions:
      read: {fi: l, sv: l, en: r}
roles:
  reader:
    label: {fi: l, sv: l, en: r}
    validity: {default: P6M, longest: P1Y}
    apply-to: rights@example.org
  token:
    label: {fi: t, sv: t, en: t}
    validity: {default: 2030-12-31, longest: 2099-12-31}
credential: token
"""


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The catalogue of the eHOKS policy."""
    return read_catalogue(SHIPPED.read_text(encoding="utf-8"), "policies/ehoks.yaml")


def test_a_catalogue_gives_all_that_is_written() -> None:
    """Nothing of the file is lost, and words keep their order."""
    catalogue = read_catalogue(SMALL, "a.yaml")
    assert catalogue.kinds == {"person": Label("h", "p", "p")}
    assert catalogue.levels["root"] == Level(Label("r", "r", "r"), ())
    assert catalogue.levels["school"].types == ("t2", "t3")
    assert catalogue.modes == {}
    assert catalogue.statuses["active"].register == ("OPEN", "PLANNED")
    assert catalogue.resources["plan"].actions == {"read": Label("l", "l", "r")}
    assert list(catalogue.roles) == ["reader", "token"]
    assert catalogue.roles["reader"].apply_to == "rights@example.org"
    assert catalogue.roles["token"].apply_to is None
    assert str(catalogue.roles["reader"].validity.longest) == "P1Y"
    assert catalogue.credential == "token"


def test_two_readings_are_equal() -> None:
    """A catalogue compares by content."""
    assert read_catalogue(SMALL, "a.yaml") == read_catalogue(SMALL, "b.yaml")


def test_a_policy_need_not_know_credentials() -> None:
    """The last line can be left out."""
    text = SMALL.replace("credential: token\n", "")
    assert read_catalogue(text, "a.yaml").credential is None


def test_what_it_takes_to_register_a_credential_is_said_in_words_there_are() -> None:
    """An action that the resource has, and a role that it registers by."""
    known = f"{SMALL}registration: {{action: read, resource: plan}}\n"
    found = read_catalogue(known, "a.yaml").registration
    assert found == Registration("read", "plan")
    for text, expected in (
        (known.replace("action: read", "action: dance"), "unknown action `dance`"),
        (
            known.replace("e: plan}", "e: cake}"),
            "unknown resource `cake`, expected plan",
        ),
        (
            known.replace("credential: token\n", ""),
            "registers nothing, expected `credential: ROLE` beside it",
        ),
    ):
        with pytest.raises(PolicyError) as caught:
            read_catalogue(text, "a.yaml")
        assert expected in str(caught.value)


def test_a_catalogue_cannot_be_changed() -> None:
    """What decisions were made by stays as it was."""
    catalogue = read_catalogue(SMALL, "a.yaml")
    with pytest.raises(TypeError):
        catalogue.roles["x"] = catalogue.roles["reader"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("types", "levels"),
    [
        ([], ()),
        (["t9"], ()),
        (["t2"], ("school",)),
        (["t3", "t2"], ("school", "office")),
    ],
)
def test_types_of_the_register_give_levels(
    types: list[str], levels: tuple[str, ...]
) -> None:
    """Ruling A: an organisation has the level of each of its types."""
    assert read_catalogue(SMALL, "a.yaml").levels_of(types) == levels


def test_statuses_of_the_register_give_ours() -> None:
    """Ruling I: a planned organisation counts as active, an unknown word as none."""
    catalogue = read_catalogue(SMALL, "a.yaml")
    words = ["PLANNED", "CLOSED", "open"]
    assert [catalogue.status_of(word) for word in words] == ["active", "passive", None]


def test_contradictions_are_reported_in_one_go() -> None:
    """What the shape cannot tell is told all the same, with lines."""
    text = (
        SMALL.replace("[CLOSED]", "[CLOSED, OPEN]")
        .replace("default: P6M", "default: P2Y")
        .replace("credential: token", "credential: tokens")
    )
    with pytest.raises(PolicyError) as caught:
        read_catalogue(text, "a.yaml")
    assert str(caught.value).splitlines() == [
        "a.yaml:15: `OPEN` is `active` already, expected one status",
        "a.yaml:24: `P2Y` is longer than the longest, `P1Y`",
        (
            "a.yaml:29: unknown role `tokens`, expected reader or token "
            "(did you mean `token`?)"
        ),
    ]


def test_faults_of_shape_are_reported_in_one_go() -> None:
    """Every misspelt key and wrong value has its line."""
    text = (
        SMALL.replace("  root:", "  rooot:")
        .replace("apply-to", "apply_to")
        .replace("default: P6M", "default: 6 months")
        .replace("{fi: l, sv: l, en: r}", "{fi: 3, sv: l}")
    )
    with pytest.raises(PolicyError) as caught:
        read_catalogue(text, "a.yaml")
    assert str(caught.value).splitlines() == [
        "a.yaml:3: `levels` has no key `root`, which it needs",
        "a.yaml:20: `resources.plan.actions.read.fi` is `3`, expected text (in quotes)",
        "a.yaml:20: `resources.plan.actions.read` has no key `en`, which it needs",
        "a.yaml:23: `roles.reader.label.fi` is `3`, expected text (in quotes)",
        "a.yaml:23: `roles.reader.label` has no key `en`, which it needs",
        (
            "a.yaml:24: `roles.reader.validity.default` is wrong: `6 months` is no "
            "day, expected the form 2026-03-01; a period such as P1Y, P6M or P30D will "
            "do as well"
        ),
        (
            "a.yaml:25: `roles.reader` has the unknown key `apply_to`, expected label, "
            "validity or apply-to (did you mean `apply-to`?)"
        ),
    ]


def test_text_that_is_no_yaml_is_a_syntax_error() -> None:
    """It is told apart from a catalogue of the wrong shape."""
    with pytest.raises(PolicySyntaxError):
        read_catalogue("kinds: [", "a.yaml")


def test_the_shipped_catalogue_names_its_schema() -> None:
    """The first line lets editors complete and check; the schema is there."""
    first, *_ = SHIPPED.read_text(encoding="utf-8").splitlines()
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (SHIPPED.parent / first.removeprefix(prefix)).resolve().is_file()


def test_the_shipped_catalogue_has_the_words_of_the_rules(shipped: Catalogue) -> None:
    """The roles, levels, modes and actions are those of the rules."""
    assert set(shipped.roles) == {
        "opetushallitus",
        "vastuukayttaja",
        "ehoks-paakayttaja",
        "ehoks-kayttaja",
        "palvelukayttaja",
        "tunnus",
        "tallentajan-paakayttaja",
        "tallentaja",
    }
    assert set(shipped.kinds) == {"person", "system"}
    assert set(shipped.levels) == {
        "root",
        "koulutustoimija",
        "oppilaitos",
        "toimipiste",
    }
    assert set(shipped.modes) == {"integraatio", "syottoliittyma"}
    assert {name: set(each.actions) for name, each in shipped.resources.items()} == {
        "hoks": {"read", "share", "create", "update", "transfer"},
        "tiedonsiirtotunnus": {"create"},
    }


@pytest.mark.parametrize(
    ("types", "levels"),
    [
        (["01"], ("koulutustoimija",)),
        (["02", "04", "03"], ("oppilaitos", "toimipiste")),
        (["03"], ("toimipiste",)),
        (["04"], ("toimipiste",)),
        (["05", "06", "07", "08", "09"], ()),
    ],
)
def test_ruling_a_levels_of_types(
    shipped: Catalogue, types: list[str], levels: tuple[str, ...]
) -> None:
    """01 is a provider, 02 an institution, 03 and 04 an office, others give none."""
    codes = [f"organisaatiotyyppi_{number}" for number in types]
    assert shipped.levels_of(codes) == levels


def test_ruling_i_statuses(shipped: Catalogue) -> None:
    """SUUNNITELTU counts as active."""
    words = ["AKTIIVINEN", "SUUNNITELTU", "PASSIIVINEN", "POISTETTU"]
    found = [shipped.status_of(word) for word in words]
    assert found == ["active", "active", "passive", None]


def test_ruling_h_validity(shipped: Catalogue) -> None:
    """Persons get one year by default and at most, systems until 2099-12-31."""
    systems = {"palvelukayttaja", "tunnus"}
    for name, role in shipped.roles.items():
        last = date(2099, 12, 31) if name in systems else date(2027, 2, 28)
        assert role.validity.default.last_day(date(2026, 3, 1)) == last
        assert role.validity.longest.last_day(date(2026, 3, 1)) == last


def test_r12_contact(shipped: Catalogue) -> None:
    """R12, G: `tallentajan-paakayttaja` alone is applied for, at this address."""
    contacts = {name: role.apply_to for name, role in shipped.roles.items()}
    assert contacts.pop("tallentajan-paakayttaja") == "ehoks@opintopolku.fi"
    assert set(contacts.values()) == {None}


def test_r12_applications_are_open_for_sixty_days(shipped: Catalogue) -> None:
    """The first day counts; a catalogue that says nothing has the same."""
    assert shipped.applications.open_for.last_day(date(2026, 3, 1)) == date(2026, 4, 29)
    assert read_catalogue(SMALL, "a.yaml").applications == shipped.applications


def test_applications_are_open_for_a_period() -> None:
    """A set day would not let anybody apply after it."""
    text = f"{SMALL}applications: {{open-for: P14D}}\n"
    found = read_catalogue(text, "a.yaml").applications
    assert str(found.open_for) == "P14D"
    with pytest.raises(PolicyError, match="`2099-12-31` is no period, expected the"):
        read_catalogue(text.replace("P14D", "2099-12-31"), "a.yaml")
    with pytest.raises(PolicyError, match="has no key `open-for`, which it needs"):
        read_catalogue(text.replace("open-for: P14D", ""), "a.yaml")


def test_ruling_j_credential(shipped: Catalogue) -> None:
    """A registered credential is marked by `tunnus`."""
    assert shipped.credential == "tunnus"
