"""What a change of circumstances does to grants: those that it strands.

A grant is stranded by a change when some rule would have allowed it before, and none
would after: a transfer mode changed, an organisation turned passive or moved, a role,
a level or a power is gone, or whoever gave it no longer could. The model is asked both
times; what the catalogue says for the case is done in the version that changes it.

- Only grants count that are in force on the day or later, before and after the change.
- What policy files state is revoked by no change: people change files.
- A grant outlives its granter's right where the catalogue says that it stays
  (ruling E); then nobody is asked who gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from ..decide.decision import Cause
from ..decide.grant_checks import Verdict
from ..decide.grants import Row
from ..decide.snapshot import Snapshot
from ..errors import RequestError
from ..ids import is_id
from ..policy.circumstances import Case, Consequence, Consequences, consequences
from ..store import Contents
from ..terms import Grant, Line, PowerRequest, kind_of
from .alike import AlikeChecks
from .states import State

Granters = Callable[[], Mapping[Line, str]]
"""Tells which grants rest on somebody's power, and on whose."""

_CASES = {
    Cause.LEVEL: Case.LEVEL,
    Cause.MODE: Case.MODE,
    Cause.STATUS: Case.PASSIVE,
}
_ORDER = {case: place for place, case in enumerate(Case)}
_STRENGTH = {word: strength for strength, word in enumerate(Consequence)}


@dataclass(frozen=True, slots=True)
class Stranded:
    """A grant that a rule would have allowed before a change, and none would after it.

    Attributes:
        grant: as it is in force.
        case: what no longer allows it.
        consequence: what happens to it in the version that makes the change.
        granter: who gave it, where it is they who no longer could.
    """

    grant: Grant
    case: Case
    consequence: Consequence
    granter: str | None = None


def nobody() -> Mapping[Line, str]:
    """No grant rests on anybody's power, or nobody knows on whose."""
    return MappingProxyType({})


def find_stranded(
    before: State, after: State, day: date, granters: Granters = nobody
) -> tuple[Stranded, ...]:
    """Find the grants that a change strands, in the order of their cases.

    Args:
        before: what is in force.
        after: what would be, with all grants that the change itself does not touch.
        day: today; grants that ended before it count for nothing.
        granters: asked only where it matters who gave a grant.

    Raises:
        ModelError: a matcher failed.
    """
    held = {line for line in before.contents.lines if line.ptype == "g"}
    changed = _others(before.contents) != _others(after.contents)
    if not changed and held == {*_of_grants(after.contents)}:
        return ()
    finder = _Finder(before.snapshot, after.snapshot, day)
    grants = [
        (line, grant)
        for line in _of_grants(after.contents)
        if line in held
        for grant in readable(line)
        if grant.span.last >= day
    ]
    found = {
        line: finder.stranded(line, case, grant)
        for line, grant in (grants if changed else ())
        for case in finder.cases(grant)
    }
    rest = [(line, grant) for line, grant in grants if line not in found]
    found |= finder.left_by_granters(found, rest, granters)
    return tuple(sorted(found.values(), key=_place_in_list))


def revoked(found: Iterable[Stranded]) -> tuple[Line, ...]:
    """The lines that go with a change."""
    return tuple(
        each.grant.line for each in found if each.consequence is Consequence.REVOKE
    )


def spared(found: Iterable[Stranded]) -> tuple[Stranded, ...]:
    """The same where nothing is revoked: what would be is flagged."""
    return tuple(
        replace(each, consequence=_at_most_flagged(each.consequence)) for each in found
    )


def without(state: State, lines: Iterable[Line]) -> State:
    """A state with some grants less."""
    gone = frozenset(lines)
    if not gone:
        return state
    contents, snapshot = state.contents, state.snapshot
    left = tuple(line for line in contents.lines if line not in gone)
    return replace(
        state,
        contents=replace(contents, lines=left),
        snapshot=snapshot.following(snapshot.version, removed=rows_of(gone)),
    )


def rows_of(grants: Iterable[Line]) -> Iterator[Row]:
    """Grants as a snapshot takes them in."""
    for line in grants:
        subject, role, domain = line.values
        yield subject, role, domain


