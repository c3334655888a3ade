"""What the rights of an outside service mean, by the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.errors import PolicyError
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.catalogue_reading import read_catalogue
from oikeus.policy.imports import Imports, Meaning
from oikeus.policy.model import Model
from oikeus.policy.validate import validate

from .conftest import MakeLines
from .test_catalogue import SHIPPED, SMALL
from .test_validate import SOUND

SECTION = """\
imports:
  service: PLANS
  types: {OFFICIAL: person}
  rights:
    person: {SEE: reader}
"""
FIRST = SMALL.count("\n") + 1


def imports_of(text: str) -> Imports:
    """The section of a catalogue that has one."""
    found = read_catalogue(text, "a.yaml").imports
    assert found is not None
    return found


def refusal(section: str) -> list[str]:
    """What is wrong with a catalogue that ends in this section."""
    with pytest.raises(PolicyError) as caught:
        read_catalogue(SMALL + section, "a.yaml")
    return str(caught.value).splitlines()


def test_section_says_what_a_right_of_a_holder_means() -> None:
    """A right that is not named means nothing, and neither does another kind's."""
    imports = imports_of(SMALL + SECTION)
    assert (imports.service, imports.types) == ("PLANS", {"OFFICIAL": "person"})
    assert imports.role_of("person", "SEE") == "role:reader"
    assert imports.role_of("person", "see") is None
    assert imports.role_of("system", "SEE") is None


def test_catalogue_need_not_have_the_section() -> None:
    """Without it no right of any service means anything."""
    assert read_catalogue(SMALL, "a.yaml").imports is None


def test_places_are_no_part_of_what_is_said() -> None:
    """A catalogue that says the same further down is equal."""
    assert imports_of(SMALL + SECTION) == imports_of(f"# why\n{SMALL}{SECTION}")


def test_words_that_the_catalogue_does_not_have_are_told_with_their_lines() -> None:
    """All at once: kinds, roles, and the role that an import gives by itself."""
    section = """\
imports:
  service: PLANS
  types: {OFFICIAL: persona}
  rights:
    robot:
      SEE: reader
    person:
      SEE: raeder
      KEY: token
"""
    assert refusal(section) == [
        (
            f"a.yaml:{FIRST + 2}: unknown kind `persona`, expected person "
            "(did you mean `person`?)"
        ),
        f"a.yaml:{FIRST + 4}: unknown kind `robot`, expected person",
        (
            f"a.yaml:{FIRST + 7}: unknown role `raeder`, expected reader or token "
            "(did you mean `reader`?)"
        ),
        (
            f"a.yaml:{FIRST + 8}: `KEY` means `token`, which an import gives by "
            "itself, expected the role that the right means"
        ),
    ]


def test_faults_of_shape_are_told_with_their_lines() -> None:
    """A key that is missing, one that is misspelt, and an empty map."""
    section = "imports:\n  servise: PLANS\n  types: {}\n  rights: {person: {SEE: 3}}\n"
    assert refusal(section) == [
        f"a.yaml:{FIRST}: `imports` has no key `service`, which it needs",
        (
            f"a.yaml:{FIRST + 1}: `imports` has the unknown key `servise`, expected "
            "service, types or rights (did you mean `service`?)"
        ),
        f"a.yaml:{FIRST + 2}: `imports.types` is empty, expected at least 1",
        (
            f"a.yaml:{FIRST + 3}: `imports.rights.person.SEE` is `3`, expected text "
            "(in quotes)"
        ),
    ]


def with_rights(catalogue: Catalogue, **roles: str) -> Catalogue:
    """A catalogue by which a right of a person or a system means a role."""
    rights = {
        kind: {"SEE": Meaning(role, line)}
        for line, (kind, role) in enumerate(roles.items(), 7)
    }
    imports = Imports("PLANS", {"OFFICIAL": "person"}, rights)
    return Catalogue(
        catalogue.kinds,
        catalogue.levels,
        catalogue.modes,
        catalogue.statuses,
        catalogue.resources,
        catalogue.roles,
        imports=imports,
    )


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({"person": "reader"}, ""),
        # that nobody can hold it is said of the role itself
        ({"person": "stranger"}, "which no power gives, expected a role that can be"),
        ({"system": "reader"}, "which is for a person, expected one for a system"),
        ({"person": "chief"}, "which no power gives, expected a role that can be"),
    ],
)
def test_right_means_a_role_that_its_holders_can_be_given(
    make_lines: MakeLines,
    model: Model,
    catalogue: Catalogue,
    roles: dict[str, str],
    expected: str,
) -> None:
    """Neither one for another kind, nor one that only policy files give (ruling B)."""
    meant = with_rights(catalogue, **roles)
    found = validate(make_lines(SOUND), model, meant, catalogue_file="words.yaml")
    if not expected:
        assert found.problems == ()
        return
    ((kind, role),) = roles.items()
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("words.yaml", 7)
    assert problem.text.startswith(f"`SEE` of a {kind} means `{role}`, {expected}")


def test_shipped_meanings_are_safe() -> None:
    """Nothing above reading and entering data, and no official's role for a system."""
    imports = imports_of(Path(SHIPPED).read_text(encoding="utf-8"))
    assert imports.service == "EHOKS"
    assert imports.types == {"VIRKAILIJA": "person", "PALVELU": "system"}
    assert {
        (kind, right): meaning.role
        for kind, meanings in imports.rights.items()
        for right, meaning in meanings.items()
    } == {
        ("person", "READ"): "ehoks-kayttaja",
        ("person", "CRUD"): "tallentaja",
        ("system", "CRUD"): "palvelukayttaja",
    }
