"""Matchers for which every question is held against every rule."""

from __future__ import annotations

from collections.abc import Iterator

from ...decide.compiled import Matcher
from ...decide.matcher.folding import why_not_folded
from ...decide.model_checks import why_no_grant_is_needed
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    # m3 is asked once an act, of the few powers that there are
    for name, why in (("m", _why_slow), ("m2", _why_not_found)):
        reason = why(examined.snapshot.evaluator.matchers[name])
        if reason:
            place = examined.model.places[name]
            yield Noted(
                place.file,
                place.line,
                f"`{name}` is tried on every rule: {reason}",
                "join terms that compare fields, or ask for links, with `&&`",
            )


def _why_slow(matcher: Matcher) -> str:
    """Why access is not decided from the grants of who asks.

    That no grant is needed is told of by another check.
    """
    if why_no_grant_is_needed(matcher):
        return ""
    return why_not_folded(matcher.plan).replace("'", '"')


def _why_not_found(matcher: Matcher) -> str:
    """Why the powers that a question is about are not looked up."""
    if matcher.plan.layout.rule:
        return ""
    return "no term of it must equal a field of the question and one of the power"


CHECK = Check(
    "matcher-not-indexed",
    Severity.WARNING,
    "a matcher that is tried on every rule, and so is slow",
    _find,
)
