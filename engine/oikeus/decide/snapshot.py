"""One version of the policy, whole and immutable, as decisions read it.

Everything that a question needs hangs on one snapshot, so that swapping it is one
assignment and no reader ever sees half a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from ..parts import check_installation
from ..policy.catalogue import Catalogue
from ..policy.model import Model
from ..policy.tree import Tree
from ..terms import Line, Names, kind_of
from .evaluator import Evaluator
from .facts import Facts, is_id
from .inert import InertRow, find_inert


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version's lines, indexed.

    Attributes:
        version: its number; 0 for files that were never committed.
        lines: every line in force, in the order of the database.
        evaluator: the model held against the facts.
        tree: the organisations.
        inert: the rows that decide nothing.
        roles: those that have a kind of holder, in the order of their lines.
        kinds: the kinds that a subject can be of, by the lines on roles.
        nobody: how the name of no subject in force begins.
        names: what organisations are called.
        catalogue: labels and validity; none where only lines were given.
    """

    version: int
    lines: tuple[Line, ...]
    evaluator: Evaluator
    tree: Tree
    inert: tuple[InertRow, ...]
    roles: tuple[str, ...]
    kinds: frozenset[str]
    nobody: str
    names: Mapping[str, Names] = field(default_factory=dict)
    catalogue: Catalogue | None = None

    @classmethod
    def build(
        cls,
        model: Model,
        lines: Iterable[Line],
        *,
        version: int = 0,
        names: Mapping[str, Names] | None = None,
        catalogue: Catalogue | None = None,
    ) -> Self:
        """Index the lines of a version.

        Raises:
            InstallationError: Casbin's files may be another distribution's.
        """
        check_installation()
        every = tuple(lines)
        facts = Facts.from_lines(model, every)
        tree = Tree.from_lines(every)
        roles = tuple(role for role in facts.links["g3"] if _is_role(role))
        return cls(
            version=version,
            lines=every,
            evaluator=Evaluator(model, facts),
            tree=tree,
            inert=find_inert(model, facts, tree, every),
            roles=roles,
            kinds=frozenset(kind for role in roles for kind in facts.kinds(role)),
            nobody=_nobody((*facts.grants, *facts.links["g3"])),
            names=names or {},
            catalogue=catalogue,
        )

    @property
    def model(self) -> Model:
        """The model that decides."""
        return self.evaluator.model

    @property
    def facts(self) -> Facts:
        """The facts that it decides on."""
        return self.evaluator.facts


def _nobody(subjects: Iterable[str]) -> str:
    names = {subject.partition(":")[2] for subject in subjects if ":?" in subject}
    longest = max((len(name) - len(name.lstrip("?")) for name in names), default=0)
    return "?" * (longest + 1)


def _is_role(word: str) -> bool:
    return kind_of(word) == "role" and is_id(word)
