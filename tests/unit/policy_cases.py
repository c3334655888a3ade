"""The shipped policy, its model and its cases, read once for all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from oikeus.analysis.testing.suite import CaseSuite, load_suite
from oikeus.policy.folder import Policies
from oikeus.policy.model import Model, load_model

REPOSITORY = Path(__file__).resolve().parents[2]


@cache
def shipped_model() -> Model:
    """model.conf."""
    return load_model(REPOSITORY / "model.conf")


@cache
def shipped_suite() -> CaseSuite:
    """policies/ with policies/tests, judged."""
    return load_suite(REPOSITORY / "policies", shipped_model())


def shipped_policies() -> Policies:
    """policies/, judged."""
    return shipped_suite().policies
