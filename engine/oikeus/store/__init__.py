"""Versions in SQL: what is in force, and the log of how it came to be."""

from .steps import Step
from .store import Store
from .streaming import Reader
from .values import (
    Change,
    Contents,
    GrantValues,
    Mark,
    Op,
    Recorded,
    Since,
    Version,
)
from .writing import Writer

__all__ = [
    "Change",
    "Contents",
    "GrantValues",
    "Mark",
    "Op",
    "Reader",
    "Recorded",
    "Since",
    "Step",
    "Store",
    "Version",
    "Writer",
]
