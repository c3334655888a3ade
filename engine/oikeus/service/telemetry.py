"""Spans of requests, where OpenTelemetry is set up; nothing where it is not.

What is traced, and where to, is set up by whoever runs the service, before it starts:
the API alone does nothing, and costs more than a decision does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Tell the current span of the decisions of one request."""


def telemetry() -> Telemetry | None:
    """What makes spans, if the API is there and somebody set up where they go."""
    if find_spec(_API) is None or find_spec(f"{_API}.trace") is None:
        return None
    spans = import_module(f"{__package__}.spans")
    made: Telemetry | None = spans.Spans() if spans.is_set_up() else None
    return made
