"""Reads the cases of policies/tests and decides them: what must hold in a world.

The world of a file (organisations, grants, blocked subjects) becomes Casbin lines
beside the shipped rules, without the shipped first grants. Grants need not be right:
a case may show that a wrong row decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import PolicyError, Problem, RequestError
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.folder import Policies, load_policies
from oikeus.policy.model import Model, load_model
from oikeus.policy.tree import Tree
from oikeus.policy.yaml_source import Document, read_yaml
from oikeus.terms import Grant, Line, PowerRequest, Request, Span, parse_day

REPOSITORY = Path(__file__).resolve().parents[2]

ROOT = "root"
"""What cases call the organisation above all others, whatever its id."""

FREE_WORDS = frozenset({"F", "I"})
"""The rulings whose cases ask about words that no policy knows: no role deletes, and
what is unknown is refused. In any other case an unknown word is a slip of the pen."""

_ANSWERS: Mapping[str, bool] = {
    "can": True,
    "cannot": False,
    "may grant": True,
    "may not grant": False,
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One question of a case, as it is written, and the answer that must come."""

    subject: str
    asked: Mapping[str, str]
    allowed: bool

    def __str__(self) -> str:
        words = " ".join(self.asked.values())
        verb = "grant" if "role" in self.asked else "do"
        return f"{self.subject} {'may' if self.allowed else 'may not'} {verb}: {words}"

    def request(self, root: str) -> Request | PowerRequest:
        """The question for a decision point.

        Raises:
            RequestError: it is refused at the door.
        """
        organisation = _place(self.asked["organisation"], root)
        if "role" in self.asked:
            role = f"role:{self.asked['role']}"
            return PowerRequest(self.subject, self.asked["to"], role, organisation)
        action, resource = self.asked["action"], self.asked["resource"]
        return Request(self.subject, action, resource, organisation)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the rules it shows, why it must be so, and what is expected."""

    file: str
    line: int
    rules: tuple[str, ...]
    why: str
    day: date
    expectations: tuple[Expectation, ...]

    @property
    def shows(self) -> tuple[str, ...]:
        """Which answers it shows, `allowed` before `refused`."""
        found = {expectation.allowed for expectation in self.expectations}
        words = {True: "allowed", False: "refused"}
        return tuple(word for answer, word in words.items() if answer in found)


@dataclass(frozen=True)
class CaseFile:
    """The cases of one file, and the world that they are asked in.

    Attributes:
        world: the lines of the world, the root under its real id.
        root: that id.
    """

    world: tuple[Line, ...]
    cases: tuple[Case, ...]
    root: str
    policies: Policies
    model: Model

    @cached_property
    def point(self) -> DecisionPoint:
        """Decides by the shipped rules in this world."""
        rules = (line for line in self.policies.lines if line.ptype != "g")
        lines = dict.fromkeys((*rules, *self.world))
        return DecisionPoint(
            Snapshot.build(self.model, lines, catalogue=self.policies.catalogue)
        )

    def failures(self, case: Case) -> Iterator[str]:
        """Say which expectations of a case do not hold, and what was decided why."""
        for expectation in case.expectations:
            allowed, reason = self._decide(expectation, case.day)
            if allowed is not expectation.allowed:
                decided = "allowed" if allowed else "refused"
                yield f"{expectation}, but it was {decided}: {reason}"

    def _decide(self, expectation: Expectation, day: date) -> tuple[bool, str]:
        try:
            request = expectation.request(self.root)
            if isinstance(request, Request):
                decision = self.point.decide(request, day)
            else:
                decision = self.point.may_grant(
                    request.granter,
                    request.recipient,
                    request.role,
                    request.organisation,
                    day,
                )
        except RequestError as error:
            # refused at the door is refused
            return False, str(error)
        return decision.allowed, decision.reason


def read_cases(text: str, file: str, policies: Policies, model: Model) -> CaseFile:
    """Read the text of a file of cases.

    Raises:
        PolicySyntaxError: the text is not plain YAML.
        PolicyError: it has not the shape of `cases.schema.json`, or uses words that
            neither the policy nor the world knows.
    """
    document = read_yaml(text, file, "cases")
    value = document.value
    (root,) = Tree.from_lines(policies.lines).roots
    world = value["world"]
    cases = tuple(_cases(document))
    problems = [
        *_unknown_in_world(document, policies.catalogue),
        *_unknown_in_cases(document, cases, policies.catalogue),
    ]
    if problems:
        raise PolicyError(problems)
    return CaseFile(tuple(_lines(world, root)), cases, root, policies, model)


def _place(name: str, root: str) -> str:
    return root if name == ROOT else name


def _lines(world: Mapping[str, Any], root: str) -> Iterator[Line]:
    for name, organisation in world.get("organisations", {}).items():
        yield Line("g2", (name, _place(organisation.get("parent", ROOT), root)))
        for level in organisation.get("levels", ()):
            yield Line("g4", (name, f"level:{level}"))
        if "mode" in organisation:
            yield Line("g2", (name, f"mode:{organisation['mode']}"))
        if organisation.get("status", "active") != "active":
            yield Line("g2", (name, f"status:{organisation['status']}"))
    for grant in world.get("grants", ()):
        span = Span(parse_day(grant["from"]), parse_day(grant["until"]))
        place = _place(grant["organisation"], root)
        yield Grant(grant["subject"], f"role:{grant['role']}", place, span).line
    for subject in world.get("blocked", ()):
        yield Line("g3", (subject, "blocked"))


def _cases(document: Document) -> Iterator[Case]:
    for position, case in enumerate(document.value["cases"]):
        yield Case(
            document.file,
            document.line("cases", position),
            tuple(case["rule"]),
            case["why"],
            parse_day(case.get("day", document.value["day"])),
            tuple(
                Expectation(case["subject"], asked, allowed)
                for key, allowed in _ANSWERS.items()
                for asked in case.get(key, ())
            ),
        )


def _unknown_in_world(document: Document, catalogue: Catalogue) -> Iterator[Problem]:
    world = document.value["world"]
    organisations = world.get("organisations", {})
    for name, organisation in organisations.items():
        place = ("world", "organisations", name)
        for what, word, known in (
            ("parent", organisation.get("parent", ROOT), {ROOT, *organisations}),
            ("mode", organisation.get("mode"), {None, *catalogue.modes}),
            ("status", organisation.get("status"), {None, *catalogue.statuses}),
            *(
                ("level", level, catalogue.levels)
                for level in organisation.get("levels", ())
            ),
        ):
            if word not in known:
                yield document.problem(f"unknown {what} `{word}`", *place)
    for position, grant in enumerate(world.get("grants", ())):
        place = ("world", "grants", position)
        if grant["role"] not in catalogue.roles:
            yield document.problem(f"unknown role `{grant['role']}`", *place)
        if grant["organisation"] not in {ROOT, *organisations}:
            text = f"unknown organisation `{grant['organisation']}`"
            yield document.problem(text, *place)
        if grant["until"] < grant["from"]:
            yield document.problem("ends before it begins", *place)


def _unknown_in_cases(
    document: Document, cases: Iterable[Case], catalogue: Catalogue
) -> Iterator[Problem]:
    organisations = {ROOT, *document.value["world"].get("organisations", {})}
    for case in cases:
        for expectation in case.expectations:
            if not expectation.allowed and FREE_WORDS & set(case.rules):
                continue
            asked = expectation.asked
            resource = catalogue.resources.get(asked.get("resource", ""))
            known = {
                "organisation": organisations,
                "role": catalogue.roles,
                "resource": catalogue.resources,
                "action": resource.actions if resource else (),
            }
            for what, word in asked.items():
                if what in known and word not in known[what]:
                    text = f"unknown {what} `{word}`, in a case of no rule on such"
                    yield Problem(document.file, case.line, text)


@cache
def shipped_model() -> Model:
    """model.conf."""
    return load_model(REPOSITORY / "model.conf")


@cache
def shipped_policies() -> Policies:
    """policies/, judged."""
    return load_policies(REPOSITORY / "policies", shipped_model())


@cache
def shipped_cases() -> Mapping[str, CaseFile]:
    """The files of policies/tests, by name."""
    return {
        path.name: read_cases(
            path.read_text(encoding="utf-8"),
            f"policies/tests/{path.name}",
            shipped_policies(),
            shipped_model(),
        )
        for path in sorted((REPOSITORY / "policies" / "tests").glob("*.yaml"))
    }
