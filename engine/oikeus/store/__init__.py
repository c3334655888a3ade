"""Versions in SQL: what is in force, and the log of how it came to be."""

from .store import Store
from .values import Change, Contents, Op, Recorded, Version
from .writing import Writer

__all__ = ["Change", "Contents", "Op", "Recorded", "Store", "Version", "Writer"]
