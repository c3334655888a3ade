"""All that the service does, as its document says it."""

from __future__ import annotations

from .administering.endpoints import OPERATIONS
from .operations import Described

SERVED: tuple[Described, ...] = (*OPERATIONS,)
"""Everything, in the order of the document."""
