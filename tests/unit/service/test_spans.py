"""Spans: part of the caller's trace, and naming nobody."""

from collections.abc import Mapping

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from oikeus.service.spans import Spans

from .test_recording import PLAIN, TOGETHER

PARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    """Keeps what was traced."""
    return InMemorySpanExporter()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Spans:
    """Traced to memory."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Spans(provider)


def test_request_is_a_span_of_the_trace_of_its_caller(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    """By W3C's header; its name is the template."""
    headers = [(b"traceparent", PARENT), (b"authorization", b"Bearer x")]
    with spans.request("POST", headers) as span:
        span.end("POST", "/access/v1/evaluation", 200)
    (found,) = exporter.get_finished_spans()
    assert (found.name, found.kind) == ("POST /access/v1/evaluation", SpanKind.SERVER)
    assert found.context is not None
    assert f"{found.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert found.parent is not None
    assert f"{found.parent.span_id:016x}" == "b7ad6b7169203331"
    assert dict(found.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/access/v1/evaluation",
        "http.response.status_code": 200,
    }
    assert found.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize("headers", [[], [(b"traceparent", b"nonsense\xff")]])
def test_request_without_a_trace_begins_one(
    headers: list[tuple[bytes, bytes]], spans: Spans, exporter: InMemorySpanExporter
) -> None:
    """As does one whose header is none."""
    with spans.request("GET", headers):
        pass
    (found,) = exporter.get_finished_spans()
    assert found.parent is None


def fail(spans: Spans) -> None:
    """Fail inside of a request."""
    with spans.request("GET", []) as span:
        span.end("GET", "unrouted", 500)
        raise KeyError("person:a")  # noqa: EM101 # the text is the case


def test_answer_of_a_fault_is_an_error(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    """Ours, not the caller's; what was raised is not told."""
    with pytest.raises(KeyError):
        fail(spans)
    (found,) = exporter.get_finished_spans()
    assert found.status.status_code is StatusCode.ERROR
    assert found.events == ()
    assert "person" not in found.to_json()


def test_decision_is_an_event_that_leads_to_its_record(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    """By its id; who asked is not told."""
    with spans.request("POST", []):
        spans.decided(PLAIN)
    (found,) = exporter.get_finished_spans()
    (event,) = found.events
    attributes: Mapping[str, object] = event.attributes or {}
    assert dict(attributes) == {
        "oikeus.decision.id": PLAIN.id,
        "oikeus.decision.outcome": "deny",
        "oikeus.policy.version": 3,
    }
    assert "person" not in found.to_json()


def test_decisions_of_one_request_are_events(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    """One for each."""
    with spans.request("POST", []):
        spans.decided_together([TOGETHER])
    (found,) = exporter.get_finished_spans()
    assert len(found.events) == len(TOGETHER)


def test_api_without_a_provider_does_nothing() -> None:
    """Nobody set up where traces go."""
    spans = Spans()
    with spans.request("GET", []) as span:
        spans.decided(PLAIN)
        spans.decided_together([TOGETHER])
        span.end("GET", "/x", 200)
