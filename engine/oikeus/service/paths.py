"""Where questions are asked: the paths that are served past the router.

They are in one place, so that each is served, counted, described and told. None holds
an id.
"""

from __future__ import annotations

from typing import Final

EVALUATION: Final = "/access/v1/evaluation"
EVALUATIONS: Final = "/access/v1/evaluations"
SUBJECTS: Final = "/access/v1/search/subject"
RESOURCES: Final = "/access/v1/search/resource"
ACTIONS: Final = "/access/v1/search/action"
PERMISSIONS: Final = "/access/v1/search/permission"
"""Not of AuthZEN, and so not in its configuration."""

QUESTIONS: Final = frozenset(
    {EVALUATION, EVALUATIONS, SUBJECTS, RESOURCES, ACTIONS, PERMISSIONS}
)
"""All of them."""
