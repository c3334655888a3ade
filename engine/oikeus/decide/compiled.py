"""A model's matchers as plans, compiled once however often the model is used.

Casbin reads the model, so that fields and effect are what any Casbin would take them
for; the matchers are compiled, and never interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from casbin.effect import get_effector
from casbin.model import FunctionMap
from casbin.model import Model as CasbinModel

from ..errors import ModelError
from ..policy.model import MATCHERS, Model
from .effects import EFFECTS, Settle, allow_override
from .facts import CHAINS
from .matcher.deciding import Decider, make_decider
from .matcher.folding import why_not_folded
from .matcher.plan import Plan, Program, as_written, make_plan
from .matcher.signature import Signature

FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    FunctionMap.load_function_map().fm
)
"""Casbin's own functions, which a matcher may call."""

_LINKS = frozenset({"g", *CHAINS})
_NEVER_RAISES = frozenset({"keyMatch"})
_UNSURE = frozenset({"timeMatch"})  # what it gives is looked at each time


@dataclass(frozen=True, slots=True)
class Matcher:
    """A matcher of a model, ready to be asked.

    Attributes:
        name: `m`, `m2` or `m3`.
        plan: how it is evaluated.
        program: its code.
        settle: what its matching rules add up to.
        effect: the column of a rule's effect, -1 where there is none.
        request: the names of the request's fields, `sub`, in their order.
        rule: the names of a rule's fields.
        decider: decides it from the subject's grants, where that can be done.
    """

    name: str
    plan: Plan
    program: Program
    settle: Settle
    effect: int
    request: tuple[str, ...]
    rule: tuple[str, ...]
    decider: Decider | None

    def lines(self, *, is_folded: bool) -> Iterator[str]:
        """Say how questions are decided, in the order in which it is done.

        Args:
            is_folded: whether they are decided from the grants of the subject, which
                also depends on the lines that are loaded.
        """
        yield f"matcher: {as_written(self.plan.text)}"
        steps = self.plan.steps()  # a request has no other values than short text
        if self.decider is not None and is_folded:
            yield from self.decider.folding.lines(self.plan)
            yield self._effect()
            yield "for a question of which a part is unknown: deny"
            yield "for a subject that did not pass when loaded, and to give reasons:"
            yield from (f"  {step}" for step in steps)
            return
        if self.name == "m":
            reason = why_not_folded(self.plan) or "not everybody would pass it unnamed"
            yield f"slow, because each question is tried on the rules: {reason}"
        yield from steps
        yield self._effect()

    def _effect(self) -> str:
        beaten = self.effect >= 0 and self.settle is not allow_override
        unless = ", unless one of them denies" if beaten else ""
        return f"allow if one of the rules that match allows{unless}; else deny"

    def key(self, values: Sequence[str]) -> tuple[str, ...]:
        """What a question looks rules up by; it depends on no other rule."""
        return tuple(values[place] for place in self.plan.layout.request)

    @property
    def ptype(self) -> str:
        """The kind of line that it is held against."""
        return MATCHERS[self.name][1]


def compile_matchers(model: Model) -> Mapping[str, Matcher]:
    """Compile the matchers `m`, `m2` and `m3` of a model, those that it has.

    Raises:
        ModelError: Casbin cannot use the model, or a matcher cannot be compiled.
    """
    return _compile(model.text)


@lru_cache(maxsize=8)
def _compile(text: str) -> Mapping[str, Matcher]:
    parsed = CasbinModel()
    try:
        parsed.load_model_from_text(text)
        settle = EFFECTS[type(get_effector(parsed["e"]["e"].value))]
        found = {
            name: _matcher(parsed, name, settle)
            for name in MATCHERS
            if name in parsed["m"]
        }
    except ModelError:
        raise
    except Exception as error:
        message = f"the model cannot be used by casbin: {error}"
        raise ModelError(message) from error
    return MappingProxyType(found)


def _matcher(parsed: CasbinModel, name: str, settle: Settle) -> Matcher:
    request, rule = (tuple(parsed[key[0]][key].tokens) for key in MATCHERS[name])
    functions = frozenset(FUNCTIONS)
    plan = make_plan(
        parsed["m"][name].value,
        Signature(
            request=request,
            rule=rule,
            links=_LINKS,
            sure=_LINKS | functions - _UNSURE,
            steady=_LINKS | _NEVER_RAISES,
            known=_LINKS | functions,
        ),
    )
    if plan.program is None:
        message = "the matcher has `eval`, which would run text of the policy"
        raise ModelError(message)
    asked, columns = (
        tuple(token.partition("_")[2] for token in side) for side in (request, rule)
    )
    return Matcher(
        name,
        plan,
        plan.program,
        settle,
        columns.index("eft") if "eft" in columns else -1,
        asked,
        columns,
        make_decider(plan) if name == "m" else None,
    )
