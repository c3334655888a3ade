"""Reads a file of cases: its world becomes Casbin lines beside those of the policy.

Grants of a world need not be right: a case may show that a wrong row decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import PolicyError
from ...policy.catalogue import ACTIVE
from ...policy.folder import Policies
from ...policy.model import Model
from ...policy.tree import Tree
from ...policy.yaml_source import Document, read_yaml
from ...terms import Grant, Line, Span, parse_day
from .cases import ANSWERS, ROOT, CaseFile, Expectation, PolicyCase, place_of
from .slips import slips


def read_cases(text: str, file: str, policies: Policies, model: Model) -> CaseFile:
    """Read the text of a file of cases.

    Args:
        text: the YAML text.
        file: its path, for problems.
        policies: the rules that are tested; they say which words there are.
        model: what they are for; it says which attributes there are.

    Raises:
        PolicySyntaxError: the text is not plain YAML.
        PolicyError: it has not the shape of `cases.schema.json`, or uses words that
            neither the policy nor the world knows.
    """
    document = read_yaml(text, file, "cases")
    problems = [*slips(document, policies.catalogue, model)]
    if problems:
        raise PolicyError(problems)
    # INVARIANT: policies that were judged have one root
    tree = Tree.from_lines(policies.lines)
    (root,) = tree.roots
    lines = tuple(_lines(document.value["world"], root, tree))
    return CaseFile(file, lines, tuple(_cases(document)), root)


def _lines(world: Mapping[str, Any], root: str, tree: Tree) -> Iterator[Line]:
    for name, organisation in world.get("organisations", {}).items():
        # the policy itself may say where it stands
        (above, *_) = *tree.parents.get(name, ()), ROOT
        yield Line("g2", (name, place_of(organisation.get("parent", above), root)))
        for level in organisation.get("levels", ()):
            yield Line("g4", (name, f"level:{level}"))
        if "mode" in organisation:
            yield Line("g2", (name, f"mode:{organisation['mode']}"))
        status = organisation.get("status", ACTIVE)
        if status != ACTIVE:
            yield Line("g2", (name, f"status:{status}"))
    for grant in world.get("grants", ()):
        span = Span(parse_day(grant["from"]), parse_day(grant["until"]))
        place = place_of(grant["organisation"], root)
        yield Grant(grant["subject"], f"role:{grant['role']}", place, span).line
    for subject in world.get("blocked", ()):
        yield Line("g3", (subject, "blocked"))


def _cases(document: Document) -> Iterator[PolicyCase]:
    for position, case in enumerate(document.value["cases"]):
        yield PolicyCase(
            document.file,
            document.line("cases", position),
            tuple(case["rule"]),
            case["why"],
            parse_day(case.get("day", document.value["day"])),
            tuple(
                _expectation(case["subject"], asked, allowed=allowed)
                for key, allowed in ANSWERS.items()
                for asked in case.get(key, ())
            ),
        )


def _expectation(
    subject: str, asked: Mapping[str, Any], *, allowed: bool
) -> Expectation:
    words = {key: word for key, word in asked.items() if key != "attributes"}
    return Expectation(subject, words, allowed, asked.get("attributes", {}))
