"""A plan: exactly what a load of policy files, or a roll-back, would change.

It is made against one version and holds for no other: it names that version's number
and its digest, which stands for all that the database holds. A plan has a digest too,
over all of it, which a second person signs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..analysis.lines import LineDifference, line_difference
from ..errors import Problem
from ..store import Contents, Mark, Store
from ..terms import Line
from .drift import NO_DRIFT, drift_of
from .files import PolicyFiles
from .laying import NOTHING, Laid, lay_over
from .states import State, state_before

POLICY = "policy"
"""The origin of a version that is made of policy files."""


@dataclass(frozen=True)
class Plan:
    """What is to be changed, and in which version.

    Attributes:
        origin: of the version that it makes, `policy` or `rollback`.
        base: the version that it is made against; number 0 before the first one.
        name: of the folder, or of the version that is rolled back to.
        message: why, for the history.
        add: lines that are not in force.
        move: lines in force whose source is another one now.
        remove: lines in force that files own and that go.
        model: the new text, or nothing to keep the present one.
        catalogue: the new text, or nothing to keep the present one.
        git_commit: the commit that the files are of, `-dirty` where they differ.
        drift: what was changed behind the files' back since the last load.
        warnings: what takes no effect yet or is hardly meant.
    """

    origin: str
    base: Mark
    name: str
    message: str
    add: tuple[Line, ...] = ()
    move: tuple[Line, ...] = ()
    remove: tuple[Line, ...] = ()
    model: str | None = None
    catalogue: str | None = None
    git_commit: str | None = None
    drift: LineDifference = NO_DRIFT
    warnings: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        lines = self.add or self.move or self.remove
        return bool(lines or self.model is not None or self.catalogue is not None)


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan with what is in force before it and what would be after it."""

    plan: Plan
    before: State
    after: State


def make_plan(store: Store | None, files: PolicyFiles, *, message: str = "") -> Plan:
    """Hold policy files against the head; see `preview`."""
    return preview(store, files, message=message).plan


def preview(store: Store | None, files: PolicyFiles, *, message: str = "") -> Preview:
    """Hold policy files against the head, and change nothing.

    Args:
        store: the database; nothing where there is none yet.
        files: the policy as `read_files` gives it.
        message: why; names the folder where nothing is said.

    Raises:
        PolicyError: everything that is wrong in the files.
        StoreError: the database cannot be read.
    """
    mark, contents, drift = head_of(store)
    laid = lay_over(files.texts, files.model, contents)
    plan = plan_between(mark, contents, laid, files=files, message=message)
    after = State(
        files.name,
        laid.contents,
        laid.snapshot,
        warnings=laid.policies.warnings,
        git_commit=files.git_commit,
    )
    plan = replace(plan, drift=drift)
    return Preview(plan, state_before(contents, files.model), after)


def plan_between(
    mark: Mark,
    contents: Contents,
    laid: Laid,
    *,
    files: PolicyFiles,
    message: str,
) -> Plan:
    """The plan that makes of what is in force what files were laid over it."""
    found = line_difference(contents, laid.contents)
    return Plan(
        POLICY,
        mark,
        files.name,
        message or f"apply {files.name}",
        add=found.added,
        move=tuple(each.after for each in found.moved),
        remove=found.removed,
        model=_new(contents.model, files.model.text),
        catalogue=_new(contents.catalogue, laid.policies.catalogue_text),
        git_commit=files.git_commit,
        warnings=laid.policies.warnings,
    )


def head_of(store: Store | None) -> tuple[Mark, Contents, LineDifference]:
    """What is in force, and what of it drifted; nothing without a database.

    Raises:
        StoreError: the database cannot be read.
    """
    if store is None:
        return Mark(0), NOTHING, NO_DRIFT
    with store.reading() as reader:
        contents = reader.contents()
        return reader.mark, contents, drift_of(reader, contents)


def _new(before: str | None, after: str | None) -> str | None:
    return None if before == after else after
