"""Administration: very many grants at once, and many who grant at once."""

from __future__ import annotations

from .figures import Findings, Run
from .imports import imports
from .writers import writers


def administration(run: Run) -> Findings:
    """Measure imports and writers."""
    found = imports(run)
    found += writers(run)
    return found
