"""Processes are made anew: at once when they served, later when they cannot begin."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from uvicorn.config import STARTUP_FAILURE

from oikeus import SettingsError
from oikeus.service import workers
from oikeus.service.listening import bind, listen
from oikeus.service.workers import Worker, WorkerConfig, Workers, end_with_parent


class Fake:
    """A process, as it is looked after."""

    made: list[Fake]

    def __init__(self, config: object, sockets: object) -> None:
        del config, sockets
        self.pid = len(self.made) + 1
        self.exitcode: int | None = None
        self.is_serving = False
        self.told, self.deaf = 0, False
        self.process = Mock(sentinel=self)
        self.made.append(self)

    def start(self) -> None:
        """Do nothing."""

    def is_well(self, now: float) -> bool:
        """Whether it lives."""
        assert now >= 0
        return self.exitcode is None

    def terminate(self) -> None:
        """End, but for one that does not hear."""
        self.told += 1
        if not self.deaf and self.exitcode is None:
            self.exitcode = 0

    def kill(self) -> None:
        """End."""
        if self.exitcode is None:
            self.exitcode = -9


class Watch:
    """Two workers, and a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told = Mock()
        self.workers = Workers(
            _config(),
            [],
            serving=self.told,
            patience=20.0,
            clock=lambda: self.now,
        )
        self.workers.init_processes()

    def look(self, seconds: float = 0.0) -> int:
        """Let time pass and look once; how many processes were made by then."""
        self.now += seconds
        self.workers.keep_subprocess_alive()
        return len(Fake.made)

    def end(self) -> None:
        """Let the service end."""
        self.workers.should_exit.set()
        self.workers.terminate_all()
        self.workers.join_all()


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
    monkeypatch.setattr(workers, "Worker", Fake)
    watch = Watch()

    def waiting(_: object, seconds: float) -> None:
        watch.now += seconds

    monkeypatch.setattr(workers, "wait", waiting)
    yield watch
    for number, handler in kept.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.mark.parametrize("code", [STARTUP_FAILURE, 1, -9])
def test_first_that_cannot_begin_ends_all(watch: Watch, code: int) -> None:
    """Nobody else could either, and none is waited for: none has served."""
    assert watch.look() == 2
    Fake.made[0].exitcode = code
    Fake.made[1].deaf = True
    assert watch.look() == 2
    with pytest.raises(SettingsError, match="no process could begin to serve"):
        watch.workers.run()
    assert Fake.made[1].exitcode == -9
    assert watch.now == 0
    watch.told.assert_not_called()


def test_first_that_serves_is_told_of_once(watch: Watch) -> None:
    """Whoever waits for the service knows then that it is there."""
    watch.look()
    watch.told.assert_not_called()
    for process in Fake.made:
        process.is_serving = True
        watch.look()
        watch.told.assert_called_once_with()


def test_one_that_served_is_made_anew_at_once(watch: Watch) -> None:
    """Whatever ended it; a signal ends all without an error."""
    Fake.made[0].is_serving = True
    watch.look()
    Fake.made[0].exitcode = -9
    assert watch.look() == 3
    watch.workers.should_exit.set()
    watch.workers.run()
    assert watch.look() == 5


def test_one_that_cannot_begin_later_is_tried_again(watch: Watch) -> None:
    """After a pause that doubles, up to five seconds, until one serves."""
    Fake.made[1].is_serving = True
    watch.look()
    Fake.made[0].exitcode = -9
    made = watch.look()
    for pause in (0.5, 1.0, 2.0, 4.0, 5.0, 5.0):
        Fake.made[-1].exitcode = STARTUP_FAILURE
        assert watch.look() == made
        assert watch.look(pause - 0.1) == made
        made = watch.look(0.2)
    Fake.made[-1].is_serving = True
    watch.look()
    Fake.made[-1].exitcode = -9
    assert watch.look() == made + 1


def test_processes_are_told_again(watch: Watch) -> None:
    """As often as the service is, but for the third time: they are killed then."""
    for process in Fake.made:
        process.deaf = True
    queue = watch.workers.signal_queue
    queue.append(signal.SIGTERM)
    watch.workers.handle_signals()
    assert watch.workers.should_exit.is_set()
    queue.append(signal.SIGTERM)
    watch.workers.terminate_all()

    def waiting(_: object, seconds: float) -> None:
        watch.now += seconds
        if Fake.made[0].told == 2 and watch.now > 5:
            queue.append(signal.SIGINT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "wait", waiting)
        watch.workers.join_all()
    assert [(each.told, each.exitcode) for each in Fake.made] == [(2, -9), (2, -9)]
    assert 5 < watch.now < 6


