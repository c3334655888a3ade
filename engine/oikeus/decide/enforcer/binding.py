"""What the questions of one context are put to, as it stands in an enforcer.

Casbin lets anybody exchange its model, definitions, functions and role managers. So
everything that a plan was made from is held here, and compared again at each question.
Rules are not: their lists tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from casbin.core_enforcer import CoreEnforcer
from casbin.model import FunctionMap
from casbin.rbac.default_role_manager.role_manager import DomainManager, RoleManager
from casbin.util import (
    builtin_operators,
    generate_conditional_g_function,
    generate_g_function,
)

from ...errors import ModelError
from ..matcher.meaning import is_harmful
from ..matcher.reading import REPLACED
from ..matcher.signature import Signature
from .asking import asker
from .lists.watched import watch

Function = Callable[..., Any]

STEADY: Final = frozenset({RoleManager, DomainManager, type(None)})
"""The role managers that never raise for text, and answer true or false."""

_BUILT_IN: Final[Mapping[str, Function]] = {
    "keyMatch": builtin_operators.key_match_func,
    "keyMatch2": builtin_operators.key_match2_func,
    "keyMatch3": builtin_operators.key_match3_func,
    "keyMatch4": builtin_operators.key_match4_func,
    "keyMatch5": builtin_operators.key_match5_func,
    "regexMatch": builtin_operators.regex_match_func,
    "ipMatch": builtin_operators.ip_match_func,
    "globMatch": builtin_operators.glob_match_func,
}
_NEVER_RAISES: Final = frozenset({"keyMatch"})


class Context(NamedTuple):
    """The sections that a question is put to; Casbin reads no other effect than `e`."""

    request: str
    policy: str
    matcher: str


class Links(NamedTuple):
    """A role definition and how it is asked."""

    name: str
    definition: Any
    manager: Any
    conditional: bool

    @property
    def is_steady(self) -> bool:
        """Whether asking it about text never raises, and leaves no trace."""
        return type(self.manager) in STEADY and not self.conditional

    def current(self) -> object:
        """The manager that the definition has now."""
        return self.definition.cond_rm if self.conditional else self.definition.rm

    def for_text(self) -> Function:
        """A function for two or three texts."""
        if self.is_steady and self.manager is not None:
            return asker(self.manager)
        return self.for_any()

    def for_any(self) -> Function:
        """A function for whatever values, that takes them as Casbin does."""
        if self.conditional or not self.is_steady or self.manager is None:
            kinds = generate_g_function, generate_conditional_g_function
            found: Function = kinds[self.conditional](self.manager)
            return found
        has_link = asker(self.manager)

        def ask(*names: Any) -> bool:  # noqa: ANN401 # any values
            return has_link(names[0], names[1], *map(str, names[2:3]))

        return ask


class Binding:
    """The definitions, functions and role managers of a context.

    Attributes:
        request: the request's definition.
        policy: the rules' definition.
        text: the matcher.
        links: the role definitions.
        functions: all functions, role definitions among them, for any values.

    Raises:
        ModelError: a part is missing, or cannot be relied on.
    """

    def __init__(self, enforcer: CoreEnforcer, context: Context) -> None:
        if not watch(enforcer.model):
            message = "the model is of a class of its own"
            raise ModelError(message)
        self._context = context
        sections: Mapping[str, Mapping[str, Any]] = enforcer.model.model
        definition(sections, "m", "m")  # Casbin expects it even where another is asked
        self.request = definition(sections, "r", context.request)
        self.policy = definition(sections, "p", context.policy)
        self._matcher = definition(sections, "m", context.matcher)
        self.text: str = self._matcher.value
        self._request_tokens = list(self.request.tokens)
        self._policy_tokens = list(self.policy.tokens)
        if type(enforcer.fm) is not FunctionMap:
            message = "the functions are in a map of a class of its own"
            raise ModelError(message)
        self._map = enforcer.fm
        self._own: dict[str, Function] = enforcer.fm.fm
        own = dict(self._own)  # another thread's question may add to it meanwhile
        self._size = len(own)
        self._is_plain = bool(enforcer.rm_map)
        self._is_conditional = bool(enforcer.cond_rm_map)
        self.links = self._find_links(sections.get("g") or {})
        if any(is_harmful(function) for function in own.values()):
            message = "the model has a function that no matcher may know"
            raise ModelError(message)
        asking = {link.name: link.for_any() for link in self.links}
        self.functions: dict[str, Function] = {**own, **asking}
        # of one name Casbin takes the role definition, and puts it among the functions
        self._relied_on = [pair for pair in own.items() if pair[0] not in asking]

    def _find_links(self, definitions: Mapping[str, Any]) -> tuple[Links, ...]:
        if not self._is_plain and not self._is_conditional:
            return ()
        conditional = self._is_conditional
        return tuple(
            Links(name, found, found.cond_rm if conditional else found.rm, conditional)
            for name, found in definitions.items()
        )

    def signature(self) -> Signature:
        """What a matcher may name here, and what is known of the functions."""
        names = frozenset(link.name for link in self.links)
        sure = {
            name
            for name, function in _BUILT_IN.items()
            if self.functions.get(name) is function
        }
        steady = {link.name for link in self.links if link.is_steady}
        return Signature(
            request=tuple(self._request_tokens),
            rule=tuple(self._policy_tokens),
            links=names,
            sure=frozenset(sure | steady),
            steady=frozenset(steady | (sure & _NEVER_RAISES)),
            known=frozenset(self.functions.keys() - (REPLACED - names)),
        )

    def rely_on(self, names: tuple[str, ...]) -> None:
        """Say which functions are called; others may be exchanged."""
        self._relied_on = [pair for pair in self._relied_on if pair[0] in names]

    def is_current(self, enforcer: CoreEnforcer) -> bool:
        """Whether nothing was exchanged since."""
        sections = enforcer.model.model
        asked, policy, matcher = self._context
        functions = self._own
        if (
            sections["m"].get(matcher) is not self._matcher
            or self._matcher.value is not self.text
            or sections["p"].get(policy) is not self.policy
            or sections["r"].get(asked) is not self.request
            or self.request.tokens != self._request_tokens
            or self.policy.tokens != self._policy_tokens
            or enforcer.fm is not self._map
            or self._map.fm is not functions
            or len(functions) != self._size
        ):
            return False
        for name, function in self._relied_on:
            if functions.get(name) is not function:
                return False
        return "g" not in sections or self._has_links(enforcer, sections["g"])

    def _has_links(
        self, enforcer: CoreEnforcer, definitions: Mapping[str, Any]
    ) -> bool:
        if bool(enforcer.rm_map) is not self._is_plain:
            return False
        if bool(enforcer.cond_rm_map) is not self._is_conditional:
            return False
        if len(definitions) != len(self.links):
            return not self._is_plain and not self._is_conditional
        for link in self.links:
            if definitions.get(link.name) is not link.definition:
                return False
            if link.current() is not link.manager:
                return False
        return True


def definition(sections: Mapping[str, Mapping[str, Any]], kind: str, name: str) -> Any:  # noqa: ANN401 # Casbin's definitions have no types
    """A definition of a model.

    Raises:
        ModelError: there is none.
    """
    found = (sections.get(kind) or {}).get(name)
    if found is None:
        message = f"the model has no definition `{name}`"
        raise ModelError(message)
    return found
