"""A state of a policy, wherever it is kept: what is written, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass

from ..decide.snapshot import Snapshot
from ..errors import ModelError, PolicyError, Problem, StoreError
from ..loading import catalogue_of, snapshot_of
from ..policy.invariant_changes import recorded_invariants
from ..policy.invariants import Invariant
from ..policy.model import Model
from ..store import Contents


@dataclass(frozen=True, slots=True)
class State:
    """A policy as a version, a folder or a git revision has it.

    Attributes:
        name: what it is called in a comparison, `version 3`.
        contents: its lines and texts; those of files are laid over what they do not
            own: the register, blocks, grants that came another way.
        snapshot: the same, to be decided by.
        warnings: what files say that takes no effect yet or is hardly meant.
        git_commit: the commit that files are of.
        invariants: what no delegation may lead to.
        unread: why the invariants of a version cannot be read; nothing where they can.
    """

    name: str
    contents: Contents
    snapshot: Snapshot
    warnings: tuple[Problem, ...] = ()
    git_commit: str | None = None
    invariants: tuple[Invariant, ...] = ()
    unread: str = ""


def state_of(contents: Contents) -> State:
    """A version as a state.

    Raises:
        StoreError: it holds no policy.
        ModelError: this program cannot use its model.
        PolicyError: nor its catalogue or its invariants.
    """
    snapshot = snapshot_of(contents)
    name = f"version {contents.version}"
    catalogue = snapshot.catalogue
    said = recorded_invariants(contents.invariants, catalogue) if catalogue else ()
    return State(name, contents, snapshot, invariants=said)


def state_before(contents: Contents, model: Model) -> State:
    """What is in force before a load, though it may be nothing that decides.

    A database without a policy, or with one that this program cannot use, allows
    nobody anything: it is as one without rules. What its invariants say is kept, for
    nobody may take them away unseen.

    Args:
        contents: what is in force.
        model: what is to be loaded.
    """
    try:
        return state_of(contents)
    except (StoreError, ModelError, PolicyError):
        lines = (line for line in contents.lines if line.ptype not in ("p", "p2"))
        snapshot = Snapshot.build(
            model, lines, version=contents.version, names=contents.names
        )
        said, unread = _invariants(contents)
        name = f"version {contents.version}"
        return State(name, contents, snapshot, invariants=said, unread=unread)


def _invariants(contents: Contents) -> tuple[tuple[Invariant, ...], str]:
    """The invariants of a version, or why they cannot be read."""
    if not contents.invariants:
        return (), ""
    try:
        catalogue = catalogue_of(contents.catalogue)
        return recorded_invariants(contents.invariants, catalogue), ""
    except (StoreError, PolicyError) as error:
        problems = "; ".join(str(error).splitlines())
        return (), f"those in force cannot be read: {problems}"
