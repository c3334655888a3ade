"""Versions in SQL: what is in force, and the log of how it came to be."""

from .store import Store
from .values import Change, Contents, Mark, Op, Recorded, Version
from .writing import Writer

__all__ = ["Change", "Contents", "Mark", "Op", "Recorded", "Store", "Version", "Writer"]
