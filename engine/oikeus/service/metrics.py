"""What a process has done, in the form that Prometheus collects.

Counting is adding to whole numbers on the event loop; the library's own counters, which
take a lock each time, are made when somebody collects. Labels are few and ours: a path
as it was asked, or an id, is never one.
"""

from __future__ import annotations

import platform
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version as version_of
from time import monotonic
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ..terms import Request
from .health import Health
from .metrics_sharing import MetricsFolder
from .node import Decided, Together
from .record_queue import Counts
from .recording import Recorder

BUCKETS: Final = (
    *(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005),
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
"""The upper bounds of a histogram, in seconds: from 50 microseconds on."""


class Histogram:
    """How long things took."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        self._counts = [0] * (len(BUCKETS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(BUCKETS, seconds)] += 1
        self._sum += seconds

    def add_to(self, family: HistogramMetricFamily, labels: list[str]) -> None:
        """Give all that were counted, each bucket with those below it."""
        total, buckets = 0, []
        names = [*map(str, BUCKETS), "+Inf"]
        for name, count in zip(names, self._counts, strict=True):
            total += count
            buckets.append((name, total))
        family.add_metric(labels, buckets=buckets, sum_value=self._sum)


class Metrics(Collector):
    """An observer that counts.

    Args:
        health: says how fresh the process's version is.
        recorder: makes records; nothing where none are made.
        folder: shared with the other processes of the service, where there are any.
    """

    def __init__(
        self,
        health: Health,
        recorder: Recorder | None = None,
        folder: MetricsFolder | None = None,
    ) -> None:
        self._health = health
        self._recorder = recorder
        self._folder = folder
        self._decisions: Counter[tuple[str, str]] = Counter()
        self._deciding = Histogram()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._answering: dict[str, Histogram] = {}
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def decided(self, decided: Decided) -> None:
        """Count a decision."""
        outcome = "allow" if decided.allowed else "deny"
        kind = "access" if type(decided.request) is Request else "power"
        self._decisions[outcome, kind] += 1
        if decided.seconds is not None:
            self._deciding.add(decided.seconds)

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Count the decisions of one request."""
        for each in together:
            if isinstance(each, Together):
                self._count(each)
            else:
                self.decided(each)

    def _count(self, together: Together) -> None:
        allowed = sum(together.allowed)
        for outcome, count in (("allow", allowed), ("deny", len(together) - allowed)):
            if count:
                self._decisions[outcome, "access"] += count

    def responded(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered.

        Args:
            method: one that HTTP knows.
            route: the template of its path.
            status: of the answer.
            seconds: how long it took.
        """
        self._requests[method, route, str(status)] += 1
        histogram = self._answering.get(route)
        if histogram is None:
            histogram = self._answering[route] = Histogram()
        histogram.add(seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Everything as text.

        Args:
            accept: the header of the request.

        Returns:
            the text and its media type.
        """
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def publish(self) -> None:
        """Tell the other processes what this one has counted.

        Raises:
            OSError: the folder cannot be written to.
        """
        if self._folder is not None:
            self._folder.publish(self._mine())

    def collect(self) -> Iterator[Metric]:
        """Give everything; it is called on the event loop, as counting is."""
        if self._folder is None:
            return self._mine()
        self.publish()
        return self._folder.collect()

    def _mine(self) -> Iterator[Metric]:
        yield InfoMetricFamily(
            "oikeus_build",
            "What runs.",
            {"version": version_of("oikeus"), "python": platform.python_version()},
        )
        yield from self._of_decisions()
        yield from self._of_requests()
        yield from self._of_health()
        if self._recorder is not None:
            yield from _of_records(self._recorder.counts)

    def _of_decisions(self) -> Iterator[Metric]:
        decisions = CounterMetricFamily(
            "oikeus_decisions",
            "Decisions that were answered.",
            labels=["outcome", "kind"],
        )
        for labels, count in sorted(self._decisions.items()):
            decisions.add_metric(labels, count)
        yield decisions
        deciding = HistogramMetricFamily(
            "oikeus_decision_seconds", "How long it took to decide.", labels=[]
        )
        self._deciding.add_to(deciding, [])
        yield deciding

    def _of_requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "oikeus_http_requests",
            "Requests that were answered.",
            labels=["method", "route", "status"],
        )
        for labels, count in sorted(self._requests.items()):
            requests.add_metric(labels, count)
        yield requests
        answering = HistogramMetricFamily(
            "oikeus_http_request_seconds",
            "How long it took to answer a request.",
            labels=["route"],
        )
        for route, histogram in sorted(self._answering.items()):
            histogram.add_to(answering, [route])
        yield answering

    def _of_health(self) -> Iterator[Metric]:
        now = monotonic()
        readiness = self._health.readiness(now)
        ready = 1 if readiness.ready else 0
        yield _gauge("oikeus_ready", "Whether requests may be sent here.", ready)
        if readiness.version is not None:
            yield _gauge(
                "oikeus_policy_version",
                "The version of the policy that decides.",
                readiness.version,
            )
        if readiness.stale_seconds is not None:
            yield _gauge(
                "oikeus_lag_seconds",
                "For how long the version has not been known to be the head.",
                readiness.stale_seconds,
            )


def _of_records(counts: Counts) -> Iterator[Metric]:
    for name, text, count in (
        ("written", "Decisions that have a record.", counts.written),
        ("dropped", "Decisions that will never have one.", counts.dropped),
        ("write_failures", "Times that writing records failed.", counts.failures),
    ):
        yield CounterMetricFamily(f"oikeus_records_{name}", text, value=count)
    text = "Decisions whose records are still to be written."
    yield _gauge("oikeus_records_waiting", text, counts.waiting)
    text = "Whether records could not be written the last time."
    yield _gauge("oikeus_records_failing", text, int(counts.is_failing))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)
