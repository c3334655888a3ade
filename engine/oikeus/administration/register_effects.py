"""What an import of organisations does to grants: some may not, some start or stop.

A first grant may be written before its organisation is known. Kind, level and mode,
which bind it (ruling M), can be judged only when the register has brought the place:
here, unless the policy comes later. What was in force at a known organisation goes on
deciding when that changes (ruling D), and is only told of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ..decide.facts import Facts
from ..decide.grant_checks import GrantChecks
from ..decide.inert import find_inert
from ..decide.snapshot import Snapshot
from ..errors import Problem, RegisterError
from ..policy.catalogue import Catalogue
from ..policy.finding import Finding
from ..policy.model import Model, parse_model
from ..policy.tree import Tree
from ..policy.wording import shown
from ..store import Contents
from ..terms import Grant, Line
from .register_placement import Placement


def effects(
    contents: Contents, placement: Placement, catalogue: Catalogue
) -> tuple[Problem, ...]:
    """Judge what an import does to the lines in force.

    Args:
        contents: what is in force before it.
        placement: what it changes.
        catalogue: of the policy in force.

    Returns:
        warnings: grants that stop or start to decide, and first grants that could not
        be given now.

    Raises:
        RegisterError: it makes an organisation known at which a policy file's grant
            may not be; every such grant is listed.
        ModelError: the model in force cannot be used by this program.
    """
    touched = {line.values[0] for line in (*placement.add, *placement.remove)}
    grants = dict(_grants_at(touched, contents.lines))
    if contents.model is None or not grants:
        return ()
    model = parse_model(contents.model)
    lines = placement.after(contents.lines)
    before, after = Tree.from_lines(contents.lines), Tree.from_lines(lines)
    awaited = {
        line: grant
        for line, grant in grants.items()
        if line.source and grant.organisation not in before
    }
    warnings: list[Problem] = []
    if awaited:
        names = {**contents.names, **placement.names}
        snapshot = Snapshot.build(model, lines, names=names, catalogue=catalogue)
        warnings = _judge_awaited(snapshot, awaited)
    idle = _idle(model, contents.lines, before, grants)
    idle_now = _idle(model, lines, after, grants)
    return (*warnings, *_changed(grants, idle, idle_now))


def _grants_at(
    places: Collection[str], lines: Iterable[Line]
) -> Iterator[tuple[Line, Grant]]:
    """Find the grants at these organisations; others, maybe very many, stay unread."""
    for line in lines:
        domain = "".join(line.values[2:3])
        if line.ptype != "g" or domain.partition("@")[0] not in places:
            continue
        try:
            yield line, Grant.parse(line)
        except ValueError:
            continue  # decides nothing, whatever its organisation is


def _judge_awaited(snapshot: Snapshot, awaited: Mapping[Line, Grant]) -> list[Problem]:
    """Judge the first grants that waited for their organisation, and give warnings."""
    checks = GrantChecks(snapshot)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for line, grant in awaited.items():
        verdict = checks.judge(grant)
        place = f"at {shown(grant.organisation)}, which the import makes known"
        if verdict.refusal and not verdict.from_files_only:
            problems.append(Finding(line, f"{place}: {verdict.refusal}").problem)
        elif verdict.warning:
            warnings.append(Finding(line, f"{place}: {verdict.warning}").problem)
    if problems:
        raise RegisterError(problems)
    return warnings


def _idle(
    model: Model, lines: Iterable[Line], tree: Tree, grants: Iterable[Line]
) -> Mapping[Line, str]:
    """Which of these grants decide nothing, and why not; no other grant matters."""
    facts = Facts.from_lines(model, (line for line in lines if line.ptype != "g"))
    rows = find_inert(model, facts, tree, grants)
    return {row.line: row.reason for row in rows}


def _changed(
    grants: Iterable[Line], before: Mapping[Line, str], after: Mapping[Line, str]
) -> Iterator[Problem]:
    """Tell the grants that decided nothing and will, and those that no longer do."""
    for line in grants:
        if line in before and line not in after:
            yield Finding(line, f"now decides: `{line}`").problem
        elif line in after and line not in before:
            text = f"no longer decides: `{line}`, {after[line]}"
            yield Finding(line, text).problem
