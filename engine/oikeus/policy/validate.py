"""What is wrong with lines that can be read: unknown words, broken trees, bad grants.

The words are those of the catalogue (roles, actions, levels, modes, kinds) and of the
model (effects, what a power's columns are compared with). Lines are judged together
with those already in force elsewhere (`context`: the register, earlier grants), so
that policy and register may come in either order. A line about an organisation that
the register has not brought yet is a warning, since it takes effect when it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..errors import Problem
from ..terms import Line, Source
from .authzen import undeclared
from .catalogue import Catalogue
from .finding import Finding
from .grant_faults import GrantRules
from .imports import unfit_meanings
from .model import Model
from .tree import ROOT_LEVEL, Tree
from .tree_faults import tree_faults
from .wording import choice, shown
from .words import Words

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "g": ("subject", "role", "ORGANISATION@FIRST-DAY..LAST-DAY"),
        "g2": ("organisation", "parent, mode or status"),
        "g3": ("role", "kind of holder"),
        "g4": ("organisation or level", "level or role"),
    }
)
"""What the values of the lines are that the model numbers and does not name."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a validation found: problems refuse the load, warnings do not."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def validate(
    lines: Sequence[Line],
    model: Model,
    catalogue: Catalogue | None,
    context: Iterable[Line] = (),
    *,
    catalogue_file: str = "catalogue",
) -> Findings:
    """Judge the lines of policy files.

    Args:
        lines: what the files hold.
        model: gives the widths and the words that columns are compared with.
        catalogue: gives the words; without it, words are not judged.
        context: lines in force from elsewhere; they are trusted and not judged.
        catalogue_file: where the words stand, for what is missing altogether.
    """
    every = (*lines, *context)
    tree = Tree.from_lines(
        dict.fromkeys(line for line in every if line.ptype in ("g2", "g4"))
    )
    found = [*_faults_of_form(lines, model), *tree_faults(lines, tree)]
    if catalogue is not None:
        fitting = [line for line in lines if _fits(line, model)]
        rules = GrantRules.from_lines(every, model, tree)
        words = Words(model, catalogue, tree, rules)
        found.extend(fault for line in fitting for fault in words.faults(line))
        found.extend(undeclared(catalogue.authzen, model, catalogue_file))
        found.extend(_unsaid(catalogue, rules, Source(catalogue_file, 0)))
        if catalogue.imports is not None:
            powers = (line for line in fitting if line.ptype == "p2")
            given = {model.value(power, "role") for power in powers}
            found.extend(
                unfit_meanings(catalogue.imports, rules.kinds, given, catalogue_file)
            )
    return _findings(found)


def validate_some(lines: Sequence[Line], model: Model) -> Findings:
    """Judge lines where others could not be read: what these miss may stand there.

    Args:
        lines: those that could be read.
        model: gives the widths.
    """
    return _findings([*_faults_of_form(lines, model)])


def _faults_of_form(lines: Sequence[Line], model: Model) -> Iterator[Finding]:
    yield from _misfits(lines, model)
    yield from _repeated(lines)
    fitting = [line for line in lines if _fits(line, model)]
    yield from _contradictions(fitting, model)


def _findings(found: Sequence[Finding]) -> Findings:
    return Findings(
        tuple(sorted({item.problem for item in found if not item.warning})),
        tuple(sorted({item.problem for item in found if item.warning})),
    )


def _fits(line: Line, model: Model) -> bool:
    return len(line.values) == model.widths.get(line.ptype)


def _misfits(lines: Iterable[Line], model: Model) -> Iterator[Finding]:
    """Find lines of a kind or width that the model does not have."""
    for line in lines:
        if line.ptype not in model.widths:
            expected = choice(model.widths)
            text = f"unknown kind of line {shown(line.ptype)}, expected {expected}"
            yield Finding(line, text)
        elif not _fits(line, model):
            columns = model.fields.get(line.ptype) or _COLUMNS[line.ptype]
            count = len(line.values)
            text = (
                f"`{line.ptype}` has {count} value{'' if count == 1 else 's'}, "
                f"expected {len(columns)}: {', '.join(columns)}"
            )
            yield Finding(line, text)


def _repeated(lines: Iterable[Line]) -> Iterator[Finding]:
    first: dict[Line, Line] = {}
    for line in lines:
        earlier = first.setdefault(line, line)
        if earlier is not line:
            where = earlier.source or "another line"
            yield Finding(line, f"repeats {where}, expected each line once")


def _contradictions(lines: Iterable[Line], model: Model) -> Iterator[Finding]:
    """Find rules that both allow and deny the same."""
    position = model.fields["p"].index("eft")
    effects: dict[tuple[str, ...], Line] = {}
    for line in lines:
        if line.ptype == "p":
            rest = line.values[:position] + line.values[position + 1 :]
            other = effects.setdefault(rest, line)
            if other != line:
                where = other.source or "another line"
                text = f"contradicts {where}, expected one effect for one action"
                yield Finding(line, text)


def _unsaid(
    catalogue: Catalogue, rules: GrantRules, source: Source
) -> Iterator[Finding]:
    """Find roles of the catalogue that no line makes usable, and a missing root."""
    for name in catalogue.roles:
        role = f"role:{name}"
        here = Line("g3", (role,), source)
        if role not in rules.kinds:
            text = (
                f"nobody can hold the role `{name}`, expected a line `g3, {role}, KIND`"
            )
            yield Finding(here, text)
        if role not in rules.levels:
            text = (
                f"the role `{name}` has no level, expected a line `g4, level:…, {role}`"
            )
            yield Finding(here, text)
    if not rules.tree.roots:
        text = f"no organisation is the root, expected a line `g4, ID, {ROOT_LEVEL}`"
        yield Finding(Line("g4", (ROOT_LEVEL,), source), text)
