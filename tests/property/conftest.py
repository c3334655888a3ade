"""How thoroughly random worlds are searched.

By default the same worlds are made each time, few enough for every run of the tests.
With OIKEUS_PROPERTIES=thorough they are others each time, and many.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile(
    "quick",
    max_examples=24,
    deadline=None,
    derandomize=True,
    suppress_health_check=_SLOW,
)
settings.register_profile(
    "thorough",
    max_examples=2000,
    deadline=None,
    print_blob=True,
    suppress_health_check=_SLOW,
)
settings.load_profile(os.environ.get("OIKEUS_PROPERTIES", "quick"))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Run all tests of this folder with those that try many cases."""
    if Path(__file__).parent in item.path.parents:
        item.add_marker(pytest.mark.uncovered)
