"""What a compiled matcher does at run time where Python alone would do otherwise.

Casbin's evaluator (simpleeval) looks at every value that comes up: modules and
functions that could do harm are refused, attributes may be keys, and text may not grow
too long.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any, Final

from simpleeval import (
    DEFAULT_OPERATORS,
    DISALLOW_FUNCTIONS,
    DISALLOW_METHODS,
    DISALLOW_PREFIXES,
    AttributeDoesNotExist,
    EvalWithCompoundTypes,
    FeatureNotAvailable,
)

PLAIN: Final = frozenset({int, float, str, bool, type(None), bytes, complex})
"""The types of values that never need to be looked into."""

HIDDEN: Final = tuple(DISALLOW_PREFIXES), frozenset(DISALLOW_METHODS)
"""How attributes begin that no matcher may have, and the names of others."""

OPERATORS: Final = DEFAULT_OPERATORS
"""What each operator does."""

UNSET: Final = object()
"""Stands for what has not been computed in this decision."""

_ABSENT: Final = object()
_LOOKED_INTO = (list, tuple, set, frozenset, dict, ModuleType)
_MOST_KINDS: Final = 1000
_harmless: set[type] = set()
_look_into = EvalWithCompoundTypes()._check_disallowed_items  # noqa: SLF001 # the same refusals, in the same words


def checked(value: Any) -> Any:  # noqa: ANN401 # any value of an expression
    """Give a value back, unless it is one that no matcher may have.

    Raises:
        FeatureNotAvailable: it is a module, or a function that could do harm.
    """
    kind = type(value)
    if kind not in PLAIN and kind not in _harmless:
        _look_into(value)
        _learn(kind)
    return value


def may_have(values: Iterable[object]) -> bool:
    """Whether none of these values is one that no matcher may have."""
    try:
        for value in values:
            if type(value) is not str:
                checked(value)
    except FeatureNotAvailable:
        return False
    return True


def _learn(kind: type) -> None:
    """Note a type of which no value need be looked into: it holds and does nothing."""
    is_called = any("__call__" in vars(base) for base in kind.__mro__)
    if not is_called and not issubclass(kind, _LOOKED_INTO):
        if len(_harmless) >= _MOST_KINDS:
            _harmless.clear()
        _harmless.add(kind)


def attribute(value: Any, name: str, text: str) -> Any:  # noqa: ANN401 # any value of an expression
    """Look up an attribute, or a key where there is no such attribute.

    Raises:
        AttributeDoesNotExist: it is neither.
        FeatureNotAvailable: it is one that no matcher may have.
    """
    found = _ABSENT
    try:
        found = getattr(value, name)
    except (AttributeError, TypeError):
        try:
            found = value[name]
        except (KeyError, TypeError):
            raise AttributeDoesNotExist(name, text) from None
    kind = type(found)
    if kind in PLAIN or kind in _harmless:
        return found
    if isinstance(found, ModuleType):
        text = "Sorry, modules are not allowed in attribute access"
        raise FeatureNotAvailable(text)
    return checked(found)


def is_match(value: object) -> bool:
    """Say whether a result that is not simply true or false means that a rule matched.

    Raises:
        RuntimeError: it is neither; the words are Casbin's.
    """
    if isinstance(value, bool | float):
        return value != 0
    message = "matcher result should be bool, int or float"
    raise RuntimeError(message)


def wrong_size() -> None:
    """Refuse a rule of the wrong width.

    Raises:
        RuntimeError: always; the words are Casbin's.
    """
    message = "invalid policy size"
    raise RuntimeError(message)


def is_harmful(function: object) -> bool:
    """Whether a matcher may not even know this function."""
    try:
        return function in DISALLOW_FUNCTIONS
    except TypeError:  # it cannot be hashed, which stock Casbin does not survive
        return True


def _names() -> dict[str, Any]:
    operators = {
        f"op_{kind.__name__}": function for kind, function in OPERATORS.items()
    }
    return {
        "__builtins__": {},
        "attribute": attribute,
        "checked": checked,
        "is_match": is_match,
        "length": len,
        "UNSET": UNSET,
        "wrong_size": wrong_size,
        **operators,
    }


NAMES: Final = _names()
"""What the code of a plan can reach, besides its arguments; no builtins."""
