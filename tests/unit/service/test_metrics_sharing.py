"""Counts of several processes, whichever of them is asked."""

import os
from pathlib import Path

import pytest

from oikeus.service import metrics_sharing
from oikeus.service.health import Health
from oikeus.service.metrics import Metrics
from oikeus.service.metrics_sharing import MetricsFolder

from .test_health import Fresh
from .test_metrics import Sample, samples
from .test_recording import PLAIN

NAME = "oikeus_decisions_total"


def counting(folder: MetricsFolder | None, decisions: int) -> Metrics:
    """A process that has decided so often."""
    metrics = Metrics(Health(Fresh), folder=folder)
    for _ in range(decisions):
        metrics.decided(PLAIN)
    return metrics


def sample(worker: int) -> Sample:
    """What a process has counted."""
    labels = {"kind": "access", "outcome": "deny", "worker": str(worker)}
    return NAME, tuple(sorted(labels.items()))


def test_each_process_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is asked gives the counts of all; one that ends takes its own away."""
    mine = counting(MetricsFolder(tmp_path), 2)
    parent = os.getppid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: parent)
        folder = MetricsFolder(tmp_path)
    counting(folder, 3).publish()
    found = samples(mine)
    assert (found[sample(os.getpid())], found[sample(parent)]) == (2, 3)
    folder.close()
    assert sample(parent) not in samples(mine)
    mine.decided(PLAIN)
    assert samples(mine)[sample(os.getpid())] == 3


def test_process_that_was_killed_counts_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is deleted by whoever finds it."""

    def kill(process: int, number: int) -> None:
        assert (process, number) == (4711, 0)
        raise ProcessLookupError

    monkeypatch.setattr(os, "kill", kill)
    (tmp_path / "4711.json").write_bytes(b"[]")
    metrics = counting(MetricsFolder(tmp_path), 1)
    assert samples(metrics)[sample(os.getpid())] == 1
    assert [path.stem for path in tmp_path.iterdir()] == [str(os.getpid())]


def test_process_that_ends_meanwhile_counts_no_more(tmp_path: Path) -> None:
    """Its file is gone between two looks."""
    metrics = counting(MetricsFolder(tmp_path), 1)
    (tmp_path / f"{os.getppid()}.json").symlink_to(tmp_path / "nothing")
    assert samples(metrics)[sample(os.getpid())] == 1


def test_process_that_is_alone_shares_nothing(tmp_path: Path) -> None:
    """And has no label of its own."""
    metrics = counting(None, 1)
    metrics.publish()
    assert samples(metrics)[NAME, (("kind", "access"), ("outcome", "deny"))] == 1
    assert [*tmp_path.iterdir()] == []


class Parent:
    """What began a process."""

    def __init__(self, *, lives: bool) -> None:
        self.lives = lives

    def is_alive(self) -> bool:
        """Whether it is there."""
        return self.lives


def test_last_process_deletes_the_folder_of_who_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else would; while another counts, or its maker lives, it stays."""
    folder, other = tmp_path / "shared", tmp_path / "shared" / f"{os.getppid()}.json"
    folder.mkdir()
    for parent in (None, Parent(lives=True)):
        monkeypatch.setattr(metrics_sharing, "parent_process", lambda it=parent: it)
        counting(MetricsFolder(folder), 1).publish()
        MetricsFolder(folder).close()
        assert [*folder.iterdir()] == []
    monkeypatch.setattr(metrics_sharing, "parent_process", lambda: Parent(lives=False))
    other.write_bytes(b"[]")
    MetricsFolder(folder).close()
    assert [*folder.iterdir()] == [other]
    other.unlink()
    (folder / "4711.new").write_bytes(b"[")
    MetricsFolder(folder).close()
    assert not folder.exists()
