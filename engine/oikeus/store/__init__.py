"""Versions in SQL: what is in force, and the log of how it came to be."""

from .store import Store
from .streaming import Reader
from .values import (
    Advance,
    Change,
    Contents,
    GrantValues,
    Mark,
    Op,
    Progress,
    Recorded,
    Since,
    Version,
)
from .writing import Writer

__all__ = [
    "Advance",
    "Change",
    "Contents",
    "GrantValues",
    "Mark",
    "Op",
    "Progress",
    "Reader",
    "Recorded",
    "Since",
    "Store",
    "Version",
    "Writer",
]
