"""A check: its id, how grave what it finds is, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .examined import Examined
from .values import Noted, Severity


@dataclass(frozen=True, slots=True)
class Check:
    """One question that is asked of a policy.

    Attributes:
        id: small letters and hyphens; never changed, since files name it.
        severity: how grave what it finds is.
        title: what it finds, in a phrase.
        find: finds it; nothing where loading the policy does.
        fix: what to do about what loading finds; empty where its text says it.
        of_register: whether it is asked only where a register is there.
    """

    id: str
    severity: Severity
    title: str
    find: Callable[[Examined], Iterable[Noted]] | None = None
    fix: str = ""
    of_register: bool = False
