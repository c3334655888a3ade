"""A comparison as people read it: `+` comes, `-` goes, `~` is another one now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import oikeus

from .views import bare_role, definitions, place, so_many

_VERBS = {"+": ("gains", "gain"), "-": ("loses", "lose")}
_PEOPLE = {"person": "people"}
_DONE = {
    oikeus.Consequence.STAY: "stays",
    oikeus.Consequence.FLAG: "flagged",
    oikeus.Consequence.REVOKE: "revoked",
}
MOST_STRANDED = 20
"""How many grants of one case are listed unless all are asked for."""


def lines(found: oikeus.LineDifference) -> Iterator[str]:
    """The lines that differ, each with where and why it was written."""
    for sign, each in (("-", found.removed), ("+", found.added)):
        yield from (f"{sign} {line}{_written(line)}" for line in each)
    yield from definitions(found.model)
    if found.catalogue_changed:
        yield "~ the catalogue"
    if found.invariants_changed:
        yield "~ the invariants"


def written(plan: oikeus.Plan) -> Iterator[str]:
    """The lines that a plan changes, where what is in force is not known."""
    yield from (f"- {line}{_written(line)}" for line in plan.remove)
    yield from (f"- {line} (no rule would allow it)" for line in plan.revoke)
    yield from (f"+ {line}{_written(line)}" for line in plan.add)
    if plan.move:
        yield f"~ {so_many(len(plan.move), 'line')} moved in their files"
    for name in ("model", "catalogue", "invariants"):
        if getattr(plan, name) is not None:
            yield f"~ the {name}"


def access(found: oikeus.Comparison) -> Iterator[str]:
    """Who gains and who loses access, in groups."""
    for group in found.summary.access:
        what = f"{group.action} on {group.resource}"
        yield _group(found, group.sign, group.concerned, what)


def powers(found: oikeus.Comparison) -> Iterator[str]:
    """Who may newly give which role, and who no longer may, in groups."""
    for group in found.summary.powers:
        what = f"the power to grant {bare_role(group.role)}"
        yield _group(found, group.sign, group.concerned, what)


def everybody(found: oikeus.Comparison) -> Iterator[str]:
    """Each who gains or loses something, with all places."""
    for change in found.difference.access:
        where = _all_places(_side(found, change.sign), change.organisations)
        yield (
            f"{change.sign} {change.subject} {change.action} on {change.resource} "
            f"at {where}"
        )
    for power in found.difference.powers:
        where = _all_places(_side(found, power.sign), power.organisations)
        role = bare_role(power.role)
        yield f"{power.sign} {power.granter} grants {role} at {where}"


def inert(found: oikeus.Comparison) -> Iterator[str]:
    """The rows that stay and decide nothing any more, or decide again."""
    for change in found.difference.inert_gained:
        if change.stays:
            yield f"~ {change.line}: decides nothing any more: {change.reason}"
        else:
            yield f"+ {change.line}: decides nothing: {change.reason}"
    for change in found.difference.inert_lost:
        if change.stays:
            yield f"~ {change.line}: decides again; before: {change.reason}"


def stranded(
    found: Iterable[oikeus.Stranded],
    names: Mapping[str, oikeus.Names],
    *,
    full: bool = False,
) -> Iterator[str]:
    """The grants that no rule would allow any more, case by case."""
    by_case = groupby(found, lambda each: (each.consequence, each.case))
    for (consequence, case), group in by_case:
        sign = "-" if consequence is oikeus.Consequence.REVOKE else "~"
        start = f"{sign} {_DONE[consequence]} ({case}): "
        listed = [*group]
        most = len(listed) if full else MOST_STRANDED
        yield from (f"{start}{_stranded(each, names)}" for each in listed[:most])
        if listed[most:]:
            yield f"{start}{len(listed[most:]):,} more, listed by --full"


def sections(found: oikeus.Comparison, *, full: bool) -> Iterator[str]:
    """All levels of a comparison, each under its heading where there is any of it."""
    day = f"on {found.day}:"
    for heading, texts in (
        ("", lines(found.lines)),
        (
            f"access and power {day}" if full else f"access {day}",
            _who(found, full=full),
        ),
        (f"power {day}", () if full else powers(found)),
        ("grants:", inert(found)),
        (
            "grants that no rule would allow any more:",
            stranded(found.stranded, found.after.contents.names, full=full),
        ),
    ):
        yield from _section(heading, texts)


def drift(found: oikeus.LineDifference) -> Iterator[str]:
    """What was changed in the database behind the files' back."""
    texts = (f"  {text}" for text in lines(found))
    yield from _section("drift, changed in the database past the files:", texts)


