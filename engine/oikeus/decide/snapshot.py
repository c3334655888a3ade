"""One version of the policy, whole and immutable, as decisions read it.

Everything that a question needs hangs on one snapshot, so that swapping it is one
assignment and no reader ever sees half a change. What a version has in common with the
one before, both share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from ..ids import is_id
from ..parts import check_installation
from ..policy.catalogue import Catalogue
from ..policy.model import Model
from ..policy.tree import Tree
from ..terms import Line, Names, kind_of
from .access import Access
from .evaluator import Evaluator
from .facts import Facts
from .grants import Held, Row, each, grant_of, marks_of, role_of
from .inert import InertRow, find_inert
from .matcher.deciding import Decide
from .register import Register
from .scope import Scope


@dataclass(frozen=True)
class Snapshot:
    """A version's lines, indexed.

    Attributes:
        version: its number; 0 for files that were never committed.
        evaluator: the model held against the facts.
        register: the organisations.
        roles: those that have a kind of holder, in the order of their lines.
        kinds: the kinds that a subject can be of, by the lines on roles.
        nobody: how the name of no subject in force begins.
        names: what organisations are called.
        catalogue: labels and validity; none where only lines were given.
        scope: the part of the organisations that is loaded; none where all are.
    """

    version: int
    evaluator: Evaluator
    register: Register
    roles: tuple[str, ...]
    kinds: frozenset[str]
    nobody: str
    names: Mapping[str, Names] = field(default_factory=dict)
    catalogue: Catalogue | None = None
    scope: Scope | None = None

    @classmethod
    def build(  # noqa: PLR0913 # what a version consists of
        cls,
        model: Model,
        lines: Iterable[Line],
        *,
        grants: Iterable[Sequence[Row]] = (),
        version: int = 0,
        names: Mapping[str, Names] | None = None,
        catalogue: Catalogue | None = None,
        scope: Scope | None = None,
    ) -> Self:
        """Index the lines of a version.

        Args:
            model: what decides.
            lines: all that are in force, or those that are not among the grants.
            grants: rows of `g` as they are stored, in batches.
            version: its number.
            names: what organisations are called.
            catalogue: labels and validity.
            scope: the part of the organisations that the lines are about.

        Raises:
            InstallationError: Casbin's files may be another distribution's.
            ModelError: Casbin cannot use the model.
        """
        check_installation()
        facts = Facts.from_lines(model, lines, grants)
        return cls(
            version,
            Evaluator(model, facts),
            Register(facts),
            *_roles_and_kinds(facts),
            nobody=_nobody(facts),
            names=names or {},
            catalogue=catalogue,
            scope=scope,
        )

    def following(  # noqa: PLR0913 # what a version can change
        self,
        version: int,
        *,
        removed: Iterable[Row] = (),
        added: Iterable[Row] = (),
        lines: Iterable[Line] | None = None,
        model: Model | None = None,
        names: Mapping[str, Names] | None = None,
        catalogue: Catalogue | None = None,
    ) -> Self:
        """A later version; making it costs what the change costs.

        Args:
            version: its number.
            removed: rows of `g` that are not in force; they may never have been.
            added: rows of `g` that are in force; they may have been before.
            lines: all lines that are not among the grants, if any of them changed.
            model: another one, if there is; then all lines, too.
            names: of organisations, those that changed.
            catalogue: another one, if there is.
        """
        gone, new = [*removed], [*added]
        facts = self.facts.changed(gone, new)
        if lines is not None:
            facts = facts.relined(model or self.model, lines)
        evaluator = Evaluator(model, facts) if model else self.evaluator.over(facts)
        register = self.register
        if not register.serves(facts):
            register = Register(facts)
        roles, kinds = self.roles, self.kinds
        nobody = max(self.nobody, "?" * (facts.grants.marks + 1))
        if facts.links["g3"] is not self.facts.links["g3"]:
            roles, kinds = _roles_and_kinds(facts)
            nobody = max(nobody, _nobody(facts))
        made = type(self)(
            version,
            evaluator,
            register,
            roles,
            kinds,
            nobody=nobody,
            names={**self.names, **names} if names else self.names,
            catalogue=catalogue or self.catalogue,
            scope=self.scope,
        )
        if not model and kinds == self.kinds:
            subjects = {subject for subject, _, _ in (*gone, *new)}
            access = self.access.following(evaluator, register, subjects)
            made.__dict__["access"] = access  # where `cached_property` would put it
        return made

    @property
    def model(self) -> Model:
        """The model that decides."""
        return self.evaluator.model

    @property
    def facts(self) -> Facts:
        """The facts that it decides on."""
        return self.evaluator.facts

    @property
    def tree(self) -> Tree:
        """The organisations, as people see them."""
        return self.register.tree

    @cached_property
    def access(self) -> Access:
        """Decides access from the grants of who asks."""
        return Access(self.evaluator, self.register, self.kinds, self.scope)

    @cached_property
    def decide(self) -> Decide:
        """Answers a subject, action, resource, organisation and day (an ordinal)."""
        return self.access.decide

    def plan(self) -> Mapping[str, tuple[str, ...]]:
        """How questions of access (`m`) and powers (`m2`) are decided, in lines."""
        is_folded = self.access.is_folded
        matchers = self.evaluator.matchers
        return {
            name: tuple(matcher.lines(is_folded=is_folded))
            for name, matcher in matchers.items()
        }

    @cached_property
    def inert(self) -> tuple[InertRow, ...]:
        """The rows that decide nothing, sorted."""
        found = find_inert(self.model, self.facts, self.tree, self._doubtful())
        return tuple(sorted(found, key=lambda row: (row.line.ptype, row.line.values)))

    def _doubtful(self) -> Iterator[Line]:
        """All lines but grants of which nothing can keep them from deciding."""
        yield from self.facts.lines_but_grants()
        grants = self.facts.grants
        for subject, chain in grants.held.items():
            for held in each(chain):
                if not self.counts(held) or subject in grants.strange:
                    yield grant_of(subject, held).line

    def counts(self, held: Held) -> bool:
        """Whether the first grant of a chain is for its holder, and for its place.

        Of a subject that can be asked about, the others are the inert ones.
        """
        place, holder = held[:2]
        return holder in self._sound_holders and self.register.can_hold(
            place, role_of(holder)
        )

    @cached_property
    def _sound_holders(self) -> frozenset[str]:
        """The kinds with the roles that are for them."""
        return frozenset(
            holder
            for holder in self.facts.grants.holders
            for kind, _, role in (holder.partition(":"),)
            if kind in self.facts.kinds(role) and "@" not in role
        )


def _nobody(facts: Facts) -> str:
    return "?" * (1 + max(facts.grants.marks, *map(marks_of, facts.links["g3"]), 0))


def _roles_and_kinds(facts: Facts) -> tuple[tuple[str, ...], frozenset[str]]:
    roles = tuple(role for role in facts.links["g3"] if _is_role(role))
    return roles, frozenset(kind for role in roles for kind in facts.kinds(role))


def _is_role(word: str) -> bool:
    return kind_of(word) == "role" and is_id(word)
