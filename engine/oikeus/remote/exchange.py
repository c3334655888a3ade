"""One question to a service and its answer, as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ..errors import RequestError

_LONGEST = 24 * 3600


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent.

    Attributes:
        method: of HTTP.
        path: below the address, with its query.
        body: JSON; nothing where there is none.
        reads: whether it changes nothing, and may be sent again.
    """

    method: str
    path: str
    body: bytes | None = None
    reads: bool = True


@dataclass(frozen=True, slots=True)
class Received:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: by their names in lower case.
        body: whole.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """What the body is said to be, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a service, in seconds.

    Attributes:
        connect: until it takes a connection.
        read: until its answer is there, whole.

    Raises:
        RequestError: one of them is no number above 0.
    """

    connect: float = 3.0
    read: float = 10.0

    def __post_init__(self) -> None:
        for seconds in (self.connect, self.read):
            is_number = type(seconds) in (int, float)
            if not is_number or not 0 < seconds <= _LONGEST:
                message = (
                    f"{seconds!a} is no time to wait for a service, expected a number "
                    "of seconds above 0, up to a day"
                )
                raise RequestError(message)


class Transport(Protocol):
    """Sends calls to one service; safe to use from many threads."""

    def send(self, call: Call, headers: Mapping[str, str]) -> Received:
        """Send a call, and take what comes back, whatever it is.

        Args:
            call: what is sent.
            headers: to be sent with it; they hold the token.

        Raises:
            ServiceError: nothing came back.
        """

    def close(self) -> None:
        """Let go of what is open."""
