"""Certificates of tests: of this machine or of another, signed by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    DNSName,
    IPAddress,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

HERE: tuple[DNSName | IPAddress, ...] = (
    DNSName("localhost"),
    IPAddress(ip_address("127.0.0.1")),
)


@cache
def _made(
    passphrase: bytes, of: tuple[DNSName | IPAddress, ...]
) -> tuple[bytes, bytes]:
    key = generate_private_key(SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(SubjectAlternativeName(of), critical=False)
        .add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    return certificate.public_bytes(Encoding.PEM), secret


def make_certificate(
    folder: Path,
    *,
    passphrase: bytes = b"",
    of: tuple[DNSName | IPAddress, ...] = HERE,
) -> tuple[Path, Path]:
    """Write a certificate and its key, which only the owner can read.

    Args:
        folder: where.
        passphrase: of the key.
        of: whose it is; of this machine unless told.
    """
    made = folder / "cert.pem", folder / "key.pem"
    for path, text in zip(made, _made(passphrase, of), strict=True):
        path.write_bytes(text)
        path.chmod(0o600)
    return made
