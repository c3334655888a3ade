"""Connections to a service: what is sent again, what is not, and what is refused."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oikeus import Patience, RequestError, ServiceError, connect

QUESTION = ("person:anna", "read", "hoks", "1.2")
ALLOW = b'{"decision": true, "context": {"id": "d", "version": 7, "reason": "r"}}'


def http(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """An answer, whole."""
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{more}"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


Serve = Callable[..., tuple[str, list[bytes]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer each connection with some bytes, and close it; nothing waits for ever."""
    listening: list[socket.socket] = []
    done = threading.Event()

    def start(*answers: bytes | None) -> tuple[str, list[bytes]]:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)
        heard: list[bytes] = []

        def run() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    heard.append(connection.recv(65536))
                    if answer is None:
                        done.wait(5)
                    else:
                        connection.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}", heard

    yield start
    done.set()
    for server in listening:
        server.close()


def test_question_is_sent_again_where_a_connection_broke(serve: Serve) -> None:
    """Twice more, and not for ever."""
    url, heard = serve(b"", b"", http(ALLOW))
    with connect(url, token="secret") as point:  # noqa: S106 # no secret
        assert point.allows(*QUESTION)
    assert len(heard) == 3
    url, heard = serve(b"", b"", b"", http(ALLOW))
    with (
        connect(url, token=None) as point,
        pytest.raises(ServiceError, match="broke the connection off"),
    ):
        point.allows(*QUESTION)
    assert len(heard) == 3


def test_act_is_sent_once(serve: Serve) -> None:
    """It may have been done."""
    url, heard = serve(b"", http(b"{}"))
    with connect(url, token=None) as point, pytest.raises(ServiceError) as failed:
        point.administration.block("person:anna", reason="x")
    assert failed.value.is_unsure
    assert len(heard) == 1


def test_slow_service_is_not_asked_again(serve: Serve) -> None:
    """It has enough to do."""
    url, heard = serve(None)
    with (
        connect(url, token=None, patience=Patience(read=0.2)) as point,
        pytest.raises(ServiceError, match=r"did not answer within 0\.2 s"),
    ):
        point.allows(*QUESTION)
    assert len(heard) == 1


def test_redirect_is_not_followed(serve: Serve) -> None:
    """Somebody else would see the token."""
    other, heard = serve(http(ALLOW))
    url, _ = serve(http(b"{}", "307 Moved", f"location: {other}/\r\n"))
    token = "secret"  # noqa: S105 # it is none
    with (
        connect(url, token=token) as point,
        pytest.raises(ServiceError, match="answered 307"),
    ):
        point.allows(*QUESTION)
    assert heard == []


def test_answer_that_is_too_long_or_not_whole_is_none(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it begins."""
    monkeypatch.setattr("oikeus.remote.pool.LARGEST", 10)
    url, _ = serve(http(ALLOW))
    with (
        connect(url, token=None) as point,
        pytest.raises(ServiceError, match="answered with more than 10 bytes"),
    ):
        point.allows(*QUESTION)
    monkeypatch.undo()
    url, _ = serve(*[http(ALLOW)[:-1]] * 3)
    with (
        connect(url, token=None) as point,
        pytest.raises(ServiceError, match="broke the connection off"),
    ):
        point.allows(*QUESTION)


def test_nobody_listens() -> None:
    """And what was closed is not asked."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    point = connect(url, token=None)
    with pytest.raises(ServiceError, match="cannot be reached"):
        point.allows(*QUESTION)
    point.close()
    with pytest.raises(ServiceError, match="was let go of"):
        point.allows(*QUESTION)


def test_what_is_not_tls_is_not_trusted(serve: Serve) -> None:
    """Nothing is sent to it."""
    url, _ = serve(http(ALLOW))
    with (
        connect(url.replace("http:", "https:"), token=None) as point,
        pytest.raises(ServiceError, match="is not trusted: no TLS connection"),
    ):
        point.allows(*QUESTION)


def test_options_of_something_else_are_refused(tmp_path: Path) -> None:
    """And their values are not repeated."""
    file = tmp_path / "none.pem"
    for options, url in (
        ({"token": "secret"}, "sqlite:///oikeus.db"),
        ({"token": None, "under": "1.2"}, "https://a.example"),
        ({}, "https://a.example"),
        ({"token": None, "ca_file": file}, "https://a.example"),
        ({"token": None, "ca_file": file}, "http://127.0.0.1"),
    ):
        with pytest.raises(RequestError) as refused:
            connect(url, **options)
        assert "secret" not in str(refused.value)
