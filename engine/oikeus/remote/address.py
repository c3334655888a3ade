"""Where a service is: an address that is safe to send a token to.

INVARIANT: a token goes over TLS, or does not leave this machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from ..errors import RequestError
from ..hosts import is_loopback

SCHEMES = ("https://", "http://")
"""By what an address is told from that of a database."""

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a service.

    Attributes:
        scheme: `https`; `http` on this machine only.
        host: a name or an IP address.
        port: which is named or the usual one.
        base: the path below which the service is; empty, or with a slash before it.
    """

    scheme: str
    host: str
    port: int
    base: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an address.

        >>> str(Address.parse("https://oikeus.example/"))
        'https://oikeus.example'

        Raises:
            RequestError: it is none, holds more than an address does, or would send
                what is asked over a network that others read.
        """
        parts = _split(url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            message = (
                "http:// would show the token to the network, expected https://, or an "
                "address of this machine such as http://127.0.0.1:8080"
            )
            raise RequestError(message)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        return cls(parts.scheme, host, port, parts.path.rstrip("/"))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.base}"


def is_address(url: object) -> bool:
    """Whether this is meant to be the address of a service."""
    return isinstance(url, str) and url.casefold().startswith(SCHEMES)


def _split(url: str) -> SplitResult:
    """Take an address apart.

    Raises:
        RequestError: it is none; it is not repeated, for it may hold a password.
    """
    expected = "expected the form https://HOST, with a port and a path perhaps"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        message = f"the address of the service cannot be read, {expected}"
        raise RequestError(message) from error
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not is_plain or parts.scheme not in _PORTS or not parts.hostname or port == 0:
        message = f"the address of the service is none, {expected}"
        raise RequestError(message)
    if "@" in parts.netloc or parts.query or parts.fragment:
        message = f"the address of the service holds more than an address, {expected}"
        raise RequestError(message)
    return parts
