"""Connections to a service: what is sent again, what is not, and what is refused."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.x509 import DNSName

from oikeus import Patience, RequestError, ServiceError, connect
from oikeus.remote.address import Address
from oikeus.remote.exchange import Call
from oikeus.remote.pool import Pool

from ..certificates import make_certificate

PATIENCE = 20.0
"""How many seconds a server of these tests waits at most."""

QUESTION = ("person:anna", "read", "hoks", "1.2")
ALLOW = b'{"decision": true, "context": {"id": "d", "version": 7, "reason": "r"}}'
TOKEN = f"oik_1_{'0' * 64}"


def http(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """An answer, whole."""
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{more}"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


Serve = Callable[..., tuple[str, list[bytes]]]
Answer = bytes | Iterable[bytes] | None


def question_on(connection: socket.socket) -> bytes:
    """Whatever is asked, whole: what is left unread would break the answer off."""
    asked = connection.recv(65536)
    if not asked.startswith(b"POST "):
        return asked
    while b"\r\n\r\n" not in asked:
        asked += connection.recv(65536)
    head, _, body = asked.partition(b"\r\n\r\n")
    (length,) = re.findall(rb"content-length: (\d+)", head.lower())
    while len(body) < int(length):
        body += connection.recv(65536)
    return head + body


class Served:
    """Answers each connection with some bytes, and closes it.

    INVARIANT: nothing waits for ever, and what it was asked is in `heard`.
    """

    def __init__(self, answers: Iterable[Answer], tls: ssl.SSLContext | None) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(PATIENCE)
        self.heard: list[bytes] = []
        self._answers, self._tls = answers, tls
        self._done = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.server.getsockname()[1]}"

    def close(self) -> None:
        """Let go of whoever is there."""
        self._done.set()
        self.server.close()

    def _run(self) -> None:
        # nobody may come any more, or the other end may have had enough
        with suppress(OSError):
            for answer in self._answers:
                connection, _ = self.server.accept()
                with connection, self._secured(connection) as talking:
                    self.heard.append(question_on(talking))
                    self._answer(talking, answer)

    def _secured(self, connection: socket.socket) -> socket.socket:
        connection.settimeout(PATIENCE)
        if self._tls is None:
            return connection
        return self._tls.wrap_socket(connection, server_side=True)

    def _answer(self, connection: socket.socket, answer: Answer) -> None:
        if isinstance(answer, bytes):
            connection.sendall(answer)
        elif answer is None:
            self._done.wait(PATIENCE)
        else:
            for piece in answer:
                connection.sendall(piece)
                if self._done.wait(0.05):
                    return


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer connections; a list of pieces is answered slowly, and none not at all."""
    begun: list[Served] = []

    def start(
        *answers: Answer, tls: ssl.SSLContext | None = None
    ) -> tuple[str, list[bytes]]:
        begun.append(Served(answers, tls))
        return begun[-1].url, begun[-1].heard

    yield start
    for each in begun:
        each.close()


def test_question_is_sent_again_where_a_connection_broke(serve: Serve) -> None:
    """Twice more, and not for ever."""
    url, heard = serve(b"", b"", http(ALLOW))
    with connect(url, token=TOKEN) as point:
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


def each_byte(whole: bytes) -> list[bytes]:
    """One at a time."""
    return [whole[at : at + 1] for at in range(len(whole))]


SLOW: dict[str, list[bytes]] = {
    "head": each_byte(http(ALLOW)),
    "body": [http(ALLOW)[: -len(ALLOW)], *each_byte(ALLOW)],
    "head that never ends": [b"HTTP/1.1 100 Continue\r\n\r\n"] * 1000,
}


@pytest.mark.parametrize("case", SLOW, ids=list(SLOW))
def test_answer_that_trickles_in_is_not_waited_for(serve: Serve, case: str) -> None:
    """A byte now and then is no answer, although each comes soon."""
    url, heard = serve(SLOW[case])
    with (
        connect(url, token=None, patience=Patience(read=0.4)) as point,
        pytest.raises(ServiceError, match=r"did not answer within 0\.4 s"),
    ):
        point.allows(*QUESTION)
    assert len(heard) == 1


def test_answer_in_pieces_is_one(serve: Serve) -> None:
    """Where it is there in time; the next one has its own time."""
    whole = http(ALLOW)
    pieces = [whole[:20], whole[20:-9], whole[-9:]]
    url, heard = serve(pieces, pieces)
    with connect(url, token=None) as point:
        assert point.allows(*QUESTION)
        assert point.allows(*QUESTION)
    assert len(heard) == 2


