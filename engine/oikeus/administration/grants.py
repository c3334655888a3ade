"""Importing grants from a CSV file (ruling M): who holds what, without a granter.

Who may grant does not bind an import, but the kind of holder, the level and the
transfer mode do; a passive organisation is a warning. The file is refused whole when
any line of it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..decide.snapshot import Snapshot
from ..errors import PolicyError, Problem
from ..ids import flaw_in_id
from ..loading import snapshot_of
from ..policy.wording import shown
from ..store import Change, Store
from ..terms import Grant, Span, parse_day
from .alike import AlikeChecks
from .grant_checks import Right, credential_of, overlap, registrations, right_of

HEADER = ("subject", "role", "organisation", "from", "until")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant, and where in a file it was written."""

    grant: Grant
    file: str
    line: int

    def problem(self, text: str) -> Problem:
        """Something about this row."""
        return Problem(self.file, self.line, text)


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
    rows, problems = read_rows(files)
    with store.writing() as writer:
        contents = writer.load()
        snapshot = snapshot_of(contents)
        warnings = _check(snapshot, rows, problems)
        if problems:
            raise PolicyError(problems)
        present = set(contents.lines)
        added = tuple(row.grant for row in rows if row.grant.line not in present)
        registered = registrations(snapshot, [row.grant for row in rows])
        version = contents.version
        if added or registered:
            lines = tuple(grant.line for grant in (*added, *registered))
            names = ", ".join(name for name, _ in files)
            version = writer.commit(
                Change("grants", actor, f"import grants {names}", add=lines)
            )
    return ImportedGrants(
        version, added, registered, len(rows) - len(added), tuple(warnings)
    )


def read_rows(
    files: Sequence[tuple[str, str]],
) -> tuple[list[GrantRow], list[Problem]]:
    """Read the rows of files of grants, and everything that cannot be read in them."""
    rows: list[GrantRow] = []
    problems: list[Problem] = []
    for name, text in files:
        header, *lines = text.removeprefix("\ufeff").split("\n")
        if header.removesuffix("\r") != ",".join(HEADER):
            problem = f"expected the header `{','.join(HEADER)}`"
            problems.append(Problem(name, 1, problem))
            # each row would be wrong by the same mistake
            continue
        for number, line in enumerate(lines, 2):
            if line.strip():
                # no quoting: no id can hold what would need it
                grant, flaws = _grant(line.removesuffix("\r").split(","))
                problems.extend(Problem(name, number, flaw) for flaw in flaws)
                if grant is not None:
                    rows.append(GrantRow(grant, name, number))
    return rows, problems


def _grant(values: list[str]) -> tuple[Grant | None, list[str]]:
    """Read a row, or say all that is wrong with it."""
    if len(values) != len(HEADER):
        return None, [f"has {len(values)} of the values {', '.join(HEADER)}"]
    flaws = [
        f"{name} {shown(value)} {flaw}"
        for name, value in zip(HEADER[:3], values, strict=False)
        if (flaw := flaw_in_id(value))
    ]
    days = []
    for name, value in zip(HEADER[3:], values[3:], strict=True):
        try:
            days.append(parse_day(value))
        except ValueError as error:
            reason = str(error).replace(f"`{value}`", shown(value))
            flaws.append(f"{name} {reason}")
    if flaws:
        return None, flaws
    span = Span(days[0], days[1])
    if span.last < span.first:
        return None, [f"ends on {span.last}, before it begins on {span.first}"]
    subject, role, organisation = values[:3]
    return Grant(subject, f"role:{role.removeprefix('role:')}", organisation, span), []


def _check(
    snapshot: Snapshot, rows: Sequence[GrantRow], problems: list[Problem]
) -> list[Problem]:
    """Judge rows by the policy; gives the warnings and adds to the problems."""
    checks = AlikeChecks(snapshot)
    warnings = []
    seen: dict[Right, list[GrantRow]] = {}
    for row in rows:
        earlier = seen.setdefault(right_of(row.grant), [])
        clash = _clash(row.grant, earlier, snapshot)
        if clash:
            problems.append(row.problem(clash))
        earlier.append(row)
        verdict = checks.judge(row.grant)
        # a credential is no power's to give, and an import registers it (ruling M)
        if verdict.refusal and not (
            verdict.from_files_only and row.grant.role == credential_of(snapshot)
        ):
            problems.append(row.problem(verdict.refusal))
        elif verdict.warning:
            warnings.append(row.problem(verdict.warning))
    return warnings


def _clash(grant: Grant, earlier: Iterable[GrantRow], snapshot: Snapshot) -> str | None:
    """Say which row or grant in force a grant repeats or overlaps, if any."""
    for row in earlier:
        if row.grant == grant:
            return f"repeats line {row.line} of {row.file}, expected it once"
        if overlap(grant, [row.grant]):
            place = f"line {row.line} of {row.file}"
            return f"overlaps {place}, expected days that do not"
    other = overlap(grant, snapshot.facts.of(grant.subject))
    if other:
        days = f"from {other.span.first} until {other.span.last}"
        return f"overlaps the same right in force {days}, expected days that do not"
    return None
