"""Whose a line is: the policy files', or that of a register, an import or an act."""

from __future__ import annotations

from collections.abc import Iterable

from ..policy.tree import ROOT_LEVEL
from ..policy.words import BLOCKED
from ..terms import Line


def owned_by_files(line: Line) -> bool:
    """Tell whether policy files decide about a line, wherever it came from.

    A rule in the database that no file holds was put there past the files, and goes
    with the next load. A block never does: it is the owner's, and no file's.
    """
    if line.ptype == "g":  # most lines are grants
        return line.source is not None
    first, second = (*line.values, "", "")[:2]
    is_of_role = first.startswith("role:")
    if line.ptype == "g3" and second == BLOCKED and not is_of_role:
        return False
    if line.source is not None or line.ptype in ("p", "p2"):
        return True
    return (
        (line.ptype == "g3" and is_of_role)
        or (line.ptype == "g4" and (first.startswith("level:") or second == ROOT_LEVEL))
        or (line.ptype == "g2" and second.startswith("mode:"))
    )


def kept(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that no load of files touches."""
    return tuple(line for line in lines if not owned_by_files(line))


def owned(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that a load of files makes what the files say."""
    return tuple(line for line in lines if owned_by_files(line))