def test_question_that_is_not_taken_is_not_sent_again(serve: Serve) -> None:
    """A service that reads nothing has enough to do."""
    url, _ = serve()
    patience = Patience(connect=0.4)
    pool = Pool(Address.parse(url), patience=patience)
    large = Call("POST", "/x", b" " * 2**26)
    with pytest.raises(ServiceError, match="did not take in time"):
        pool.send(large, {})
    pool.close()


def test_redirect_is_not_followed(serve: Serve) -> None:
    """Somebody else would see the token."""
    other, heard = serve(http(ALLOW))
    url, _ = serve(http(b"{}", "307 Moved", f"location: {other}/\r\n"))
    token = TOKEN
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


def test_what_speaks_no_tls_is_not_asked(serve: Serve) -> None:
    """Nothing is sent to it."""
    url, _ = serve(http(ALLOW))
    with (
        connect(url.replace("http:", "https:"), token=None) as point,
        pytest.raises(ServiceError, match="speaks no TLS that is understood"),
    ):
        point.allows(*QUESTION)


def tls_of(certificate: Path, key: Path) -> ssl.SSLContext:
    """What a server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("way", ["ca_file", "SSL_CERT_FILE"])
def test_certificate_that_is_trusted(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """By a file that is named, or by what the system is told to trust."""
    certificate, key = make_certificate(tmp_path)
    url, heard = serve(http(ALLOW), tls=tls_of(certificate, key))
    named = certificate if way == "ca_file" else None
    if named is None:
        monkeypatch.setenv(way, str(certificate))
    with connect(url, token=TOKEN, ca_file=named) as point:
        assert point.allows(*QUESTION)
    assert f"authorization: bearer {TOKEN}".encode() in heard[0].lower()


def test_certificate_that_is_not_trusted(serve: Serve, tmp_path: Path) -> None:
    """Nothing is asked there, and it is said what to do."""
    certificate, key = make_certificate(tmp_path)
    url, heard = serve(http(ALLOW), tls=tls_of(certificate, key))
    with (
        connect(url, token=TOKEN) as point,
        pytest.raises(
            ServiceError, match=r"expected one that .* `--ca-file`"
        ) as failed,
    ):
        point.administration.block("person:anna", reason="x")
    assert not failed.value.is_unsure
    assert heard == []


def test_service_that_begins_no_tls_has_taken_no_connection(serve: Serve) -> None:
    """An act was not sent to it."""
    url, _ = serve(None)
    url, patience = url.replace("http:", "https:"), Patience(connect=0.4)
    with (
        connect(url, token=None, patience=patience) as point,
        pytest.raises(ServiceError, match=r"no connection within 0\.4 s") as failed,
    ):
        point.administration.block("person:anna", reason="x")
    assert not failed.value.is_unsure


def test_certificate_of_another_host(serve: Serve, tmp_path: Path) -> None:
    """Whoever signed it."""
    other = (DNSName("oikeus.example"),)
    certificate, key = make_certificate(tmp_path, of=other)
    url, heard = serve(http(ALLOW), tls=tls_of(certificate, key))
    with (
        connect(url, token=None, ca_file=certificate) as point,
        pytest.raises(ServiceError, match="expected a certificate of this name"),
    ):
        point.allows(*QUESTION)
    assert heard == []


def test_answer_that_trickles_in_under_tls(serve: Serve, tmp_path: Path) -> None:
    """It is not waited for either."""
    certificate, key = make_certificate(tmp_path)
    url, _ = serve(SLOW["head"], tls=tls_of(certificate, key))
    patience = Patience(read=0.4)
    with (
        connect(url, token=None, ca_file=certificate, patience=patience) as point,
        pytest.raises(ServiceError, match=r"did not answer within 0\.4 s"),
    ):
        point.allows(*QUESTION)


def test_options_of_something_else_are_refused(tmp_path: Path) -> None:
    """And their values are not repeated."""
    file = tmp_path / "none.pem"
    for options, url in (
        ({"token": TOKEN}, "sqlite:///oikeus.db"),
        ({"token": None, "under": "1.2"}, "https://a.example"),
        ({}, "https://a.example"),
        ({"token": None, "ca_file": file}, "https://a.example"),
        ({"token": None, "ca_file": file}, "http://127.0.0.1"),
    ):
        with pytest.raises(RequestError) as refused:
            connect(url, **options)
        assert TOKEN not in str(refused.value)
