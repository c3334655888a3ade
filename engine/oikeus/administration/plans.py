"""A plan: exactly what a load of policy files, or a roll-back, would change.

It is made against one version and holds for no other: it names that version's number
and its digest, which stands for all that the database holds. A plan has a digest too,
over all of it, which a second person signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from ..analysis.lines import LineDifference, line_difference
from ..decide.allowing import today_in_finland
from ..errors import Problem
from ..store import Contents, Mark, Store
from ..terms import Line
from .drift import NO_DRIFT, drift_of
from .files import PolicyFiles
from .laying import NOTHING, Laid, lay_over
from .states import State, state_before
from .stranded import Granters, Stranded, find_stranded, nobody, revoked, without

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
        revoke: grants in force that go because no rule would allow them any more.
        model: the new text, or nothing to keep the present one.
        catalogue: the new text, or nothing to keep the present one.
        invariants: the same; empty to have none any more.
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
    revoke: tuple[Line, ...] = ()
    model: str | None = None
    catalogue: str | None = None
    invariants: str | None = None
    git_commit: str | None = None
    drift: LineDifference = NO_DRIFT
    warnings: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        lines = self.add or self.move or self.remove or self.revoke
        texts = (self.model, self.catalogue, self.invariants)
        return bool(lines) or any(text is not None for text in texts)


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan with what is in force before it and what would be after it.

    Attributes:
        plan: what is to be changed.
        before: what is in force.
        after: what would be.
        stranded: the grants that no rule would allow any more, and what happens to
            them; those that are revoked are not in `after`.
    """

    plan: Plan
    before: State
    after: State
    stranded: tuple[Stranded, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What is in force, as a plan is made against it.

    Attributes:
        mark: of the version.
        contents: all of it.
        drift: what of it was changed behind the files' back.
        granters: tells on whose power grants rest.
    """

    mark: Mark
    contents: Contents
    drift: LineDifference
    granters: Granters


def make_plan(
    store: Store | None,
    files: PolicyFiles,
    *,
    message: str = "",
    today: Callable[[], date] = today_in_finland,
) -> Plan:
    """Hold policy files against the head; see `preview`."""
    return preview(store, files, message=message, today=today).plan


def preview(
    store: Store | None,
    files: PolicyFiles,
    *,
    message: str = "",
    today: Callable[[], date] = today_in_finland,
) -> Preview:
    """Hold policy files against the head, and change nothing.

    Args:
        store: the database; nothing where there is none yet.
        files: the policy as `read_files` gives it.
        message: why; names the folder where nothing is said.
        today: says which grants have ended.

    Raises:
        PolicyError: everything that is wrong in the files.
        StoreError: the database cannot be read.
        ModelError: a matcher failed.
    """
    with head_of(store) as head:
        laid = lay_over(files.texts, files.model, head.contents)
        return preview_between(head, laid, today(), files=files, message=message)


def preview_between(
    head: Head, laid: Laid, day: date, *, files: PolicyFiles, message: str
) -> Preview:
    """The plan that makes of what is in force what files were laid over it.

    Raises:
        StoreError: the database cannot be read.
        ModelError: a matcher failed.
    """
    contents = head.contents
    found = line_difference(contents, laid.contents)
    before = state_before(contents, files.model)
    warnings = laid.policies.warnings
    after = State(
        files.name,
        laid.contents,
        laid.snapshot,
        warnings=warnings,
        git_commit=files.git_commit,
        invariants=laid.policies.invariants,
    )
    stranded = find_stranded(before, after, day, head.granters)
    plan = Plan(
        POLICY,
        head.mark,
        files.name,
        message or f"apply {files.name}",
        add=found.added,
        move=tuple(each.after for each in found.moved),
        remove=found.removed,
        revoke=revoked(stranded),
        model=_new(contents.model, files.model.text),
        catalogue=_new(contents.catalogue, laid.policies.catalogue_text),
        invariants=_new(contents.invariants, laid.policies.invariants_text),
        git_commit=files.git_commit,
        drift=head.drift,
        warnings=warnings,
    )
    return Preview(plan, before, without(after, plan.revoke), stranded)


@contextmanager
def head_of(store: Store | None) -> Iterator[Head]:
    """What is in force, in one view of the database; nothing without one.

    Raises:
        StoreError: the database cannot be read.
    """
    if store is None:
        yield Head(Mark(0), NOTHING, NO_DRIFT, nobody)
        return
    with store.reading() as reader:
        contents = reader.contents()
        drift = drift_of(reader, contents)
        yield Head(reader.mark, contents, drift, reader.granters)


def _new(before: str | None, after: str | None) -> str | None:
    return None if before == after else after
