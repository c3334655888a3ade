"""An OpenID provider of tests: its keys, as it publishes them, and what it signs."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    generate_private_key as generate_rsa,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from oikeus.service.jwt_settings import JwtSettings

ISSUER = "https://login.example/realms/a"
AUDIENCE = "oikeus"
ADDRESS = "https://login.example/keys"

Claims = dict[str, Any]


@cache
def private_key(key_id: str) -> Any:  # noqa: ANN401 # of any kind
    """A key of the provider; `rsa`, `ec`, `ed` and what begins so is of that kind."""
    if key_id.startswith("rsa"):
        return generate_rsa(public_exponent=65537, key_size=2048)
    if key_id.startswith("ec"):
        return generate_private_key(SECP256R1())
    return Ed25519PrivateKey.generate()


def public_jwk(key_id: str, **more: object) -> Claims:
    """The public half, as a set holds it."""
    key = private_key(key_id).public_key()
    kinds: tuple[tuple[str, Any], ...] = (("rsa", RSAAlgorithm), ("ec", ECAlgorithm))
    algorithm = next((made for kind, made in kinds if key_id.startswith(kind)), None)
    entry = (algorithm or OKPAlgorithm).to_jwk(key, as_dict=True)
    entry.pop("key_ops", None)
    return {**entry, "kid": key_id, **more}


def key_set(*entries: object) -> bytes:
    """A set of keys as it is published; a text stands for the key of that id."""
    keys = [public_jwk(each) if isinstance(each, str) else each for each in entries]
    return json.dumps({"keys": keys}).encode()


def settings(**other: Any) -> JwtSettings:  # noqa: ANN401 # of any kind
    """What the tests know of the provider."""
    known: dict[str, Any] = {"issuer": ISSUER, "audience": AUDIENCE, "keys": ADDRESS}
    return JwtSettings(**(known | other))


def claims(**other: object) -> Claims:
    """What a good token claims; nothing for what it leaves out."""
    now = int(time.time())
    told: Claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "1.2.3",
        "iat": now,
        "exp": now + 600,
        "scope": "openid oikeus:evaluate oikeus:search",
        **other,
    }
    return {name: value for name, value in told.items() if value is not None}


def signed(
    told: Claims | None = None,
    key_id: str = "ec-1",
    algorithm: str = "ES256",
    **header: object,
) -> str:
    """A token as the provider makes it."""
    head = {"kid": key_id, **header}
    payload = json.dumps(claims() if told is None else told).encode()
    return jwt.PyJWS().encode(payload, private_key(key_id), algorithm, head)


def written(header: object, payload: object, signature: bytes = b"") -> str:
    """A token of parts that no library would write."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode()
        for part in (header, payload)
    ]
    coded = (urlsafe_b64encode(part).rstrip(b"=") for part in (*parts, signature))
    return b".".join(coded).decode()
