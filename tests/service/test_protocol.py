"""A server that does not wait for ever: heads and bodies have their time."""

import asyncio
from unittest.mock import Mock

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.server import ServerState

from oikeus.service.protocol import LONGEST_HEAD, PatientConfig, PatientProtocol

from .running import PATIENCE, reachable


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer when the body is in; at `/early` begin before."""
    assert scope["type"] == "http"
    start: Message = {"type": "http.response.start", "status": 200, "headers": []}
    if scope["path"] == "/early":
        await send(start)
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
    while (await receive()).get("more_body"):
        pass
    if scope["path"] != "/early":
        await send({**start, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what came, but for what says how it came."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    names = [name for name, _ in scope["headers"]]
    named = b",".join(name for name in names if b"-" not in name)
    line = f"{scope['method']} {scope['path']} ".encode() + named + b" " + body
    length = (b"content-length", b"%d" % len(line))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": line})


def talk(*sent: bytes, app: ASGIApp = echo) -> bytes:
    """What the server says until it closes the connection, to bytes one by one."""

    async def run() -> bytes:
        async with reachable(app, 0.2) as (host, port):
            reader, writer = await asyncio.open_connection(host, port)
            for part in sent:
                writer.write(part)
                await asyncio.sleep(0.02)
            said = await asyncio.wait_for(reader.read(), PATIENCE)
            writer.close()
        return said

    return asyncio.run(run())


@pytest.mark.parametrize(
    "sent",
    [
        (b"POST / HTTP/1.1\r\nhost: x\r\n",),
        (b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc",),
        (b"POST / HT", b"TP/1.1\r\n", b"a: b\r\n"),
    ],
    ids=repr,
)
def test_request_that_does_not_come_in_time(sent: tuple[bytes, ...]) -> None:
    """Its head, its body, or byte by byte."""
    said = talk(*sent)
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"connection: close" in said


def test_connection_that_says_nothing() -> None:
    """It is closed without a word: nobody asked."""
    assert talk() == b""


def test_head_that_is_too_long() -> None:
    """Before it has ended."""
    said = talk(b"GET / HTTP/1.1\r\na: ", b"b" * (LONGEST_HEAD - 9), b"b" * 99)
    assert said.startswith(b"HTTP/1.1 431 ")


def test_answer_that_has_begun_is_not_written_into() -> None:
    """The connection is closed."""
    said = talk(b"POST /early HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc")
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"408" not in said


def test_request_that_comes_in_time_and_one_that_does_not() -> None:
    """The first is answered, and the time of the second begins with it."""
    first = b"POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\na"
    said = talk(first, b"POST / HTTP/1.1\r\n")
    assert said.count(b"HTTP/1.1 200 OK") == 1
    assert said.count(b"HTTP/1.1 408") == 1


def test_head_that_is_too_long_and_comes_at_once() -> None:
    """In one piece, with its end."""
    said = talk(b"GET / HTTP/1.1\r\na: " + b"b" * LONGEST_HEAD + b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 431 ")
    assert said.count(b"HTTP/1.1") == 1


def test_blank_lines_keep_no_connection() -> None:
    """They are no request, and end no waiting."""
    first = b"POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\na"
    assert talk(first, b"\r\n", b"\r\n").count(b"HTTP/1.1 200 OK") == 1


def test_trailers_are_no_headers_and_have_their_bound() -> None:
    """Of any number, and each of any length."""
    head = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    said = talk(head, b"authorization: x\r\n", b"a: ", *[b"b" * 40_000] * 2)
    assert said.startswith(b"HTTP/1.1 431 ")
    said = talk(head + b"a: b\r\n\r\n", b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n")
    assert said.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\na: b\rx: c\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"CONNECT evil:1 HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=repr,
)
def test_what_is_no_request(sent: bytes) -> None:
    """It is refused, and the connection is closed."""
    said = talk(sent)
    assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert said.count(b"HTTP/1.1") == 1


def test_other_protocol_that_is_asked_for() -> None:
    """It is not spoken: the request is answered in this one."""
    upgrade = b"connection: upgrade\r\nupgrade: websocket\r\n\r\n"
    said = talk(b"GET / HTTP/1.1\r\n" + upgrade)
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("kind", [b"websocket", b"h2c"])
@pytest.mark.parametrize("together", [True, False])
def test_body_of_who_asks_for_another_protocol(kind: bytes, *, together: bool) -> None:
    """It is that body, and no request of its own: clients of Java ask so."""
    ask = b"GET /early HTTP/1.1\r\n\r\n"
    for framing, body in (
        (b"content-length: %d" % len(ask), ask),
        (b"transfer-encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(ask), ask)),
    ):
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
        head += b"Upgrade: " + kind + b"\r\n" + framing + b"\r\n\r\n"
        plain = b"GET / HTTP/1.1\r\n\r\n"
        sent = (head + body + plain,) if together else (head, body, plain)
        answers = talk(*sent, app=told).split(b"HTTP/1.1 200 OK\r\n")[1:]
        bodies = [each.partition(b"\r\n\r\n")[2] for each in answers]
        assert bodies == [b"POST /echo host,connection " + ask, b"GET /  "]


def test_other_protocols_one_upon_the_other() -> None:
    """As many as can come at once."""
    ask = b"GET / HTTP/1.1\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"
    assert talk(ask * 1_000).count(b"HTTP/1.1 200 OK") == 1_000


def test_requests_one_upon_the_other() -> None:
    """They are answered in their order; what is wrong behind them adds nothing."""
    ask = b"GET / HTTP/1.1\r\n\r\n"
    assert talk(ask * 3, b"x\r\n\r\n").count(b"HTTP/1.1 200 OK") == 3
    assert talk(b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")


def test_what_comes_after_a_refusal_is_not_read() -> None:
    """Not even when it had been received already."""
    transport = Mock(asyncio.Transport)
    transport.get_extra_info.return_value = None

    async def run() -> None:
        config = PatientConfig(echo, receiving=1.0, connections=1, log_config=None)
        made = PatientProtocol(config, ServerState(), {})
        made.connection_made(transport)
        made.data_received(b"x\r\n\r\n")
        made.data_received(b"GET / HTTP/1.1\r\n\r\n")
        made.connection_lost(None)

    asyncio.run(run())
    assert transport.write.call_count == 1


def test_far_too_many_connections_are_ended_at_once() -> None:
    """One above the limit is told; those above twice that cost nothing."""

    async def run() -> list[Mock]:
        config = PatientConfig(echo, receiving=1.0, connections=1, log_config=None)
        state, transports = ServerState(), []
        for _ in range(3):
            transport = Mock(asyncio.Transport)
            transport.get_extra_info.return_value = None
            PatientProtocol(config, state, {}).connection_made(transport)
            transports.append(transport)
        return transports

    assert [each.abort.called for each in asyncio.run(run())] == [False, False, True]
