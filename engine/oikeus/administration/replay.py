"""Recorded decisions, made again at the versions that they name.

INVARIANT: nothing is passed over. Each record is the same, or different, or a problem,
and what a file says has no record is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..decide.decision_point import DecisionPoint
from ..decide.dropped import Dropped
from ..decide.pseudonyms import Pseudonyms, Unmasking
from ..decide.record import DecisionRecord, WrittenRecord, read_records
from ..errors import OikeusError, Problem, StoreError
from ..loading import snapshot_of
from ..store import Store


@dataclass(frozen=True, slots=True)
class Differing:
    """A record that says something else than its version does.

    Attributes:
        line: where it stands in its file.
        recorded: what it says.
        recomputed: what its version decides.
        parts: what differs: `decision`, `rule`, `grant`.
    """

    line: int
    recorded: DecisionRecord
    recomputed: DecisionRecord
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of the records of a file.

    Attributes:
        same: how many say what their versions decide.
        different: those that do not, in the order of the file.
        problems: lines that cannot be read or decided again.
        dropped: lines that say which decisions have no record, by their numbers.
    """

    same: int
    different: tuple[Differing, ...]
    problems: tuple[Problem, ...]
    dropped: Mapping[int, Dropped] = field(default_factory=dict)


def replay(
    store: Store,
    lines: Iterable[bytes],
    file: str,
    *,
    pseudonyms: Pseudonyms | None = None,
) -> Replayed:
    """Make recorded decisions again, each at the version that it names.

    Args:
        store: the database that decided.
        lines: of a file of decision records.
        file: its path, for problems.
        pseudonyms: of the key that hid ids in the records, where one did.

    Raises:
        StoreError: the database cannot be read.
    """
    head = store.head()
    records = read_records(lines, file)
    problems = [*records.problems]
    again = _Again(pseudonyms)
    by_version: dict[int, list[WrittenRecord]] = {}
    for written in records.found:
        flaw = again.flaw(written.record)
        if flaw:
            problems.append(Problem(file, written.line, flaw))
            continue
        by_version.setdefault(written.record.version, []).append(written)
    same = 0
    different: list[Differing] = []
    for version in sorted(by_version):
        named = by_version[version]
        try:
            point = _point(store, version, head)
        except OikeusError as error:
            text = f"version {version} cannot decide: {error}"
            problems.extend(Problem(file, each.line, text) for each in named)
            continue
        for each in named:
            try:
                found = again.differing(point, each)
            except OikeusError as error:
                problems.append(Problem(file, each.line, str(error)))
                continue
            same += found is None
            different.extend([found] if found else [])
    different.sort(key=lambda each: each.line)
    return Replayed(same, tuple(different), tuple(sorted(problems)), records.dropped)


def _point(store: Store, version: int, head: int) -> DecisionPoint:
    """Load a version as it was.

    Raises:
        OikeusError: there is none of that number, or this program cannot use it.
    """
    if not 0 < version <= head:
        message = f"there is no version of that number, expected 1 to {head}"
        raise StoreError(message)
    return DecisionPoint(snapshot_of(store.load(version)))


class _Again:
    """Decides again what records say, by the key that hid ids in them."""

    def __init__(self, pseudonyms: Pseudonyms | None) -> None:
        self._pseudonyms = pseudonyms
        self._unmasking = Unmasking(pseudonyms) if pseudonyms else None
        self._learnt: DecisionPoint | None = None

    def flaw(self, record: DecisionRecord) -> str:
        """Why the subject of a record cannot be known; empty where it can."""
        if record.ids is None:
            return ""
        if self._pseudonyms is None:
            return "its ids are pseudonyms, expected --ids-key with what made them"
        if record.ids != self._pseudonyms.key:
            found, given = record.ids, self._pseudonyms.key
            return (
                f"its ids are pseudonyms by `{found}`, expected that key with "
                f"--ids-key, not `{given}`"
            )
        return ""

    def differing(
        self, point: DecisionPoint, written: WrittenRecord
    ) -> Differing | None:
        """Decide again; gives what differs, if anything does."""
        recorded = written.record
        request = recorded.request
        if recorded.ids is not None and self._unmasking is not None:
            if self._learnt is not point:
                facts = point.snapshot.facts
                # who is blocked stands among the links, and may hold nothing
                self._unmasking.learn((*facts.grants.held, *facts.links["g3"]))
                self._learnt = point
            request = self._unmasking.request(request)
        decision = point.decide(request, recorded.at)
        found = DecisionRecord.of(decision, id=recorded.id, time=recorded.time)
        if recorded.ids is not None and self._pseudonyms is not None:
            found = self._pseudonyms.hide(found)
        parts = tuple(_parts(recorded, found))
        return Differing(written.line, recorded, found, parts) if parts else None


def _parts(recorded: DecisionRecord, found: DecisionRecord) -> Iterator[str]:
    if recorded.effect is not found.effect:
        yield "decision"
    if not recorded.is_explained:
        return
    if recorded.rule != found.rule:
        yield "rule"
    if recorded.grant != found.grant:
        yield "grant"
