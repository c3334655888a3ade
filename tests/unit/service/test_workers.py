"""Processes are made anew: at once when they served, later when they cannot begin."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from uvicorn.config import STARTUP_FAILURE

from oikeus import SettingsError
from oikeus.service import workers
from oikeus.service.workers import WorkerConfig, Workers


class Fake:
    """A process, as it is looked after."""

    made: list[Fake]

    def __init__(self, config: object, sockets: object) -> None:
        del config, sockets
        self.pid, self.exitcode = len(self.made) + 1, 0
        self.alive, self.ready = True, False
        self.made.append(self)

    def start(self) -> None:
        """Do nothing."""

    kill = join = terminate = start

    def is_alive(self, timeout: float) -> bool:
        """Whether it answers."""
        assert timeout
        return self.alive

    def is_ready(self, timeout: float) -> bool:
        """Whether it serves."""
        assert timeout
        return self.ready

    def end(self, code: int) -> None:
        """End."""
        self.alive, self.exitcode = False, code


class Watch:
    """Two workers, and a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.workers = Workers(_config(), [], clock=lambda: self.now)
        self.workers.init_processes()

    def look(self, seconds: float = 0.0) -> int:
        """Let time pass and look once; how many processes were made by then."""
        self.now += seconds
        self.workers.keep_subprocess_alive()
        return len(Fake.made)


def _config(app: object = None) -> WorkerConfig:
    return WorkerConfig(
        app, receiving=1.0, connections=1, workers=2, factory=True, log_config=None
    )


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Workers of fakes; signals are as before afterwards."""
    numbers = {*signal.valid_signals()} - {signal.SIGKILL, signal.SIGSTOP}
    kept = {number: signal.getsignal(number) for number in numbers}
    Fake.made = []
    monkeypatch.setattr(workers, "Process", Fake)
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.Process", Fake)
    yield Watch()
    for number, handler in kept.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def test_first_that_cannot_begin_ends_all(watch: Watch) -> None:
    """Nobody else could either."""
    assert watch.look() == 2
    Fake.made[0].end(STARTUP_FAILURE)
    assert watch.look() == 2
    with pytest.raises(SettingsError, match="no process could begin to serve"):
        watch.workers.run()


def test_one_that_served_is_made_anew_at_once(watch: Watch) -> None:
    """Whatever ended it; a signal ends all without an error."""
    Fake.made[0].ready = True
    watch.look()
    Fake.made[0].end(-9)
    assert watch.look() == 3
    watch.workers.should_exit.set()
    watch.workers.run()
    assert watch.look() == 5


def test_one_that_cannot_begin_later_is_tried_again(watch: Watch) -> None:
    """After a pause that doubles, up to five seconds, until one serves."""
    Fake.made[1].ready = True
    watch.look()
    Fake.made[0].end(-9)
    made = watch.look()
    for pause in (0.5, 1.0, 2.0, 4.0, 5.0, 5.0):
        Fake.made[-1].end(STARTUP_FAILURE)
        assert watch.look() == made
        assert watch.look(pause - 0.1) == made
        made = watch.look(0.2)
    Fake.made[-1].ready = True
    watch.look()
    Fake.made[-1].end(-9)
    assert watch.look() == made + 1


@pytest.mark.parametrize(
    ("error", "said"),
    [(SettingsError("no keys"), "no keys"), (ValueError("person:x"), "ValueError")],
)
def test_log_says_why_a_process_cannot_begin(
    error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Of what may hold anything only its kind."""

    def make() -> Any:  # noqa: ANN401 # never
        raise error

    with pytest.raises(SystemExit) as ended:
        _config(make).load()
    assert ended.value.code == STARTUP_FAILURE
    assert caplog.messages == [f"a process cannot begin: {said}"]
