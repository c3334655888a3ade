"""An adapter and a watcher that note what an enforcer tells them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from casbin.persist import Adapter

Line = tuple[str, list[Any]]


class Lines(Adapter):  # type: ignore[misc] # Casbin has no types
    """Rules that are kept somewhere, of which some can be loaded alone.

    Attributes:
        lines: the rules.
        said: what was asked of it, in order.
        filtered: whether not all rules were loaded last.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = [*lines]
        self.said: list[str] = []
        self.filtered = False

    def load_policy(self, model: Any) -> None:  # noqa: ANN401 # Casbin's model
        """Put all rules in."""
        self.filtered = False
        self._load(model, self.lines)

    def load_filtered_policy(self, model: Any, chosen: str) -> None:  # noqa: ANN401 # Casbin's model
        """Put the rules in that begin so."""
        self.filtered = True
        self._load(model, [line for line in self.lines if line[1][:1] == [chosen]])

    def is_filtered(self) -> bool:
        """Whether not all rules were loaded last."""
        return self.filtered

    def save_policy(self, model: Any) -> None:  # noqa: ANN401 # Casbin's model
        """Keep the rules that there are."""
        self.lines = [
            (name, [*rule])
            for section in "pg"
            for name, found in (model[section] or {}).items()
            for rule in found.policy
        ]

    @staticmethod
    def _load(model: Any, lines: Sequence[Line]) -> None:  # noqa: ANN401 # Casbin's model
        for name, rule in lines:
            model[name[0]][name].policy.append([*rule])


class Watcher:
    """Notes what it is told."""

    def __init__(self, said: list[str]) -> None:
        self.said = said


def _noting(name: str) -> Callable[..., bool]:
    def note(self: Lines | Watcher, *values: object) -> bool:
        self.said.append(f"{type(self).__name__}.{name}{values!r:.500}")
        return True

    return note


for _name in (
    *("add_policy", "add_policies", "add_policies_ex", "remove_policy"),
    *("remove_policies", "remove_filtered_policy", "update_policy", "update_policies"),
):
    setattr(Lines, _name, _noting(_name))
for _name in (
    *("update", "update_for_add_policy", "update_for_add_policies"),
    *("update_for_add_policies_ex", "update_for_remove_policy"),
    *("update_for_remove_policies", "update_for_remove_filtered_policy"),
):
    setattr(Watcher, _name, _noting(_name))
