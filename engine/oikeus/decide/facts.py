"""What the lines in force say, indexed for deciding: the facts of one version.

Lines that can decide nothing (a wrong width, a span that is none, an effect that is
neither allow nor deny) never reach Casbin; `inert` reports them. Facts are immutable
and share what they have in common: the next version, and a what-if (`explain`) that
looks at facts with one thing changed, cost what the change costs.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self, TypeVar

from ..ids import is_id
from ..policy.model import Model
from ..terms import Effect, Grant, Line
from .grant_reading import Reading
from .grants import Grants, Held, Row, each

Links = Mapping[str, tuple[str, ...]]
"""From a word to those that a line links it to."""

CHAINS: Mapping[str, int | None] = MappingProxyType({"g2": None, "g3": 2, "g4": 3})
"""How many words a chain may have: the tree as many as it takes; a role and its kind;
an organisation, its level and a role. Longer chains could only be made past the files,
and would give a role to a kind, or a level, that no line names."""

T = TypeVar("T")

EFFECTS = frozenset(effect.value for effect in Effect)
"""The words of the column `eft`; Casbin passes over a rule with any other."""

RULES = ("p", "p2")
"""The kinds of lines that are rules: permissions and powers."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The lines of one version, as a decision reads them.

    Attributes:
        rules: the lines of `p` and `p2`, in the order of the database.
        grants: by subject.
        links: by kind of line (`g2`, `g3`, `g4`).
        idle: the lines that decide nothing, whatever else is in force.
    """

    rules: Mapping[str, tuple[Line, ...]]
    grants: Grants
    links: Mapping[str, Links]
    idle: tuple[Line, ...] = ()

    @classmethod
    def from_lines(
        cls,
        model: Model,
        lines: Iterable[Line],
        grants: Iterable[Sequence[Row]] = (),
    ) -> Self:
        """Index lines; those that can decide nothing are kept apart.

        Args:
            model: says how wide the lines are.
            lines: all, or those that are not among the grants.
            grants: rows of `g`, in batches; read before the lines.
        """
        reading = Reading()
        for batch in grants:
            reading.read(batch)
        found = _sort(model, lines)
        reading.read(found.rows)
        return cls(
            {ptype: tuple(found.rules[ptype]) for ptype in RULES},
            reading.finish(apart=found.linked()),
            {ptype: gathered(found.pairs[ptype]) for ptype in CHAINS},
            (*found.idle, *reading.unreadable),
        )

    def changed(self, removed: Iterable[Row], added: Iterable[Row]) -> Self:
        """The facts without some grants and with others, which come last.

        Args:
            removed: rows that are not in force; they may never have been.
            added: rows that are in force; they may have been before.
        """
        lost, unread = _parsed(removed)
        found, unreadable = _parsed(added)
        return type(self)(
            self.rules,
            self.grants.changed((*lost, *found), found),
            self.links,
            _changed(self.idle, (*unread, *unreadable), unreadable),
        )

    def relined(self, model: Model, lines: Iterable[Line]) -> Self:
        """The facts with other lines, but with the same grants.

        Args:
            model: says how wide the lines are.
            lines: all that are not among the grants.
        """
        other = self.from_lines(model, lines)
        grants = tuple(line for line in self.idle if _is_row(line))
        links = {
            # the very same where nothing changed: others compare what they came from
            ptype: known if [*known.items()] == [*found.items()] else found
            for ptype, found in other.links.items()
            for known in (self.links[ptype],)
        }
        idle = (*other.idle, *grants)
        return replace(other, links=links, grants=self.grants, idle=idle)

    def lines(self) -> Iterator[Line]:
        """All lines; those of one kind in their order, but for the grants."""
        yield from self.lines_but_grants()
        yield from self.grants.lines()

    def lines_but_grants(self) -> Iterator[Line]:
        """The lines that are no grants; those of one kind in their order."""
        for rules in self.rules.values():
            yield from rules
        for ptype, links in self.links.items():
            for first, words in links.items():
                yield from (Line(ptype, (first, second)) for second in words)
        yield from self.idle

    def of(self, subject: str) -> tuple[Grant, ...]:
        """The grants of a subject, whatever their days."""
        return self.grants.get(subject, ())

    def held(self, subject: str) -> Iterator[Held]:
        """The same as decisions read them, the newest first."""
        return each(self.grants.held.get(subject))

    def linked(self, ptype: str, first: str) -> tuple[str, ...]:
        """What lines of this kind link a word to, directly."""
        return self.links[ptype].get(first, ())

    def kinds(self, role: str) -> tuple[str, ...]:
        """The kinds of subject that a role is for."""
        return tuple(word for word in self.reached("g3", role) if _is_kind(word))

    def reached(self, ptype: str, first: str) -> Iterator[str]:
        """The words that lines of this kind lead to, the first itself among them."""
        return reach(self.links[ptype], first, CHAINS[ptype])

    def leads(self, ptype: str, first: str, word: str) -> bool:
        """Whether lines of this kind lead from a word to another, or to itself."""
        return word in self.reached(ptype, first)

    def leading(self, ptype: str, first: str) -> Callable[[str], bool]:
        """The same of many words, for which the links are followed once."""
        return frozenset(self.reached(ptype, first)).__contains__

    def holding(self, *grants: Grant) -> Self:
        """The same facts, and these grants with them."""
        return replace(self, grants=self.grants.holding(grants))

    def holding_only(self, subject: str, *grants: Grant) -> Self:
        """The same facts, but a subject holds these grants and no other."""
        return replace(self, grants=self.grants.holding_only(subject, grants))

    def linking(self, ptype: str, first: str, seconds: Iterable[str]) -> Self:
        """The same facts, but a word is linked to these and to nothing else."""
        changed = ChainMap({first: tuple(seconds)}, self.links[ptype])  # type: ignore[arg-type] # it is only read
        return replace(self, links={**self.links, ptype: changed})

    def ruled_by(self, *rules: Line) -> Self:
        """The same facts, but with these rules and powers only."""
        kept = {
            ptype: tuple(rule for rule in rules if rule.ptype == ptype)
            for ptype in RULES
        }
        return replace(self, rules=kept)

    def without_rule(self, rule: Line) -> Self:
        """The same facts, but no line with the words of this rule."""
        kept = _without(self.rules[rule.ptype], [rule])
        return replace(self, rules={**self.rules, rule.ptype: kept})


def reach(links: Links, start: str, longest: int | None = None) -> Iterator[str]:
    """Follow links from a word: itself first, then the nearest; a cycle ends there.

    Args:
        links: what leads where.
        start: the word to begin with.
        longest: how many words a chain may have; as many as there are by default.
    """
    seen = {start}
    ring = [start]
    while ring and longest != 0:
        yield from ring
        found = [linked for word in ring for linked in links.get(word, ())]
        ring = [word for word in dict.fromkeys(found) if word not in seen]
        seen.update(ring)
        longest = None if longest is None else longest - 1


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Lines by what they are for."""

    rules: Mapping[str, list[Line]]
    pairs: Mapping[str, list[tuple[str, ...]]]
    rows: list[Row]
    idle: list[Line]

    def linked(self) -> set[str]:
        """The words of which lines say what they are (`g3`), subjects among them."""
        return {first for first, _ in self.pairs["g3"]}


