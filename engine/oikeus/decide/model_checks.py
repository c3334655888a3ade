"""What a model can be used with but is hardly meant to say: that no grant is needed.

Whoever edits the matchers can lose the term that asks for a grant. Nothing fails then:
rules go on deciding, and allow whoever asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from ..errors import Problem
from ..policy.folder import Policies
from ..policy.model import Model
from .compiled import Matcher, compile_matchers
from .matcher.knowledge import terms
from .matcher.plan import as_written
from .matcher.reading import read

_GRANT = 'g({r}.sub, {p}.sub, {r}.org + "@" + {r}.day + "@" + {p}.sub)'
_OTHERS = ("{r}.sub != {p}.sub", "{p}.sub != {r}.sub")


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
    number, plan = matcher.name[1:], matcher.plan
    tree = read(plan.text, plan.signature.locals, plan.signature.known)
    written = {as_written(ast.unparse(term)).replace("'", '"') for term in terms(tree)}
    grant, *others = (
        form.format(r=f"r{number}", p=f"p{number}") for form in (_GRANT, *_OTHERS)
    )
    if grant not in written:
        lacking, meaning = grant, "roles and their days may decide nothing"
    elif written.isdisjoint(others):
        lacking = others[0]
        meaning = "whoever a rule names in the place of a role needs none"
    else:
        return ""
    return (
        f"can allow without a grant: `{lacking}` is no term of it that must hold by "
        f"itself, so that {meaning}; join it to the others with `&&`, unless that is "
        "what you want"
    )
