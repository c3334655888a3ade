"""What is said of a connection that failed."""

import ssl
from collections.abc import Iterator

import pytest
from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    ProtocolError,
    SSLError,
)

from oikeus import Patience, ServiceError
from oikeus.remote.address import Address
from oikeus.remote.exchange import Call
from oikeus.remote.pool import Pool


@pytest.fixture
def pool() -> Iterator[Pool]:
    """To a service that nobody asks."""
    made = Pool(
        Address.parse("https://oikeus.example"), ca_file=None, patience=Patience()
    )
    yield made
    made.close()


def distrusted(code: int, text: str) -> SSLError:
    """A certificate that does not hold."""
    cause = ssl.SSLCertVerificationError(1, "x")
    cause.verify_code, cause.verify_message = code, text
    return SSLError(cause)


FAILURES: dict[str, tuple[Exception, str, bool]] = {
    "slow to connect": (
        ConnectTimeoutError(None, "x"),
        "took no connection within 3 s",
        False,
    ),
    "self-signed": (
        distrusted(18, "self-signed certificate"),
        (
            "is not trusted: self-signed certificate, expected one that the system "
            "trusts, or its signer's certificate in `ca_file=`, `--ca-file` or "
            "SSL_CERT_FILE"
        ),
        False,
    ),
    "of another host": (
        distrusted(62, "Hostname mismatch"),
        (
            "is not trusted: Hostname mismatch, expected a certificate of this name, "
            "in force"
        ),
        False,
    ),
    "no TLS": (
        SSLError(OSError("x")),
        "speaks no TLS that is understood, expected https:// there",
        True,
    ),
    "no TLS at all": (
        SSLError(),
        "speaks no TLS that is understood, expected https:// there",
        True,
    ),
    "too many": (
        EmptyPoolError(None, "x"),  # type: ignore[arg-type] # of no pool
        "is asked by 16 others already, expected fewer threads at once",
        False,
    ),
    "does not take it": (
        ProtocolError("Connection aborted.", TimeoutError()),
        "did not take in time what was sent to it",
        True,
    ),
}


@pytest.mark.parametrize("case", FAILURES, ids=list(FAILURES))
@pytest.mark.parametrize("reads", [True, False])
def test_connection_that_failed(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, case: str, *, reads: bool
) -> None:
    """It is said what kept it, and whether an act may have been done; once."""
    error, text, was_sent = FAILURES[case]
    tries = []

    def opened(*_: object, **__: object) -> None:
        tries.append(1)
        raise error

    monkeypatch.setattr(pool._pool, "urlopen", opened)  # noqa: SLF001 # the one seam
    with pytest.raises(ServiceError) as raised:
        pool.send(Call("POST", "/x", b"{}", reads=reads), {})
    said = str(raised.value)
    assert said.startswith(f"the service at `https://oikeus.example` {text}")
    assert raised.value.is_unsure is (was_sent and not reads)
    assert len(tries) == 1


def test_process_that_was_forked_has_connections_of_its_own(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a shared one it would take the answer to what another process asked."""
    mine = pool._connections()  # noqa: SLF001 # what is shared
    assert pool._connections() is mine  # noqa: SLF001 # as above
    monkeypatch.setattr("oikeus.remote.pool.getpid", lambda: -1)
    other = pool._connections()  # noqa: SLF001 # as above
    assert other is not mine
    assert pool._connections() is other  # noqa: SLF001 # as above
