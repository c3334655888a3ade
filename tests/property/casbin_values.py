"""Values and functions that random Casbin worlds are made of, ordinary and odd."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from casbin.effect import get_effector
from casbin.util import key_match

EFFECTS = (
    "some(where (p.eft == allow))",
    "!some(where (p.eft == deny))",
    "some(where (p.eft == allow)) && !some(where (p.eft == deny))",
    "priority(p.eft) || deny",
)
BY_SUBJECT = "subjectPriority(p.eft) || deny"
SUBJECTS = ("alice", "bob", "admin", "root", "editor", "u1", "")
PATTERN = "a*"
OBJECTS = ("data1", "data2", "/a/b", "/a/*", "/a/:id", "/a/{id}", "data*", "10.0.0.7")
ACTIONS = ("read", "write", "(read)|(write)", "10.0.0.0/8")
DOMAINS = ("d1", "d2", "*", "d*")
UNKNOWN = ("d3", "unknown", "")
RULES = (
    "r.sub == 'alice'",
    "r.sub == p.sub",
    "r.obj.owner == r.sub",
    "r.sub.age > 18",
    "r.sub.age > 18 && r.sub.age < 60",
    "keyMatch(r.obj, '/a/*')",
    "a) || (true",
    "r.sub ==",
    "True",
    "1",
    "r.nothing == 'x'",
    "unknown(r.sub)",
    "r.sub.startswith('a')",
    "r.act in ('read', 'write')",
    "",
)
PATTERNED = ("keyMatch", "keyMatch2", "keyMatch3", "keyMatch4", "keyMatch5")
FUNCTIONS = (*PATTERNED, "regexMatch", "globMatch", "ipMatch")


class Person:
    """A value with attributes."""

    def __init__(self, age: int, owner: str = "alice") -> None:
        self.age = age
        self.owner = owner
        self._secret = "s"  # noqa: S105 # none

    def __repr__(self) -> str:
        return f"Person({self.age})"


class Word(str):
    """Text of a kind of its own, equal to whatever begins the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other[:1] == self[:1]

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment] # cannot be looked up


class Everything:
    """Equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def __repr__(self) -> str:
        return "Everything()"


class Odd:
    """Compares to something that is neither true nor false."""

    def __eq__(self, other: object) -> Any:  # noqa: ANN401 # what is tested
        return [other]

    __hash__ = None  # type: ignore[assignment] # cannot be looked up

    def __repr__(self) -> str:
        return "Odd()"


VALUES: Sequence[Any] = (
    *(5, 30, 1.5, True, None, b"x", ("alice",), ["alice"], {"age": 30, "owner": "bob"}),
    *(Person(12), Person(40), Word("alice"), Everything(), Odd(), random, eval),
    "x" * 1001,
)


class Contrary(type(get_effector(EFFECTS[0].replace("p.", "p_")))):  # type: ignore[misc] # untyped
    """An effector of one's own, that only looks at rules that do not match."""

    def intermediate_effect(self, effects: set[int]) -> int:
        """Stop at the second sort of effect."""
        return self.ALLOW if len(effects) > 1 else self.INDETERMINATE  # type: ignore[no-any-return] # untyped


def begins_alike(asked: str, held: str) -> bool:
    """A domain matching function by which no domain of a rule matches itself."""
    return asked != held and asked[:1] == held[:1]


def raises_or_tells(asked: str, held: str) -> object:
    """One that raises, or gives what is neither true nor false."""
    if asked > held:
        raise ValueError(asked)
    return asked if held == "d2" else None


DOMAIN_MATCHES = (key_match, key_match, begins_alike, raises_or_tells)


def is_alice(value: object) -> bool:
    """A function of a model's own."""
    return value == "alice"


def is_same(one: object, other: object) -> bool:
    """A function in the place of one of Casbin's."""
    return one == other
