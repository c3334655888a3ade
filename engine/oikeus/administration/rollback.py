"""Rolling back: a new version that says of the rules what an earlier one said.

What files own is restored: rules, powers, kinds, levels, modes and first grants, the
model, the catalogue and the invariants. Grants that came another way, blocks and the
register stay as they are; but those that loads of files revoked since, because no rule
allowed them any more, come back with the rules. A roll-back itself revokes nothing.
Nothing is taken back from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from ..analysis.lines import line_difference
from ..decide.allowing import today_in_finland
from ..decide.inert import find_inert
from ..decide.snapshot import Snapshot
from ..errors import PlanError, Problem
from ..loading import snapshot_of
from ..policy.finding import Finding
from ..store import Contents, Gone, Reader, Store
from ..terms import Grant, Line
from .applying import Applied, carry_out, check_base
from .drift import drift_of
from .grant_checks import overlap
from .laying import judge_written, laid
from .organisations import ORGANISATIONS
from .ownership import kept, owned
from .plans import POLICY, Plan, Preview
from .states import State, state_before
from .stranded import find_stranded, rows_of, spared

ROLLBACK = "rollback"
"""The origin of a version that restores an earlier one."""


def preview_rollback(
    store: Store,
    number: int,
    *,
    message: str = "",
    today: Callable[[], date] = today_in_finland,
) -> Preview:
    """Say what rolling back to a version would change, and change nothing.

    Args:
        store: the database.
        number: of the version whose rules are to be restored.
        message: why; names the version where nothing is said.
        today: says which grants have ended.

    Raises:
        PlanError: that version held no policy.
        StoreError: there is no such version, or the database cannot be read.
        TamperedError: the lines in force are not those of the log.
        ModelError: this program cannot use its model.
        PolicyError: nor its catalogue; or it could not be loaded from files now.
    """
    with store.reading() as reader:
        base, contents = reader.mark, reader.contents()
        drift, granters = drift_of(reader, contents), reader.granters()
        gone = reader.gone_since(number, POLICY, ORGANISATIONS)
    with store.reading(number) as reader:
        then = _restored(reader, contents)
    if then.model is None:
        message = f"version {number} held no policy, expected a version that did"
        raise PlanError(message)
    snapshot = snapshot_of(then)
    # a first grant that could be given then may be barred by now
    said = judge_written(then, snapshot.model, contents).policies.invariants
    back, warnings = _coming_back(gone, snapshot)
    then = replace(then, lines=(*then.lines, *back))
    snapshot = snapshot.following(0, added=rows_of(back))
    name = f"the rules of version {number}"
    after = State(name, then, snapshot, invariants=said)
    before = state_before(contents, snapshot.model)
    found = line_difference(contents, then)
    plan = Plan(
        ROLLBACK,
        base,
        f"version {number}",
        message or f"roll back to version {number}",
        add=found.added,
        move=tuple(each.after for each in found.moved),
        remove=found.removed,
        model=None if contents.model == then.model else then.model,
        catalogue=None if contents.catalogue == then.catalogue else then.catalogue,
        invariants=None if contents.invariants == then.invariants else then.invariants,
        drift=drift,
        warnings=warnings,
    )
    stranded = find_stranded(before, after, today(), lambda: granters)
    return Preview(plan, before, after, spared(stranded))


def _coming_back(
    gone: Iterable[Gone], snapshot: Snapshot
) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """The revoked grants that come back with the rules, and why others do not."""
    back: list[Line] = []
    warnings: list[Problem] = []
    for each in gone:
        reason = _obstacle(each, snapshot)
        if reason:
            text = f"was revoked by version {each.version} and stays so: {reason}"
            warnings.append(Finding(each.line, text).problem)
        else:
            back.append(each.line)
    return tuple(back), tuple(warnings)


def _obstacle(gone: Gone, snapshot: Snapshot) -> str:
    """Say why a grant does not come back; empty where it does."""
    if gone.origin == ORGANISATIONS:
        return "the register is not rolled back"
    inert = find_inert(snapshot.model, snapshot.facts, snapshot.tree, [gone.line])
    if inert:
        return inert[0].reason
    grant = Grant.parse(gone.line)
    other = overlap(grant, snapshot.facts.of(grant.subject))
    if other:
        return f"the same right is in force from {other.span.first}"
    return ""


def check_inert(found: Preview, *, allow_inert: bool) -> None:
    """Refuse a roll-back that would make grants inert.

    Raises:
        PlanError: it would, and that was not allowed; naming the grants.
    """
    inert = made_inert(found)
    if inert and not allow_inert:
        grants = ", ".join(f"`{line}`" for line in inert)
        message = (
            f"the rules of {found.plan.name} would make grants inert, expected none or "
            f"--allow-inert: {grants}"
        )
        raise PlanError(message)


def made_inert(found: Preview) -> tuple[Line, ...]:
    """The grants in force that would decide nothing any more."""
    before = _inert(found.before.snapshot)
    there = {*found.before.contents.lines}
    return tuple(
        line
        for line in _inert(found.after.snapshot)
        if line in there and line not in before
    )


def roll_back(
    store: Store, found: Preview, *, actor: str, allow_inert: bool = False
) -> Applied:
    """Carry out what was previewed, if nothing has changed since.

    Args:
        store: the database.
        found: what `preview_rollback` gave.
        actor: who does it.
        allow_inert: whether grants may come to decide nothing.

    Raises:
        PlanError: it would make grants inert, and that was not allowed.
        StaleVersionError: the head is another version by now.
        StoreError: the database cannot be written.
    """
    check_inert(found, allow_inert=allow_inert)
    with store.writing() as writer:
        contents = writer.load()
        check_base(writer, contents, found.plan)
        return carry_out(writer, found, actor=actor)


def _restored(reader: Reader, now: Contents) -> Contents:
    """What would be in force: then, of what files own, and now of all else."""
    then = reader.logged()
    # a grant that a file took up later goes on as what it was
    imported = {*kept(reader.contents().lines)}
    lines = {line: line for line in owned(then.lines)}
    staying = (line for line in now.lines if line not in lines and line in imported)
    return Contents(
        0,
        then.model,
        then.catalogue,
        laid((*lines, *staying), now.lines),
        now.names,
        then.invariants,
    )


def _inert(snapshot: Snapshot) -> dict[Line, str]:
    return {row.line: row.reason for row in snapshot.inert if row.line.ptype == "g"}