def test_process_that_does_not_end_is_killed(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """In time, and none outlives the service."""
    Fake.made[0].deaf = True
    watch.end()
    assert [each.exitcode for each in Fake.made] == [-9, 0]
    assert 20 <= watch.now < 21
    assert caplog.messages == ["processes do not end: 1 are killed"]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU])
def test_no_signal_changes_how_many_there_are(watch: Watch, number: int) -> None:
    """As many as were asked for."""
    watch.workers.signal_queue.append(number)
    watch.workers.handle_signals()
    assert watch.look() == 2
    assert not watch.workers.should_exit.is_set()


def test_process_is_asked_how_it_is() -> None:
    """And not waited for: the answer is read at the next look."""
    worker = Worker(_config(), [])
    patience = worker.config.timeout_worker_healthcheck
    seen = [(worker.is_well(0.0), worker.is_serving)]
    assert worker.child_conn.recv() == b"ping"
    for answer, now in ((False, 3.0), (True, 3.0 + patience)):
        worker.child_conn.send(answer)
        seen.append((worker.is_well(now), worker.is_serving))
    seen.append((worker.is_well(3.0 + 2 * patience), worker.is_serving))
    assert seen == [(True, False), (True, False), (True, True), (False, True)]


def test_process_that_is_about_to_end_has_its_time() -> None:
    """How it ends is known when it has; until then nobody can ask it."""
    worker = Worker(_config(), [])
    worker.child_conn.close()
    patience = worker.config.timeout_worker_healthcheck
    assert worker.is_well(0.0)
    assert worker.is_well(patience - 1)
    assert not worker.is_well(patience)


def test_process_that_has_ended_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it said."""
    worker = Worker(_config(), [])
    monkeypatch.setattr(worker, "process", Mock(exitcode=0))
    assert not worker.is_well(0.0)


def test_pipe_ends_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one that has ended would look like one that hangs."""
    worker = Worker(_config(), [])
    monkeypatch.setattr(worker, "process", Mock())
    worker.start()
    assert worker.child_conn.closed


def test_process_ends_when_the_one_that_began_it_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if it had been told."""
    parent, kill = Mock(), Mock()
    monkeypatch.setattr(os, "kill", kill)
    monkeypatch.setattr(workers, "parent_process", lambda: None)
    end_with_parent()
    kill.assert_not_called()
    monkeypatch.setattr(workers, "parent_process", lambda: parent)
    end_with_parent()
    parent.join.assert_called_once_with()
    kill.assert_called_once_with(os.getpid(), signal.SIGTERM)


def test_process_watches_the_one_that_began_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it serves."""
    watching, serving = Mock(), Mock()
    monkeypatch.setattr(workers, "end_with_parent", watching)
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.Process.target", serving)
    Worker(_config(), []).target([])
    watching.assert_called_once_with()
    serving.assert_called_once_with([])


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


def test_worker_that_comes_second_to_its_port_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its application ends as it would otherwise; uvloop alone would hear nothing."""
    heard = []

    async def app(_: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 # ASGI's
        for _ in range(2):
            heard.append((await receive())["type"])
            await send({"type": f"{heard[-1]}.complete"})

    monkeypatch.setattr(Worker, "always_pong", lambda _: None)
    with (
        bind("127.0.0.1", 0) as first,
        bind("127.0.0.1", first.getsockname()[1]) as second,
    ):
        listen(first)
        config = _config(lambda: app)
        config.lifespan = "on"
        worker = Worker(config, [second])
        with pytest.raises(SystemExit) as ended:
            worker.target([second])
    assert worker.server is worker.server
    assert ended.value.code == STARTUP_FAILURE
    assert heard == ["lifespan.startup", "lifespan.shutdown"]
    (said,) = (each for each in caplog.messages if "cannot begin" in each)
    assert "address already in use, expected a port that no other" in said
    assert "Traceback" not in caplog.text
