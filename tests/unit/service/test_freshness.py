"""A question that names a version waits for it."""

import asyncio

from oikeus import DecisionPoint
from oikeus.service.freshness import until


class Growing(DecisionPoint):
    """Has another version at each look."""

    looks = 0

    @property
    def version(self) -> int:
        """One more than before."""
        self.looks += 1
        return self.looks


def test_version_that_comes_while_it_is_waited_for(ehoks: DecisionPoint) -> None:
    """The question is decided then."""
    point = Growing(ehoks.snapshot)
    asyncio.run(until(point, 3, 20.0))
    assert point.looks == 3
