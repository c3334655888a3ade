"""Everything by which a process is observed, put together."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from unittest.mock import Mock

import pytest
from starlette.datastructures import Headers
from starlette.routing import Router

from oikeus import Pseudonyms, RecordError
from oikeus.decide.record import read_records
from oikeus.service import observing as module
from oikeus.service.callers import Caller
from oikeus.service.observing import Observing, ObservingSettings, check_records
from oikeus.service.problems import HttpError
from oikeus.service.record_queue import Full
from oikeus.store import Mark, Scope

from .asgi_calls import call
from .test_health import Fresh
from .test_recording import PLAIN, TOGETHER, Kept


@dataclass(frozen=True)
class Tokens:
    """An authenticator that knows one token."""

    def caller(self, headers: Headers) -> Caller:
        """Whoever brings it."""
        scope = headers.get("authorization", "")
        if not scope:
            raise HttpError(HTTPStatus.UNAUTHORIZED, "expected a token")
        return Caller("token:1", "system:a", frozenset({Scope(scope)}))

    def check(self, caller: Caller) -> None:
        """They stay known."""


@contextmanager
def observing(settings: ObservingSettings) -> Iterator[Observing]:
    """What observes a process that has a version."""
    made = Observing(settings, Fresh)
    try:
        yield made
    finally:
        made.close()


def test_decision_is_recorded_counted_and_traced(tmp_path: Path) -> None:
    """Once each."""
    with observing(ObservingSettings(records=str(tmp_path))) as made:
        made.decided(PLAIN)
        text = made.metrics.exposition("")[0].decode()
    assert 'oikeus_decisions_total{kind="access",outcome="deny"} 1.0' in text
    assert "oikeus_records_dropped_total 0.0" in text
    (path,) = tmp_path.iterdir()
    (found,) = read_records(path.read_bytes().splitlines(), "d").found
    assert found.record.id == PLAIN.id


def test_decisions_told_together_are_recorded_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And counted; without a folder they are only counted."""
    with observing(ObservingSettings(records=str(tmp_path))) as made:
        made.decided_together([TOGETHER])
    (path,) = tmp_path.iterdir()
    assert len(path.read_text().splitlines()) == len(TOGETHER)
    monkeypatch.setattr(module, "telemetry", lambda: None)
    with observing(ObservingSettings()) as made:
        made.decided_together([TOGETHER])
        assert "oikeus_decisions_total{" in made.metrics.exposition("")[0].decode()


def test_decisions_are_told_to_what_makes_spans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where that is set up."""
    spans = Mock()
    monkeypatch.setattr(module, "telemetry", lambda: spans)
    with observing(ObservingSettings()) as made:
        made.decided(PLAIN)
        made.decided_together([TOGETHER])
    spans.decided.assert_called_once_with(PLAIN)
    spans.decided_together.assert_called_once_with([TOGETHER])


def test_decision_that_is_refused_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was never answered."""
    monkeypatch.setattr(module, "RecordFolder", lambda *_, **__: Kept())
    settings = ObservingSettings(records=str(tmp_path), full=Full.REFUSE, waiting=0)
    with observing(settings) as made:
        with pytest.raises(HttpError):
            made.decided(PLAIN)
        assert "oikeus_decisions_total{" not in made.metrics.exposition("")[0].decode()


