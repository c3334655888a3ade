"""How decisions and places are shown, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import oikeus

from .history_views import Past, local_time, version_text

MOST_PEOPLE = 10
"""How many people an explanation names before it counts the rest."""


def bare_role(role: str) -> str:
    """A role as people name it, without `role:`."""
    return role.removeprefix("role:")


def so_many(count: int, what: str, many: str | None = None) -> str:
    r"""So many of something.

    >>> so_many(1, "office"), so_many(2, "office"), so_many(1204, "authority")
    ('1 office', '2 offices', '1,204 authorities')
    """
    if count == 1:
        return f"1 {what}"
    if many is None:
        ends_in_y = what.endswith("y") and what[-2:-1] not in "aeiou"
        many = f"{what[:-1]}ies" if ends_in_y else f"{what}s"
    return f"{count:,} {many}"


def place(snapshot: oikeus.Snapshot, organisation: str) -> str:
    """An organisation's id, with its name where it has one."""
    names = snapshot.names.get(organisation)
    return f"{organisation} {names.best}".rstrip() if names else organisation


def places(snapshot: oikeus.Snapshot, organisations: Iterable[str]) -> Iterator[str]:
    """Fold organisations to the highest that say it all, with a count of the rest."""
    given = dict.fromkeys(organisations)
    for top in snapshot.tree.tops(given):
        below = [each for each in snapshot.tree.below(top)[1:] if each in given]
        rest = f" and {len(below)} below" if below else ""
        yield f"{place(snapshot, top)}{rest}"


def places_of(point: oikeus.Decides, found: Sequence[str]) -> Iterable[str]:
    """Organisations as people read them; those of a service as it lists them."""
    if isinstance(point, oikeus.DecisionPoint):
        return places(point.snapshot, found)
    return found


def invariant_view(invariant: oikeus.Invariant) -> dict[str, Any]:
    """A statement of the invariants, for programs."""
    return {
        "statement": str(invariant.statement),
        "rules": list(invariant.rules),
        "why": invariant.why,
        "file": invariant.file,
        "line": invariant.line,
    }


def line_view(line: oikeus.Line | None) -> dict[str, Any] | None:
    """A line of policy for programs: text, and where and why it was written."""
    if line is None:
        return None
    view: dict[str, Any] = {"text": str(line)}
    if line.source:
        view |= {
            "file": line.source.file,
            "line": line.source.line,
            "comment": line.source.comment,
            "rules": list(line.source.rules),
        }
    return view


def definitions(changed: Iterable[oikeus.ModelChange]) -> Iterator[str]:
    """Definitions of the model that are others now, before and after."""
    for each in changed:
        place = f"[{each.section}] {each.key}"
        if each.before and each.after:
            # below each other, for a matcher is long
            yield f"~ {place}"
            yield f"  - {each.before}"
            yield f"  + {each.after}"
        elif each.after:
            yield f"+ {place} = {each.after}"
        else:
            yield f"- {place} = {each.before}"


def definition_view(changed: oikeus.ModelChange) -> dict[str, str]:
    """A changed definition of the model for programs."""
    return {
        "section": changed.section,
        "name": changed.key,
        "before": changed.before,
        "after": changed.after,
    }


def grant_view(grant: oikeus.Grant | None) -> dict[str, str] | None:
    """A grant for programs."""
    if grant is None:
        return None
    return {
        "subject": grant.subject,
        "role": bare_role(grant.role),
        "organisation": grant.organisation,
        "from": grant.span.first.isoformat(),
        "until": grant.span.last.isoformat(),
    }


def decision_view(
    decision: oikeus.Decision, people: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Any]:
    """A decision for programs."""
    asked = decision.request
    request = (
        {
            "subject": asked.subject,
            "action": asked.action,
            "resource": asked.resource,
            "organisation": asked.organisation,
            **({"attributes": dict(asked.attributes)} if asked.attributes else {}),
        }
        if isinstance(asked, oikeus.Request)
        else {
            "granter": asked.granter,
            "recipient": asked.recipient,
            "role": bare_role(asked.role),
            "organisation": asked.organisation,
        }
    )
    view: dict[str, Any] = {
        **request,
        "at": decision.at.isoformat(),
        "decision": decision.effect.value,
        "reason": decision.reason,
        "version": decision.version,
        "rule": line_view(decision.rule),
        "grant": grant_view(decision.grant),
        "misses": [
            {"cause": miss.cause.value, "text": miss.text} for miss in decision.misses
        ],
        "roles": [bare_role(role) for role in decision.roles],
        "granters": [bare_role(role) for role in decision.granters],
    }
    if people is not None:
        view["people"] = {
            bare_role(role): list(found) for role, found in people.items()
        }
    return view


_REMEDIES = {
    oikeus.Cause.BLOCKED: "lift the block: oikeus unblock SUBJECT",
    oikeus.Cause.RULE: "the denying line must go: it beats every allowing one",
}


def _rests_on(decision: oikeus.Decision, past: Past | None) -> Iterator[str]:
    """The day and the version, the line and the grant, and who had brought them."""
    made = f" of {local_time(past.known.time)}" if past else ""
    yield f"  day       {decision.at.isoformat()}"
    yield f"  version   {decision.version}{made}"
    if decision.rule:
        yield f"  line      {decision.rule}"
        if decision.rule.source:
            yield f"  written   {decision.rule.source}"
            yield f"  because   {decision.rule.source.comment}"
    if past and past.ruled:
        yield f"  in force  by {version_text(past.ruled)}"
    if decision.grant:
        view = grant_view(decision.grant) or {}
        yield (
            f"  grant     {view['role']} at {view['organisation']}, "
            f"{view['from']} until {view['until']}"
        )
    if past and past.granted:
        yield f"  granted   by {version_text(past.granted)}"


def explanation(
    decision: oikeus.Decision,
    people: Mapping[str, tuple[str, ...]],
    past: Past | None = None,
) -> Iterator[str]:
    """What a decision rests on or lacks, for people, a line a fact."""
    yield from _rests_on(decision, past)
    causes = {miss.cause for miss in decision.misses}
    if causes & _REMEDIES.keys():
        # whatever else the subject held, it would be denied: no role helps
        for cause in causes & _REMEDIES.keys():
            yield f"  remedy    {_REMEDIES[cause]}"
        return
    if decision.roles:
        yield f"  needs     one of: {', '.join(map(bare_role, decision.roles))}"
    if decision.granters:
        yield f"  granters  {', '.join(map(bare_role, decision.granters))}"
    for role, found in people.items():
        if found:
            rest = len(found) - MOST_PEOPLE
            more = f" and {rest} more" if rest > 0 else ""
            shown = ", ".join(found[:MOST_PEOPLE])
            yield f"  ask       for {bare_role(role)}: {shown}{more}"
