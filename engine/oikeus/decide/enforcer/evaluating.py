"""Matchers with `eval`: each rule brings text of its own that is part of the matcher.

A text is compiled once and kept. One that the compiler refuses is evaluated by Casbin's
own interpreter, with Casbin's errors; the other rules are compiled all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from casbin.core_enforcer import CoreEnforcer
from casbin.util import util

from ...errors import ModelError
from ..matcher.meaning import is_match, wrong_size
from ..matcher.plan import Plan, compile_rule
from ..matcher.reading import PARSING
from .lists.row import is_text

_MOST_RULES: Final = 20_000
"""How many texts are kept; beyond, they are compiled again."""

Evaluate = Callable[[Sequence[Any], Sequence[Any]], Any]


class Evaluating:
    """Evaluates the matcher that each rule makes.

    Attributes:
        plan: the matcher's.
        functions: what it may call.
    """

    def __init__(self, plan: Plan, functions: Mapping[str, Any]) -> None:
        self.plan = plan
        self.functions = functions
        self._kept: dict[object, Evaluate] = {}
        # text for one field, a tuple for several
        self._texts: Callable[[Sequence[Any]], Any] = itemgetter(*plan.rules)

    def matching(
        self, rules: Sequence[Any], request: Sequence[Any], *, are_texts: bool
    ) -> Iterator[Sequence[Any]]:
        """Give those rules that match.

        Args:
            rules: in their order.
            request: the request's fields.
            are_texts: whether all rules are known to be of the right width, and text.

        Raises:
            RuntimeError: a rule is of the wrong width, or gives no truth; as in Casbin.
        """
        width = len(self.plan.signature.rule)
        kept = self._kept
        for rule in rules:
            if not are_texts:
                if len(rule) != width:
                    wrong_size()
                if not is_text(rule):
                    value = self._interpret(request, rule)
                    if is_match(value):
                        yield rule
                    continue
            evaluate = kept.get(self._texts(rule)) or self._learn(rule)
            value = evaluate(request, rule)
            if value is True or (value is not False and is_match(value)):
                yield rule

    def _learn(self, rule: Sequence[Any]) -> Evaluate:
        texts = tuple(rule[place] for place in self.plan.rules)
        try:
            names, code = compile_rule(self.plan.text, texts, self.plan.signature)
        except ModelError:
            evaluate = self._interpret
        else:
            functions = [self.functions[name] for name in names]

            def evaluate(request: Sequence[Any], rule: Sequence[Any]) -> Any:  # noqa: ANN401 # any value
                return code(*request, *rule, *functions)

        if len(self._kept) >= _MOST_RULES:
            self._kept.clear()
        self._kept[self._texts(rule)] = evaluate
        return evaluate

    def _interpret(self, request: Sequence[Any], rule: Sequence[Any]) -> Any:  # noqa: ANN401 # any value
        plan = self.plan
        fields = dict(zip(plan.signature.rule, rule, strict=True))
        names = util.get_eval_value(plan.text)
        texts = [util.escape_assertion(fields[name]) for name in names]
        whole = util.replace_eval(plan.text, texts)
        asked = dict(zip(plan.signature.request, request, strict=True))
        with PARSING:
            expression = CoreEnforcer._get_expression(whole, dict(self.functions))  # noqa: SLF001 # its reading of a matcher
            return expression.eval({**asked, **fields})
