"""Policy files as a snapshot: read, judged by the words, then by the model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from ..policy.folder import Policies, load_policies
from ..policy.model import Model
from ..terms import Line
from .grant_checks import judge_first_grants
from .model_checks import judge_model
from .snapshot import Snapshot


def load_snapshot(
    folder: Path,
    model: Model,
    *,
    more: Sequence[Path] = (),
    context: Iterable[Line] = (),
    given: Collection[Line] = (),
) -> tuple[Policies, Snapshot]:
    """Read a folder of policies, and index it with everything else in force.

    Args:
        folder: holds `*.csv` and one catalogue, `*.yaml`.
        model: what the lines are for.
        more: further CSV files that count as the folder's own.
        context: lines in force from elsewhere: the register, earlier grants.
        given: all lines in force, the files' own of an earlier load among them.

    Raises:
        PolicyError: everything that is wrong, in all files.
    """
    others = tuple(context)
    policies = load_policies(folder, model, more=more, context=others)
    every = dict.fromkeys((*others, *policies.lines))
    snapshot = Snapshot.build(model, every, catalogue=policies.catalogue)
    policies = judge_first_grants(policies, snapshot, given)
    return judge_model(policies, model), snapshot
