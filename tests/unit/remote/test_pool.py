"""What is said of a connection that failed."""

import ssl
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import pytest
from urllib3.exceptions import ConnectTimeoutError, SSLError

from oikeus import Patience, ServiceError
from oikeus.remote.address import Address
from oikeus.remote.exchange import Call
from oikeus.remote.pool import Pool

ASKED = Call("POST", "/x", b"{}", reads=True)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """To a service that nobody asks."""
    made = Pool(
        Address.parse("https://oikeus.example"), ca_file=None, patience=Patience()
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ConnectTimeoutError(None, "x"), "took no connection within 3 s"),
        (SSLError(OSError("x")), "is not trusted: no TLS connection could be made"),
        (SSLError(ssl.SSLCertVerificationError(1, "x")), "is not trusted: "),
        (SSLError(), "is not trusted: no TLS connection could be made"),
    ],
    ids=str,
)
def test_connection_that_cannot_be_made(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, error: Exception, text: str
) -> None:
    """It is said what kept it, without what came."""
    if isinstance(error, SSLError) and error.args:
        cause = error.args[0]
        if isinstance(cause, ssl.SSLCertVerificationError):
            cause.verify_message = "self-signed certificate"
            text += "self-signed certificate"

    def begun(*_: object) -> None:
        raise error

    monkeypatch.setattr(pool, "_begun", begun)
    with pytest.raises(ServiceError) as raised:
        pool.send(ASKED, {})
    assert text in str(raised.value)


def test_answer_that_takes_too_long(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte at a time is no answer either."""

    class Slow:
        """Comes after its time."""

        def read1(self, _: int) -> bytes:
            """A byte."""
            return b"x"

        def close(self) -> None:
            """Let go."""

        def release_conn(self) -> None:
            """Let go."""

    clock = chain([0.0], repeat(11.0))
    monkeypatch.setattr("oikeus.remote.pool.time.monotonic", lambda: next(clock))
    slow: Any = Slow()
    monkeypatch.setattr(pool, "_begun", lambda *_: slow)
    with pytest.raises(ServiceError, match="did not answer within 10 s"):
        pool.send(ASKED, {})
