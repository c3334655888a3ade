"""Administration: very many grants at once."""

from __future__ import annotations

from .figures import Findings, Run
from .imports import imports


def administration(run: Run) -> Findings:
    """Measure an import."""
    return imports(run)
