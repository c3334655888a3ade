"""No slip of the pen in a rule of the shipped policy goes without a case that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from oikeus.analysis.testing.coverage import measure_coverage
from oikeus.analysis.testing.line_change import LineChange
from oikeus.analysis.testing.questions import Questions
from oikeus.analysis.testing.running import run_suite
from oikeus.analysis.testing.surviving import try_mutants
from oikeus.analysis.testing.writing import case_text
from oikeus.policy.model import parse_model
from oikeus.terms import Line

from .policy_cases import shipped_model, shipped_policies, shipped_suite

_GRANT = """\
g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub) \\
    && g3(p2.sub, r2.by)"""
_MODE = '(p2.mode == "*" || g2(r2.org, p2.mode))'
_STATUS = '(p2.status == "*" || !g2(r2.org, "status:passive"))'


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
        # and a power under one mode says nothing beside the same under any
        "p2, role:opetushallitus, role:vastuukayttaja, mode:syottoliittyma, *",
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
    # a person is never granted a system's role, registered as a credential or not
    assert unnoticed == [Line("g3", ("role:tunnus", "person"))]


@pytest.mark.parametrize(
    ("term", "other"),
    [
        ('!g3(r2.sub, "blocked") && (r2.sub == r2.to', "(r2.sub == r2.to"),
        ("(r2.sub == r2.to \\\n    || ", "("),
        ("m3 = ", "m3 = r2.sub != r2.to && "),
        (_GRANT, "g3(p2.sub, r2.by)"),
        ("g3(p2.sub, r2.by) && r2.role == p2.role)", "r2.role == p2.role)"),
        (" && r2.role == p2.role)", ")"),
        ("r2.role == p2.role)", "r2.role == p2.role && g4(r2.org, r2.role))"),
        ("r2.role == p2.role)", "r2.role == p2.role && g3(r2.role, r2.kind))"),
        ("r2.role == p2.role)", f"r2.role == p2.role && {_MODE})"),
        ("r2.role == p2.role)", f"r2.role == p2.role && {_STATUS})"),
    ],
)
def test_no_term_on_revoking_can_go_or_come_unnoticed(term: str, other: str) -> None:
    """What `m3` says is held by cases, as the lines are."""
    head, name, tail = shipped_model().text.partition("\nm3 = ")
    assert (name + tail).count(term) == 1
    model = parse_model(head + (name + tail).replace(term, other))
    assert run_suite(shipped_suite())
    assert not run_suite(replace(shipped_suite(), model=model))
