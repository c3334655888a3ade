"""Requests, watched: counted, logged and traced by templates alone."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import Message, Receive, Scope, Send

from oikeus.service.health import Health
from oikeus.service.metrics import Metrics
from oikeus.service.node import Decided, Together
from oikeus.service.paths import QUESTIONS
from oikeus.service.telemetry import Span
from oikeus.service.watching import Watching

from .asgi_calls import Answer, call
from .test_health import Fresh
from .test_metrics import samples

Seen = tuple[str, str, int]


class Told:
    """Telemetry in memory."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    @contextmanager
    def request(
        self, method: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> Iterator[Span]:
        """Begin a span."""
        assert method
        assert isinstance(headers, list)
        yield self

    def end(self, method: str, route: str, status: int) -> None:
        """Keep what a span says."""
        self.seen.append((method, route, status))

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Nor of several."""

    def decided(self, decided: Decided) -> None:
        """Nothing is decided here."""


async def _said(_: Request) -> Response:
    return PlainTextResponse("yes")


async def _failing(_: Request) -> Response:
    raise KeyError("person:a")  # noqa: EM101 # the text is the case


ROUTES = Router(
    [
        Route("/things/{id}", _said, methods=["GET"]),
        Route("/fails", _failing),
        Mount("/admin/v1", routes=[Route("/grants/{id}", _said)]),
    ]
)


class World:
    """A watched application."""

    def __init__(self) -> None:
        self.health = Health(Fresh)
        self.metrics = Metrics(self.health)
        self.telemetry = Told()
        self.app = Watching(
            ROUTES, metrics=self.metrics, health=self.health, telemetry=self.telemetry
        )

    def call(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(self.app, path, method=method, headers=named)

    def counted(self) -> set[tuple[str, str, str]]:
        """Method, route and status of what was counted."""
        return {
            tuple(value for _, value in labels)  # type: ignore[misc] # three labels
            for name, labels in samples(self.metrics)
            if name == "oikeus_http_requests_total"
        }


@pytest.fixture
def world() -> World:
    """One of its own."""
    return World()


def test_request_is_counted_by_the_template_of_its_path(world: World) -> None:
    """A path holds ids; below a mount too."""
    assert world.call("/things/person:a").body == b"yes"
    world.call("/admin/v1/grants/person:a")
    world.call("/things/person:a", "POST")
    assert world.counted() == {
        ("GET", "/things/{id}", "200"),
        ("GET", "/admin/v1/grants/{id}", "200"),
        ("POST", "/things/{id}", "405"),
    }
    assert world.telemetry.seen == [
        ("GET", "/things/{id}", 200),
        ("GET", "/admin/v1/grants/{id}", 200),
        ("POST", "/things/{id}", 405),
    ]


def test_what_is_not_served_is_one_label(world: World) -> None:
    """Whoever asks for many paths, or by odd methods, makes no more of them."""
    for path in ("/a", "/b"):
        assert world.call(path, "BREW").status == 404
    assert world.counted() == {("other", "unrouted", "404")}


@pytest.mark.parametrize("path", sorted(QUESTIONS))
def test_what_is_served_past_the_router_has_its_path(world: World, path: str) -> None:
    """None of them holds an id."""
    world.call(path, "POST")
    assert ("POST", path, "404") in world.counted()


def test_request_that_fails_is_the_servers_500(world: World) -> None:
    """It is for the server to answer, and counted all the same."""
    with pytest.raises(KeyError):
        world.call("/fails")
    assert world.counted() == {("GET", "/fails", "500")}


def test_request_whose_caller_is_gone_is_counted_apart() -> None:
    """Nothing was answered, and nothing failed."""

    async def gone(*_: object) -> None:
        """Answer nothing."""

    metrics = Metrics(Health(Fresh))
    app = Watching(gone, metrics=metrics, health=Health(Fresh), telemetry=None)
    assert call(app, "/things").status == 0
    names = {labels for name, labels in samples(metrics) if name.endswith("ts_total")}
    assert names == {(("method", "GET"), ("route", "unrouted"), ("status", "499"))}


def test_failure_after_an_answer_began_keeps_its_status() -> None:
    """It was sent."""

    async def broken(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError

    metrics = Metrics(Health(Fresh))
    app = Watching(broken, metrics=metrics, health=Health(Fresh), telemetry=None)
    with pytest.raises(KeyError):
        call(app, "/things")
    names = {labels for name, labels in samples(metrics) if name.endswith("ts_total")}
    assert names == {(("method", "GET"), ("route", "unrouted"), ("status", "200"))}


def test_process_that_ends_closes_each_connection(world: World) -> None:
    """So that the next request goes elsewhere."""
    assert world.call("/things/1").header("connection") is None
    world.health.is_draining = True
    assert world.call("/things/1").header("connection") == "close"


def test_log_says_the_id_that_a_caller_gave(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """And no path, query, body or token."""
    caplog.set_level(logging.INFO, "oikeus.access")
    world.call("/things/person:a", authorization="Bearer x", x_request_id="id-1")
    (record,) = caplog.records
    assert record.getMessage() == "GET /things/{id}"
    fields = record.__dict__["fields"]
    assert (fields["status"], fields["request_id"]) == (200, "id-1")
    assert fields.keys() == {"status", "ms", "request_id"}


def test_what_is_no_request_passes(world: World) -> None:
    """The server's own start and end."""
    seen: list[str] = []

    async def app(scope: Scope, *_: object) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        seen.append(message["type"])

    watched = Watching(app, metrics=world.metrics, health=world.health, telemetry=None)
    asyncio.run(watched({"type": "lifespan"}, receive, send))
    assert seen == ["lifespan"]
    assert world.counted() == set()
