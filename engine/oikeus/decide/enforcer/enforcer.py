"""A `casbin.Enforcer` that compiles its matchers and finds rules by index.

Everything else is Casbin's. A question that cannot be answered by a compiled matcher
is answered by Casbin itself; `Enforcer.compiled` says which matchers that concerns,
and why.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from casbin.core_enforcer import EnforceContext

from ...errors import ModelError
from ..effects import EFFECTS
from ..matcher.plan import Plan
from .answering import Answering
from .asking import without_trace
from .binding import Context
from .lists.watched import WatchedModel, watch
from .relinking import Relinking

_DEFAULT = Context("r", "p", "m")


class Enforcer(Relinking):
    r"""Casbin's enforcer, with the same methods and the same answers, faster.

    >>> model = Enforcer.new_model(
    ...     text="[request_definition]\nr = sub, obj\n"
    ...     "[policy_definition]\np = sub, obj\n"
    ...     "[policy_effect]\ne = some(where (p.eft == allow))\n"
    ...     "[matchers]\nm = r.sub == p.sub && keyMatch(r.obj, p.obj)\n"
    ... )
    >>> enforcer = Enforcer(model)
    >>> enforcer.add_policy("alice", "/data/*")
    True
    >>> enforcer.enforce_ex("alice", "/data/1")
    (True, ['alice', '/data/*'])
    >>> print(enforcer.compiled["m"])
    matcher: r.sub == p.sub && keyMatch(r.obj, p.obj)
    look up the rules whose p.sub equals r.sub
    on each rule: keyMatch(r.obj, p.obj)
    with other values than short text: the whole matcher, on every rule

    A rule that is given as a list is copied: editing that list later changes nothing.
    Editing what the enforcer gives out (`get_policy()[0][2] = "write"`) does.
    """

    _answering: dict[Context, Answering]
    _refused: dict[Context, tuple[object, str]]

    def __setattr__(self, name: str, value: object) -> None:
        if name == "model":
            self._answering = {}
            self._refused = {}
            watch(value)
        super().__setattr__(name, value)

    @property
    def compiled(self) -> Mapping[str, Plan | str]:
        """How each matcher is answered: its plan, or why Casbin answers instead."""
        found: dict[str, Plan | str] = {}
        sections = self.model.model
        for matcher in sections.get("m") or ():
            names = (f"{section}{matcher[1:]}" for section in "rp")
            request, policy = (
                name if name in sections[name[0]] else name[0] for name in names
            )
            answering = self._find(Context(request, policy, matcher))
            plan = answering if isinstance(answering, str) else answering.plan
            found[matcher] = plan
        if type(self.eft) not in EFFECTS:
            reason = "the effector is none of Casbin's own"
            return dict.fromkeys(found, reason)
        return found

    def enforce_ex(self, *rvals: Any) -> tuple[bool, list[str]]:  # noqa: ANN401 # any values
        """Decide whether a request is allowed, and by which rule.

        Args:
            rvals: the request's fields, after an `EnforceContext` where there is one.

        Returns:
            the answer, and the last rule that matched; an empty list if none did.
        """
        context, request = _DEFAULT, rvals
        if rvals and type(rvals[0]) is not str and isinstance(rvals[0], EnforceContext):
            named = rvals[0]
            context = Context(named.rtype, named.ptype, named.mtype)
            request = rvals[1:]
        settle = EFFECTS.get(type(self.eft))
        if settle is None or not self.enabled:
            return self._ask_casbin(rvals)
        answering = self._answering.get(context)
        if answering is None or not answering.is_current(self):
            found = self._find(context)
            if isinstance(found, str):
                return self._ask_casbin(rvals)
            answering = found
        settled = answering.answer(request, settle)
        if settled is None:
            return self._ask_casbin(rvals)
        allowed, rule = settled
        logger = self.logger
        level = logging.INFO if allowed else logging.WARNING
        if not logger.disabled and logger.isEnabledFor(level):
            asked = ", ".join([str(value) for value in request])
            logger.log(level, "Request: %s ---> %s", asked, allowed)
        return allowed, [] if rule is None else rule  # type: ignore[return-value] # a rule is a list

    def get_named_policy(self, ptype: str) -> Any:  # noqa: ANN401 # a list of rules
        """The rules of a definition of policy: the list itself, as in Casbin."""
        model = self.model
        if type(model) is WatchedModel:
            # as its `get_policy` does: Python is slow to call a method of what became
            # of another class
            return model.model.get("p")[ptype].policy
        return super().get_named_policy(ptype)

    def _ask_casbin(self, rvals: tuple[Any, ...]) -> tuple[bool, list[str]]:
        with without_trace(self.rm_map.values()):
            found: tuple[bool, list[str]] = super().enforce_ex(*rvals)
        return found

    def _find(self, context: Context) -> Answering | str:
        """Compile a context's matcher, or say why not."""
        answering = self._answering.get(context)
        if answering is not None and answering.is_current(self):
            return answering
        self._answering.pop(context, None)
        state = self._state(context)
        refused = self._refused.get(context)
        if refused is not None and refused[0] == state:
            return refused[1]
        try:
            found = self._answering[context] = Answering(self, context)
        except ModelError as error:
            self._refused[context] = state, str(error)
            return str(error)
        return found

    def _state(self, context: Context) -> object:
        """What a refusal rests on; while it is the same, nothing is tried again."""
        sections = self.model.model
        definitions = [
            (section, name, found.value, tuple(found.tokens))
            for section, name in zip("rpm", context, strict=True)
            for found in ((sections.get(section) or {}).get(name),)
            if found is not None
        ]
        functions = self.fm.get_functions()
        roles = (
            tuple(sections.get("g") or ()),
            bool(self.rm_map),
            bool(self.cond_rm_map),
        )
        return (
            definitions,
            roles,
            [*functions.items()],
            "m" in (sections.get("m") or ()),
        )
