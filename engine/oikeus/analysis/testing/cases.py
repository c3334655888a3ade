"""Cases: what a policy must answer in a small world of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ...terms import Line, PowerRequest, Request

ROOT = "root"
"""What cases call the organisation above all others, whatever its id."""

CAN, CANNOT = "can", "cannot"
MAY, MAY_NOT = "may grant", "may not grant"

ANSWERS: Mapping[str, bool] = {CAN: True, CANNOT: False, MAY: True, MAY_NOT: False}
"""The keys of a case under which questions stand, and the answer to each of them."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One question of a case, as it is written, and the answer that must come.

    Attributes:
        subject: who would do it, or grant it.
        asked: the words by their keys: action, resource, organisation; or role, to,
            organisation.
        allowed: the answer.
        attributes: what is sent with it.
    """

    subject: str
    asked: Mapping[str, str]
    allowed: bool
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        words = [*self.asked.values()]
        words += [f"{name}={value}" for name, value in self.attributes.items()]
        verb = "grant" if self.is_power else "do"
        may = "may" if self.allowed else "may not"
        return f"{self.subject} {may} {verb}: {' '.join(words)}"

    @property
    def is_power(self) -> bool:
        """Whether it is about granting a role."""
        return "role" in self.asked

    @property
    def key(self) -> str:
        """The key of a case that it stands under."""
        if self.is_power:
            return MAY if self.allowed else MAY_NOT
        return CAN if self.allowed else CANNOT

    def request(self, root: str) -> Request | PowerRequest:
        """The question for a decision point.

        Args:
            root: the id of the organisation above all others.

        Raises:
            RequestError: it is refused at the door.
        """
        place = place_of(self.asked["organisation"], root)
        if self.is_power:
            role = f"role:{self.asked['role']}"
            return PowerRequest(self.subject, self.asked["to"], role, place)
        action, resource = self.asked["action"], self.asked["resource"]
        return Request(
            self.subject, action, resource, place, attributes=self.attributes
        )


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """One case: the rules it shows, why it must be so, and what is expected.

    Attributes:
        file: the path from the folder of policies on, `policies/tests/scope.yaml`.
        line: where it begins.
        rules: the rules and rulings that it shows.
        why: why it must be so.
        day: the day that it is decided for.
        expectations: its questions, with their answers.
    """

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

    def speaks_of(self, text: str) -> bool:
        """Whether a text is one of its rules, or part of its file's name or its why."""
        part = text.casefold()
        return text in self.rules or any(
            part in words.casefold() for words in (self.file, self.why)
        )


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file, and the world that they are asked in.

    Attributes:
        name: the file.
        world: the lines of the world, the root under its real id.
        cases: in their order.
        root: the id of the root.
    """

    name: str
    world: tuple[Line, ...]
    cases: tuple[PolicyCase, ...]
    root: str

    @property
    def places(self) -> tuple[str, ...]:
        """The organisations of the world, the root first."""
        named = (line.values[0] for line in self.world if line.ptype == "g2")
        return tuple(dict.fromkeys((self.root, *named)))

    @property
    def days(self) -> tuple[date, ...]:
        """The days of its cases, sorted."""
        return tuple(sorted({case.day for case in self.cases}))

    @property
    def people(self) -> tuple[str, ...]:
        """The subjects of the world, and those that only cases name."""
        found = [line.values[0] for line in self.world if line.ptype in ("g", "g3")]
        for case in self.cases:
            for each in case.expectations:
                found += [each.subject, each.asked.get("to", each.subject)]
        return tuple(dict.fromkeys(found))


def place_of(name: str, root: str) -> str:
    """The id of an organisation as cases name it."""
    return root if name == ROOT else name
