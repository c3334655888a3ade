"""What binds a grant that nobody gave: kind, level, mode, and where roles come from.

Policy files and imports have no granter (ruling M), so what is asked here is whether
anybody at all could give the role there. The model is asked, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from ..errors import PolicyError, Problem
from ..policy.folder import Policies
from ..terms import Grant, Line, kind_of
from .decision import Cause
from .explain_power import hindrances
from .inert import find_inert
from .snapshot import Snapshot

BARRED = "barred-first-grant"
"""The check that anybody at all could give what a first grant gives."""

_INERT = frozenset({Cause.INERT})
_RESTATED = frozenset({Cause.STATUS, Cause.MODE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a grant can be taken over: refused, taken with a warning, or taken.

    Attributes:
        refusal: why it cannot be; empty where it can.
        warning: why a new one could not be given now; empty where it could.
        from_files_only: the refusal is that no power gives the role, which binds all
            but policy files (ruling B).
        causes: what stands in the way, for programs; empty where nothing does, or
            nothing but that no power gives the role.
    """

    refusal: str = ""
    warning: str = ""
    from_files_only: bool = False
    causes: frozenset[Cause] = frozenset()

    @property
    def by_mode(self) -> bool:
        """Whether only the transfer mode refuses it, with or without a status.

        That does not bind what a register restates (ruling M).
        """
        return bool(self.refusal and self.causes) and self.causes <= _RESTATED


class GrantChecks:
    """Judges many grants against one snapshot; alike ones are judged once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._judged: dict[tuple[str, str, str], Verdict] = {}

    def judge(self, grant: Grant) -> Verdict:
        """Say what keeps a grant from being taken over, if anything does."""
        key = (kind_of(grant.subject), grant.role, grant.organisation)
        if key not in self._judged:
            self._judged[key] = self._judge(grant)
        return self._judged[key]

    def _judge(self, grant: Grant) -> Verdict:
        snapshot = self._snapshot
        inert = find_inert(snapshot.model, snapshot.facts, snapshot.tree, [grant.line])
        if inert:
            return Verdict(refusal=inert[0].reason, causes=_INERT)
        misses = hindrances(
            snapshot,
            grant.role,
            kind_of(grant.subject),
            grant.organisation,
            grant.span.first,
        )
        if misses is None:
            role = grant.role.removeprefix("role:")
            text = f"no power gives `{role}`: it comes from the policy files only"
            return Verdict(refusal=text, from_files_only=True)
        text = " and ".join(miss.text for miss in misses)
        causes = frozenset(miss.cause for miss in misses)
        if causes <= {Cause.STATUS}:
            return Verdict(warning=text, causes=causes)
        return Verdict(refusal=text, causes=causes)


def judge_first_grants(
    policies: Policies, snapshot: Snapshot, given: Collection[Line] = ()
) -> Policies:
    """Judge the grants of policy files by the model (ruling M).

    Args:
        policies: what the files hold.
        snapshot: the files' lines with everything else in force.
        given: lines in force already; what bars one of them now is a warning, since a
            grant goes on deciding when a mode changes, until it is reviewed (ruling D).

    Returns:
        the policies, with the warnings that this adds.

    Raises:
        PolicyError: grants that the transfer mode bars, or that could not decide.
    """
    checks = GrantChecks(snapshot)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for line in policies.lines:
        if line.ptype != "g" or line.source is None:
            continue
        grant = Grant.parse(line)
        if grant.organisation not in snapshot.tree:
            continue  # a warning already; judged when the register has brought it
        verdict = checks.judge(grant)
        place = (line.source.file, line.source.line)
        if verdict.refusal and not verdict.from_files_only:
            found = warnings if line in given else problems
            found.append(Problem(*place, verdict.refusal, BARRED))
        elif verdict.warning:
            warnings.append(Problem(*place, verdict.warning, BARRED))
    if problems:
        raise PolicyError(problems)
    return replace(policies, warnings=(*policies.warnings, *warnings))
