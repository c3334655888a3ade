"""Spans by OpenTelemetry's API; imported only where that is installed.

INVARIANT: an attribute is a template, a number, a word of ours or the id of a decision.
No path, query, body, token or id of a subject is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .node import Decided, Together, each_of
from .telemetry import Span

_SERVER_ERROR = 500
_CARRIED = (b"traceparent", b"tracestate")


def is_set_up() -> bool:
    """Whether this process was given somewhere for its spans to go."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


class RequestSpan:
    """The span of one request."""

    __slots__ = ("_span",)

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def end(self, method: str, route: str, status: int) -> None:
        """Say how it was answered."""
        span = self._span
        if not span.is_recording():
            return
        span.update_name(f"{method} {route}")
        span.set_attribute("http.request.method", method)
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if status >= _SERVER_ERROR:
            span.set_status(Status(StatusCode.ERROR))


class Spans:
    """Makes spans.

    Args:
        provider: decides what is traced; without one, whatever the process was given.
    """

    def __init__(self, provider: trace.TracerProvider | None = None) -> None:
        self._tracer = trace.get_tracer("oikeus", tracer_provider=provider)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(
        self, method: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> Iterator[Span]:
        """Begin the span of a request; it is the current one until it is left.

        The trace of the caller goes on in it (W3C Trace Context); what a caller calls
        baggage is not taken in.
        """
        carrier = {
            name.decode(): value.decode("latin-1")
            for name, value in headers
            if name in _CARRIED
        }
        parent = self._propagator.extract(carrier) if carrier else None
        with self._tracer.start_as_current_span(
            method,
            parent,
            SpanKind.SERVER,
            # its text may hold what a caller sent
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield RequestSpan(span)

    def decided(self, decided: Decided) -> None:
        """Tell the current span of a decision."""
        span = trace.get_current_span()
        if span.is_recording():
            outcome = "allow" if decided.allowed else "deny"
            span.add_event(
                "oikeus.decision",
                {
                    "oikeus.decision.id": decided.id,
                    "oikeus.decision.outcome": outcome,
                    "oikeus.policy.version": decided.version,
                },
            )

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Tell the current span of the decisions of one request."""
        if not trace.get_current_span().is_recording():
            return
        for each in each_of(together):
            self.decided(each)
