"""Many at once, slow ones and encrypted ones: the service answers the others."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from oikeus.service import entering
from oikeus.service import serving as module
from oikeus.service.exposure import AuthSettings, Tls
from oikeus.service.serving import Serving
from oikeus.service.settings import Settings

from ..certificates import make_certificate
from .running import PATIENCE, reachable, running

ASK = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"
LAST = ASK[:-2] + b"connection: close\r\n\r\n"
POST = b"POST /access/v1/evaluation HTTP/1.1\r\nhost: localhost\r\n"
JSON = b"content-type: application/json\r\n"
QUICK = Settings(
    receiving=0.3, connections=4, idle=1, public_url="https://pdp.example/"
)


@contextmanager
def quietly(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve, and leave the collector and the log of the tests as they are; the port."""
    monkeypatch.setattr(entering, "_spare_the_collector", lambda: None)
    monkeypatch.setattr(module, "configure", lambda *_, **__: None)
    with running(serving) as port:
        yield port


def serving(world: Path, folder: Path, tls: Tls | None = None) -> Serving:
    """A service that is soon out of patience, for anybody here."""
    path = shutil.copy(world, folder / "world.db")
    auth = AuthSettings(host="127.0.0.1", insecure_no_auth=True, tls=tls)
    return Serving(db=f"sqlite:///{path}", auth=auth, settings=QUICK)


@pytest.fixture
def port(
    made_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    """Where it listens."""
    with quietly(serving(made_world, tmp_path), monkeypatch) as port:
        yield port


def reached(port: int) -> socket.socket:
    """A connection."""
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def rest(made: socket.socket) -> bytes:
    """All that is said until the connection ends."""
    said = b""
    try:
        while more := made.recv(65536):
            said += more
    except ConnectionResetError:
        pass
    return said


def said(port: int, *sent: bytes) -> bytes:
    """What is answered until the connection is closed."""
    with reached(port) as made:
        for part in sent:
            made.sendall(part)
        return rest(made)


def test_slow_clients_are_ended_and_others_are_answered(port: int) -> None:
    """A head and a body that come a letter at a time."""
    begun = time.monotonic()
    with reached(port) as head, reached(port) as body:
        head.sendall(b"GET /health/live HT")
        body.sendall(POST + JSON + b"content-length: 99\r\n\r\n{")
        assert said(port, LAST).startswith(b"HTTP/1.1 200 OK\r\n")
        for letter in (b"T", b"P"):
            head.sendall(letter)
            body.sendall(letter)
            time.sleep(0.05)
        for each in (head, body):
            assert rest(each).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - begun < PATIENCE / 2


def test_more_connections_than_there_may_be(port: int) -> None:
    """One too many is told 503; far too many hear nothing; the first are served."""
    with ExitStack() as stack:
        first = stack.enter_context(reached(port))
        first.sendall(ASK)
        assert first.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
        others = [stack.enter_context(reached(port)) for _ in range(8)]
        # in the order in which they came
        others[3].sendall(ASK)
        refused = rest(others[3])
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert refused.endswith(b'"done":"nothing"}')
        assert rest(others[7]) == b""
        first.sendall(ASK)
        assert first.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"content-length: 2000000\r\n\r\n{", 413),
        (
            b"transfer-encoding: chunked\r\n\r\n"
            b"110000\r\n" + b" " * 0x110000 + b"\r\n0\r\n\r\n",
            413,
        ),
        (b"content-length: 100000\r\n\r\n" + b"[" * 100_000, 400),
        (b"content-length: 5\r\n\r\n{} {}", 400),
        (b"content-length: -1\r\n\r\n", 400),
        (b"content-length: 99999999999999999999999\r\n\r\n", 400),
    ],
    ids=["large", "large in pieces", "deep", "two", "negative", "endless"],
)
def test_bodies_that_are_refused(port: int, sent: bytes, status: int) -> None:
    """Before all of it is read, where it is too large."""
    with reached(port) as made:
        with suppress(BrokenPipeError, ConnectionResetError):
            made.sendall(POST + JSON + sent)
        assert made.recv(4096).startswith(b"HTTP/1.1 %d " % status)


def test_host_of_another(port: int) -> None:
    """421 without tokens, and never an address of ours."""
    for host in (b"evil.example", b"localhost\r\nhost: localhost"):
        asked = b"POST /access/v1/evaluation HTTP/1.1\r\nhost: " + host + b"\r\n"
        refused = said(port, asked + JSON + b"connection: close\r\n\r\n")
        assert refused.startswith(b"HTTP/1.1 421 ")
    asked = b"GET /.well-known/authzen-configuration HTTP/1.1\r\nhost: evil.example\r\n"
    told = said(
        port, asked + b"x-forwarded-host: evil.example\r\nconnection: close\r\n\r\n"
    )
    found = json.loads(told.partition(b"\r\n\r\n")[2])
    assert found["policy_decision_point"] == "https://pdp.example"
    assert "evil" not in json.dumps(found)


def test_id_of_a_request_begins_no_header(port: int) -> None:
    """A line break in it is refused, other control letters do not come back."""
    for given in (b"a\rset-cookie: x", b"a\x00b", b"a\x1bb", b"\xc3\xa4", b"a" * 129):
        answer = said(port, LAST[:-2] + b"x-request-id: " + given + b"\r\n\r\n")
        assert b"x-request-id" not in answer
        assert b"set-cookie" not in answer
    answer = said(port, LAST[:-2] + b"x-request-id: a b-1\r\n\r\n")
    assert b"x-request-id: a b-1\r\n" in answer


def test_client_that_does_not_read() -> None:
    """Its connection ends, and what it was to be told is forgotten."""
    gone = asyncio.Event()

    async def talkative(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await _now(receive)) is None:
            piece = b"x" * 1_000_000
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        gone.set()

    async def _now(receive: Receive) -> object:
        waiting = asyncio.ensure_future(receive())
        done, _ = await asyncio.wait({waiting}, timeout=0.01)
        waiting.cancel()
        message = waiting.result() if done else None
        is_end = message is not None and message["type"] == "http.disconnect"
        return message if is_end else None

    async def run() -> None:
        async with reachable(talkative, 5.0) as (host, port):
            made = socket.create_connection((host, port))
            made.sendall(b"GET / HTTP/1.1\r\n\r\n")
            # it reads once, so that the waiting begins anew
            await asyncio.sleep(0.2)
            made.recv(1_000_000)
            await asyncio.wait_for(gone.wait(), PATIENCE)
            made.close()

    asyncio.run(run())


def test_connections_are_encrypted(
    made_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By TLS 1.2 or newer; who speaks plainly or less is told nothing."""
    certificate, key = make_certificate(tmp_path)
    encrypted = serving(made_world, tmp_path, Tls(certificate, key))
    with quietly(encrypted, monkeypatch) as port:
        trusting = ssl.create_default_context(cafile=str(certificate))
        with trusting.wrap_socket(reached(port), server_hostname="localhost") as made:
            made.sendall(ASK)
            assert made.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
            assert made.version() in {"TLSv1.2", "TLSv1.3"}
        assert b"HTTP" not in said(port, LAST)
        # no more is who says nothing: nobody counts them yet
        with reached(port) as silent:
            assert rest(silent) == b""
        old = ssl.create_default_context(cafile=str(certificate))
        old.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with reached(port) as plain, pytest.raises((ssl.SSLError, ConnectionError)):
            old.wrap_socket(plain, server_hostname="localhost")
