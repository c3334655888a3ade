"""A question that names a version is not answered by an older one."""

import asyncio

import pytest

from oikeus import DecisionPoint
from oikeus.service.freshness import until
from oikeus.service.problems import HttpError


def test_version_that_is_there_is_not_waited_for(ehoks: DecisionPoint) -> None:
    """Nor is one that is older."""
    asyncio.run(until(ehoks, ehoks.version, 0.0))
    asyncio.run(until(ehoks, 0, 0.0))


def test_what_follows_no_versions_gets_no_other(ehoks: DecisionPoint) -> None:
    """It would be waited for in vain, and is not."""
    with pytest.raises(HttpError) as late:
        asyncio.run(until(ehoks, ehoks.version + 1, 3600.0))
    assert late.value.status == 503
    assert late.value.headers == {"Retry-After": "1"}
