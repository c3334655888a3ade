"""The counts of all processes of one service, whichever of them is asked.

Processes that share an address are asked by chance. Each writes what it has counted to
a file of a folder that they share, a few times a minute and whenever it is asked, and
whoever is asked gives everybody's, told apart by the label `worker`. Nothing is summed,
so that a process that ended takes its own counts away and no other's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from multiprocessing import parent_process
from pathlib import Path
from typing import Final

import msgspec
from prometheus_client.metrics_core import Metric

EVERY: Final = 2.0
"""How many seconds pass between two times that a process writes its counts."""

LABEL: Final = "worker"


class _Family(msgspec.Struct, array_like=True):
    name: str
    text: str
    kind: str
    samples: list[tuple[str, dict[str, str], float]]


_read = msgspec.json.Decoder(list[_Family]).decode


class MetricsFolder:
    """Where the processes of one service leave their counts for each other.

    Args:
        folder: of theirs alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mine = folder / f"{os.getpid()}.json"

    def publish(self, families: Iterable[Metric]) -> None:
        """Write what this process has counted.

        Raises:
            OSError: that cannot be written.
        """
        told = [
            _Family(
                family.name,
                family.documentation,
                family.type,
                [(each.name, each.labels, each.value) for each in family.samples],
            )
            for family in families
        ]
        new = self._mine.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(told))
        new.replace(self._mine)

    def collect(self) -> Iterator[Metric]:
        """What all have counted, each sample with the process that counted it."""
        families: dict[str, Metric] = {}
        for path in sorted(self._folder.glob("*.json")):
            for each in self._told(path):
                family = families.setdefault(
                    each.name, Metric(each.name, each.text, each.kind)
                )
                for name, labels, value in each.samples:
                    family.add_sample(name, {LABEL: path.stem, **labels}, value)
        return iter(families.values())

    def close(self) -> None:
        """Take the counts of this process away.

        Who made the folder deletes it. Where that one was killed, the last one does.
        """
        self._mine.unlink(missing_ok=True)
        parent = parent_process()
        if parent is None or parent.is_alive():
            return
        if not any(_lives(int(path.stem)) for path in self._folder.glob("*.json")):
            shutil.rmtree(self._folder, ignore_errors=True)

    def _told(self, path: Path) -> list[_Family]:
        """What a process has told; nothing of one that ended without a word."""
        if path != self._mine and not _lives(int(path.stem)):
            path.unlink(missing_ok=True)
            return []
        try:
            return _read(path.read_bytes())
        except FileNotFoundError:
            return []


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        # or the number is another user's process by now
        return False
    return True
