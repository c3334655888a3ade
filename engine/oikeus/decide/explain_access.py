"""Why a request for access was allowed or denied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..terms import Effect, Line, Request, kind_of
from .decision import Cause, Decision, Miss
from .evaluator import Answer
from .explain_allow import explain_allow
from .held import grant_behind, held_here, is_blocked, is_known
from .nearest import least_over_grants
from .snapshot import Snapshot
from .strangers import roles_giving, roles_granting
from .whatif import Question
from .wording import all_of, names, place_text, rule_text


def explain_access(
    snapshot: Snapshot, request: Request, day: date, answer: Answer
) -> Decision:
    """Make a decision of an answer."""
    if answer.allowed and answer.rule:
        return explain_allow(snapshot, request, day, answer.rule)
    return _deny(snapshot, request, day, answer)


def _deny(snapshot: Snapshot, request: Request, day: date, answer: Answer) -> Decision:
    place, kind = request.organisation, kind_of(request.subject)
    giving = roles_giving(snapshot, request, day)
    roles = tuple(role for role, kinds in giving.items() if kind in kinds)
    grant = None
    if answer.rule:
        grant = grant_behind(snapshot, request.subject, answer.rule, place, day)
        reason, misses = _ruled_out(snapshot, request, day, answer.rule)
    else:
        misses = _misses(snapshot, request, day, tuple(giving))
        reason = all_of(misses) or _no_right(snapshot, request, day, giving)
    return Decision(
        Effect.DENY,
        request,
        day,
        snapshot.version,
        reason,
        rule=answer.rule,
        grant=grant,
        misses=misses,
        roles=roles,
        granters=roles_granting(snapshot, roles, kind, snapshot.tree.above(place), day),
    )


def _ruled_out(
    snapshot: Snapshot, request: Request, day: date, rule: Line
) -> tuple[str, tuple[Miss, ...]]:
    """Name the rules that deny; a miss only where without them there is an allow."""
    misses: list[Miss] = []
    facts, answer = snapshot.facts, Answer(allowed=False, rule=rule)
    while answer.rule and not answer.allowed:
        misses.append(Miss(Cause.RULE, f"denied by {rule_text(answer.rule)}"))
        facts = facts.without_rule(answer.rule)
        answer = snapshot.evaluator.over(facts).ask(request, day)
    return all_of(misses), tuple(misses) if answer.allowed else ()


def _misses(
    snapshot: Snapshot, request: Request, day: date, giving: tuple[str, ...]
) -> tuple[Miss, ...]:
    """The least that stood in the way, over all grants that could have given it."""
    if not is_known(snapshot, request.organisation):
        return ()
    question = Question(snapshot.facts, request, day)
    return least_over_grants(snapshot, question, giving, lambda *_: ())


def _no_right(
    snapshot: Snapshot,
    request: Request,
    day: date,
    giving: Mapping[str, frozenset[str]],
) -> str:
    """Say what is missing where no grant came near."""
    what = f"`{request.action}` on `{request.resource}`"
    if not is_known(snapshot, request.organisation):
        return f"organisation `{request.organisation}` is not in the register"
    model = snapshot.model
    if not giving and not any(
        model.value(rule, "obj") == request.resource
        and model.value(rule, "act") == request.action
        for rule in snapshot.facts.rules["p"]
    ):
        return f"no rule is about {what}"
    kind, place = kind_of(request.subject), request.organisation
    held = [grant.role for grant in held_here(snapshot, request.subject, place, day)]
    if held:
        text = f"what is held here ({names(dict.fromkeys(held))}) does not give {what}"
    elif not any(kind in kinds for kinds in giving.values()):
        here = place_text(snapshot, place)
        text = f"no role that a {kind} can hold at {here} or above it gives {what}"
    else:
        text = f"no role is held at {place_text(snapshot, place)} or above it"
    blocked = is_blocked(snapshot, request.subject)
    return f"{text}; besides, the subject is blocked" if blocked else text
