"""Lines without a reason: no comment says why they are there."""

from __future__ import annotations

from collections.abc import Iterator

from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    for line in examined.policies.lines:
        if line.source is not None and not line.source.comment:
            yield Noted.on(
                line,
                f"`{line}` has no reason",
                "write above it why it is there",
            )


CHECK = Check("no-reason", Severity.WARNING, "a line without a reason above it", _find)
