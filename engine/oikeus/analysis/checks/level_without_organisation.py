"""Levels that no organisation has, so that no role can be held at them."""

from __future__ import annotations

from collections.abc import Iterator

from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    levels = examined.snapshot.tree.levels.values()
    had = {level for each in levels for level in each}
    for name in examined.catalogue.levels:
        if f"level:{name}" not in had:
            yield Noted(
                *examined.place("levels", name),
                f"no organisation has the level `{name}`",
                "mend its types, or take the level and what is held at it away",
            )


CHECK = Check(
    "level-without-organisation",
    Severity.WARNING,
    "a level that no organisation of the register has",
    _find,
    of_register=True,
)
