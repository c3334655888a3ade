"""An application: a subject's wish for a role, and the steps by which it is decided.

A step is part of a version. An application lapses without one: its last day passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ApplicationState(StrEnum):
    """What became of an application; all but the first are for good."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class ApplicationStep:
    """What a version does to one application.

    Attributes:
        state: what it is from then on; no version makes it lapse.
        subject: who applies.
        role: which role is wished for, `role:…`.
        organisation: at which organisation.
        last_day: on which it can be decided.
        reason: why this step is taken; blank where nobody said.
        application: its id; nothing for a request, which gets that of its version.
    """

    state: ApplicationState
    subject: str
    role: str
    organisation: str
    last_day: date
    reason: str = ""
    application: int | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it stands on a day.

    Attributes:
        id: the number of the version in which it was requested.
        subject: who applies.
        role: which role is wished for, `role:…`.
        organisation: at which organisation.
        state: on that day.
        requested: when, as the log has times.
        until: the last day on which it can be decided.
        reason: why it was requested; blank where nobody said.
        version: the number of the version that decided it.
        decided: when that was.
        decided_by: whose power that rests on; the applicant, who withdrew it.
        decision: why it was decided so; blank where nobody said.
    """

    id: int
    subject: str
    role: str
    organisation: str
    state: ApplicationState
    requested: str
    until: date
    reason: str
    version: int | None = None
    decided: str | None = None
    decided_by: str | None = None
    decision: str = ""

    def step(self, state: ApplicationState, reason: str = "") -> ApplicationStep:
        """The step that decides it."""
        return ApplicationStep(
            state,
            self.subject,
            self.role,
            self.organisation,
            self.until,
            reason,
            self.id,
        )


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """Which applications are asked for; what is left out does not matter.

    Attributes:
        id: this one.
        subject: of this subject.
        role: for this role, `role:…`.
        organisation: at this organisation.
        states: in one of these on the day.
    """

    id: int | None = None
    subject: str | None = None
    role: str | None = None
    organisation: str | None = None
    states: tuple[ApplicationState, ...] | None = None
