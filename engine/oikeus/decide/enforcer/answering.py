"""Answers to the questions of one context, by the plan of its matcher.

Requests and rules that are all short text are found by index; any others are tried one
by one, in their order, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, ClassVar

from casbin.core_enforcer import CoreEnforcer

from ..effects import Settle, Settled, deny_override
from ..matcher.meaning import may_have
from ..matcher.plan import Program, make_plan
from ..matcher.signature import SHORT
from .asking import Reach, reacher
from .binding import Binding, Context
from .evaluating import Evaluating
from .lists.index import Columns, Index
from .lists.row import is_short_text, number_of
from .lists.rules import Rules

_NO_RULES = "please make sure rule exists in policy when using eval() in matcher"


class Answering:
    """Answers the questions of one context.

    Attributes:
        plan: how.
        binding: what the plan was made from.
        is_current: whether that is still so.
        few: up to how many rules it is not worth the while to look up roles first.

    Raises:
        ModelError: the matcher is not compiled; the text says why.
    """

    few: ClassVar[int] = 16

    def __init__(self, enforcer: CoreEnforcer, context: Context) -> None:
        self.binding = binding = Binding(enforcer, context)
        self.is_current = binding.is_current
        self.plan = plan = make_plan(binding.text, binding.signature())
        rule, layout = plan.signature.rule, plan.layout
        effect = f"{context.policy}_eft"
        # of several fields of one name Casbin takes the last
        places = [place for place, token in enumerate(rule) if token == effect]
        self._effect = places[-1] if places else -1
        self._width = len(plan.signature.request)
        self._columns = Columns(
            layout.rule, len(rule), plan.rules if layout.rule else ()
        )
        # text for one field, a tuple for several: the same as an index's key
        self._key = itemgetter(*(layout.request or (0,)))
        self._held: tuple[Rules | None, Index | None] = None, None
        self._fast: list[Any] = []
        self._slow: list[Any] = []
        self._blank = ("",) * len(rule)
        self._reach: Reach | None = None
        self._program = plan.program
        self._is_indexed = bool(layout.rule)
        if plan.program is not None:
            self._bind(plan.program)
        self._evaluating = None if plan.program else Evaluating(plan, binding.functions)

    def _bind(self, program: Program) -> None:
        binding, roles = self.binding, self.plan.layout.roles
        links = {link.name: link for link in binding.links}
        binding.rely_on(program.functions)
        for name in program.functions:
            function = binding.functions[name]
            self._slow.append(function)
            is_asked = name in links and name in program.asked
            self._fast.append(links[name].for_text() if is_asked else function)
        if roles is not None:
            self._reach = reacher(links[roles.function].manager)
            columns = roles.rule, *self._columns.places
            self._role_columns = self._columns._replace(places=columns)

    def answer(self, request: Sequence[Any], settle: Settle) -> Settled | None:
        """Answer a question, or give none where only Casbin itself can."""
        rules = self.binding.policy.policy
        held, index = self._held
        if index is None or index.is_stale or rules is not held:
            index = self._look_up(rules)
        if index is None or len(request) != self._width:
            return None
        program = self._program
        if program is None or index.odd:
            return self._answer_any(request, settle, index)
        if not rules:
            return self._answer_without_rules(request, settle)
        for value in request:
            if type(value) is not str or len(value) > SHORT:
                return self._answer_any(request, settle, index)
        found = rules
        if self._is_indexed:
            found = index.rules(self._key(request))
        if self._reach is not None and len(found) > Answering.few:
            found = self._narrow(rules, found, request)
        return settle(program.search(found, *request, *self._fast), self._effect)

    def _look_up(self, rules: object) -> Index | None:
        """Find the index, as it is after the last change of the rules."""
        index = rules.by(self._columns) if isinstance(rules, Rules) else None
        if isinstance(rules, Rules) and index is not None:
            self._held = rules, index
        return index

    def _narrow(
        self, rules: Rules, found: Sequence[Any], request: Sequence[Any]
    ) -> Sequence[Any]:
        """Look up the rules of each role that the subject has, if they are fewer."""
        roles, reach = self.plan.layout.roles, self._reach
        assert roles is not None  # noqa: S101 # so has the plan, or this is not asked
        assert reach is not None  # noqa: S101 # it was made for these roles
        domain = () if roles.domain is None else (request[roles.domain],)
        names = reach(request[roles.request], *domain)
        index = rules.by(self._role_columns)
        if names is None or index is None or len(names) >= len(found):
            return found
        rest = [request[place] for place in self.plan.layout.request]
        keys = ((name, *rest) for name in names) if rest else names
        buckets = [bucket for bucket in map(index.rules, keys) if bucket]
        if len(buckets) <= 1:
            return buckets[0] if buckets else ()
        return sorted(chain.from_iterable(buckets), key=number_of)

    def _answer_any(
        self, request: Sequence[Any], settle: Settle, index: Index
    ) -> Settled | None:
        """Answer a question of which nothing is known."""
        rules: Sequence[Any] = self.binding.policy.policy
        if not rules:
            return self._answer_without_rules(request, settle)
        if index.foreign or not may_have(request):
            return None  # Casbin refuses them only if they are needed
        program, evaluating = self.plan.program, self._evaluating
        if self.plan.layout.rule and not index.odd and self._is_guarded(request):
            rules = index.rules(self._key(request))
        if program is not None:
            return settle(program.scan(rules, *request, *self._slow), self._effect)
        assert evaluating is not None  # noqa: S101 # there is one or the other
        matching = evaluating.matching(rules, request, are_texts=not index.odd)
        return settle(matching, self._effect)

    def _is_guarded(self, request: Sequence[Any]) -> bool:
        return is_short_text(request[place] for place in self.plan.layout.guarded)

    def _answer_without_rules(
        self, request: Sequence[Any], settle: Settle
    ) -> Settled | None:
        """Evaluate the matcher once, for a rule of empty texts, as Casbin does."""
        program = self._program
        if program is None:
            raise RuntimeError(_NO_RULES)
        if not may_have(request):
            return None
        value = program.value(*request, *self._blank, *self._slow)
        return bool(value) or settle is deny_override, None
