"""What a run finds: measurements, and the figures made of them, each with its bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from .race import Timing

OURS = "oikeus.DecisionPoint.allows"


@dataclass(frozen=True, slots=True)
class Measurement:
    """How long one contender took.

    Attributes:
        what: the race.
        world: how many grants.
        contender: who took part.
        median: of the samples, in nanoseconds; nothing where it took no part.
        p99: what one in a hundred samples was above.
        ratio: the median to ours in the same race.
        note: how it was timed, or why it was not.
    """

    what: str
    world: str
    contender: str
    median: float | None = None
    p99: float | None = None
    ratio: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that has a bar.

    Attributes:
        name: what it is.
        value: what was measured; nothing where it could not be.
        bar: what is to be reached.
        at_most: whether the bar is the highest value; the lowest otherwise.
        note: what a reader needs to know.
    """

    name: str
    value: float | None
    bar: float
    at_most: bool
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it was; nothing where it was not measured."""
        if self.value is None:
            return None
        return self.value <= self.bar if self.at_most else self.value >= self.bar


@dataclass(slots=True)
class Findings:
    """What a part of the run found."""

    figures: list[Figure] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)

    def __iadd__(self, other: Findings) -> Self:
        self.figures += other.figures
        self.measurements += other.measurements
        return self


@dataclass(frozen=True, slots=True)
class Run:
    """How much is to be measured.

    Attributes:
        small: the smallest world, for growth.
        middle: the one that all contenders can hold.
        large: the largest.
        huge: one more for the decision point alone, where it is asked for.
        seconds: how long each race takes.
        questions: how many different ones are asked.
        strangers: how many questions about unknown names.
        versions: how many versions a long history has.
        changes: how many changes are verified.
        imported: how many grants are imported at once.
        granted: how many each of many writers grants in a turn, one by one.
        commits: how many are followed to other nodes.
    """

    small: str = "10 k"
    middle: str = "40 k"
    large: str = "1 M"
    huge: str = ""
    seconds: float = 10.0
    questions: int = 2_000
    strangers: int = 1_000_000
    versions: int = 100_000
    changes: int = 500_000
    imported: int = 1_000_000
    granted: int = 40
    commits: int = 500


RUNS = {
    "full": Run(),
    "quick": Run(
        "4 k", "10 k", "40 k", "", 2.0, 2_000, 100_000, 10_000, 50_000, 50_000, 10, 100
    ),
    "tiny": Run("100", "200", "400", "", 0.05, 50, 2_000, 40, 400, 300, 2, 5),
}


def measured(
    what: str, world: str, timings: Mapping[str, Timing], ours: str = OURS
) -> list[Measurement]:
    """The measurements of a race.

    Args:
        what: the race.
        world: how many grants.
        timings: of each contender.
        ours: whose median all others are compared with.
    """
    base = timings[ours].median
    return [
        Measurement(
            what,
            world,
            name,
            timing.median,
            timing.p99,
            timing.median / base,
            f"{timing.samples} samples of {timing.chunk}",
        )
        for name, timing in timings.items()
    ]
