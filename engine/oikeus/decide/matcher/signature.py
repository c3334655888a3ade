"""What a matcher is about: fields of request and rule, and what functions promise.

What is known of functions holds for text only (`SHORT` or shorter), which is what
nearly every request and rule is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

SHORT: Final = 1000
"""The longest text about which anything is promised; longer text takes the long way."""


class Kind(Enum):
    """The sort of value that an expression has, as far as it is known."""

    TEXT = "text"
    TRUTH = "true or false"
    NUMBER = "number"
    LIST = "list"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Signature:
    """The fields and functions that a matcher is compiled for.

    Attributes:
        request: the request's fields, `r_sub`, in their order.
        rule: a rule's fields, `p_sub`, in their order.
        links: the role definitions, `g`; their results are true or false.
        sure: functions whose result is true or false, if they have one.
        steady: those of them that do not raise for two texts (role definitions: two or
            three), and give the same answer within one decision.
        known: every function that may be called.
    """

    request: tuple[str, ...]
    rule: tuple[str, ...]
    links: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    steady: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    locals: Mapping[str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Casbin makes mappings of both: of two fields of one name the last counts
        names = {token: f"r{place}" for place, token in enumerate(self.request)}
        names |= {token: f"p{place}" for place, token in enumerate(self.rule)}
        object.__setattr__(self, "locals", names)

    def place(self, token: str) -> tuple[str, int]:
        """Where a field stands: `("r", 0)` is the request's first."""
        name = self.locals[token]
        return name[0], int(name[1:])
