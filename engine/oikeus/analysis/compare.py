"""Asks two versions the same questions, and finds what they answer otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .changes import Sign
from .pair import Pair, Standing
from .places import everywhere, in_order
from .side import Side, Thing

_Found = dict[tuple[Sign, Thing], list[str]]
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer that is another one: whose, about what, and where."""

    sign: Sign
    subject: str
    thing: Thing
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Here:
    """What the answers to a subject at one organisation depend on."""

    who: str
    kind: str
    linked: tuple[frozenset[str], frozenset[str]]
    before: frozenset[str]
    after: frozenset[str]


def compare(before: Side, after: Side) -> Iterator[Changed]:
    """Ask both versions whatever one of them could answer otherwise.

    Those who have all in common that answers depend on are asked about once.
    """
    pair = Pair(before, after)
    standings = pair.standings()
    found: dict[Standing, _Found] = {}
    for standing, sign, thing, organisation in (
        *_of_grants(pair, standings),
        *_everywhere(pair, standings),
    ):
        key = sign, thing
        found.setdefault(standing, {}).setdefault(key, []).append(organisation)
    orders = {"+": in_order(after.snapshot), "-": in_order(before.snapshot)}
    for standing, changes in found.items():
        for (sign, thing), places in changes.items():
            organisations = orders[sign](places)
            for subject in standings[standing]:
                yield Changed(sign, subject, thing, organisations)


_Answer = tuple[Standing, Sign, Thing, str]


def _of_grants(pair: Pair, standings: dict[Standing, list[str]]) -> Iterator[_Answer]:
    """Ask about those who need a grant, organisation by organisation."""
    for organisation, here in _places(pair, standings).items():
        for held, those in here.items():
            (who, *_) = standings[those[0]]
            things = pair.before.about(held.before) | pair.after.about(held.after)
            for thing in things:
                # without a role here nobody is allowed anything: certain, not asked
                was = held.before and pair.before.ask(who, thing, organisation)
                is_now = held.after and pair.after.ask(who, thing, organisation)
                if bool(was) != bool(is_now):
                    sign: Sign = "+" if is_now else "-"
                    for standing in those:
                        yield standing, sign, thing, organisation


def _places(
    pair: Pair, standings: Iterable[Standing]
) -> dict[str, dict[_Here, list[Standing]]]:
    """By organisation, who may be answered otherwise there."""
    found: dict[str, dict[_Here, list[Standing]]] = {}
    for standing in standings:
        if standing.everywhere:
            continue
        before = pair.before.roles(standing.held[0])
        after = pair.after.roles(standing.held[1])
        is_same = standing.linked[0] == standing.linked[1] and not standing.who
        for organisation in before.keys() | after.keys():
            old = before.get(organisation, _NOTHING)
            new = after.get(organisation, _NOTHING)
            if is_same and old == new and not pair.differ_for(new):
                continue
            here = _Here(standing.who, standing.kind, standing.linked, old, new)
            found.setdefault(organisation, {}).setdefault(here, []).append(standing)
    return found


def _everywhere(pair: Pair, standings: dict[Standing, list[str]]) -> Iterator[_Answer]:
    """Ask about those who could be allowed something without a grant: everything."""
    those = [standing for standing in standings if standing.everywhere]
    if not those:
        return
    before, after = pair.before, pair.after
    things = before.things | after.things
    for organisation in everywhere(before.snapshot) | everywhere(after.snapshot):
        for standing in those:
            for thing in things:
                was = before.ask(standing.who, thing, organisation)
                is_now = after.ask(standing.who, thing, organisation)
                if was != is_now:
                    yield standing, "+" if is_now else "-", thing, organisation
