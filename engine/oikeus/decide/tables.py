"""What the quick path looks questions up in, made from the rules and the organisations.

It is the same for all versions that say the same about both. INVARIANT: whatever can be
found here is a word that a question can name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from ..ids import is_id
from .effects import allow_override
from .evaluator import Evaluator
from .grants import role_of
from .matcher.deciding import Decider
from .register import Register
from .scope import Scope

Above = Mapping[str, Mapping[str, frozenset[str]]]
"""By organisation, those at and above it, with the holders that are found there."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Rules and organisations, by the words of a question.

    Attributes:
        form: which code reads them; see `deciding.FORMS`.
        rules: what they say, under the words that are looked up, one after another.
        above: the organisations that can be asked about.
        roles: those that rules are about.
    """

    form: str
    rules: Any
    above: Above
    roles: frozenset[str]

    @classmethod
    def of(
        cls,
        decider: Decider,
        evaluator: Evaluator,
        register: Register,
        kinds: Collection[str],
        scope: Scope | None,
    ) -> Self:
        """Make the tables of a version."""
        found = _by_holder(decider, evaluator, kinds)
        holders = frozenset(holder for each in found.values() for holder in each)
        above = _above(register, holders)
        if scope is not None:
            above = {
                place: each for place, each in above.items() if place in scope.within
            }
        form, rules = _formed(decider, evaluator, found)
        roles = frozenset(map(role_of, holders))
        return cls(form, _nested(rules), above, roles)


_Key = tuple[str, ...]
_ByHolder = Mapping[str, Sequence[Sequence[str]]]


def _by_holder(
    decider: Decider, evaluator: Evaluator, kinds: Iterable[str]
) -> dict[_Key, _ByHolder]:
    """The rules by the words that are looked up, and by the holders they are about."""
    found: dict[_Key, dict[str, list[Sequence[str]]]] = {}
    for line in evaluator.facts.rules["p"]:
        key = tuple(line.values[place] for place in decider.folding.rule)
        if all(map(is_id, key)):
            by_holder = found.setdefault(key, {})
            for holder in _holders(decider, evaluator, kinds, line.values):
                by_holder.setdefault(holder, []).append(line.values)
    return dict(found)


def _holders(
    decider: Decider, evaluator: Evaluator, kinds: Iterable[str], values: Sequence[str]
) -> list[str]:
    """The holders that a rule is about."""
    terms, matcher = decider.kind, evaluator.matchers["m"]
    functions = [evaluator.functions[name] for name in terms.functions]
    role = values[matcher.rule.index("sub")]
    if "@" in role:
        return []  # no grant covers a domain that cannot be read
    return [
        f"{kind}:{role}"
        for kind in kinds
        if terms.value(
            *(kind if name == "kind" else "" for name in matcher.request),
            *values,
            *functions,
        )
        is True
    ]


def _formed(
    decider: Decider, evaluator: Evaluator, found: Mapping[_Key, _ByHolder]
) -> tuple[str, Mapping[_Key, Any]]:
    """Choose the quickest form that the rules allow."""
    matcher = evaluator.matchers["m"]
    if decider.folding.rest:
        return "trying", found
    allowing, denying = (
        {
            key: frozenset(
                holder
                for holder, rows in by_holder.items()
                if any(row[matcher.effect] == effect for row in rows)
            )
            for key, by_holder in found.items()
        }
        for effect in ("allow", "deny")
    )
    if matcher.settle is allow_override or not any(denying.values()):
        return "allowing", allowing
    return "denying", {key: (allowing[key], denying[key]) for key in found}


def _above(
    register: Register, holders: frozenset[str]
) -> dict[str, dict[str, frozenset[str]]]:
    by_roles: dict[frozenset[str], frozenset[str]] = {}
    roles = set(map(role_of, holders))

    @cache
    def fit(place: str) -> frozenset[str]:
        """The holders that grants at a place can make."""
        held = register.roles_at(place)
        if place in roles:
            held |= {place}  # to Casbin every word leads to itself
        if held not in by_roles:
            by_roles[held] = frozenset(h for h in holders if role_of(h) in held)
        return by_roles[held]

    return {
        organisation: {place: fit(place) for place in above}
        for organisation, above in register.all_above().items()
    }


def _nested(found: Mapping[_Key, Any]) -> Any:  # noqa: ANN401 # whatever the form is
    """What stands under several words as a table of tables; under none, that itself."""
    if () in found:
        return found[()]
    table: dict[str, Any] = {}
    for key, value in found.items():
        inner = table
        for word in key[:-1]:
            inner = inner.setdefault(word, {})
        inner[key[-1]] = value
    return table