def _sort(model: Model, lines: Iterable[Line]) -> _Sorted:
    found = _Sorted(defaultdict(list), defaultdict(list), [], [])
    for line in lines:
        if _is_idle(model, line):
            found.idle.append(line)
        elif line.ptype in RULES:
            found.rules[line.ptype].append(line)
        elif line.ptype in CHAINS:
            found.pairs[line.ptype].append(line.values)
        else:
            subject, role, domain = line.values
            found.rows.append((subject, role, domain))
    return found


def _is_idle(model: Model, line: Line) -> bool:
    if len(line.values) != model.widths.get(line.ptype):
        return True
    if line.ptype == "g":
        return "" in line.values  # no grant: it comes with the other lines
    return line.ptype == "p" and model.value(line, "eft") not in EFFECTS


def _parsed(rows: Iterable[Row]) -> tuple[list[Grant], list[Line]]:
    """Read a few rows: grants, and those that are none."""
    grants: list[Grant] = []
    unreadable: list[Line] = []
    for row in rows:
        line = Line("g", row)
        try:
            grants.append(Grant.parse(line))
        except ValueError:
            unreadable.append(line)
    return grants, unreadable


def _is_row(line: Line) -> bool:
    """Whether an idle line was read among the grants."""
    return line.ptype == "g" and len(line.values) == 3 and all(line.values)  # noqa: PLR2004


def gathered(pairs: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Links from the pairs that they consist of."""
    found: dict[str, list[str]] = {}
    for first, second in pairs:
        found.setdefault(first, []).append(second)
    return {first: tuple(words) for first, words in found.items()}


def _without(values: tuple[T, ...], gone: Collection[T]) -> tuple[T, ...]:
    return tuple(value for value in values if value not in gone) if gone else values


def _changed(
    values: tuple[T, ...], gone: Collection[T], new: Collection[T]
) -> tuple[T, ...]:
    """The same tuple itself where nothing changes: others hold it, to see whether."""
    return (*_without(values, gone), *new) if gone or new else values


def _is_kind(word: str) -> bool:
    """Whether a subject's id can begin with this word; `role:…` is no subject."""
    return is_id(f"{word}:?000") and ":" not in word and word not in ("", "role")
