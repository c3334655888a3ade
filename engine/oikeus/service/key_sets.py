"""The public keys of an OpenID provider, as it publishes them (JWKS, RFC 7517).

A key checks signatures of one algorithm alone: whatever a token says of itself, it is
not looked at with another one (RFC 8725, section 3.1).

INVARIANT: what is no public key for signatures of an allowed algorithm, or is too
short, is passed over: shared secrets and private keys among it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from ..errors import SettingsError

LARGEST = 1 << 18
"""How many bytes a set may have: some hundred keys."""

_MOST_KEYS = 100
_LONGEST_ID = 255
_FAMILIES = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
}
_PRIVATE = "d"


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys that were published at one time.

    Attributes:
        keys: by the id of a key and the algorithm; those without an id under a blank.
    """

    keys: Mapping[tuple[str, str], PyJWK] = field(default_factory=dict)

    def find(self, key_id: object, algorithm: str) -> PyJWK | None:
        """The key that a token names; the only one there is, where it names none.

        Args:
            key_id: as the token says it, whatever that is; nothing where it does not.
            algorithm: an allowed one.
        """
        if isinstance(key_id, str):
            return self.keys.get((key_id, algorithm)) if key_id else None
        if key_id is not None:
            return None
        fit = [key for (_, of), key in self.keys.items() if of == algorithm]
        return fit[0] if len(fit) == 1 else None


def read_keys(body: bytes, algorithms: Iterable[str]) -> KeySet:
    """Read a set of keys.

    Args:
        body: the document.
        algorithms: which ones are allowed.

    Raises:
        SettingsError: it is no set of keys, or none of them can be used.
    """
    allowed = tuple(algorithms)
    keys: dict[tuple[str, str], PyJWK] = {}
    for entry in _entries(body):
        name = entry.get("kid", "")
        if not isinstance(name, str) or len(name) > _LONGEST_ID:
            continue
        for key in _usable(entry, allowed):
            # of two with one id the first holds: another one is not tried
            keys.setdefault((name, key.algorithm_name), key)
    if not keys:
        expected = ", ".join(allowed)
        message = f"none of the provider's keys is public and of {expected}"
        raise SettingsError(message)
    return KeySet(keys)


def _entries(body: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(body) if len(body) <= LARGEST else None
    except (ValueError, RecursionError):
        document = None
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > _MOST_KEYS:
        message = f"the provider's keys are no JWKS of at most {_MOST_KEYS} keys"
        raise SettingsError(message)
    return (entry for entry in entries if isinstance(entry, dict))


def _usable(entry: Mapping[str, Any], allowed: Iterable[str]) -> Iterator[PyJWK]:
    """What signatures one entry can check, once for each algorithm."""
    if _PRIVATE in entry or not _is_for_signatures(entry):
        return
    for algorithm in allowed:
        family = (entry.get("kty"), entry.get("crv"))
        if entry.get("alg", algorithm) != algorithm or family != _FAMILIES[algorithm]:
            continue
        try:
            key = PyJWK(dict(entry), algorithm)
        except (PyJWTError, ValueError, TypeError):
            continue
        if key.Algorithm.check_key_length(key.key) is None:
            yield key


def _is_for_signatures(entry: Mapping[str, Any]) -> bool:
    operations = entry.get("key_ops", ["verify"])
    return entry.get("use", "sig") == "sig" and (
        isinstance(operations, list) and "verify" in operations
    )
