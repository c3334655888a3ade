"""Keys are fetched from a server that may be slow, wrong, or somebody else's."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3

from oikeus import SettingsError
from oikeus.service.key_fetching import document_of
from oikeus.service.key_sets import LARGEST
from oikeus.service.key_source import KeySource

from ..certificates import make_certificate
from ..openid import key_set, settings

PATIENCE = 20.0


class Provider(BaseHTTPRequestHandler):
    """Answers as its path says."""

    asked: list[tuple[str, str]]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer one request."""
        self.asked.append((self.path, str(self.headers["Accept-Encoding"])))
        status = int(self.path.strip("/") or 200) if self.path[1:].isdigit() else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/keys")
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b" " * (LARGEST * 2))
        elif self.path == "/slow":
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                threading.Event().wait(0.01)
        elif self.path == "/silent":
            threading.Event().wait(0.5)
        else:
            self.wfile.write(key_set("ec-1"))


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[tuple[str, Provider]]:
    """A provider on a free port of this machine."""
    asked: list[tuple[str, str]] = []
    handler = type("Noting", (Provider,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        # what a client breaks off is no error of the test
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        scheme = "https" if context else "http"
        try:
            yield f"{scheme}://127.0.0.1:{server.server_port}", handler  # type: ignore[misc] # its class
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, Provider]]:
    """One that speaks plain HTTP."""
    with serving() as served:
        yield served


def test_keys_come_from_an_address(provider: tuple[str, Provider]) -> None:
    """Not packed: nothing is unpacked here."""
    address, handler = provider
    assert document_of(settings(keys=f"{address}/keys")) == key_set("ec-1")
    assert handler.asked[-1] == ("/keys", "identity")


def test_a_thread_brings_them(provider: tuple[str, Provider]) -> None:
    """Whoever starts the service does not wait for it."""
    known = settings(keys=f"{provider[0]}/keys")
    pause = threading.Event()
    with KeySource(known) as source:
        for _ in range(2000):
            if source.keys:
                break
            pause.wait(0.01)
        assert source.keys
        assert source.keys.find("ec-1", "ES256")


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_only_a_plain_answer_is_taken(
    provider: tuple[str, Provider], status: int
) -> None:
    """A redirect leads to where others may put keys."""
    address, handler = provider
    with pytest.raises(SettingsError, match=f"answered {status}, expected 200"):
        document_of(settings(keys=f"{address}/{status}"))
    assert handler.asked[-1][0] == f"/{status}"


def test_no_more_is_read_than_keys_can_be(provider: tuple[str, Provider]) -> None:
    """Whatever is sent."""
    read = document_of(settings(keys=f"{provider[0]}/large"))
    assert LARGEST < len(read) < LARGEST + 20_000


def test_who_sends_a_letter_at_a_time_is_not_waited_for(
    provider: tuple[str, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of it has a time, and not each part alone."""
    monkeypatch.setattr("oikeus.service.key_fetching._DEADLINE", 0.05)
    with pytest.raises(SettingsError, match="took longer than 0 seconds"):
        document_of(settings(keys=f"{provider[0]}/slow"))


def test_who_sends_nothing_is_not_waited_for(
    provider: tuple[str, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection stays open, and says nothing."""
    monkeypatch.setattr("oikeus.service.key_fetching._SILENCE", 0.05)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        document_of(settings(keys=f"{provider[0]}/silent"))


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the machine is told to trust it."""
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(context) as (address, handler):
        known = settings(keys=f"{address}/keys")
        with pytest.raises(urllib3.exceptions.SSLError):
            document_of(known)
        assert handler.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert document_of(known) == key_set("ec-1")


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    """No more of it than keys can be."""
    path = tmp_path / "keys.json"
    path.write_bytes(key_set("ec-1"))
    assert document_of(settings(keys=str(path))) == key_set("ec-1")
    path.write_bytes(b" " * (LARGEST * 2))
    assert len(document_of(settings(keys=str(path)))) == LARGEST + 1


def test_a_file_that_everybody_can_write_is_refused(tmp_path: Path) -> None:
    """Whoever puts a key there makes tokens that are good."""
    path = tmp_path / "keys.json"
    path.write_bytes(key_set("ec-1"))
    path.chmod(0o646)
    with pytest.raises(SettingsError) as refused:
        KeySource(settings(keys=str(path))).start()
    assert str(refused.value) == (
        f"everybody can write the keys in `{path}`, expected `chmod o-w` on it"
    )
    path.chmod(0o644)
    assert document_of(settings(keys=str(path))) == key_set("ec-1")
