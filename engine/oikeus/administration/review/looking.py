"""Looking the grants in force through: which there is something to say about.

Nothing here is a rule. Whether anybody could give a grant today, whether its granter
could, and who may revoke it is asked of the model; what ends soon, which roles conflict
and which cases need no look is said by the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from ...analysis.conflicts import conflicting
from ...decide.allowing import checked_day, today_in_finland
from ...decide.held import is_known
from ...decide.reverse import people
from ...decide.snapshot import Snapshot
from ...decide.strangers import powerful_over, stranger
from ...decide.wording import bare, place_text
from ...errors import RequestError
from ...loading import snapshot_of
from ...policy.circumstances import Consequence
from ...policy.reviewing import Reviewing
from ...policy.wording import not_in_register
from ...store import Store
from ...terms import Grant, Line, RevocationRequest, check_parts, check_subject, kind_of
from ..alike import AlikeChecks
from ..grant_checks import Right, credential_of, right_of
from ..stranded import case_of, consequences_by, could_give, readable
from .values import Matter, Remark, Review, ReviewedGrant


def review(
    store: Store,
    *,
    organisation: str | None = None,
    approver: str | None = None,
    today: Callable[[], date] = today_in_finland,
) -> Review:
    """Find the grants in force that somebody should look at, and who may decide.

    Args:
        store: the database.
        organisation: look at it and those below it; everywhere without one.
        approver: only at what is under their power.
        today: the day on which they are looked at.

    Raises:
        RequestError: the organisation is not in the register, or what is given as an
            approver is no subject.
        StoreError: the database cannot be read, or holds no policy.
        ModelError: this program cannot use the model in force, or a matcher failed.
    """
    day = checked_day(today())
    if approver is not None:
        check_parts(approver=approver)
        check_subject("approver", approver)
    with store.reading() as reader:
        contents, granters = reader.contents(), reader.granters()
    snapshot = snapshot_of(contents)
    within = None if organisation is None else _within(snapshot, organisation)
    lines = {
        grant: line
        for line in contents.lines
        if line.ptype == "g"
        for grant in readable(line)
        if grant.span.last >= day
    }
    look = Look(snapshot, day, lines, granters)
    seen = [grant for grant in lines if within is None or grant.organisation in within]
    found = tuple(
        reviewed
        for grant in sorted(seen, key=look.place_in_list)
        for reviewed in look.at(grant)
        if approver is None or approver in reviewed.approvers
    )
    places = {each.grant.organisation for each in found}
    return Review(
        contents.version,
        day,
        organisation,
        approver,
        len(seen),
        found,
        {place: snapshot.names[place] for place in places if place in snapshot.names},
    )


def _within(snapshot: Snapshot, organisation: str) -> frozenset[str]:
    check_parts(organisation=organisation)
    if not is_known(snapshot, organisation):
        raise RequestError(not_in_register(organisation))
    return frozenset(snapshot.tree.below(organisation))


class Look:
    """Looks at grants, one by one; what is alike is asked about once.

    Args:
        snapshot: what is in force.
        day: on which they are looked at.
        lines: the grants that have not ended, each with its line.
        granters: on whose power grants rest, where the log tells.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        day: date,
        lines: Mapping[Grant, Line],
        granters: Mapping[Line, str],
    ) -> None:
        catalogue = snapshot.catalogue
        said = Reviewing() if catalogue is None else catalogue.reviewing
        self.snapshot, self.day, self.lines, self.granters = (
            snapshot,
            day,
            lines,
            granters,
        )
        self._soon = said.ends_within.last_day(day)
        self._lasting = _last_days(lines)
        self._conflicts = conflicting(lines, said.conflicts, snapshot.tree)
        self._consequences = consequences_by(snapshot)
        self._checks = AlikeChecks(snapshot)
        self._approvers: dict[Right, tuple[str, ...]] = {}
        self._held: dict[str, frozenset[str]] = {}

    def at(self, grant: Grant) -> Iterator[ReviewedGrant]:
        """What there is to say of a grant; nothing where there is nothing."""
        line = self.lines[grant]
        granter = self.granters.get(line)
        remarks = (
            *self._ending(grant),
            *self._barred(grant, line, granter),
            *self._conflicting(grant),
        )
        if remarks:
            approvers = self.approvers(grant)
            yield ReviewedGrant(grant, remarks, approvers, granter, line.source)

    def place_in_list(self, grant: Grant) -> tuple[int, str, str, str, date]:
        """Organisations in the order of the tree, and their subjects sorted."""
        order = self.snapshot.register.order
        place = order.get(grant.organisation, len(order))
        return place, grant.organisation, grant.subject, grant.role, grant.span.first

    def _ending(self, grant: Grant) -> Iterator[Remark]:
        last = grant.span.last
        if last <= self._soon and last == self._lasting[right_of(grant)]:
            yield Remark(Matter.ENDS, f"ends on {last}")

    def _barred(
        self, grant: Grant, line: Line, granter: str | None
    ) -> Iterator[Remark]:
        """Say whether nobody could give it today, or at least not who did."""
        verdict = self._checks.judge_alike(grant)
        if verdict.from_files_only and (
            line.source is not None or grant.role == credential_of(self.snapshot)
        ):
            return  # where it is said is what gives it
        if verdict.causes or verdict.from_files_only:
            said = self._consequences
            case = case_of(verdict, grant, self.snapshot, said)
            if said[case] is not Consequence.STAY:
                judged = self._checks.judge(grant)
                reason = judged.refusal or judged.warning
                yield Remark(Matter.BARRED, f"no rule would allow it: {reason}")
        elif granter is not None and not could_give(
            self.snapshot, granter, grant, self.day
        ):
            yield Remark(Matter.GRANTER, f"given by {granter}, who no longer could")

    def _conflicting(self, grant: Grant) -> Iterator[Remark]:
        others = self._conflicts.get(grant, ())
        if others:
            names = " and ".join(
                f"`{bare(each.role)}` at {place_text(self.snapshot, each.organisation)}"
                for each in others
            )
            yield Remark(Matter.CONFLICT, f"its holder has {names}, too")

    def approvers(self, grant: Grant) -> tuple[str, ...]:
        """The subjects whom the model lets revoke it, besides its holder."""
        right = (kind_of(grant.subject), grant.role, grant.organisation)
        if right not in self._approvers:
            self._approvers[right] = tuple(self._approving(*right))
        return tuple(each for each in self._approvers[right] if each != grant.subject)

    def _approving(self, kind: str, role: str, organisation: str) -> Iterator[str]:
        """Those who may revoke the role from somebody here.

        Only who holds a role that gives it is asked: everybody may give up their own.
        """
        snapshot = self.snapshot
        if "m3" not in snapshot.evaluator.matchers:
            return
        holder = stranger(snapshot, kind)
        powerful = frozenset(powerful_over(snapshot, role))
        for subject in people(snapshot, "m2", organisation):
            if powerful.isdisjoint(self._roles(subject)):
                continue
            try:
                request = RevocationRequest(subject, holder, role, organisation)
            except RequestError:
                return  # no question can name such a role or place
            if snapshot.evaluator.ask(request, self.day).allowed:
                yield subject

    def _roles(self, subject: str) -> frozenset[str]:
        """What a subject holds, wherever; itself, for a line may name it."""
        if subject not in self._held:
            # only direct grants count (docs/casbin.md)
            held = (grant.role for grant in self.snapshot.facts.of(subject))
            self._held[subject] = frozenset((subject, *held))
        return self._held[subject]


def _last_days(grants: Iterable[Grant]) -> Mapping[Right, date]:
    """Until when each right lasts, whatever grants it is made of."""
    found: dict[Right, date] = {}
    for grant in grants:
        right = right_of(grant)
        found[right] = max(grant.span.last, found.get(right, grant.span.last))
    return found
