"""Finds the rows that decide nothing, and says why (ruling K).

That they decide nothing is the model's doing, and holds for every Casbin that loads
the lines. This module only reports, however a row came into the database. It knows
what the shipped model checks; a row is passed over in silence where that is not sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..ids import flaw_in_id
from ..policy.model import Model
from ..policy.tree import Tree
from ..terms import Grant, Line, kind_of
from .facts import EFFECTS, Facts
from .roles import LinkRoles


@dataclass(frozen=True, slots=True)
class InertRow:
    """A row in force that decides nothing, with the reason."""

    line: Line
    reason: str


def find_inert(
    model: Model, facts: Facts, tree: Tree, lines: Iterable[Line]
) -> tuple[InertRow, ...]:
    """List the rows that decide nothing, in the order of the lines."""
    finder = _Finder(model, facts, tree)
    return tuple(
        InertRow(line, reason)
        for line in lines
        if (reason := next(finder.reasons(line), None))
    )


class _Finder:
    def __init__(self, model: Model, facts: Facts, tree: Tree) -> None:
        self.model = model
        self.facts = facts
        self.tree = tree
        self.levels = LinkRoles(facts, "g4")

    def reasons(self, line: Line) -> Iterator[str]:
        """Say what keeps a line from deciding; nothing where it can decide."""
        width = self.model.widths.get(line.ptype)
        if width is None:
            yield f"the model knows no lines of kind `{line.ptype}`"
        elif len(line.values) != width:
            yield f"has {len(line.values)} values, expected {width}"
        elif "" in line.values and self.blank_is_lost(line):
            yield "has a blank value, expected none"
        elif line.ptype == "g":
            yield from self.grant_reasons(line)
        elif line.ptype in ("p", "p2"):
            yield from self.rule_reasons(line)

    def blank_is_lost(self, line: Line) -> bool:
        """Whether no chain of links leads through the blank to anything else."""
        if line.ptype == "p":
            # no question has a blank part, but an attribute may be blank
            return not self.model.attributes
        if line.ptype == "g":
            return True
        links = self.facts.links.get(line.ptype, self.facts.links["g2"])
        led_to = any("" in seconds for seconds in links.values())
        leads_on = "" in links or any(
            "" in rule.values for rule in self.facts.rules["p2"]
        )
        return not (led_to and leads_on)

    def rule_reasons(self, line: Line) -> Iterator[str]:
        columns = dict(zip(self.model.fields[line.ptype], line.values, strict=True))
        roles = [columns["sub"]]
        if line.ptype == "p2":
            roles.append(columns["role"])
        for role in roles:
            if not self.facts.kinds(role):
                yield f"`{role}` has no kind of holder, so nobody can hold it"
            elif "@" in role:
                yield f"`{role}` holds @, which ids cannot"
        if line.ptype == "p" and columns["eft"] not in EFFECTS:
            yield f"unknown effect `{columns['eft']}`, expected allow or deny"

    def grant_reasons(self, line: Line) -> Iterator[str]:
        try:
            grant = Grant.parse(line)
        except ValueError as error:
            yield str(error)
        else:
            yield from self.readable_grant_reasons(grant)

    def readable_grant_reasons(self, grant: Grant) -> Iterator[str]:
        kinds = self.facts.kinds(grant.role)
        kind = kind_of(grant.subject)
        if not kinds:
            yield f"unknown role `{grant.role}`"
        elif kind not in kinds:
            yield (
                f"`{grant.role}` is for a {' or '.join(kinds)}, "
                f"not for a {kind or 'subject without a kind'}"
            )
        elif flaw := flaw_in_id(grant.subject):
            yield f"the holder {flaw}"
        elif "@" in grant.role:
            yield f"`{grant.role}` holds @, which ids cannot"
        elif not self.levels.has_link(grant.organisation, grant.role):
            yield self.place_reason(grant)

    def place_reason(self, grant: Grant) -> str:
        if grant.organisation not in self.tree:
            return f"organisation `{grant.organisation}` is not in the register"
        levels = ", ".join(self.tree.levels.get(grant.organisation, ())) or "none"
        return (
            f"`{grant.role}` cannot be held at `{grant.organisation}`, "
            f"whose levels are: {levels}"
        )
