"""YAML files of a known shape, refused with all their faults."""

from __future__ import annotations

import pytest

from oikeus.errors import PolicyError, PolicySyntaxError
from oikeus.policy.yaml_source import read_yaml

CASES = """\
rule-set: reading below the place of a right
world:
  organisations:
    keski: {levels: [koulutustoimija], mode: integraatio}
    opisto: {parent: keski, levels: [oppilaitos], status: passive}
  grants:
    - {subject: "person:anna", role: ehoks-kayttaja, organisation: opisto,
       from: 2026-01-01, until: 2026-12-31}
  blocked: ["person:erja"]
day: 2026-03-01
cases:
  - rule: [R9, E]
    why: >
      an eHOKS-käyttäjä reads and
      grants nothing
    subject: person:anna
    day: "2026-04-01"
    can: [{action: read, resource: hoks, organisation: opisto}]
    cannot: [{action: update, resource: hoks, organisation: root}]
    may grant: [{role: ehoks-kayttaja, to: "person:berit", organisation: opisto}]
    may not grant:
      - {role: ehoks-kayttaja, to: "person:berit", organisation: keski}
"""


def test_a_file_of_cases_is_read_as_plain_values() -> None:
    """Days are text, quoted or not."""
    document = read_yaml(CASES, "policies/tests/a.yaml", "cases")
    case = document.value["cases"][0]
    assert document.file == "policies/tests/a.yaml"
    assert document.value["day"] == "2026-03-01"
    assert document.value["world"]["grants"][0]["from"] == "2026-01-01"
    assert case["rule"] == ["R9", "E"]
    assert case["may grant"][0]["to"] == "person:berit"


def test_a_document_knows_the_line_of_each_place() -> None:
    """A place that is not in the file has the line of what is around it."""
    document = read_yaml(CASES, "a.yaml", "cases")
    assert document.line("cases", 0, "why") == 13
    assert document.line("cases", 0, "cannot", 0, "organisation") == 19
    assert document.line("cases", 0, "may grant", 7, "x") == 20
    assert document.line("nowhere") == 1
    assert str(document.problem("is odd", "day")) == "a.yaml:10: is odd"


def test_a_world_may_be_empty() -> None:
    """The root is always there, and a stranger can do nothing at it."""
    text = (
        "rule-set: empty\nworld: {}\nday: 2026-01-01\ncases:\n"
        "  - {rule: [I], why: unknown, subject: 'person:x', cannot: "
        "[{action: read, resource: hoks, organisation: root}]}\n"
    )
    assert read_yaml(text, "a.yaml", "cases").value["world"] == {}


def test_all_faults_of_shape_are_reported_in_one_go() -> None:
    """Each with its line, what is wrong and what was expected."""
    text = """\
rule-sett: x
world:
  organisations: {Ääni@: {}, a: {level: [x]}}
  grants: [{subject: anna, role: Role, organisation: a, from: 2026-02-30, until: 3}]
day: 1.3.2026
cases:
  - {rule: [], why: "", subject: "person:a"}
  - rule: [R0]
"""
    with pytest.raises(PolicyError) as caught:
        read_yaml(text, "a.yaml", "cases")
    assert not isinstance(caught.value, PolicySyntaxError)
    assert str(caught.value).splitlines() == [
        "a.yaml:1: the file has no key `rule-set`, which it needs",
        (
            "a.yaml:1: the file has the unknown key `rule-sett`, expected rule-set, "
            "world, day or cases (did you mean `rule-set`?)"
        ),
        (
            "a.yaml:3: `world.organisations.a` has the unknown key `level`, expected "
            "parent, levels, mode or status (did you mean `levels`?)"
        ),
        (
            "a.yaml:3: `world.organisations` has a key that is wrong: `Ääni@` holds @, "
            "which ids cannot"
        ),
        (
            "a.yaml:4: `world.grants[0].from` is wrong: `2026-02-30` is no day of the "
            "calendar, expected one that there is"
        ),
        (
            "a.yaml:4: `world.grants[0].role` is wrong: `Role` is no name, expected "
            "small letters a to z, digits and single hyphens"
        ),
        (
            "a.yaml:4: `world.grants[0].subject` is wrong: `anna` has no kind, "
            "expected person:ID or system:ID"
        ),
        "a.yaml:4: `world.grants[0].until` is `3`, expected text (in quotes)",
        "a.yaml:5: `day` is wrong: `1.3.2026` is no day, expected the form 2026-03-01",
        "a.yaml:7: `cases[0].rule` is empty, expected at least 1",
        "a.yaml:7: `cases[0].why` is wrong: it is blank, expected text",
        (
            "a.yaml:7: `cases[0]` is incomplete, expected at least one key of `can`, "
            "`cannot`, `may grant`, `may not grant`, `may revoke` or `may not revoke`"
        ),
        (
            "a.yaml:8: `cases[1].rule[0]` is wrong: `R0` is no rule number, expected "
            "the form R8 or C"
        ),
        "a.yaml:8: `cases[1]` has no key `subject`, which it needs",
        "a.yaml:8: `cases[1]` has no key `why`, which it needs",
        (
            "a.yaml:8: `cases[1]` is incomplete, expected at least one key of `can`, "
            "`cannot`, `may grant`, `may not grant`, `may revoke` or `may not revoke`"
        ),
    ]


def test_an_empty_file_has_no_shape() -> None:
    """There is nothing to be done by halves."""
    with pytest.raises(PolicyError) as caught:
        read_yaml("# to be written\n", "a.yaml", "cases")
    assert str(caught.value) == "a.yaml:1: the file is nothing, expected a mapping"


def test_faults_of_text_and_of_shape_come_together() -> None:
    """A repeated key does not hide a misspelt one."""
    with pytest.raises(PolicySyntaxError) as caught:
        read_yaml(CASES + "day: 2026-01-01\ncase: []\n", "a.yaml", "cases")
    assert str(caught.value).splitlines() == [
        "a.yaml:23: repeats the key `day` of line 10, expected it once",
        (
            "a.yaml:24: the file has the unknown key `case`, expected rule-set, world, "
            "day or cases (did you mean `cases`?)"
        ),
    ]


def test_nothing_more_is_said_of_what_is_refused() -> None:
    """An alias is one fault, not also a value of the wrong type."""
    with pytest.raises(PolicySyntaxError) as caught:
        read_yaml(CASES.replace("2026-03-01", "*x"), "a.yaml", "cases")
    assert str(caught.value) == "a.yaml:10: uses the alias `*x`, expected it in full"


def test_half_a_file_is_not_judged_by_its_shape() -> None:
    """Where reading stopped, what is missing may stand further on."""
    with pytest.raises(PolicySyntaxError) as caught:
        read_yaml("rule-set: [x\n", "a.yaml", "cases")
    assert len(caught.value.problems) == 1
