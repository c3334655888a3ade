"""The service starts where nobody can listen in, and serves nobody known only here."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from oikeus import SettingsError
from oikeus.service.exposure import AuthSettings, Tls

from ...certificates import make_certificate
from ...openid import settings as provider

TLS = Tls(Path("cert.pem"), Path("key.pem"))


GOOD: dict[str, dict[str, Any]] = {
    "here": {"host": "127.0.0.1"},
    "here with TLS": {"host": "localhost", "tls": TLS},
    "here behind a proxy": {"host": "::1", "behind_proxy": True},
    "here for anyone": {"host": "127.0.0.1", "insecure_no_auth": True},
    "here for anyone with TLS": {"host": "::1", "insecure_no_auth": True, "tls": TLS},
    "elsewhere with TLS": {"host": "0.0.0.0", "tls": TLS},  # noqa: S104
    "elsewhere behind a proxy": {"host": "10.0.0.1", "behind_proxy": True},
    "behind a proxy with TLS": {"host": "::", "behind_proxy": True, "tls": TLS},
    "with a provider": {"host": "10.0.0.1", "tls": TLS, "jwt": provider()},
}


@pytest.mark.parametrize("name", GOOD)
def test_it_starts_where_requests_are_safe(name: str) -> None:
    """Here, over TLS, or behind what speaks it."""
    assert AuthSettings(**GOOD[name]).host == GOOD[name]["host"]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "everywhere": (
        {"host": "0.0.0.0"},  # noqa: S104
        (
            "`0.0.0.0` can be reached from other machines, expected "
            "--tls-cert and --tls-key, or --behind-proxy"
        ),
    ),
    "a name": (
        {"host": "oikeus.example"},
        (
            "`oikeus.example` can be reached from other machines, expected "
            "--tls-cert and --tls-key, or --behind-proxy"
        ),
    ),
    "everywhere for anyone": (
        {"host": "::", "insecure_no_auth": True},
        (
            "--insecure-no-auth serves this machine alone, expected "
            "--host 127.0.0.1, not `::`"
        ),
    ),
    "everywhere for anyone with TLS": (
        {"host": "10.0.0.1", "insecure_no_auth": True, "tls": TLS},
        (
            "--insecure-no-auth serves this machine alone, expected "
            "--host 127.0.0.1, not `10.0.0.1`"
        ),
    ),
    "anyone behind a proxy": (
        {"host": "127.0.0.1", "insecure_no_auth": True, "behind_proxy": True},
        "--insecure-no-auth serves this machine alone, expected no --behind-proxy",
    ),
    "anyone, and somebody": (
        {"host": "127.0.0.1", "insecure_no_auth": True, "jwt": provider()},
        "--insecure-no-auth knows nobody, expected it without --jwt-issuer",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_it_does_not_start_where_they_are_not(name: str) -> None:
    """And says what would be."""
    said, expected = BAD[name]
    with pytest.raises(SettingsError) as raised:
        AuthSettings(**said)
    assert str(raised.value) == expected


def test_a_certificate_and_its_key_make_connections(tmp_path: Path) -> None:
    """None older than TLS 1.2; its owner's group may read the key."""
    certificate, key = make_certificate(tmp_path)
    key.chmod(0o640)
    context = Tls(certificate, key).context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_key_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    """As PostgreSQL and OpenSSH refuse one."""
    certificate, key = make_certificate(tmp_path)
    for mode in (0o604, 0o602, 0o601):
        key.chmod(mode)
        with pytest.raises(SettingsError, match="is open to everybody, expected"):
            Tls(certificate, key).context()


def test_what_is_no_pair_of_certificate_and_key_is_refused(tmp_path: Path) -> None:
    """Before anything listens; a key with a passphrase asks nobody for it."""
    (tmp_path / "other").mkdir()
    certificate, key = make_certificate(tmp_path)
    _, encrypted = make_certificate(tmp_path / "other", passphrase=b"secret")
    nothing = tmp_path / "nothing.pem"
    with pytest.raises(SettingsError, match="cannot be read, expected a file"):
        Tls(certificate, nothing).context()
    for pair in ((nothing, key), (key, key), (certificate, encrypted)):
        with pytest.raises(SettingsError, match="cannot be used for TLS") as raised:
            Tls(*pair).context()
        assert "secret" not in str(raised.value)