def closing(found: oikeus.Comparison) -> str:
    """How much it is, on one line."""
    parts = [
        f"{so_many(len(found.lines.added), 'line')} to add",
        f"{len(found.lines.removed)} to remove",
    ]
    if found.lines.moved:
        parts.append(f"{len(found.lines.moved)} moved in their files")
    change = found.difference
    for what, signs in (
        ("access", [(each.subject, each.sign) for each in change.access]),
        ("power", [(each.granter, each.sign) for each in change.powers]),
    ):
        gaining, losing = (
            len({subject for subject, each in signs if each == sign}) for sign in "+-"
        )
        parts.append(f"{_gaining(gaining, losing)} {what}")
    stays = sum(each.stays and each.line.ptype == "g" for each in change.inert_gained)
    parts.append(f"{so_many(stays, 'grant')} made inert")
    return ", ".join((*parts, *stranded_counts(found.stranded)))


def stranded_counts(found: Iterable[oikeus.Stranded]) -> Iterator[str]:
    """How many grants are flagged and revoked; nothing of those that stay."""
    counts = Counter(each.consequence for each in found)
    for consequence in (oikeus.Consequence.FLAG, oikeus.Consequence.REVOKE):
        if counts[consequence]:
            yield f"{so_many(counts[consequence], 'grant')} {_DONE[consequence]}"


def _gaining(gaining: int, losing: int) -> str:
    return f"{gaining:,} gain and {losing:,} lose"


def _stranded(each: oikeus.Stranded, names: Mapping[str, oikeus.Names]) -> str:
    grant = each.grant
    named = names.get(grant.organisation, oikeus.Names()).best
    where = f"{grant.organisation} {named}".rstrip()
    by = f", given by {each.granter}" if each.granter else ""
    return f"{grant.subject} {bare_role(grant.role)} at {where} {grant.span}{by}"


def _section(heading: str, texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if heading and not number:
            yield heading
        yield text


def _who(found: oikeus.Comparison, *, full: bool) -> Iterator[str]:
    return everybody(found) if full else access(found)


def _written(line: oikeus.Line) -> str:
    if line.source is None:
        return ""
    comment = f"; {line.source.comment}" if line.source.comment else ""
    return f" ({line.source}{comment})"


def _group(
    found: oikeus.Comparison, sign: str, those: oikeus.Concerned, what: str
) -> str:
    verb = _VERBS[sign][sum(those.kinds.values()) != 1]
    where = _places(_side(found, sign), those)
    return f"{sign} {_subjects(those.kinds)} {verb} {what} {where}"


def _side(found: oikeus.Comparison, sign: str) -> oikeus.Snapshot:
    """The version in which a gain or a loss is had."""
    return (found.after if sign == "+" else found.before).snapshot


def _subjects(kinds: Mapping[str, int]) -> str:
    """How many there are of each kind.

    >>> _subjects({"person": 1204, "system": 1})
    '1,204 people and 1 system'
    """
    return " and ".join(
        so_many(count, kind, _PEOPLE.get(kind)) for kind, count in kinds.items()
    )


def _places(snapshot: oikeus.Snapshot, those: oikeus.Concerned) -> str:
    """Where it is, in the words of the catalogue for levels, and how far it reaches."""
    if len(those.places) == 1:
        return f"at {_folded(snapshot, those.places[0])}"
    tops = len(those.places)
    reached = tops + sum(each.below for each in those.places)
    rest = f", {reached:,} with those below" if reached > tops else ""
    if len(those.levels) == 1:
        ((level, count),) = those.levels.items()
        return f"at {so_many(count, _level(snapshot, level))}{rest}"
    counted = (
        so_many(count, _level(snapshot, level)) for level, count in those.levels.items()
    )
    return f"at {so_many(tops, 'organisation')} ({', '.join(counted)}){rest}"


def _all_places(snapshot: oikeus.Snapshot, organisations: tuple[str, ...]) -> str:
    folded = oikeus.fold_places(snapshot.tree, organisations)
    return ", ".join(_folded(snapshot, each) for each in folded)


def _folded(snapshot: oikeus.Snapshot, folded: oikeus.Place) -> str:
    rest = f" and {folded.below} below" if folded.below else ""
    return f"{place(snapshot, folded.organisation)}{rest}"


def _level(snapshot: oikeus.Snapshot, level: str) -> str:
    """What people call a level; of no level, an organisation."""
    word = level.removeprefix("level:")
    if not word:
        return "other organisation"
    known = snapshot.catalogue.levels.get(word) if snapshot.catalogue else None
    return known.label.en if known else word
