"""How a process ends without losing a request.

Told to end (SIGTERM), it says at once that it is not ready, and goes on answering for a
grace, so that whoever sends requests here notices and sends them elsewhere. Each answer
of that time closes its connection. Then the server takes no more connections, finishes
what it has begun, and ends. Told again, or by SIGINT, it skips the grace.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from .health import Health

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def draining(health: Health, grace: float) -> Iterator[None]:
    """Put the grace before what the server does when it is told to end.

    It is entered on the event loop, when the server has begun to listen to signals:
    while the application starts up. Other threads get no signals.

    Args:
        health: learns that the process is about to end.
        grace: how many seconds it goes on answering.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    endings = {number: signal.getsignal(number) for number in _SIGNALS}

    def end(number: signal.Signals) -> None:
        ending = endings[number]
        if callable(ending):
            ending(number, None)

    def told(number: signal.Signals) -> None:
        is_hurried = health.is_draining or number is signal.SIGINT
        health.is_draining = True
        loop.call_later(0.0 if is_hurried else grace, end, number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, told, number)
    try:
        yield
    finally:
        for number, ending in endings.items():
            loop.remove_signal_handler(number)
            signal.signal(number, ending)
