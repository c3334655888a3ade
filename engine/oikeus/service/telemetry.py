"""Spans of requests, where OpenTelemetry's API is installed; nothing where it is not.

What is traced, and where to, is set up by whoever runs the service: the API alone does
nothing, and costs as little.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from .node import Decided, Together

_API = "opentelemetry"


class Span(Protocol):
    """One request, as a trace shows it."""

    def end(self, method: str, route: str, status: int) -> None:
        """Say how it was answered."""


class Telemetry(Protocol):
    """Makes spans, and is an observer that tells them of decisions."""

    def request(
        self, method: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> AbstractContextManager[Span]:
        """Begin the span of a request; it is the current one until it is left."""

    def decided(self, decided: Decided) -> None:
        """Tell the current span of a decision."""

    def decided_together(self, together: Together) -> None:
        """Tell the current span of decisions."""


def telemetry() -> Telemetry | None:
    """What makes spans, if the API is there."""
    if find_spec(_API) is None or find_spec(f"{_API}.trace") is None:
        return None
    made: Telemetry = import_module(f"{__package__}.spans").Spans()
    return made
