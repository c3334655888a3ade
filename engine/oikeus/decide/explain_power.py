"""Why somebody may or may not grant a role: powers, with reasons (R6-R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from ..terms import Effect, Grant, PowerRequest, kind_of
from .decision import Cause, Decision, Miss
from .evaluator import Answer
from .explain_allow import explain_allow
from .held import is_blocked, is_known
from .nearest import least_over_grants
from .snapshot import Snapshot
from .strangers import (
    imagine,
    powerful_over,
    roles_grantable_by,
    roles_granting,
    stranger,
)
from .whatif import Fix, Question, one_day
from .wording import all_of, bare, names, place_text

_NOWHERE = (Miss(Cause.LEVEL, "nobody can grant the role at this organisation"),)


def explain_power(
    snapshot: Snapshot, request: PowerRequest, day: date, answer: Answer
) -> Decision:
    """Make a decision of an answer."""
    if answer.allowed and answer.rule:
        return explain_allow(snapshot, request, day, answer.rule)
    return _deny(snapshot, request, day)


def _deny(snapshot: Snapshot, request: PowerRequest, day: date) -> Decision:
    misses = _misses(snapshot, request, day)
    kind = kind_of(request.recipient)
    place = request.organisation
    return Decision(
        Effect.DENY,
        request,
        day,
        snapshot.version,
        all_of(misses) or _no_power(snapshot, request, day),
        misses=misses,
        roles=powerful_over(snapshot, request.role),
        granters=roles_granting(snapshot, (request.role,), kind, (place,), day),
    )


def hindrances(  # noqa: PLR0913, PLR0917 # a question that names no granter
    snapshot: Snapshot,
    role: str,
    kind: str,
    organisation: str,
    day: date,
    recipient: str | None = None,
) -> tuple[Miss, ...] | None:
    """Find what keeps everybody from granting a role here, whoever they are.

    Args:
        snapshot: the policy.
        role: what is to be given.
        kind: the recipient's.
        organisation: where.
        day: when.
        recipient: to whom; somebody suitable of that kind unless told.

    Returns:
        the least that stands in the way, empty where somebody suitably placed could
        grant it; nothing where no power is over this role.
    """
    powerful = powerful_over(snapshot, role)
    if not powerful:
        return None
    imagined = replace(snapshot, evaluator=imagine(snapshot, organisation, day))
    found = []
    for power in powerful:
        for holder in snapshot.facts.kinds(power):
            granter = stranger(snapshot, holder, power)
            to = recipient or stranger(snapshot, kind)
            request = PowerRequest(granter, to, role, organisation)
            if imagined.evaluator.ask(request, day).allowed:
                return ()
            found.append(_misses(imagined, request, day))
    return min(filter(None, found), key=len, default=_NOWHERE)


def _misses(snapshot: Snapshot, request: PowerRequest, day: date) -> tuple[Miss, ...]:
    if not is_known(snapshot, request.organisation):
        return ()

    def others(
        question: Question[PowerRequest], held: str
    ) -> Iterator[Fix[PowerRequest]]:
        yield from _fixes_of_recipient(snapshot, question)
        yield from _fixes_of_place(snapshot, question, held)

    question = Question(snapshot.facts, request, day)
    powerful = powerful_over(snapshot, request.role)
    return least_over_grants(snapshot, question, powerful, others)


def _fixes_of_recipient(
    snapshot: Snapshot, question: Question[PowerRequest]
) -> Iterator[Fix[PowerRequest]]:
    request = question.request
    kind = kind_of(request.recipient)
    if request.granter == request.recipient:
        yield Fix(
            Miss(Cause.SELF, "nobody can grant a role to themselves"),
            lambda asked: _to(asked, stranger(snapshot, kind)),
        )
    kinds = snapshot.facts.kinds(request.role)
    if kinds and kind not in kinds:
        text = f"`{bare(request.role)}` is for a {' or '.join(kinds)}, not for a {kind}"
        suitable = stranger(snapshot, kinds[0])
        yield Fix(
            Miss(Cause.KIND, text),
            lambda asked: _registered(snapshot, _to(asked, suitable)),
        )
    else:
        text = (
            f"the recipient is not registered as a credential at "
            f"{place_text(snapshot, request.organisation)} or above it"
        )
        yield Fix(
            Miss(Cause.CREDENTIAL, text), lambda asked: _registered(snapshot, asked)
        )


def _to(question: Question[PowerRequest], recipient: str) -> Question[PowerRequest]:
    return replace(question, request=replace(question.request, recipient=recipient))


def _registered(
    snapshot: Snapshot, question: Question[PowerRequest]
) -> Question[PowerRequest]:
    """Let the recipient hold every role, a credential's registration among them."""
    request = question.request
    return question.with_grants(
        *(
            Grant(request.recipient, role, place, one_day(question.day))
            for role in snapshot.roles
            for place in snapshot.tree.above(request.organisation)
        )
    )


