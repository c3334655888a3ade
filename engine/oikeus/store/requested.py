"""The applications that the log tells of, followed from request to decision."""

from __future__ import annotations

from typing import Any

from .application import ApplicationState
from .findings import Findings

_TABLE = "oikeus_application"
_LAPSED = ApplicationState.LAPSED
_TAKEN = [state.value for state in ApplicationState if state is not _LAPSED]


class Requested:
    """What was requested and not decided so far.

    Args:
        findings: what disagrees is noted there.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._open: dict[Any, tuple[Any, ...]] = {}

    def step(
        self,
        number: int,
        application: object,
        state: object,
        *of_it: Any,  # noqa: ANN401 # whatever is stored
    ) -> None:
        """A version takes a step.

        Args:
            number: of the version.
            application: the id that the step names.
            state: what the application is from then on.
            of_it: subject, role, organisation and last day, the same in every step.

        Raises:
            Enough: more need not be found.
        """
        if state not in _TAKEN:
            expected = " ".join(_TAKEN)
            self._add(number, f"has the state {state!a}, expected one of {expected}")
        elif state == ApplicationState.REQUESTED:
            if application != number:
                text = f"requests the application {application!a}, expected {number}"
                self._add(number, text)
            self._open[number] = of_it
        elif application not in self._open:
            text = f"decides the application {application!a}, which is not open then"
            self._add(number, text)
        elif self._open.pop(application) != of_it:
            text = f"says of the application {application!a} what its request does not"
            self._add(number, text)

    def _add(self, number: int, text: str) -> None:
        self._findings.add(number, _TABLE, number, text)
