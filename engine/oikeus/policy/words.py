"""Whether the words of a line are known: those of the catalogue and of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..terms import Effect, Line, kind_of
from .catalogue import ACTIVE, Catalogue
from .finding import Finding, known_word
from .grant_faults import GrantRules, not_yet
from .model import Model
from .tree import Tree

BLOCKED = "blocked"
"""What `g3, SUBJECT, blocked` says (ruling N)."""


@dataclass(frozen=True, slots=True)
class Words:
    """Judges lines of the right width, one by one.

    Attributes:
        model: gives the words that a power's columns are compared with.
        catalogue: gives the roles, actions, levels, modes, statuses and kinds.
        tree: the organisations that are known.
        rules: what binds a grant.
    """

    model: Model
    catalogue: Catalogue
    tree: Tree
    rules: GrantRules

    def faults(self, line: Line) -> Iterator[Finding]:
        """Say which words of a line are unknown, or not for this place."""
        judges: Mapping[str, Callable[[Line], Iterator[Finding]]] = {
            "p": self._rule,
            "p2": self._power,
            "g": self._grant,
            "g2": self._place,
            "g3": self._kind,
            "g4": self._level,
        }
        yield from judges[line.ptype](line)

    def _rule(self, line: Line) -> Iterator[Finding]:
        resource = self.model.value(line, "obj")
        resources = self.catalogue.resources
        yield from self._role(line, self.model.value(line, "sub"))
        yield from known_word(line, "resource", resource, resources)
        if resource in resources:
            action = self.model.value(line, "act")
            yield from known_word(line, "action", action, resources[resource].actions)
        effect = self.model.value(line, "eft")
        yield from known_word(line, "effect", effect, [each.value for each in Effect])

    def _power(self, line: Line) -> Iterator[Finding]:
        columns = zip(self.model.fields["p2"], line.values, strict=True)
        for name, value in columns:
            if name in ("sub", "role"):
                yield from self._role(line, value)
            else:
                known = sorted(self.model.words("p2", name))
                if name == "mode":
                    known += self._modes
                yield from known_word(line, name, value, known)

    def _grant(self, line: Line) -> Iterator[Finding]:
        yield from self._role(line, line.values[1])
        yield from self.rules.faults(line, self.catalogue.kinds)

    def _place(self, line: Line) -> Iterator[Finding]:
        organisation, other = line.values
        if other.startswith("mode:"):
            yield from known_word(line, "mode", other, self._modes)
            if ":" not in organisation and organisation not in self.tree:
                yield not_yet(line, organisation)
        elif other == f"status:{ACTIVE}":
            text = f"`{other}` needs no line, expected another status or none"
            yield Finding(line, text)
        elif other.startswith("status:"):
            statuses = [f"status:{name}" for name in self.catalogue.statuses]
            yield from known_word(line, "status", other, statuses)
        elif ":" in other:
            text = f"`{other}` is no parent, expected an organisation or mode:NAME"
            yield Finding(line, text)

    def _kind(self, line: Line) -> Iterator[Finding]:
        who, what = line.values
        if who.startswith("role:"):
            yield from self._role(line, who)
            yield from known_word(line, "kind of holder", what, self.catalogue.kinds)
        elif kind_of(who) not in self.catalogue.kinds:
            text = f"`{who}` is no role and no subject, expected role:NAME"
            yield Finding(line, text)
        elif what == BLOCKED:
            # the next load without the line would lift the owner's emergency stop
            text = "blocks are not written in files, expected "
            text += f"`oikeus block {who} --reason …`"
            yield Finding(line, text)
        else:
            yield Finding(line, f"`{who}` is no role, expected role:NAME")

    def _level(self, line: Line) -> Iterator[Finding]:
        first, second = line.values
        levels = [f"level:{name}" for name in self.catalogue.levels]
        if first.startswith("level:"):
            yield from known_word(line, "level", first, levels)
            yield from self._role(line, second)
        else:
            yield from known_word(line, "level", second, levels)

    def _role(self, line: Line, role: str) -> Iterator[Finding]:
        roles = [f"role:{name}" for name in self.catalogue.roles]
        yield from known_word(line, "role", role, roles)

    @property
    def _modes(self) -> list[str]:
        return [f"mode:{name}" for name in self.catalogue.modes]
