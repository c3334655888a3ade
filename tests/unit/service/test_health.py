"""Whether a process lives and is ready: told to anybody, and naming nobody."""

from dataclasses import dataclass

import pytest
from starlette.routing import Router

from oikeus.runtime import Freshness
from oikeus.service.health import Health, Readiness
from oikeus.store import Mark

from .asgi_calls import call

_SEVEN = Mark(7)


@dataclass(frozen=True, slots=True)
class Fresh(Freshness):
    """What a process decides by, at any time as old."""

    mark: Mark = _SEVEN
    reached: float = 1.23456

    def age(self, now: float) -> float:
        """For how long it has not been known to be the head."""
        return self.reached + now * 0


NO_VERSION: Freshness | None = None


@pytest.mark.parametrize(
    ("fresh", "drains", "expected"),
    [
        (NO_VERSION, False, Readiness(ready=False, reason="starting")),
        (
            Fresh(),
            False,
            Readiness(ready=True, reason="current", version=7, stale_seconds=1.235),
        ),
        (
            Fresh(failure="away"),
            False,
            Readiness(ready=True, reason="behind", version=7, stale_seconds=1.235),
        ),
        (
            Fresh(foreign=Mark(3)),
            False,
            Readiness(ready=False, reason="foreign", version=7, stale_seconds=1.235),
        ),
        (
            Fresh(),
            True,
            Readiness(ready=False, reason="draining", version=7, stale_seconds=1.235),
        ),
        (NO_VERSION, True, Readiness(ready=False, reason="starting")),
    ],
)
def test_process_is_ready_with_a_version_it_may_decide_by(
    fresh: Freshness | None,
    drains: bool,  # noqa: FBT001 # a case
    expected: Readiness,
) -> None:
    """Neither before the first one nor when it is about to end."""
    health = Health(lambda: fresh)
    health.is_draining = drains
    assert health.readiness(5.0) == expected


def test_process_that_waits_for_its_owner_says_so() -> None:
    """It has no version, and is to get one of another history."""
    health = Health(lambda: NO_VERSION)
    health.is_foreign = True
    assert health.readiness(5.0) == Readiness(ready=False, reason="foreign")


def test_ready_is_a_status_and_says_why() -> None:
    """200 or 503, in JSON that nobody keeps."""
    told: list[Freshness | None] = [NO_VERSION]
    health = Health(lambda: told[0])
    app = Router(health.routes())
    answer = call(app, "/health/ready")
    assert answer.status == 503
    assert answer.json == {
        "ready": False,
        "reason": "starting",
        "version": None,
        "stale_seconds": None,
    }
    told[0] = Fresh()
    answer = call(app, "/health/ready")
    assert (answer.status, answer.json["version"]) == (200, 7)
    assert answer.header("content-type") == "application/json"
    assert answer.header("cache-control") == "no-store"


def test_process_lives_whatever_it_decides_by() -> None:
    """To start it again would give it no version."""
    health = Health(lambda: NO_VERSION)
    health.is_draining = True
    answer = call(Router(health.routes()), "/health/live")
    assert (answer.status, answer.json) == (200, {"live": True})
