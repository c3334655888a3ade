"""No slip of the pen in a rule of the shipped policy goes without a case that fails."""

from __future__ import annotations

from collections.abc import Iterator

from oikeus.analysis.testing.coverage import measure_coverage
from oikeus.analysis.testing.line_change import LineChange
from oikeus.analysis.testing.questions import Questions
from oikeus.analysis.testing.surviving import try_mutants
from oikeus.analysis.testing.writing import case_text
from oikeus.terms import Line

from .policy_cases import shipped_policies, shipped_suite

ROOTS = "role:opetushallitus"


def test_every_line_is_exercised_and_every_mutant_noticed() -> None:
    """Both at once, because both ask every question that the worlds' words make."""
    coverage = measure_coverage(shipped_suite())
    missing = [(str(each.line), each.missing) for each in coverage.lines]
    assert [found for found in missing if found[1]] == []
    unasked = [str(each.line) for each in coverage.lines if each.sides < 2]
    # the matchers ask a credential for its grant, and not for its kind
    assert unasked == ["g3, role:tunnus, system"]
    tried = try_mutants(shipped_suite())
    assert [case_text(case) for case in tried.missing] == []
    assert len(tried.noticed) > 400
    assert sorted(str(mutant.other) for mutant in tried.equal) == [
        # a credential is asked for its grant, and not for its kind
        "None",
        "g3, role:tunnus, person",
        "g3, role:tunnus, person",
        # nobody gives the role of the root, which is held where no mode is
        f"p2, role:ehoks-paakayttaja, {ROOTS}, mode:integraatio, active",
        f"p2, role:opetushallitus, {ROOTS}, mode:syottoliittyma, *",
        # and a power under one mode says nothing beside the same under any
        "p2, role:opetushallitus, role:vastuukayttaja, mode:syottoliittyma, *",
        f"p2, role:tallentajan-paakayttaja, {ROOTS}, mode:syottoliittyma, active",
        f"p2, role:vastuukayttaja, {ROOTS}, mode:integraatio, active",
    ]


def additions() -> Iterator[Line]:
    """Lines that would give a role a permission, a power, a level or a kind."""
    catalogue = shipped_policies().catalogue
    for name in catalogue.roles:
        role = f"role:{name}"
        for resource, known in catalogue.resources.items():
            for action in known.actions:
                yield Line("p", (role, resource, action, "allow"))
        for other in catalogue.roles:
            yield Line("p2", (role, f"role:{other}", "*", "*"))
        for level in catalogue.levels:
            yield Line("g4", (f"level:{level}", role))
        for kind in catalogue.kinds:
            yield Line("g3", (role, kind))


def changes_nothing(line: Line) -> bool:
    """Tell whether the addition of a line could never change a decision."""
    if line.ptype == "p2":
        # the root's role is held at the root only, where they are not
        granter, granted = line.values[:2]
        return granted == ROOTS != granter
    # a person is never granted a system's role, registered as a credential or not
    return line == Line("g3", ("role:tunnus", "person"))


def test_no_rule_can_come_unnoticed() -> None:
    """With any one rule more the policy fails a case: nothing is given by mistake."""
    worlds = shipped_suite().worlds
    asked = [Questions(world.snapshot.evaluator, world.posed) for world in worlds]
    lines = shipped_policies().lines
    new = [line for line in additions() if line not in lines]
    unnoticed = [
        line
        for line in new
        if not any(each.changed_by(LineChange(added=(line,))) for each in asked)
    ]
    assert unnoticed == [line for line in new if changes_nothing(line)]
