"""The versions of a store one after the other, each made from the one before.

One is loaded; what each later one did leads on from there, and costs what it changed.
"""

from __future__ import annotations

from .analysis.causes import Changed
from .decide.snapshot import Snapshot
from .loading import read_snapshot
from .policy.catalogue_reading import read_catalogue
from .policy.model import parse_model
from .store import Progress, Step, Store
from .terms import Line


class Forward:
    """Goes from version to version.

    Attributes:
        snapshot: the version that it has come to; nothing while there is no policy.
    """

    def __init__(self, store: Store, progress: Progress | None) -> None:
        self._store = store
        self._progress = progress
        self._rows: dict[int, Line] = {}
        self.snapshot: Snapshot | None = None

    def load(self, number: int) -> None:
        """Take a version as a whole; there is no snapshot without a policy."""
        with self._store.reading(number) as reader:
            if reader.model is None or reader.catalogue is None:
                return
            self._rows = {stored.id: stored.line for stored in reader.rows()}
            lines, progress = self._rows.values(), self._progress
            self.snapshot = read_snapshot(reader, others=lines, progress=progress)
        self._progress = None  # the rest takes a moment

    def follow(self, step: Step) -> tuple[frozenset[str] | None, Changed]:
        """Take in what a version did.

        Returns:
            those who hold something else now, if nothing else changed; and the lines.
        """
        if step.whole or self.snapshot is None:
            self.load(step.number)
            return None, Changed()
        came = {Line("g", row) for row in step.added}
        went = {Line("g", row) for row in step.removed}
        for rule, line in step.rows.items():
            left = self._rows.pop(rule, None)
            went |= {left} if left else set()
            if line is not None:
                came.add(line)
                self._rows[rule] = line
        others = None
        if step.rows or step.model is not None:
            # in the order of the rows, by which some models decide
            others = [self._rows[rule] for rule in sorted(self._rows)]
        text = step.catalogue
        self.snapshot = self.snapshot.following(
            step.number,
            removed=step.removed,
            added=step.added,
            lines=others,
            model=None if step.model is None else parse_model(step.model),
            names=step.names,
            catalogue=None if text is None else read_catalogue(text, "catalogue"),
        )
        rows = (*step.added, *step.removed)
        subjects = frozenset(subject for subject, _, _ in rows)
        changed = Changed(came - went, went - came)
        return (subjects if others is None else None), changed
