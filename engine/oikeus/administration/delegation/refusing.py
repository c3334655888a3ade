"""What a refusal tells: the lines that refuse, what would be allowed, and to whom.

It is put together when the transaction is over, because it takes a hundred times as
long as to refuse, and others wait for their turns meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ...decide.decision import Cause, Decision
from ...decide.evaluator import Answer, Evaluator
from ...decide.explain_power import explain_power
from ...decide.explain_revoking import explain_revoking
from ...decide.snapshot import Snapshot
from ...decide.strangers import imagine, may_give, powerful_over
from ...decide.wording import bare, rule_text
from ...errors import Allowance, RefusedError
from ...store import Store
from ...terms import Line, PowerRequest, RevocationRequest
from .turns import Barred

_BY_THE_MODEL = frozenset({Cause.SELF, Cause.BLOCKED})


def barred(
    store: Store, snapshot: Snapshot, request: PowerRequest, day: date
) -> Barred:
    """An act that the matcher for it does not allow."""

    def explain() -> RefusedError:
        decision = _decision(snapshot, request, day)
        lines = _sourced(store, _lines(snapshot, decision, request))
        return RefusedError(
            decision.reason,
            rules=(*map(rule_text, lines), *_matchers(decision, request)),
            allowed=allowances(snapshot, request.granter, day),
            granters=map(bare, decision.granters),
        )

    return Barred(explain)


def _decision(snapshot: Snapshot, request: PowerRequest, day: date) -> Decision:
    denied = Answer(allowed=False)
    if isinstance(request, RevocationRequest):
        return explain_revoking(snapshot, request, day, denied)
    return explain_power(snapshot, request, day, denied)


def _lines(
    snapshot: Snapshot, decision: Decision, request: PowerRequest
) -> Iterator[Line]:
    """The lines that would have to say something else: kinds, levels, powers."""
    causes = {miss.cause for miss in decision.misses}
    facts, role = snapshot.facts, request.role
    if Cause.KIND in causes:
        yield from (Line("g3", (role, kind)) for kind in facts.linked("g3", role))
    if Cause.LEVEL in causes:
        for level, roles in facts.links["g4"].items():
            if role in roles:
                yield Line("g4", (level, role))
    if not causes or causes - {Cause.KIND, Cause.LEVEL, *_BY_THE_MODEL}:
        for line in facts.rules["p2"]:
            if snapshot.model.value(line, "role") == role:
                yield line


def _matchers(decision: Decision, request: PowerRequest) -> Iterator[str]:
    """The matcher itself, where no line could be otherwise."""
    if any(miss.cause in _BY_THE_MODEL for miss in decision.misses):
        name = "m3" if isinstance(request, RevocationRequest) else "m2"
        yield f"the matcher `{name}` of the model"


def _sourced(store: Store, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with the places where they were written, as the database has them."""
    wanted = [*lines]
    with store.reading() as reader:
        found = reader.find(wanted)
    for line in wanted:
        yield found[line].line if line in found else line


def allowances(snapshot: Snapshot, granter: str, day: date) -> tuple[Allowance, ...]:
    """What a granter may grant today, and where, to somebody suitable."""
    powers = {snapshot.model.value(line, "sub") for line in snapshot.facts.rules["p2"]}
    held = {
        grant.organisation
        for grant in snapshot.facts.of(granter)
        if grant.role in powers and day in grant.span
    }
    imagined = {top: imagine(snapshot, top, day) for top in snapshot.tree.tops(held)}
    return tuple(
        allowance
        for role in snapshot.roles
        if powerful_over(snapshot, role)
        for allowance in _allowance(snapshot, granter, role, imagined, day)
    )


def _allowance(
    snapshot: Snapshot,
    granter: str,
    role: str,
    imagined: Mapping[str, Evaluator],
    day: date,
) -> Iterator[Allowance]:
    """Where a granter may give one role, as far down as it goes."""
    able = [
        place
        for top, evaluator in imagined.items()
        for place in snapshot.tree.below(top)
        if may_give(snapshot, evaluator, granter, role, place, day)
    ]
    levels = dict.fromkeys(
        bare(level)
        for place in able
        for level in snapshot.tree.levels.get(place, ())
        if role in snapshot.facts.linked("g4", level)
    )
    if able:
        yield Allowance(bare(role), tuple(levels), snapshot.tree.tops(able))
