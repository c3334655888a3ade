"""Carrying a plan out: exactly what it says, on exactly the version it was made for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from ..analysis.lines import Draft, LineDifference
from ..decide.allowing import today_in_finland
from ..decide.inert import InertRow
from ..errors import PlanError, Problem, StaleVersionError
from ..policy.model import parse_model
from ..policy.model_changes import ModelChange, model_changes
from ..store import Change, Contents, Mark, Store, Writer
from ..terms import Line
from .drift import drift_of
from .laying import judge_written
from .ownership import owned_by_files
from .plans import POLICY, Head, Plan, Preview, head_of
from .states import State, state_before
from .stranded import find_stranded, revoked, without


@dataclass(frozen=True, slots=True)
class Applied:
    """What a load did.

    Attributes:
        version: the version it made; the head as it was where nothing changed.
        changed: whether it made one.
        added: the lines that are new.
        removed: the lines that are gone.
        revoked: grants that are gone because no rule would allow them any more.
        moved: the lines that stay, but stand elsewhere in the files or under another
            comment.
        texts: which were there and changed: `model`, `catalogue`, `invariants`.
        definitions: those of the model that changed; where it changed and none of them
            did, only its comments or its layout are others.
        warnings: what takes no effect yet or is hardly meant.
        inert: rows that decide nothing under these policies.
    """

    version: int
    changed: bool
    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    revoked: tuple[Line, ...]
    moved: tuple[Line, ...]
    texts: tuple[str, ...]
    definitions: tuple[ModelChange, ...]
    warnings: tuple[Problem, ...]
    inert: tuple[InertRow, ...]


def preview_plan(
    store: Store | None,
    plan: Plan,
    *,
    today: Callable[[], date] = today_in_finland,
) -> Preview:
    """Hold a plan that was made earlier against the head, and change nothing.

    Args:
        store: the database; nothing where there is none yet.
        plan: of policy files.
        today: says which grants have ended.

    Raises:
        StaleVersionError: the head is another version than the plan was made against.
        PlanError: the plan is none of policy files, does what files cannot, or revokes
            other grants than the change does.
        PolicyError: what would be in force is wrong.
        StoreError: the database cannot be read.
        ModelError: a matcher failed.
    """
    _check_origin(plan)
    with head_of(store) as head:
        _check_base(head.mark, head.drift, plan)
        return _judged(plan, head, today())


def apply_plan(
    store: Store,
    plan: Plan,
    *,
    actor: str,
    approval: str | None = None,
    today: Callable[[], date] = today_in_finland,
) -> Applied:
    """Carry out a plan as one version, if nothing has changed since it was made.

    Args:
        store: the database.
        plan: of policy files.
        actor: who does it.
        approval: who else approved, as `approved` gives it.
        today: says which grants have ended.

    Raises:
        StaleVersionError: the head is another version than the plan was made against.
        PlanError: the plan is none of policy files, does what files cannot, or revokes
            other grants than the change does.
        PolicyError: what would be in force is wrong.
        StoreError: the database cannot be written.
        ModelError: a matcher failed.
    """
    _check_origin(plan)
    with store.writing() as writer:
        contents = writer.load()
        drift = drift_of(writer, contents)
        head = Head(writer.mark(), contents, drift, writer.reading().granters)
        _check_base(head.mark, drift, plan)
        found = _judged(plan, head, today())
        return carry_out(writer, found, actor=actor, approval=approval)


def check_base(writer: Writer, contents: Contents, plan: Plan) -> None:
    """Make sure that a database is as it was when a plan was made.

    Raises:
        StaleVersionError: another version is the head, or the rules of it were changed
            behind the log.
    """
    _check_base(writer.mark(), drift_of(writer, contents), plan)


def _check_base(head: Mark, drift: LineDifference, plan: Plan) -> None:
    base = plan.base
    if head.number != base.number:
        found = f"the head is version {head.number} now"
    elif head != base:
        found = f"this database has another version {head.number}"
    elif drift != plan.drift:
        found = "rules were changed in the database behind it since"
    else:
        return
    message = (
        f"the plan was made against version {base.number}, and {found}: make another "
        "plan with `oikeus plan`"
    )
    raise StaleVersionError(message)


def carry_out(
    writer: Writer, found: Preview, *, actor: str, approval: str | None = None
) -> Applied:
    """Write what a plan says, without another look at it.

    Args:
        writer: of the transaction in which it was compared with the head.
        found: the plan, with what is in force and what will be.
        actor: who does it.
        approval: who else approved.

    Raises:
        StoreError: the database cannot be written.
    """
    plan, contents = found.plan, found.before.contents
    version = writer.commit(
        Change(
            origin=plan.origin,
            actor=actor,
            message=plan.message,
            # those that are there already stay; the log notes where they moved to
            add=(*plan.add, *plan.move),
            remove=(*plan.remove, *plan.revoke),
            model=plan.model,
            catalogue=plan.catalogue,
            invariants=plan.invariants,
            git_commit=plan.git_commit,
            approval=approval,
            lost=plan.drift.removed,
        )
    )
    texts = {
        "model": (contents.model, plan.model),
        "catalogue": (contents.catalogue, plan.catalogue),
        "invariants": (contents.invariants or None, plan.invariants),
    }
    return Applied(
        version=version,
        changed=version != contents.version,
        added=plan.add,
        removed=plan.remove,
        revoked=plan.revoke,
        moved=plan.move,
        texts=tuple(
            name
            for name, (before, after) in texts.items()
            if before is not None and after is not None
        ),
        definitions=definitions_of(plan, contents),
        warnings=plan.warnings,
        inert=found.after.snapshot.inert,
    )


def definitions_of(plan: Plan, contents: Contents) -> tuple[ModelChange, ...]:
    """The definitions of the model that a plan changes; none where there was none."""
    if contents.model is None or plan.model is None:
        return ()
    return model_changes(contents.model, plan.model)


def _check_origin(plan: Plan) -> None:
    if plan.origin != POLICY:
        message = f"the plan is of a {plan.origin}, expected one of policy files"
        raise PlanError(message)


def _judged(plan: Plan, head: Head, day: date) -> Preview:
    """Judge what would be in force as the files were judged: a plan may be forged.

    Raises:
        PlanError: it touches what is not the files', or revokes other grants than the
            change does.
        PolicyError: what it leads to could not be loaded from files.
    """
    contents = head.contents
    _refuse(_not_of_files(plan, contents))
    kept = after_plan(replace(plan, revoke=()), contents)
    if kept.model is None or kept.catalogue is None:
        message = "the plan brings no model or no catalogue, and there is none yet: "
        raise PlanError(message + "make another plan with `oikeus plan`")
    model = parse_model(kept.model)
    laid = judge_written(kept, model, contents, written="plan")
    before = state_before(contents, model)
    after = State(
        plan.name,
        laid.contents,
        laid.snapshot,
        warnings=plan.warnings,
        git_commit=plan.git_commit,
        invariants=laid.policies.invariants,
    )
    stranded = find_stranded(before, after, day, head.granters)
    _refuse(_not_due(plan, revoked(stranded)))
    return Preview(plan, before, without(after, plan.revoke), stranded)


def _not_due(plan: Plan, due: tuple[Line, ...]) -> Iterator[str]:
    """What a plan revokes that the change does not today, and what it leaves."""
    for line in plan.revoke:
        if line not in due:
            yield f"the plan revokes `{line}`, which the change does not"
    for line in due:
        if line not in plan.revoke:
            yield f"the plan leaves `{line}`, which the change revokes"


def _refuse(flaws: Iterable[str]) -> None:
    """Refuse a plan by its first flaw.

    Raises:
        PlanError: it has one.
    """
    for flaw in flaws:
        message = f"{flaw}: make another plan with `oikeus plan`"
        raise PlanError(message)


def after_plan(plan: Plan, contents: Contents) -> Draft:
    """What would be in force after a plan."""
    moved = {line: line for line in plan.move}
    gone = {*plan.remove, *plan.revoke}
    staying = [
        moved.get(line, line)
        for line in dict.fromkeys(contents.lines)
        if line not in gone
    ]
    there = {*staying}
    new = (line for line in plan.add if line not in there)
    return Draft(
        (*staying, *dict.fromkeys(new)),
        contents.model if plan.model is None else plan.model,
        contents.catalogue if plan.catalogue is None else plan.catalogue,
        contents.invariants if plan.invariants is None else plan.invariants,
    )


def _not_of_files(plan: Plan, contents: Contents) -> Iterator[str]:
    """What files cannot do; what is said to move must be in force, and no more."""
    there = {line: line for line in contents.lines}
    for line in (*plan.add, *plan.move):
        if line.source is None or not owned_by_files(line):
            yield f"the plan brings `{line}`, which no policy file can"
    # what moves is not judged as what is new is
    for line in plan.move:
        if line not in there:
            yield f"the plan moves `{line}`, which is not in force"
    for line in plan.add:
        if line in there:
            yield f"the plan adds `{line}`, which is in force already"
    for line in plan.remove:
        if not owned_by_files(there.get(line, line)):
            yield f"the plan removes `{line}`, which is not the policy files'"