def test_process_that_cannot_record_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it answers nothing then; what stands in its way besides comes first."""
    monkeypatch.setattr(module, "RecordFolder", lambda *_, **__: Kept())
    settings = ObservingSettings(records=str(tmp_path), full=Full.REFUSE, waiting=0)
    fresh = Fresh()
    made = Observing(settings, lambda: fresh)
    found = made.health.readiness(0.0)
    assert (found.ready, found.reason) == (False, "unrecorded")
    assert (found.version, found.stale_seconds) == (fresh.version, 1.235)
    assert "oikeus_ready 0.0" in made.metrics.exposition("")[0].decode()
    fresh = Fresh(foreign=Mark(3))
    assert made.health.readiness(0.0).reason == "foreign"
    made.close()
    with observing(replace(settings, full=Full.DROP)) as dropping:
        assert dropping.health.readiness(0.0).ready


def test_ids_are_hidden_by_the_key_of_a_file(tmp_path: Path) -> None:
    """Where the owner names one."""
    key = tmp_path / "key"
    key.write_text("k" * 32)
    key.chmod(0o600)
    settings = ObservingSettings(records=str(tmp_path / "r"), ids_key=str(key))
    with observing(settings) as made:
        made.decided(PLAIN)
    (path,) = (tmp_path / "r").iterdir()
    assert Pseudonyms(b"k" * 32).of("person:a") in path.read_text()


def test_records_can_go_to_the_standard_output(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """For whoever collects it."""
    with observing(ObservingSettings(records="-")) as made:
        made.decided(PLAIN)
    (line,) = capfd.readouterr().out.splitlines()
    assert line.startswith('{"format": "oikeus-decision-1"')


def test_folder_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    """Before anything is decided."""
    (tmp_path / "file").touch()
    with pytest.raises(RecordError) as wrong:
        Observing(ObservingSettings(records=str(tmp_path / "file")), Fresh)
    assert str(wrong.value).endswith(
        "file: decisions cannot be recorded there (file exists)"
    )


def test_records_are_tried_before_anything_begins(tmp_path: Path) -> None:
    """It leaves nothing behind, and deletes nothing."""
    check_records(ObservingSettings())
    folder, key = tmp_path / "records", tmp_path / "key"
    settings = ObservingSettings(records=str(folder), ids_key=str(key), keep=1)
    with pytest.raises(RecordError, match=r"key: cannot be read: no such file"):
        check_records(settings)
    key.write_text("k" * 32)
    key.chmod(0o600)
    folder.mkdir()
    kept = [folder / f"decisions-{number}.jsonl" for number in range(3)]
    for path in kept:
        path.touch()
    check_records(settings)
    assert sorted(folder.iterdir()) == kept


def test_nothing_is_recorded_unless_the_owner_says_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Metrics and health are there all the same; traces where there are any."""
    monkeypatch.setattr(module, "telemetry", lambda: None)
    with observing(ObservingSettings()) as made:
        made.decided(replace(PLAIN, seconds=0.1))
        text = made.metrics.exposition("")[0].decode()
    assert "oikeus_records" not in text
    assert "oikeus_decision_seconds_count 1.0" in text


def test_metrics_need_the_scope_of_an_auditor() -> None:
    """How much is denied, and when, is nobody's affair."""
    with observing(ObservingSettings()) as made:
        app = Router(made.routes(Tokens()))
        with pytest.raises(HttpError) as unknown:
            call(app, "/metrics")
        with pytest.raises(HttpError) as refused:
            call(app, "/metrics", headers={"authorization": "evaluate"})
        answer = call(app, "/metrics", headers={"authorization": "audit"})
        assert call(app, "/health/live").status == 200
    assert unknown.value.status is HTTPStatus.UNAUTHORIZED
    assert refused.value.status is HTTPStatus.FORBIDDEN
    assert (answer.status, b"oikeus_ready 1.0" in answer.body) == (200, True)
    assert (answer.header("content-type") or "").startswith("text/plain; version=")


def test_metrics_can_be_open() -> None:
    """Where the network keeps others away."""
    with observing(ObservingSettings(metrics_open=True)) as made:
        answer = call(Router(made.routes(Tokens())), "/metrics")
    assert answer.status == 200


def test_requests_are_watched() -> None:
    """By the same counts."""
    with observing(ObservingSettings(metrics_open=True)) as made:
        app = made.watch(Router(made.routes(Tokens())))
        call(app, "/health/live")
        text = call(app, "/metrics").body.decode()
    labels = 'method="GET",route="/health/live",status="200"'
    assert f"oikeus_http_requests_total{{{labels}}} 1.0" in text


def test_process_observes_while_it_runs(tmp_path: Path) -> None:
    """It shares its counts from the start, and at the end writes all records."""
    shared = tmp_path / "shared"
    shared.mkdir()
    settings = ObservingSettings(records=str(tmp_path / "r"), shared=shared, drain=0.01)
    made = Observing(settings, Fresh)

    async def run() -> None:
        async with made.running():
            made.decided(PLAIN)
            await asyncio.sleep(0)
            assert [path.suffix for path in shared.iterdir()] == [".json"]

    asyncio.run(run())
    assert [*shared.iterdir()] == []
    (path,) = (tmp_path / "r").iterdir()
    assert PLAIN.id in path.read_text()


def test_counts_that_cannot_be_shared_end_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says so."""
    settings = ObservingSettings(shared=tmp_path / "none")

    async def run() -> None:
        async with Observing(settings, Fresh).running():
            await asyncio.sleep(0)

    asyncio.run(run())
    assert "counts cannot be shared: FileNotFoundError" in caplog.text


def test_process_that_is_alone_shares_nothing() -> None:
    """It runs all the same."""

    async def run() -> None:
        async with Observing(ObservingSettings(), Fresh).running():
            await asyncio.sleep(0)

    asyncio.run(run())
