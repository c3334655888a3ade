"""Which certificates a service may show, and what is wrong with one that it shows."""

from __future__ import annotations

import ssl
from pathlib import Path

from ..errors import RequestError
from .address import Address

_UNKNOWN_SIGNERS = frozenset({18, 19, 20, 21})
"""OpenSSL's numbers of a certificate whose signer is not trusted (X509_V_ERR_…)."""

_SIGNERS = (
    "one that the system trusts, or its signer's certificate in `ca_file=`, "
    "`--ca-file` or SSL_CERT_FILE"
)


def context_for(address: Address, ca_file: str | Path | None) -> ssl.SSLContext | None:
    """What is trusted at an address; nothing where it is reached without TLS.

    Raises:
        RequestError: the certificates cannot be read, or would not be used.
    """
    if address.scheme == "https":
        return _trust(ca_file)
    if ca_file is not None:
        message = "certificates are of no use to http://, expected https://"
        raise RequestError(message)
    return None


def _trust(ca_file: str | Path | None) -> ssl.SSLContext:
    """What is trusted: the system's certificates, or those of a file alone.

    Raises:
        RequestError: the file cannot be read, or holds none.
    """
    try:
        # a path, for a blank text would stand for the system's
        file = None if ca_file is None else Path(ca_file)
        return ssl.create_default_context(cafile=file)
    except (OSError, TypeError) as error:
        reason = (
            "no certificates" if isinstance(error, ssl.SSLError) else "no such file"
        )
        message = f"cannot read `{ca_file}`: {reason}, expected certificates in PEM"
        raise RequestError(message) from error


def flaw_in(cause: object = None) -> str | None:
    """What is wrong with a certificate, if it is that, and what to do about it.

    Args:
        cause: why no connection was made.
    """
    if not isinstance(cause, ssl.SSLCertVerificationError):
        return None
    if cause.verify_code in _UNKNOWN_SIGNERS:
        return f"{cause.verify_message}, expected {_SIGNERS}"
    return f"{cause.verify_message}, expected a certificate of this name, in force"
