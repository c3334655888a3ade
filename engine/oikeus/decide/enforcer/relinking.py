"""Role links that follow the rules, also where Casbin's own bookkeeping does not.

Casbin links what it was asked to add even if it added nothing, keeps the links of a
policy that was cleared, and when one of two rules that give the same link is removed,
takes the link away with it. Here a link is there if, and only if, a rule gives it.

Only Casbin's own role managers are treated so; others are left to Casbin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from casbin.model.policy_op import PolicyOp
from casbin.rbac.default_role_manager.role_manager import DomainManager, RoleManager

from .asking import compares, forget_domains, unlink
from .lists.index import Columns
from .lists.rules import Rules
from .untraced import Untraced

Answer = TypeVar("Answer")


class Relinking(Untraced):
    """The changes of role definitions that an enforcer makes in a way of its own."""

    def add_named_grouping_policy(self, ptype: str, *params: object) -> Any:  # noqa: ANN401 # Casbin's answer
        """Add a rule, and its link if it was added."""
        single = len(params) == 1 and isinstance(params[0], list)
        rule = params[0] if single else list(params)
        return self._add(
            ptype,
            [rule],
            lambda: super(Relinking, self).add_named_grouping_policy(ptype, *params),
        )

    def add_named_grouping_policies(self, ptype: str, rules: Sequence[Any]) -> Any:  # noqa: ANN401 # Casbin's answer
        """Add rules if none is there already, and their links if they were added."""
        return self._add(
            ptype,
            rules,
            lambda: super(Relinking, self).add_named_grouping_policies(ptype, rules),
        )

    def add_named_grouping_policies_ex(self, ptype: str, rules: Sequence[Any]) -> Any:  # noqa: ANN401 # Casbin's answer
        """Add those rules that are not there already, and their links."""
        return self._add(
            ptype,
            rules,
            lambda: super(Relinking, self).add_named_grouping_policies_ex(ptype, rules),
        )

    def remove_named_grouping_policy(self, ptype: str, *params: object) -> Any:  # noqa: ANN401 # Casbin's answer
        """Remove a rule, and its link unless another rule gives it."""
        single = len(params) == 1 and isinstance(params[0], list)
        rule = params[0] if single else list(params)
        return self._remove(
            ptype,
            [rule],
            lambda: super(Relinking, self).remove_named_grouping_policy(ptype, *params),
        )

    def remove_named_grouping_policies(self, ptype: str, rules: Sequence[Any]) -> Any:  # noqa: ANN401 # Casbin's answer
        """Remove rules, and their links unless other rules give them."""
        return self._remove(
            ptype,
            rules,
            lambda: super(Relinking, self).remove_named_grouping_policies(ptype, rules),
        )

    def remove_filtered_named_grouping_policy(
        self, ptype: str, field_index: int, *field_values: object
    ) -> Any:  # noqa: ANN401 # Casbin answers with the rules
        """Remove the rules with these values, and their links."""
        if not self._keeps_links(ptype):
            return super().remove_filtered_named_grouping_policy(
                ptype, field_index, *field_values
            )
        found = self.get_filtered_named_grouping_policy(
            ptype, field_index, *field_values
        )
        removing = super().remove_filtered_named_grouping_policy
        return self._remove(
            ptype, found, lambda: removing(ptype, field_index, *field_values)
        )

    def clear_policy(self) -> None:
        """Remove all rules, and all links."""
        super().clear_policy()
        if self.auto_build_role_links:
            self.build_role_links()
            for manager in self.cond_rm_map.values():
                manager.clear()

    def load_filtered_policy(self, filter: Any) -> None:  # noqa: A002, ANN401 # Casbin's name, and any value
        """Load some rules instead of those there are; if that fails, none remain."""
        try:
            super().load_filtered_policy(filter)
        except BaseException:
            if self.auto_build_role_links:
                self.build_role_links()
            raise

    def _add(
        self, ptype: str, rules: Sequence[Any], add: Callable[[], Answer]
    ) -> Answer:
        if not self._keeps_links(ptype):
            return add()
        there: Callable[..., bool] = self.model.has_policy
        new: list[Any] = []
        for rule in rules:
            if rule not in new and not there("g", ptype, rule):
                new.append(rule)
        try:
            return self._unlinked(add)
        finally:
            forget_domains(self.rm_map[ptype])
            self.model.build_incremental_role_links(
                self.rm_map[ptype],
                PolicyOp.Policy_add,
                "g",
                ptype,
                [rule for rule in new if there("g", ptype, rule)],
            )

    def _remove(
        self, ptype: str, rules: Sequence[Any], remove: Callable[[], Answer]
    ) -> Answer:
        """Remove rules; those that are gone afterwards have lost their links."""
        if not self._keeps_links(ptype):
            return remove()
        there: Callable[..., bool] = self.model.has_policy
        before = [rule for rule in rules if there("g", ptype, rule)]
        shared = self._shares_links(ptype)
        try:
            return self._unlinked(remove)
        finally:
            gone = [rule for rule in before if not there("g", ptype, rule)]
            self._unlink(ptype, gone, shared=shared)

    def _unlink(self, ptype: str, gone: Sequence[Any], *, shared: bool) -> None:
        manager = self.rm_map[ptype]
        forget_domains(manager)
        if gone and shared:
            manager.clear()
            self.model["g"][ptype].build_role_links(manager)
        elif gone:
            left = [rule for rule in gone if not unlink(manager, *rule)]
            self.model.build_incremental_role_links(
                manager, PolicyOp.Policy_remove, "g", ptype, left
            )

    def _unlinked(self, change: Callable[[], Answer]) -> Answer:
        self.auto_build_role_links = False
        try:
            return change()
        finally:
            self.auto_build_role_links = True

    def _keeps_links(self, ptype: str) -> bool:
        manager = self.rm_map.get(ptype)
        return (
            self.auto_build_role_links
            and type(manager) in {RoleManager, DomainManager}
            and ptype in (self.model["g"] or {})
        )

    def _shares_links(self, ptype: str) -> bool:
        """Whether two rules may give one link, so that removing one must not end it."""
        if not compares(self.rm_map[ptype]):
            return True
        definition = self.model["g"][ptype]
        rules = definition.policy
        if type(rules) is not Rules or rules.repeats():
            return True
        index = rules.by(Columns((), definition.value.count("_")))
        return index is None or index.odd > 0
