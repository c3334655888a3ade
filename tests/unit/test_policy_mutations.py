"""No rule of the shipped policy can go or come without a case that fails."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from oikeus.decide.evaluator import Evaluator
from oikeus.decide.facts import Facts
from oikeus.errors import RequestError
from oikeus.policy.validate import validate
from oikeus.terms import Line

from .policy_cases import shipped_model, shipped_policies, shipped_suite

LIKELY = {
    "p": {"policies/tests/permissions.yaml"},
    "p2": {
        "policies/tests/powers-syottoliittyma.yaml",
        "policies/tests/powers-integraatio.yaml",
    },
    "g3": {"policies/tests/inert.yaml"},
    "g4": {"policies/tests/inert.yaml", "policies/tests/organisations.yaml"},
}
"""The files of cases that most often notice a change to a line of a kind."""


def is_noticed(rules: Iterable[Line], likely: Container[str] = ()) -> bool:
    """Tell whether any case would fail under other rules; fast, without reasons."""
    suite = shipped_suite()
    kept = [line for line in rules if line.ptype != "g"]
    for file in sorted(suite.files, key=lambda file: file.name not in likely):
        facts = Facts.from_lines(suite.model, dict.fromkeys((*kept, *file.world)))
        evaluator = Evaluator(suite.model, facts)
        for case in file.cases:
            for expectation in case.expectations:
                try:
                    request = expectation.request(file.root)
                except RequestError:
                    continue
                answer = evaluator.ask(request, case.day)
                if answer.allowed is not expectation.allowed:
                    return True
    return False


def test_the_rules_as_they_are_fail_no_case() -> None:
    """What the two tests below rest on."""
    assert not is_noticed(shipped_policies().lines)


def test_no_rule_can_go_unnoticed() -> None:
    """Without any one of its rules the policy fails a case, or is refused."""
    policies, model = shipped_policies(), shipped_model()
    lost = []
    for line in policies.lines:
        if line.source is not None and line.source.file == "policies/ehoks.csv":
            rest = [other for other in policies.lines if other is not line]
            refused = validate(rest, model, policies.catalogue).problems
            if not refused and not is_noticed(rest, LIKELY[line.ptype]):
                lost.append(str(line))
    assert lost == []


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
        return granted == "role:opetushallitus" != granter
    # a person is never granted a system's role, registered as a credential or not
    return line == Line("g3", ("role:tunnus", "person"))


def test_no_rule_can_come_unnoticed() -> None:
    """With any one rule more the policy fails a case: nothing is given by mistake."""
    lines = shipped_policies().lines
    new = [line for line in additions() if line not in lines]
    unnoticed = [
        line for line in new if not is_noticed((*lines, line), LIKELY[line.ptype])
    ]
    assert unnoticed == [line for line in new if changes_nothing(line)]