class _Finder:
    def __init__(self, before: Snapshot, after: Snapshot, day: date) -> None:
        self.before, self.after, self.day = before, after, day
        # the catalogue that will be in force is what counts
        self.consequences = consequences_by(after)
        self._old, self._new = AlikeChecks(before), AlikeChecks(after)
        self._moved: dict[str, bool] = {}
        self._known: dict[tuple[str, str, str], tuple[Case, ...]] = {}

    def cases(self, grant: Grant) -> tuple[Case, ...]:
        """Say what strands a grant, if anything does, whoever gave it."""
        key = (kind_of(grant.subject), grant.role, grant.organisation)
        if key not in self._known:
            verdict = self._new.judge_alike(grant)
            is_worse = _rank(verdict) > _rank(self._old.judge_alike(grant))
            self._known[key] = (self._case(grant, verdict),) if is_worse else ()
        return self._known[key]

    def stranded(
        self, line: Line, case: Case, grant: Grant, granter: str | None = None
    ) -> Stranded:
        consequence = self.consequences[case]
        if line.source is not None:
            consequence = _at_most_flagged(consequence)
        return Stranded(grant, case, consequence, granter)

    def left_by_granters(
        self,
        found: Mapping[Line, Stranded],
        rest: Iterable[tuple[Line, Grant]],
        granters: Granters,
    ) -> Mapping[Line, Stranded]:
        """Find the grants that whoever gave them no longer could give.

        What is revoked may be what somebody's power rests on: then it is asked again.
        """
        asked = {
            case
            for case in (Case.MOVE, Case.GRANTER)
            if self.consequences[case] is not Consequence.STAY
        }
        if self.before.tree.parents == self.after.tree.parents:
            asked.discard(Case.MOVE)
        if not asked:
            return {}
        who = granters()
        given = [
            (line, grant, who[line], case)
            for line, grant in rest
            if line in who
            for case in (Case.MOVE if self._has_moved(grant) else Case.GRANTER,)
            if case in asked and self._could(self.before, who[line], grant)
        ]
        lost: dict[Line, Stranded] = {}
        gone = frozenset[Line]()
        after = self.after
        while True:
            lost |= {
                line: self.stranded(line, case, grant, granter)
                for line, grant, granter, case in given
                if line not in lost and not self._could(after, granter, grant)
            }
            going = frozenset(revoked((*found.values(), *lost.values())))
            if going == gone:
                return lost
            gone = going
            after = self.after.following(0, removed=rows_of(gone))

    def _case(self, grant: Grant, verdict: Verdict) -> Case:
        case = case_of(verdict, grant, self.after, self.consequences)
        # where it stands, and not what hangs there, is what changed
        is_of_place = Cause.INERT not in verdict.causes and case is not Case.POWER
        return Case.MOVE if is_of_place and self._has_moved(grant) else case

    def _has_moved(self, grant: Grant) -> bool:
        place = grant.organisation
        if place not in self._moved:
            old, new = (each.tree.above(place) for each in (self.before, self.after))
            self._moved[place] = {*old} != {*new}
        return self._moved[place]

    def _could(self, snapshot: Snapshot, granter: str, grant: Grant) -> bool:
        return could_give(snapshot, granter, grant, self.day)


def could_give(snapshot: Snapshot, granter: str, grant: Grant, day: date) -> bool:
    """Whether somebody could give this very grant on a day.

    Raises:
        ModelError: the matcher failed.
    """
    try:
        request = PowerRequest(granter, grant.subject, grant.role, grant.organisation)
    except RequestError:
        return False  # nobody of that name can be asked about
    return snapshot.evaluator.ask(request, day).allowed


def readable(line: Line) -> Iterator[Grant]:
    """A grant, unless it is one that decides nothing by how it is written."""
    try:
        grant = Grant.parse(line)
    except ValueError:
        return
    if is_id(grant.subject):
        yield grant


def _place_in_list(each: Stranded) -> tuple[int, int, str, str, str, int]:
    # not the grants themselves: comparing texts is five times as fast
    grant = each.grant
    days = grant.span.first.toordinal()
    place = _ORDER[each.case], _STRENGTH[each.consequence]
    return *place, grant.subject, grant.role, grant.organisation, days


def consequences_by(snapshot: Snapshot) -> Consequences:
    """What the catalogue of a policy says of each case."""
    catalogue = snapshot.catalogue
    return consequences() if catalogue is None else catalogue.circumstances


def case_of(
    verdict: Verdict, grant: Grant, snapshot: Snapshot, said: Consequences
) -> Case:
    """Say by what case a grant that is not allowed is barred, however that came.

    Where there are several, the one that does most to the grant counts.

    Args:
        verdict: on the grant.
        grant: one that no power would give.
        snapshot: by which it was judged.
        said: what the catalogue says of the cases.
    """
    if verdict.from_files_only:
        return Case.POWER
    if Cause.INERT in verdict.causes:
        kinds = snapshot.facts.kinds(grant.role)
        return Case.LEVEL if kind_of(grant.subject) in kinds else Case.ROLE
    cases = {_CASES.get(cause, Case.POWER) for cause in verdict.causes}
    return min(cases, key=lambda case: (-_STRENGTH[said[case]], _ORDER[case]))


def _rank(verdict: Verdict) -> int:
    """Who would allow a grant: a power (0), policy files (1), or nobody (2)."""
    return 2 if verdict.causes else int(verdict.from_files_only)


def _at_most_flagged(consequence: Consequence) -> Consequence:
    return Consequence.FLAG if consequence is Consequence.REVOKE else consequence


def _others(contents: Contents) -> tuple[str | None, frozenset[Line]]:
    """All that verdicts can depend on, whoever is asked about."""
    lines = (line for line in contents.lines if line.ptype not in ("p", "g"))
    return contents.model, frozenset(lines)


def _of_grants(contents: Contents) -> Iterator[Line]:
    return (line for line in contents.lines if line.ptype == "g")
