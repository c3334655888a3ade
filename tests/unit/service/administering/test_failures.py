"""What is answered to errors: no text but ours, no false certainty."""

from __future__ import annotations

import json

import pytest

from oikeus import (
    Allowance,
    ConflictError,
    DelegationError,
    LockedError,
    ModelError,
    OikeusError,
    PolicyError,
    ReadOnlyError,
    RefusedError,
    RequestError,
    StaleVersionError,
    StoreError,
    TamperedError,
)
from oikeus.service.administering.failures import failure, refusal_response

SECRET = "person:1 at postgresql://host"  # noqa: S105 # what must not be told


@pytest.mark.parametrize(
    ("error", "status", "told", "is_known"),
    [
        (RequestError("the role is blank"), 422, "the role is blank", True),
        (DelegationError("no reason given"), 422, "no reason given", True),
        (StaleVersionError(SECRET), 409, "meanwhile", True),
        (LockedError(SECRET), 503, "another writer", True),
        (ReadOnlyError(SECRET), 503, "does not write", True),
        (TamperedError(SECRET), 503, "the database failed", False),
        (StoreError(SECRET), 503, "the database failed", False),
        (ModelError(SECRET), 503, "cannot use the policy", False),
        (PolicyError([]), 503, "cannot use the policy", False),
        (OikeusError(SECRET), 503, "cannot use the policy", False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_error_has_its_status(
    error: OikeusError, status: int, told: str, *, is_known: bool
) -> None:
    """And tells what it means for what was asked, where an act has begun and before."""
    for has_begun in (False, True):
        found = failure(error, has_begun=has_begun)
        assert found.status == status
        assert told in found.detail
        assert SECRET not in found.detail
        is_done = "nothing" if is_known or not has_begun else "unknown"
        assert found.done == is_done
        assert ("is not known" in found.detail) is (is_done == "unknown")


def test_refusal_has_all_that_the_error_says() -> None:
    """In members, so that programs need not read sentences."""
    allowance = Allowance("clerk", ("school",), ("1.1",))
    for kind, status in ((RefusedError, 403), (ConflictError, 409)):
        error = kind("no", rules=["p2, a"], allowed=[allowance], granters=["head"])
        found = refusal_response(error)
        told = json.loads(bytes(found.body))
        assert found.status_code == told["status"] == status
        assert told["done"] == "nothing"
        assert found.media_type == "application/problem+json"
        assert (told["reason"], told["rules"]) == ("no", ["p2, a"])
        assert told["granters"] == ["head"]
        assert told["allowed"] == [
            {"role": "clerk", "levels": ["school"], "organisations": ["1.1"]}
        ]