def _fixes_of_place(
    snapshot: Snapshot, question: Question[PowerRequest], powerful: str
) -> Iterator[Fix[PowerRequest]]:
    request = question.request
    facts, tree, place = snapshot.facts, snapshot.tree, request.organisation
    here = place_text(snapshot, place)
    levels = tree.levels.get(place, ())
    wanted = [
        level for level, roles in facts.links["g4"].items() if request.role in roles
    ]
    yield Fix(
        Miss(
            Cause.LEVEL,
            f"`{bare(request.role)}` cannot be held at {here}, whose level is "
            f"{names(levels) or 'none'}; expected {names(wanted) or 'none'}",
        ),
        lambda asked: replace(
            asked, facts=asked.facts.linking("g4", place, [*levels, *wanted])
        ),
    )
    modes = _modes(snapshot, powerful, request.role)
    current = tree.inherited(place, "mode:")
    yield Fix(
        Miss(
            Cause.MODE,
            f"{here} has the transfer mode {names(current) or 'none'}; "
            f"expected {names(modes) or 'another'}",
        ),
        lambda asked: replace(
            asked,
            facts=asked.facts.linking(
                "g2", place, [*asked.facts.linked("g2", place), *modes]
            ),
        ),
    )
    for above in tree.above(place):
        for mark in tree.marks.get(above, ()):
            if mark.startswith("status:"):
                which = f"{place_text(snapshot, above)} is {names([mark])}"
                miss = Miss(
                    Cause.STATUS,
                    f"{which}: no new grants there or below",
                    above,
                    f"what is above {here} is {names([mark])}: no new grants here",
                )
                yield Fix(miss, _unmarked(above, mark))


def _unmarked(
    place: str, mark: str
) -> Callable[[Question[PowerRequest]], Question[PowerRequest]]:
    def apply(asked: Question[PowerRequest]) -> Question[PowerRequest]:
        kept = [word for word in asked.facts.linked("g2", place) if word != mark]
        return replace(asked, facts=asked.facts.linking("g2", place, kept))

    return apply


def _modes(snapshot: Snapshot, powerful: str, role: str) -> tuple[str, ...]:
    """The transfer modes under which a role has this power."""
    model = snapshot.model
    return tuple(
        dict.fromkeys(
            value
            for line in snapshot.facts.rules["p2"]
            if (model.value(line, "sub"), model.value(line, "role")) == (powerful, role)
            for value in line.values
            if value.startswith("mode:")
        )
    )


def _no_power(snapshot: Snapshot, request: PowerRequest, day: date) -> str:
    """Say what is missing where no grant of the granter came near."""
    text, is_all = without_power(snapshot, request)
    if is_all:
        return text
    able = roles_grantable_by(snapshot, request.granter, request.organisation, day)
    others = f"; may grant here: {names(able)}" if able else ""
    if is_blocked(snapshot, request.granter):
        others = "; besides, the subject is blocked"
    return f"{text}{others}"


def without_power(snapshot: Snapshot, request: PowerRequest) -> tuple[str, bool]:
    """Say why somebody has no power over a role, whatever grants they hold.

    Returns:
        the reason, and whether it would be anybody's.
    """
    role = bare(request.role)
    if not is_known(snapshot, request.organisation):
        return f"organisation `{request.organisation}` is not in the register", True
    if request.role not in snapshot.roles:
        return f"unknown role `{role}`, expected one of {names(snapshot.roles)}", True
    if not powerful_over(snapshot, request.role):
        return f"no power gives `{role}`: it comes from the policy files only", True
    place = place_text(snapshot, request.organisation)
    return f"the granter has no power over `{role}` at {place}", False
