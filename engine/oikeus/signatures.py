"""Keys and signatures: who vouches for a value, shown to whoever has the public key.

Ed25519 over the canonical spelling of the value (RFC 8032, RFC 8785). Keys are files in
PEM, as openssl makes and reads them: PKCS #8 and SubjectPublicKeyInfo.

INVARIANT: no text of this module, and no error, holds anything of a private key.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from .canonical import canonical
from .errors import SignatureError, UnfitSignatureError

PASSPHRASE: Final = "OIKEUS_KEY_PASSPHRASE"  # noqa: S105 # the name of a variable
"""The environment variable with the passphrase; an argument could be read by others."""

_OWNER_ONLY = 0o600
_FOR_ALL = 0o644
_KEY_ID_LENGTH = 16
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature over one value.

    Attributes:
        key: the id of the key: the first 16 hexadecimal letters of the SHA-256 of its
            public half.
        text: the signature in base64.
    """

    key: str
    text: str


class VerifyingKey:
    """The public half of a key, which may be shown to anyone.

    Attributes:
        id: the first 16 hexadecimal letters of its SHA-256.
    """

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha256(raw).hexdigest()[:_KEY_ID_LENGTH]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file in PEM.

        Raises:
            SignatureError: it cannot be read, or is no public key of Ed25519.
        """
        text = _read(path)
        try:
            key = load_pem_public_key(text)
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise _no_key(path, text, "public")
        return cls(key)

    def verify(self, form: object, signature: Signature) -> None:
        """Make sure that this key signed exactly this value.

        Raises:
            UnfitSignatureError: another key, another value, or no signature at all.
        """
        if signature.key != self.id:
            message = f"the signature is of key {signature.key!a}, not of `{self.id}`"
            message += ", expected the public half of that key"
            raise UnfitSignatureError(message)
        try:
            raw = base64.b64decode(signature.text, validate=True)
            self._key.verify(raw, canonical(form).encode())
        except (binascii.Error, ValueError, InvalidSignature):
            message = f"the signature does not fit: key `{self.id}` signed something "
            raise UnfitSignatureError(message + "else, or nothing") from None


class SigningKey:
    """The private half of a key; it lives away from the host of the database.

    Attributes:
        public: the other half.
    """

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = VerifyingKey(key.public_key())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file in PEM, with the passphrase from the environment if it needs one.

        Raises:
            SignatureError: it cannot be read, is no private key of Ed25519, or needs
                another passphrase.
        """
        text = _read(path)
        # that of another key does no harm
        passphrase = _passphrase() if b"BEGIN ENCRYPTED" in text else None
        try:
            key = load_pem_private_key(text, passphrase)
        except TypeError:
            message = f"the key `{path}` has a passphrase, expected it in {PASSPHRASE}"
            raise SignatureError(message) from None
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise _no_key(path, text, "private") from None
        return cls(key)

    def sign(self, form: object) -> Signature:
        """Sign the canonical spelling of a value."""
        raw = self._key.sign(canonical(form).encode())
        return Signature(self.public.id, base64.b64encode(raw).decode())


def make_key(private: Path, public: Path) -> str:
    """Make a key, in two files that must not be there yet.

    The private one is for the owner only, and encrypted when the environment has a
    passphrase.

    Returns:
        the id of the key.

    Raises:
        SignatureError: one of the files is there, or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    passphrase = _passphrase()
    secret = key.private_bytes(
        Encoding.PEM,
        PrivateFormat.PKCS8,
        BestAvailableEncryption(passphrase) if passphrase else NoEncryption(),
    )
    shown = key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    for path in (private, public):
        if os.path.lexists(path):
            message = f"`{path}` is there already, expected a new file for the key"
            raise SignatureError(message)
    _write(private, secret, _OWNER_ONLY)
    _write(public, shown, _FOR_ALL)
    return VerifyingKey(key.public_key()).id


def key_id(path: Path) -> str:
    """The id of a key, of which the file holds either half.

    Raises:
        SignatureError: it cannot be read, or is no key of Ed25519.
    """
    if b"PRIVATE KEY-----" in _read(path):
        return SigningKey.load(path).public.id
    return VerifyingKey.load(path).id


def _passphrase() -> bytes | None:
    return os.environ.get(PASSPHRASE, "").encode(errors="surrogateescape") or None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        message = f"the key `{path}` cannot be read: {_reason(error)}"
        raise SignatureError(message) from None


def _write(path: Path, content: bytes, mode: int) -> None:
    """Make a file; one that is there, or a link to one, is left alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as file:  # noqa: PTH123 # a descriptor
            file.write(content)
    except OSError as error:
        message = f"the key `{path}` cannot be written: {_reason(error)}"
        raise SignatureError(message) from None


def _no_key(path: Path, text: bytes, half: str) -> SignatureError:
    """Why a file is not the half of a key that was expected."""
    other = "private" if half == "public" else "public"
    if f"{other.upper()} KEY-----".encode() in text:
        found = f"holds a {other} key"
    elif b"ENCRYPTED PRIVATE KEY-----" in text:
        found = f"has another passphrase than {PASSPHRASE} says, or is not Ed25519"
    else:
        found = "is no key of Ed25519 in PEM"
    message = f"`{path}` {found}, expected a {half} key of `oikeus key create`"
    return SignatureError(message)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
