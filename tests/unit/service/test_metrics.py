"""Metrics: whole numbers that Prometheus reads, with few labels."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from oikeus import PowerRequest
from oikeus.service.health import Health
from oikeus.service.metrics import BUCKETS, Histogram, Metrics
from oikeus.service.recording import Recorder

from .test_health import Fresh
from .test_recording import PLAIN, TOGETHER, Kept

Sample = tuple[str, tuple[tuple[str, str], ...]]


def samples(metrics: Metrics) -> dict[Sample, float]:
    """Each sample, by its name and labels."""
    text, media_type = metrics.exposition("")
    assert media_type.startswith("text/plain; version=")
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(text.decode())
        for each in family.samples
    }


@pytest.fixture
def metrics() -> Metrics:
    """Those of a process that has a version."""
    return Metrics(Health(Fresh))


def test_decisions_are_counted_by_outcome_and_kind(metrics: Metrics) -> None:
    """Who asked, and what, is in no label."""
    power = PowerRequest("person:a", "person:b", "role:a", "1.1")
    for allowed, request in ((True, PLAIN.request), (False, power)):
        metrics.decided(replace(PLAIN, allowed=allowed, request=request))
    metrics.decided(PLAIN)
    metrics.decided(PLAIN)
    found = samples(metrics)
    name = "oikeus_decisions_total"
    counted = {labels: found[key, labels] for key, labels in found if key == name}
    assert counted == {
        (("kind", "access"), ("outcome", "allow")): 1,
        (("kind", "access"), ("outcome", "deny")): 2,
        (("kind", "power"), ("outcome", "deny")): 1,
    }
    assert "person" not in metrics.exposition("")[0].decode()


def test_decisions_told_together_are_counted(metrics: Metrics) -> None:
    """As those that are told of one by one."""
    metrics.decided_together([TOGETHER])
    metrics.decided_together([replace(TOGETHER, allowed=[True, True]), PLAIN])
    found = samples(metrics)
    name = "oikeus_decisions_total"
    assert found[name, (("kind", "access"), ("outcome", "allow"))] == 3
    assert found[name, (("kind", "access"), ("outcome", "deny"))] == 2


def test_time_of_deciding_is_a_histogram(metrics: Metrics) -> None:
    """Each bucket counts those below it; a decision of many has no time of its own."""
    for seconds in (0.00005, 0.00006, 7.0, None):
        metrics.decided(replace(PLAIN, seconds=seconds))
    found = samples(metrics)
    name = "oikeus_decision_seconds"

    def bucket(bound: str) -> float:
        return found[f"{name}_bucket", (("le", bound),)]

    assert [bucket(each) for each in ("5e-05", "0.0001", "5.0", "+Inf")] == [1, 2, 2, 3]
    assert found[f"{name}_count", ()] == 3
    assert found[f"{name}_sum", ()] == pytest.approx(7.00011)


def test_histogram_begins_at_fifty_microseconds() -> None:
    """Decisions are that quick."""
    assert BUCKETS[0] == 0.00005
    assert list(BUCKETS) == sorted(set(BUCKETS))
    assert Histogram() is not None


def test_requests_are_counted_by_route_and_status(metrics: Metrics) -> None:
    """The route is a template."""
    metrics.responded("POST", "/access/v1/evaluation", 200, 0.001)
    metrics.responded("POST", "/access/v1/evaluation", 200, 0.001)
    metrics.responded("POST", "/access/v1/evaluation", 401, 0.001)
    found = samples(metrics)
    labels = (("method", "POST"), ("route", "/access/v1/evaluation"))
    assert found["oikeus_http_requests_total", (*labels, ("status", "200"))] == 2
    assert found["oikeus_http_requests_total", (*labels, ("status", "401"))] == 1
    assert found["oikeus_http_request_seconds_count", labels[1:]] == 3


def test_process_says_how_fresh_it_is(metrics: Metrics) -> None:
    """Its version, for how long that is not known to be the head, and what runs."""
    found = samples(metrics)
    assert found["oikeus_ready", ()] == 1
    assert found["oikeus_policy_version", ()] == 7
    assert found["oikeus_lag_seconds", ()] == 1.235
    (build,) = (dict(labels) for name, labels in found if name == "oikeus_build_info")
    assert build.keys() == {"version", "python"}


def test_process_without_a_version_has_none() -> None:
    """No number stands for what there is not."""
    found = samples(Metrics(Health(lambda: None)))
    assert found["oikeus_ready", ()] == 0
    assert ("oikeus_policy_version", ()) not in found
    assert ("oikeus_lag_seconds", ()) not in found
    assert ("oikeus_records_dropped_total", ()) not in found


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """One that has no room."""
    made = Recorder(Kept(), capacity=0)
    yield made
    made.close()


def test_records_are_counted_where_they_are_made(recorder: Recorder) -> None:
    """What is missing is what an auditor wants to know first."""
    recorder.decided(PLAIN)
    found = samples(Metrics(Health(Fresh), recorder))
    assert found["oikeus_records_dropped_total", ()] == 1
    assert found["oikeus_records_written_total", ()] == 0
    assert found["oikeus_records_write_failures_total", ()] == 0
    assert found["oikeus_records_waiting", ()] == 0
    assert found["oikeus_records_failing", ()] == 0


def test_newer_form_is_given_to_whoever_takes_it(metrics: Metrics) -> None:
    """As Prometheus asks for it."""
    text, media_type = metrics.exposition("application/openmetrics-text; version=1.0.0")
    assert media_type.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")
