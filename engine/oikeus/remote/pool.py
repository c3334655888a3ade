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
from functools import partial
from math import ceil
from os import getpid
from pathlib import Path

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    EmptyPoolError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from ..errors import ServiceError
from .address import Address
from .exchange import Call, Patience, Received
from .patient import PatientPool, SecurePatientPool
from .trust import context_for, flaw_in

KEPT = 16
"""How many connections there are at most; more threads than that wait for one."""

LARGEST = 16 * 1024 * 1024
"""How many bytes an answer may have."""

_PAUSES = (0.05, 0.25)
"""How many seconds pass before what failed is sent again."""

_PIECE = 64 * 1024


class Pool:
    """The connections to one service; safe to use from many threads.

    INVARIANT: no two processes use one connection. After a fork each has its own: one
    would take the answer to what the other asked.

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
        self._make = partial(_pool, address, context_for(address, ca_file), patience)
        self._pool, self._process = self._make(), getpid()

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
        except (HTTPError, OSError, _LateError, _LongError) as error:
            text = self._unsent(error)
            if text is not None:
                again = isinstance(error, NewConnectionError)
                raise _FailedError(text, again=again) from error
            text, again = self._unanswered(error)
            unsure = not call.reads
            again = again and call.reads
            raise _FailedError(text, again=again, is_unsure=unsure) from error

    def _unsent(self, error: Exception) -> str | None:
        """Why nothing was sent; nothing where something may have been."""
        if isinstance(error, NewConnectionError):
            return "cannot be reached, expected one that listens there"
        if isinstance(error, ConnectTimeoutError):
            return f"took no connection within {self._patience.connect:g} s"
        if isinstance(error, SSLError) and (flaw := flaw_in(*error.args[:1])):
            return f"is not trusted: {flaw}"
        if isinstance(error, ClosedPoolError):
            return "was let go of, expected another connection by `connect`"
        if isinstance(error, EmptyPoolError):
            return f"is asked by {KEPT} others already, expected fewer threads at once"
        return None

    def _unanswered(self, error: Exception) -> tuple[str, bool]:
        """Why no answer came, and whether it is worth another try."""
        if isinstance(error, ReadTimeoutError):
            return f"did not answer within {self._patience.read:g} s", False
        if isinstance(error, SSLError):
            # when it failed is not known: perhaps after all was sent
            return (
                "speaks no TLS that is understood, expected https:// there",
                False,
            )
        if isinstance(error, _LateError):
            return "did not take in time what was sent to it", False
        if isinstance(error, _LongError):
            return f"answered with more than {LARGEST} bytes, expected less", False
        return "broke the connection off before its answer was whole", True

    def _begun(self, call: Call, headers: Mapping[str, str]) -> BaseHTTPResponse:
        """Send a call, and take the head of the answer.

        Raises:
            _LateError: it is not taken in time.
        """
        try:
            return self._connections().urlopen(
                call.method,
                f"{self._address.base}{call.path}",
                body=call.body,
                headers={**headers, "Accept-Encoding": "identity"},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                pool_timeout=ceil(self._patience.read),
            )
        except ProtocolError as error:
            if any(isinstance(each, TimeoutError) for each in error.args):
                raise _LateError from error
            raise

    def _connections(self) -> HTTPConnectionPool:
        """Those of this process."""
        process = getpid()
        if self._process != process:
            self._pool, self._process = self._make(), process
        return self._pool

    def _received(self, response: BaseHTTPResponse) -> Received:
        """Take the rest of an answer."""
        try:
            body = b"".join(_pieces(response))
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
    """A call that takes longer to send than it may."""


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


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    """The body of an answer, as far as it may go.

    Raises:
        _LongError: it goes further.
    """
    size = 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise _LongError
        yield piece


def _pool(
    address: Address, context: ssl.SSLContext | None, patience: Patience
) -> HTTPConnectionPool:
    """The pool for an address."""
    timeout = Timeout(connect=patience.connect, read=patience.read)
    if context is None:
        return PatientPool(
            address.host, address.port, timeout=timeout, maxsize=KEPT, block=True
        )
    return SecurePatientPool(
        address.host,
        address.port,
        timeout=timeout,
        maxsize=KEPT,
        block=True,
        ssl_context=context,
    )
