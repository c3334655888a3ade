"""A Casbin model whose lists of rules are ours: the same model, found faster.

The classes of a model and of its definitions are exchanged in place, because others may
hold them already. What they do stays what Casbin's do; only the searches differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from casbin.model import Model
from casbin.model.assertion import Assertion

from .index import Columns
from .row import Rule
from .rules import Rules


class WatchedDefinition(Assertion):  # type: ignore[misc] # Casbin has no types
    """A definition whose `policy`, whoever sets it, is a list that notices changes."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "policy" and type(value) is list:
            value = Rules(value)
        super().__setattr__(name, value)


class WatchedModel(Model):  # type: ignore[misc] # Casbin has no types
    """A model that finds rules by the values of a column without looking at all."""

    def get_policy(self, sec: str, ptype: str) -> Any:  # noqa: ANN401 # a list of rules
        """The rules themselves."""
        return self.model.get(sec)[ptype].policy

    def get_filtered_policy(
        self, sec: str, ptype: str, field_index: int, *field_values: object
    ) -> list[Any]:
        """The rules with these values; a function tests, an empty text fits all."""
        rules = self._narrowed(sec, ptype, field_index, field_values)
        if rules is None:
            found: list[Any] = super().get_filtered_policy(
                sec, ptype, field_index, *field_values
            )
            return found
        return [rule for rule in rules if _passes(rule, field_index, field_values)]

    def update_policy(self, sec: str, ptype: str, old_rule: Any, new_rule: Any) -> bool:  # noqa: ANN401 # any values
        """Put a rule into the place of another."""
        rules = self._searchable(sec, ptype)
        found = None if rules is None else rules.find(old_rule)
        if (
            rules is None
            or found is None
            or "p_priority" in self.model[sec][ptype].tokens
        ):
            updated: bool = super().update_policy(sec, ptype, old_rule, new_rule)
            return updated
        rules.replace(found, new_rule)
        return True

    def remove_filtered_policy(
        self, sec: str, ptype: str, field_index: int, *field_values: object
    ) -> bool:
        """Take out the rules with these values."""
        rules = self._narrowed(sec, ptype, field_index, field_values)
        if rules is None or any(callable(value) for value in field_values):
            found: bool = super().remove_filtered_policy(
                sec, ptype, field_index, *field_values
            )
            return found
        return bool(self._take_out(sec, ptype, rules, field_index, field_values))

    def remove_filtered_policy_returns_effects(
        self, sec: str, ptype: str, field_index: int, *field_values: object
    ) -> list[Any]:
        """Take out the rules with these values, and give them back."""
        rules = self._narrowed(sec, ptype, field_index, field_values)
        if rules is None or any(callable(value) for value in field_values):
            found: list[Any] = super().remove_filtered_policy_returns_effects(
                sec, ptype, field_index, *field_values
            )
            return found
        return self._take_out(sec, ptype, rules, field_index, field_values)

    def get_values_for_field_in_policy(
        self, sec: str, ptype: str, field_index: int
    ) -> list[Any]:
        """The values of a column, each once, in the order in which they first come."""
        rules = self._searchable(sec, ptype)
        index = None if rules is None else rules.by(Columns((), len(rules[0])))
        if rules is None or index is None or index.odd:
            found: list[Any] = super().get_values_for_field_in_policy(
                sec, ptype, field_index
            )
            return found
        return list(dict.fromkeys(rule[field_index] for rule in rules))

    def _searchable(self, sec: str, ptype: str) -> Rules | None:
        """The rules, if there are any and they are what rules should be."""
        definition = (self.model.get(sec) or {}).get(ptype)
        rules = getattr(definition, "policy", None)
        if isinstance(rules, Rules) and rules and not rules.strange:
            return rules
        return None

    def _narrowed(
        self, sec: str, ptype: str, field_index: int, values: Sequence[Any]
    ) -> Sequence[Rule] | None:
        """Rules among which are all that pass; none where Casbin's own way is due."""
        rules = self._searchable(sec, ptype)
        if rules is None or field_index < 0:
            return None
        for place, value in enumerate(values, field_index):
            if type(value) is str and value:
                width = len(rules[0])
                if field_index + len(values) > width:
                    return None
                index = rules.by(Columns((place,), width))
                return index.rules(value) if index and not index.odd else None
        return None

    def _take_out(
        self,
        sec: str,
        ptype: str,
        rules: Sequence[Rule],
        field_index: int,
        values: Sequence[Any],
    ) -> list[Any]:
        found = [rule for rule in rules if _passes(rule, field_index, values)]
        every = self[sec][ptype].policy
        if len(found) > _MANY:
            gone = {id(rule) for rule in found}
            self[sec][ptype].policy = [rule for rule in every if id(rule) not in gone]
        else:
            for rule in found:
                every.discard(rule)
        return found


_MANY = 100
"""From how many rules on it is faster to make a new list than to take out each."""


def _passes(rule: Rule, field_index: int, values: Sequence[Any]) -> bool:
    # INVARIANT: this is Casbin's own condition, word by word
    return all(
        (callable(value) and value(rule[field_index + place]))
        or (value == "" or rule[field_index + place] == value)
        for place, value in enumerate(values)
    )


def watch(model: object) -> bool:
    """Exchange the classes of a model and its definitions, where they are Casbin's own.

    Returns:
        whether the model is now a watched one.
    """
    if type(model) is Model:
        _become(model, WatchedModel)
    if type(model) is not WatchedModel:
        return False
    for definition in _definitions(model):
        if type(definition) is Assertion:
            _become(definition, WatchedDefinition)
            definition.policy = definition.policy
    return True


def _become(watched: Any, kind: type) -> None:  # noqa: ANN401 # a model or a definition
    watched.__class__ = kind
    # Python reads attributes half as fast where the dictionary is the one that it made
    # for the class before: this one is like any other
    watched.__dict__ = {**watched.__dict__}


def _definitions(model: Model) -> Iterator[Any]:
    for section in ("p", "g"):
        yield from (model[section] or {}).values()
