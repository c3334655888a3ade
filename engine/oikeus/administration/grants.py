"""Importing grants from a CSV file (ruling M): who holds what, without a granter.

Who may grant does not bind an import, nor does how long a role may last (ruling H),
but the kind of holder, the level and the transfer mode do; a passive organisation is a
warning. The file is refused whole when any line of it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..decide.grant_checks import Verdict
from ..decide.snapshot import Snapshot
from ..errors import PolicyError, Problem
from ..loading import read_snapshot, uncollected
from ..store import Change, Store
from ..terms import Grant, Line, Span, kind_of
from .alike import AlikeChecks
from .grant_checks import Right, credential_of, overlap, registrations, right_of
from .grant_rows import GrantRow, read_rows


@dataclass(frozen=True, slots=True)
class ImportedGrants:
    """What an import of grants did.

    Attributes:
        version: the version it made; the head as it was where nothing changed.
        added: the grants that are new.
        registered: the credentials that came with them, as grants of their own.
        unchanged: how many rows were in force already.
        warnings: rows that were taken although a new grant could not be given.
    """

    version: int
    added: tuple[Grant, ...]
    registered: tuple[Grant, ...]
    unchanged: int
    warnings: tuple[Problem, ...]


def import_grants(
    store: Store, files: Sequence[tuple[str, str]], *, actor: str
) -> ImportedGrants:
    """Import files of grants as one version or none.

    Args:
        store: the database; it must hold a policy and the organisations.
        files: name and text of each.
        actor: who does it.

    Raises:
        PolicyError: everything that is wrong, in all files; nothing is imported.
        StoreError: the database cannot be written, or holds no policy.
    """
    with uncollected():
        rows, problems = read_rows(files)
        with store.writing() as writer:
            snapshot = read_snapshot(writer.reading())
            new, warnings = _judged(snapshot, rows, problems)
            registered = registrations(snapshot, (row.grant for row in rows))
            version = snapshot.version
            if new or registered:
                names = ", ".join(name for name, _ in files)
                lines = tuple(_lines((*new, *registered)))
                change = Change("grants", actor, f"import grants {names}", add=lines)
                version = writer.commit(change)
    return ImportedGrants(version, new, registered, len(rows) - len(new), warnings)


def _judged(
    snapshot: Snapshot, rows: Iterable[GrantRow], problems: Iterable[Problem]
) -> tuple[tuple[Grant, ...], tuple[Problem, ...]]:
    """The grants that are not in force yet, and the warnings.

    Raises:
        PolicyError: what is wrong with the rows, and the problems that there were.
    """
    judging = _Judging(snapshot)
    for row in rows:
        judging.judge(row)
    found = [*problems, *judging.problems]
    if found:
        raise PolicyError(found)
    return tuple(judging.new), tuple(judging.warnings)


class _Judging:
    """Judges the rows of one import, one after another, by the policy.

    Attributes:
        new: the grants that are not in force yet.
        warnings: what could not be granted, and is taken.
        problems: what is wrong.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.new: list[Grant] = []
        self.warnings: list[Problem] = []
        self.problems: list[Problem] = []
        self._snapshot = snapshot
        self._holders = frozenset(snapshot.facts.grants)
        self._credential = credential_of(snapshot)
        self._checks = AlikeChecks(snapshot)
        self._verdicts: dict[Right, Verdict] = {}
        self._first: dict[Right, GrantRow] = {}
        self._again: dict[Right, list[GrantRow]] = {}

    def judge(self, row: GrantRow) -> None:
        """Judge another row."""
        grant = row.grant
        subject, role, organisation = right = right_of(grant)
        first = self._first.setdefault(right, row)
        if first is row and subject not in self._holders:
            self.new.append(grant)
        else:
            self._compare(row, right, first)
        alike = (kind_of(subject), role, organisation)
        verdict = self._verdicts.get(alike)
        if verdict is None:
            verdict = self._verdicts[alike] = self._verdict(grant)
        if verdict.refusal:
            self.problems.append(row.problem(verdict.refusal))
        elif verdict.warning:
            self.warnings.append(row.problem(verdict.warning))

    def _compare(self, row: GrantRow, right: Right, first: GrantRow) -> None:
        """Hold a row against others of the same right, and against what is in force."""
        earlier: list[GrantRow] = []
        if first is not row:
            earlier = self._again.setdefault(right, [first])
        held = self._snapshot.facts.of(row.grant.subject)
        clash = _clash(row.grant, earlier, held)
        if clash:
            self.problems.append(row.problem(clash))
        elif row.grant not in held:
            self.new.append(row.grant)
        earlier.append(row)

    def _verdict(self, grant: Grant) -> Verdict:
        verdict = self._checks.judge(grant)
        # a credential is no power's to give, and an import registers it (ruling M)
        if verdict.from_files_only and grant.role == self._credential:
            return Verdict()
        return verdict


def _clash(
    grant: Grant, earlier: Iterable[GrantRow], held: Iterable[Grant]
) -> str | None:
    """Say which row or grant in force a grant repeats or overlaps, if any."""
    for row in earlier:
        if row.grant == grant:
            return f"repeats line {row.line} of {row.file}, expected it once"
        if overlap(grant, [row.grant]):
            place = f"line {row.line} of {row.file}"
            return (
                f"overlaps {place}, expected days that do not: make one row of both, "
                "or let one end before the other begins"
            )
    other = overlap(grant, held)
    if other:
        days = f"from {other.span.first} until {other.span.last}"
        return (
            f"overlaps the same right in force {days}, expected days that do not: "
            "leave the row out, and give that right another last day by `oikeus renew`"
        )
    return None


def _lines(grants: Iterable[Grant]) -> Iterator[Line]:
    """The lines of grants, of which many have the same days."""
    texts: dict[Span, str] = {}
    for grant in grants:
        span = grant.span
        text = texts.get(span)
        if text is None:
            text = texts[span] = str(span)
        domain = f"{grant.organisation}@{text}"
        yield Line("g", (grant.subject, grant.role, domain))
