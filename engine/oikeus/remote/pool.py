"""Connections to a service, kept open and shared by threads (urllib3).

INVARIANT: what changes something is sent once. What only reads is sent again where a
connection failed, and never where the service was slow: it has enough to do then.
No proxy is used, whatever the environment says, and no redirect is followed: neither
is to see the token.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from ..errors import RequestError, ServiceError
from .address import Address
from .exchange import Call, Patience, Received

KEPT = 16
"""How many connections there are at most; more threads than that wait for one."""

LARGEST = 16 * 1024 * 1024
"""How many bytes an answer may have."""

_PAUSES = (0.05, 0.25)
"""How many seconds pass before what failed is sent again."""

_PIECE = 64 * 1024


class Pool:
    """The connections to one service; safe to use from many threads.

    Args:
        address: of the service.
        ca_file: certificates to trust in the place of the system's.
        patience: how long to wait.
        pause: waits before something is sent again.

    Raises:
        RequestError: the certificates cannot be read, or would not be used.
    """

    def __init__(
        self,
        address: Address,
        *,
        ca_file: str | Path | None = None,
        patience: Patience,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = address
        self._patience = patience
        self._pause = pause
        self._pool = _pool(address, ca_file, patience)

    def send(self, call: Call, headers: Mapping[str, str]) -> Received:
        """Send a call, and take what comes back, whatever it is.

        Args:
            call: what is sent.
            headers: to be sent with it.

        Raises:
            ServiceError: nothing came back, or more than an answer may have.
        """
        pauses = iter(_PAUSES)
        while True:
            try:
                return self._once(call, headers)
            except _FailedError as failed:
                pause = next(pauses, None) if failed.again else None
                if pause is None:
                    text = f"the service at `{self._address}` {failed.text}"
                    raise ServiceError(text, is_unsure=failed.is_unsure) from failed
            self._pause(pause)

    def close(self) -> None:
        """Let go of what is open."""
        self._pool.close()

    def _once(self, call: Call, headers: Mapping[str, str]) -> Received:
        """Send a call once.

        Raises:
            _FailedError: saying whether it may be sent again.
        """
        try:
            return self._received(self._begun(call, headers))
        except NewConnectionError as error:
            text = "cannot be reached, expected one that listens there"
            raise _FailedError(text, again=True) from error
        except ConnectTimeoutError as error:
            text = f"took no connection within {self._patience.connect:g} s"
            raise _FailedError(text) from error
        except SSLError as error:
            text = f"is not trusted: {_why(error)}"
            raise _FailedError(text) from error
        except ClosedPoolError as error:
            text = "was let go of, expected another connection by `connect`"
            raise _FailedError(text) from error
        except (ReadTimeoutError, _LateError) as error:
            text = f"did not answer within {self._patience.read:g} s"
            raise _FailedError(text, is_unsure=not call.reads) from error
        except _LongError as error:
            text = f"answered with more than {LARGEST} bytes, expected less"
            raise _FailedError(text, is_unsure=not call.reads) from error
        except (HTTPError, OSError) as error:
            text = "broke the connection off before its answer was whole"
            unsure = not call.reads
            raise _FailedError(text, again=call.reads, is_unsure=unsure) from error

    def _begun(self, call: Call, headers: Mapping[str, str]) -> BaseHTTPResponse:
        """Send a call, and take the head of the answer."""
        return self._pool.urlopen(
            call.method,
            f"{self._address.base}{call.path}",
            body=call.body,
            headers={**headers, "Accept-Encoding": "identity"},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )

    def _received(self, response: BaseHTTPResponse) -> Received:
        """Take the rest of an answer."""
        try:
            body = b"".join(_pieces(response, time.monotonic() + self._patience.read))
        except BaseException:
            response.close()  # what is left of it must not answer another call
            raise
        finally:
            response.release_conn()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Received(response.status, headers, body)


class _LongError(Exception):
    """An answer that is longer than one may be."""


class _LateError(Exception):
    """An answer that takes longer than one may."""


class _FailedError(Exception):
    """A call that got no answer.

    Attributes:
        text: what the service did.
        again: whether the call may be sent again.
        is_unsure: whether what it was to change may be changed.
    """

    def __init__(
        self, text: str, *, again: bool = False, is_unsure: bool = False
    ) -> None:
        self.text = text
        self.again = again
        self.is_unsure = is_unsure
        super().__init__(text)


def _pieces(response: BaseHTTPResponse, ends: float) -> Iterator[bytes]:
    """The body of an answer, as far as it may go.

    Raises:
        _LongError: it goes further.
        _LateError: it takes longer.
    """
    size = 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise _LongError
        if time.monotonic() > ends:
            raise _LateError
        yield piece


def _pool(
    address: Address, ca_file: str | Path | None, patience: Patience
) -> HTTPConnectionPool:
    """The pool for an address.

    Raises:
        RequestError: the certificates cannot be read, or would not be used.
    """
    timeout = Timeout(connect=patience.connect, read=patience.read)
    if address.scheme == "http":
        if ca_file is not None:
            message = "certificates are of no use to http://, expected https://"
            raise RequestError(message)
        return HTTPConnectionPool(
            address.host, address.port, timeout=timeout, maxsize=KEPT, block=True
        )
    return HTTPSConnectionPool(
        address.host,
        address.port,
        timeout=timeout,
        maxsize=KEPT,
        block=True,
        ssl_context=_trust(ca_file),
    )


def _trust(ca_file: str | Path | None) -> ssl.SSLContext:
    """What is trusted: the system's certificates, or those of a file alone.

    Raises:
        RequestError: the file cannot be read, or holds none.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = (
            "no certificates" if isinstance(error, ssl.SSLError) else "no such file"
        )
        message = f"cannot read `{ca_file}`: {reason}, expected certificates in PEM"
        raise RequestError(message) from error


def _why(error: SSLError) -> str:
    """What is wrong with a certificate, in OpenSSL's words."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return cause.verify_message
    return "no TLS connection could be made"
