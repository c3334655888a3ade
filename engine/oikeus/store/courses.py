"""What goes through steps, as the log tells of it: opened once, and closed once later.

Such are applications and tokens. Each step is of one version, and repeats what was
said when it was opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .application import ApplicationState
from .findings import Findings
from .token import TokenState


@dataclass(frozen=True, slots=True)
class Course:
    """What steps a thing goes through.

    Attributes:
        table: in which they stand.
        thing: what it is.
        opens: what the first step does.
        closes: what the last step does.
        opening: what the first step is.
        states: that a step can lead to; by the first one it is opened.
    """

    table: str
    thing: str
    opens: str
    closes: str
    opening: str
    states: tuple[str, ...]


# nothing lapses or expires by a step
_DECIDED = [*ApplicationState][:-1]
_REVOKED = [*TokenState][:-1]

APPLICATIONS = Course(
    "oikeus_application",
    "application",
    "requests",
    "decides",
    "request",
    tuple(state.value for state in _DECIDED),
)
TOKENS = Course(
    "oikeus_token",
    "token",
    "creates",
    "revokes",
    "creation",
    tuple(state.value for state in _REVOKED),
)


class Followed:
    """What was opened and not closed so far.

    Args:
        course: that its steps follow.
        findings: what disagrees is noted there.
    """

    def __init__(self, course: Course, findings: Findings) -> None:
        self.course = course
        self._findings = findings
        self._open: dict[Any, tuple[Any, ...]] = {}

    def step(
        self,
        number: int,
        thing: object,
        state: object,
        *told: Any,  # noqa: ANN401 # whatever is stored
    ) -> None:
        """A version takes a step.

        Args:
            number: of the version.
            thing: the id that the step names.
            state: what the thing is from then on.
            told: what else the row says; all but the last is the same in every step.

        Raises:
            Enough: more need not be found.
        """
        course, of_it = self.course, told[:-1]
        if state not in course.states:
            expected = " ".join(course.states)
            self._add(number, f"has the state {state!a}, expected one of {expected}")
        elif state == course.states[0]:
            if thing != number:
                named = f"the {course.thing} {thing!a}"
                self._add(number, f"{course.opens} {named}, expected {number}")
            self._open[number] = of_it
        elif thing not in self._open:
            named = f"the {course.thing} {thing!a}"
            self._add(number, f"{course.closes} {named}, which is not open then")
        elif self._open.pop(thing) != of_it:
            named = f"the {course.thing} {thing!a}"
            self._add(number, f"says of {named} what its {course.opening} does not")

    def _add(self, number: int, text: str) -> None:
        self._findings.add(number, self.course.table, number, text)
