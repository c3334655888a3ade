"""Of what a provider publishes, public keys for signatures are taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from oikeus import SettingsError
from oikeus.service.jwt_settings import ALGORITHMS
from oikeus.service.key_sets import LARGEST, KeySet, read_keys

from ...openid import key_set, private_key, public_jwk


def found(document: bytes) -> set[tuple[str, str]]:
    """Which keys are there, and for which algorithms."""
    return set(read_keys(document, ALGORITHMS).keys)


def test_each_key_checks_signatures_of_its_kind() -> None:
    """Those of RSA in two ways, unless the key says in which."""
    rsa = {("rsa-1", "RS256"), ("rsa-1", "PS256")}
    assert found(key_set("rsa-1", "ec-1", "ed-1")) == {
        *rsa,
        ("ec-1", "ES256"),
        ("ed-1", "EdDSA"),
    }
    said = public_jwk("rsa-1", alg="PS256", use="sig", key_ops=["verify"])
    assert found(key_set(said)) == {("rsa-1", "PS256")}


def test_only_allowed_algorithms_are_taken() -> None:
    """A provider may have keys for others."""
    keys = read_keys(key_set("rsa-1", "ec-1"), ["ES256"])
    assert set(keys.keys) == {("ec-1", "ES256")}


def weak_rsa() -> dict[str, Any]:
    """A key that is too short."""
    key = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {
        "kid": "weak",
        "key_ops": ["verify"],
    }


PASSED_OVER: dict[str, object] = {
    "a shared secret": {"kty": "oct", "k": "c2VjcmV0", "kid": "a"},
    "a shared secret that says otherwise": {"kty": "oct", "k": "c2Vj", "alg": "RS256"},
    "a private key": ECAlgorithm.to_jwk(private_key("ec-1"), as_dict=True),
    "a key to encrypt with": public_jwk("ec-1", use="enc"),
    "a key to sign with": public_jwk("ec-1", key_ops=["sign"]),
    "operations that are none": public_jwk("ec-1", key_ops="verify"),
    "another algorithm": public_jwk("rsa-1", alg="RS512"),
    "the algorithm of a secret": public_jwk("rsa-1", alg="HS256"),
    "no algorithm": public_jwk("rsa-1", alg="none"),
    "another curve": public_jwk("ec-1", crv="P-384"),
    "another kind": public_jwk("ec-1", kty="EC2"),
    "a kind that is none": public_jwk("ec-1", kty=["EC"]),
    "no point of the curve": public_jwk("ec-1", x="AAAA"),
    "no number": public_jwk("rsa-1", n=3),
    "half a key": {"kty": "RSA", "e": "AQAB", "kid": "a"},
    "an id that is none": public_jwk("ec-1", kid=7),
    "an id without an end": public_jwk("ec-1", kid="a" * 256),
    "too short a key": weak_rsa(),
    "a certificate alone": {"kty": "RSA", "x5c": ["MII"], "kid": "a"},
    "a text": "ec-2",
    "a number": 3,
    "nothing": None,
}


@pytest.mark.parametrize("name", PASSED_OVER)
def test_what_checks_no_signature_is_passed_over(name: str) -> None:
    """The others in the set are taken all the same."""
    keys = [PASSED_OVER[name], public_jwk("ec-9")]
    assert found(json.dumps({"keys": keys}).encode()) == {("ec-9", "ES256")}


NONE: dict[str, bytes] = {
    "blank": b"",
    "no JSON": b"<html>",
    "no text": b"\xff\xfe",
    "no object": b"[]",
    "no keys": b"{}",
    "keys that are none": b'{"keys": {"kid": "a"}}',
    "too deep": b"[" * 100_000,
    "too many": key_set(*[public_jwk("ec-1")] * 101),
    "too large": key_set("ec-1") + b" " * LARGEST,
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_set_of_keys_is_refused(name: str) -> None:
    """Whoever sent it in the provider's place."""
    with pytest.raises(SettingsError, match="no JWKS of at most 100 keys"):
        read_keys(NONE[name], ALGORITHMS)


def test_a_set_without_a_key_to_use_is_refused() -> None:
    """No token could be good."""
    with pytest.raises(SettingsError, match="none of the provider's keys is public"):
        read_keys(b'{"keys": []}', ALGORITHMS)


def test_a_token_names_its_key() -> None:
    """By its id; a key of another algorithm is not looked at."""
    keys = read_keys(key_set("ec-1", "ec-2", "rsa-1"), ALGORITHMS)
    key = keys.find("ec-2", "ES256")
    assert key
    assert key.key_id == "ec-2"
    assert keys.find("ec-2", "RS256") is None
    assert keys.find("ec-3", "ES256") is None
    for no_id in ("", 0, 7, ["ec-2"], {"ec-2": 1}, True):
        assert keys.find(no_id, "ES256") is None


def test_a_token_without_a_name_is_for_the_only_key() -> None:
    """Of two it cannot be told which one is meant."""
    keys = read_keys(key_set("ec-1", "ec-2", "rsa-1"), ALGORITHMS)
    key = keys.find(None, "RS256")
    assert key
    assert key.key_id == "rsa-1"
    assert keys.find(None, "ES256") is None
    assert keys.find(None, "EdDSA") is None
    assert KeySet().find(None, "ES256") is None


def test_a_key_without_an_id_is_found_by_who_names_none() -> None:
    """A blank id names nothing."""
    entry = public_jwk("ec-1")
    del entry["kid"]
    keys = read_keys(key_set(entry), ALGORITHMS)
    assert keys.find(None, "ES256")
    assert keys.find("", "ES256") is None


def test_of_two_keys_with_one_id_the_first_holds() -> None:
    """Nobody else's key is tried in its place."""
    keys = read_keys(key_set("ec-1", public_jwk("ec-2", kid="ec-1")), ALGORITHMS)
    key = keys.find("ec-1", "ES256")
    assert key
    assert key.key.public_numbers() == (
        private_key("ec-1").public_key().public_numbers()
    )
