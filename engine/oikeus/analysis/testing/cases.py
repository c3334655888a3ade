"""Cases: what a policy must answer in a small world of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ...terms import Line, PowerRequest, Request, RevocationRequest

ROOT = "root"
"""What cases call the organisation above all others, whatever its id."""

CAN, CANNOT = "can", "cannot"
MAY_GRANT, MAY_NOT_GRANT = "may grant", "may not grant"
MAY_REVOKE, MAY_NOT_REVOKE = "may revoke", "may not revoke"

ANSWERS: Mapping[str, bool] = {
    CAN: True,
    CANNOT: False,
    MAY_GRANT: True,
    MAY_NOT_GRANT: False,
    MAY_REVOKE: True,
    MAY_NOT_REVOKE: False,
}
"""The keys of a case under which questions stand, and the answer to each of them."""

_BEFORE: Mapping[str, str] = {"to": "to ", "from": "from ", "organisation": "at "}
"""What stands before a word of a question where it is told."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One question of a case, as it is written, and the answer that must come.

    Attributes:
        subject: who would do it, or grant or revoke it.
        asked: the words by their keys: action, resource, organisation; or role, to
            (of granting) or from (of revoking), organisation.
        allowed: the answer.
        attributes: what is sent with it.
    """

    subject: str
    asked: Mapping[str, str]
    allowed: bool
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        words = [f"{_BEFORE.get(key, '')}{word}" for key, word in self.asked.items()]
        words += [f"{name}={value}" for name, value in self.attributes.items()]
        can, _ = self._keys
        verb = "do" if can == CAN else can.removeprefix("may ")
        may = "may" if self.allowed else "may not"
        return f"{self.subject} {may} {verb}: {' '.join(words)}"

    @property
    def key(self) -> str:
        """The key of a case that it stands under."""
        can, cannot = self._keys
        return can if self.allowed else cannot

    @property
    def _keys(self) -> tuple[str, str]:
        if "to" in self.asked:
            return MAY_GRANT, MAY_NOT_GRANT
        return (MAY_REVOKE, MAY_NOT_REVOKE) if "from" in self.asked else (CAN, CANNOT)

    def request(self, root: str) -> Request | PowerRequest:
        """The question for a decision point.

        Args:
            root: the id of the organisation above all others.

        Raises:
            RequestError: it is refused at the door.
        """
        place = place_of(self.asked["organisation"], root)
        for whose, kind in (("to", PowerRequest), ("from", RevocationRequest)):
            if whose in self.asked:
                role = f"role:{self.asked['role']}"
                return kind(self.subject, self.asked[whose], role, place)
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
                found.append(each.subject)
                found += [
                    each.asked[whose] for whose in ("to", "from") if whose in each.asked
                ]
        return tuple(dict.fromkeys(found))


def place_of(name: str, root: str) -> str:
    """The id of an organisation as cases name it."""
    return root if name == ROOT else name
