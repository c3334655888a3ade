"""Values in the one spelling that digests and signatures are made over.

JSON as RFC 8785 has it (JSON Canonicalization Scheme), for the values that this library
puts there: text, whole numbers, true, false, null, and lists and objects of these whose
keys are ASCII.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

canonical: Callable[[object], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode
"""The canonical spelling of a value."""


def digest_of(form: object) -> str:
    """The digest of a value: its canonical spelling, in UTF-8, by SHA-256.

    >>> digest_of({"b": None, "a": ["x", 1]}) == digest_of({"a": ["x", 1], "b": None})
    True
    """
    return sha256(canonical(form).encode()).hexdigest()
