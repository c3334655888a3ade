"""Policy files laid over what is in force: what would be, judged before it is.

The rules become those of the files. What files do not own (the register, blocks, grants
that came another way) stays, with the names of organisations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from ..analysis.lines import Written
from ..decide.grant_checks import judge_first_grants
from ..decide.model_checks import judge_model
from ..decide.snapshot import Snapshot
from ..errors import PolicyError
from ..policy.catalogue_reading import read_catalogue
from ..policy.folder import FolderTexts, Policies, judge_texts
from ..policy.invariant_changes import recorded_invariants
from ..policy.model import Model
from ..policy.tree import Tree
from ..policy.validate import validate
from ..store import Contents
from ..terms import Line
from .ownership import kept, owned, owned_by_files

NOTHING = Contents(0, None, None, (), MappingProxyType({}))
"""What is in force before the first version."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What would be in force.

    Attributes:
        policies: what the files say, with warnings.
        contents: all lines in the order that the database would have them in.
        snapshot: the same, to be decided by; at version 0, for it is none yet.
    """

    policies: Policies
    contents: Contents
    snapshot: Snapshot


def lay_over(texts: FolderTexts, model: Model, base: Contents = NOTHING) -> Laid:
    """Judge files by the words and by the model, with what stays in force.

    Args:
        texts: of the folder.
        model: what its lines are for.
        base: what is in force.

    Raises:
        PolicyError: everything that is wrong in the files.
    """
    policies = judge_texts(texts, model, kept(base.lines))
    return judged(policies, model, base)


def judge_written(
    draft: Written, model: Model, base: Contents, *, written: str = "catalogue"
) -> Laid:
    """Judge what would be in force as if its rules came from files, wherever they did.

    Args:
        draft: all that would be in force.
        model: what its lines are for.
        base: what is in force.
        written: where the words stand, for what is wrong with them.

    Raises:
        PolicyError: everything for which files would be refused.
    """
    every, text = tuple(draft.lines), draft.catalogue or ""
    ours = owned(every)
    catalogue = read_catalogue(text, written)
    invariants = recorded_invariants(draft.invariants, catalogue)
    findings = validate(ours, model, catalogue, kept(every))
    if findings.problems:
        raise PolicyError(findings.problems)
    warnings, said = findings.warnings, draft.invariants
    policies = Policies(ours, catalogue, text, warnings, invariants, said)
    return judged(policies, model, base)


def judged(policies: Policies, model: Model, base: Contents) -> Laid:
    """Judge by the model what the words have been found right for.

    Raises:
        PolicyError: first grants that the model bars.
    """
    contents = Contents(
        0,
        model.text,
        policies.catalogue_text,
        laid(policies.lines, base.lines),
        base.names,
        policies.invariants_text,
    )
    snapshot = Snapshot.build(
        model, contents.lines, names=base.names, catalogue=policies.catalogue
    )
    given = _at_known_places(base.lines, policies.lines)
    policies = judge_first_grants(policies, snapshot, given)
    return Laid(judge_model(policies, model), contents, snapshot)


def laid(files: Iterable[Line], base: Iterable[Line]) -> tuple[Line, ...]:
    """The lines of files in the place of those of earlier files, each once."""
    new: dict[Line, Line] = {}
    for line in files:
        new.setdefault(line, line)
    old = dict.fromkeys(base)
    # one that is in force and in the files is theirs, and comes from there
    staying = (
        new.get(line, line) for line in old if line in new or not owned_by_files(line)
    )
    return (*staying, *(line for line in new if line not in old))


def _at_known_places(lines: Iterable[Line], files: Iterable[Line]) -> frozenset[Line]:
    """The lines of files that are in force.

    Without grants that wait for their organisation: nobody has judged them yet.
    """
    theirs = frozenset(files)
    found = [line for line in lines if line.ptype != "g" or line in theirs]
    tree = Tree.from_lines(found)
    return frozenset(
        line
        for line in found
        if line.ptype != "g" or "".join(line.values[2:3]).partition("@")[0] in tree
    )
