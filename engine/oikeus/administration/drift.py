"""Drift: what the database holds of the rules that no load of policies brought.

The last load, or the last roll-back, left lines, a model, a catalogue and invariants:
the log says which. What is there now and was not left so, or was and is gone, was
changed behind the files' back, by another program or in the table itself.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ..analysis.lines import Draft, LineDifference, line_difference
from ..errors import ModelError
from ..policy.model_changes import ModelChange, model_changes
from ..store import Contents, Reader, Writer
from .ownership import owned

BY_FILES = ("policy", "rollback")
"""The origins of versions that bring what files say."""

NO_DRIFT = LineDifference((), (), (), (), catalogue_changed=False)


def drift_of(view: Reader | Writer, contents: Contents) -> LineDifference:
    """Hold what is in force against what the last load left.

    Args:
        view: a view of the database.
        contents: what is in force in that view.

    Raises:
        StoreError: the database cannot be read.
    """
    left = view.left_by(*BY_FILES)
    lines = Draft(owned(left.lines)), Draft(owned(contents.lines))
    found = line_difference(*lines)
    return replace(
        found,
        # a source that only the log of a later version tells is no other rule
        moved=(),
        model=_models(left.model, contents.model),
        catalogue_changed=left.catalogue != contents.catalogue,
        invariants_changed=left.invariants != contents.invariants,
    )


def _models(left: str | None, now: str | None) -> tuple[ModelChange, ...]:
    """The definitions that are others; none of a model that cannot be read."""
    if left is None or now is None or left == now:
        return ()
    with suppress(ModelError):
        # the other way round, for it is the one now that may be unreadable
        changes = model_changes(now, left)
        return tuple(
            replace(each, before=each.after, after=each.before) for each in changes
        )
    return ()
