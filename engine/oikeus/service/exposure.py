"""On what terms the service starts: who can reach it, and what keeps them honest.

- Beyond this machine, requests come over TLS: ours, or that of a proxy in front.
- Without tokens it serves this machine alone, and no proxy, which could be reached from
  elsewhere; nobody known may evaluate and search.
- What a proxy says of its callers is not read, so that nobody can say it in its place.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from ..errors import SettingsError
from ..hosts import is_loopback
from ..privacy import Others, others_by
from .jwt_settings import JwtSettings


@dataclass(frozen=True, slots=True)
class Tls:
    """By what the service shows who it is, as files in PEM.

    Attributes:
        certificate: its own, and those in between.
        key: the private key of its own, without a passphrase.
    """

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What connections are made with: TLS 1.2 or newer.

        Raises:
            SettingsError: a file cannot be read or is no such thing, they do not belong
                together, or others than its owner and group may read the key.
        """
        _check_key(self.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            # a key with a passphrase would ask for it on a terminal, and wait
            context.load_cert_chain(self.certificate, self.key, _no_passphrase)
        except (OSError, ValueError) as error:
            message = (
                f"`{self.certificate}` and `{self.key}` cannot be used for TLS, "
                "expected a certificate in PEM and its private key, not encrypted"
            )
            raise SettingsError(message) from error
        return context


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSettings:
    """On what terms the service starts.

    Attributes:
        host: the address or name that it listens on.
        tls: its certificate; nothing where it speaks plain HTTP.
        behind_proxy: whether a proxy in front of it speaks TLS. Nothing that it says of
            its callers (`X-Forwarded-For` and its kin) is read.
        insecure_no_auth: whether it serves whoever comes.
        jwt: the OpenID provider whose tokens it knows; nothing where there is none.

    Raises:
        SettingsError: they contradict each other, or the rules of this module.
    """

    host: str
    tls: Tls | None = None
    behind_proxy: bool = False
    insecure_no_auth: bool = False
    jwt: JwtSettings | None = None

    def __post_init__(self) -> None:
        if flaw := self._flaw():
            raise SettingsError(flaw)

    def _flaw(self) -> str | None:
        here = is_loopback(self.host)
        plain = self.tls is None
        if self.insecure_no_auth and (self.behind_proxy or not here):
            return "--insecure-no-auth serves this machine alone, expected " + (
                "no --behind-proxy"
                if self.behind_proxy
                else f"--host 127.0.0.1, not `{self.host}`"
            )
        if self.insecure_no_auth and self.jwt:
            return "--insecure-no-auth knows nobody, expected it without --jwt-issuer"
        if plain and not here and not self.behind_proxy:
            return (
                f"`{self.host}` can be reached from other machines, expected "
                "--tls-cert and --tls-key, or --behind-proxy"
            )
        return None


def _check_key(path: Path) -> None:
    """Refuse a private key that everybody on this machine can read."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        message = f"the key `{path}` cannot be read, expected a file"
        raise SettingsError(message) from error
    if others_by(mode) is Others.EVERYBODY:
        message = f"the key `{path}` is open to everybody, expected `chmod o-rwx` on it"
        raise SettingsError(message)


def _no_passphrase() -> str:
    return ""
