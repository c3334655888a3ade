"""What a model can be used with but is hardly meant to say: that no grant is needed.

Whoever edits the matchers can lose the term that asks for a grant. Nothing fails then:
rules go on deciding, and allow whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import Problem
from ..policy.folder import Policies
from ..policy.model import Model
from .compiled import Matcher, compile_matchers
from .matcher.folding import grant_terms, insisted
from .matcher.plan import as_written


def judge_model(policies: Policies, model: Model) -> Policies:
    """Warn of matchers that do not insist on a grant.

    Args:
        policies: what the files hold.
        model: what their lines are for.

    Returns:
        the policies, with the warnings that this adds.
    """
    return replace(policies, warnings=(*policies.warnings, *_warnings(model)))


def _warnings(model: Model) -> Iterator[Problem]:
    for name, matcher in compile_matchers(model).items():
        found = why_no_grant_is_needed(matcher)
        if found:
            place = model.places[name]
            yield Problem(place.file, place.line, f"`{name}` {found}")


def why_no_grant_is_needed(matcher: Matcher) -> str:
    """Say which term a matcher lacks to insist on a grant; nothing where it has all.

    The terms are those without which `why_not_folded` says that a matcher is slow; that
    another one may raise an error is nothing to warn of.
    """
    found = insisted(matcher.plan)
    grant, *others = grant_terms(matcher.plan)
    if grant not in found:
        lacking, meaning = grant, "roles and their days may decide nothing"
    elif found.keys().isdisjoint(others):
        lacking = others[0]
        meaning = "whoever a rule names in the place of a role needs none"
    else:
        return ""
    term = as_written(lacking).replace("'", '"')
    return (
        f"can allow without a grant: `{term}` is no term of it that must hold by "
        f"itself, so that {meaning}; join it to the others with `&&`, unless that is "
        "what you want"
    )
