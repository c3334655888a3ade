"""Waiting for a version, in a thread and on an event loop."""

import asyncio
import threading

from oikeus.runtime.arrivals import Arrivals, _Awaited

SHORT, LONG = 0.01, 20.0


def test_what_is_there_is_not_waited_for() -> None:
    """Nor what came before it."""
    arrivals = Arrivals(7)
    assert arrivals.wait(7, SHORT)
    assert arrivals.wait(6, SHORT)
    assert asyncio.run(arrivals.arrival(7, SHORT))


def test_what_does_not_come_is_waited_for_no_longer_than_said() -> None:
    """And the answer is no."""
    arrivals = Arrivals(7)
    assert not arrivals.wait(8, SHORT)
    assert not asyncio.run(arrivals.arrival(8, SHORT))
    arrivals.tell(8)


def test_whoever_waits_goes_on_with_the_version_or_a_later_one() -> None:
    """All of them, wherever they wait; an earlier version is none."""
    arrivals = Arrivals(7)

    async def wait() -> list[bool]:
        waiting = [
            asyncio.create_task(arrivals.arrival(number, LONG)) for number in (9, 9, 8)
        ]
        in_thread = asyncio.to_thread(arrivals.wait, 9, LONG)
        await asyncio.sleep(0)
        threading.Thread(target=arrivals.tell, args=(8,)).start()
        assert await waiting[2]
        assert not any(each.done() for each in waiting[:2])
        for number in (10, 11):  # told once more before anybody has looked
            arrivals.tell(number)
        return [*await asyncio.gather(*waiting), await in_thread]

    assert asyncio.run(wait()) == [True] * 4


def test_a_loop_that_has_ended_is_told_nothing() -> None:
    """A node may stop while somebody waits."""
    arrivals, loop = Arrivals(7), asyncio.new_event_loop()
    awaited = _Awaited(8, loop, loop.create_future())
    arrivals._awaited.append(awaited)  # noqa: SLF001 # as somebody who waited there
    loop.close()
    arrivals.tell(8)
    assert not awaited.arrived.done()
