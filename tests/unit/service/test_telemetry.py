"""Spans where OpenTelemetry is installed; nothing is imported where it is not."""

import sys
from importlib.machinery import ModuleSpec

import pytest
from opentelemetry import trace

from oikeus.service import telemetry as module
from oikeus.service.telemetry import telemetry


def test_spans_are_made_where_somebody_set_up_where_they_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The API alone would cost more than a decision, and do nothing."""
    assert telemetry() is None
    monkeypatch.setattr(trace, "get_tracer_provider", trace.NoOpTracerProvider)
    assert type(telemetry()).__name__ == "Spans"


@pytest.mark.parametrize("missing", ["opentelemetry", "opentelemetry.trace"])
def test_nothing_is_imported_where_the_api_is_not(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other parts of it may be there: they share a namespace."""

    def found(name: str) -> ModuleSpec | None:
        return None if name == missing else ModuleSpec(name, None)

    monkeypatch.setattr(module, "find_spec", found)
    monkeypatch.delitem(sys.modules, "oikeus.service.spans", raising=False)
    assert telemetry() is None
    assert "oikeus.service.spans" not in sys.modules
