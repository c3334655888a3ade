"""Worlds to decide in: a register and its grants, made from a seed.

The policy is the shipped one. Every size has the same shape: a root, providers,
institutions and offices below it, about 26 grants for each organisation, and mostly one
or two for each subject. Days are counted from the day of the run, since questions are
asked for today, and none begins or ends near it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

import oikeus
from oikeus.decide.allowing import today_in_finland

Drawn = TypeVar("Drawn")

ROOT = Path(__file__).resolve().parent.parent
SEED = 20260301
TOP = "1.2.246.562.10.00000000001"

PROVIDER, INSTITUTION, OFFICE = "koulutustoimija", "oppilaitos", "toimipiste"
# of what there are: providers, institutions; the rest are offices
_SHARES = ((PROVIDER, 0.08), (INSTITUTION, 0.25))
# how a provider brings its data, and how many do: a few have not said it yet
_MODES = (("mode:integraatio", 0.85), ("mode:syottoliittyma", 0.12), ("", 0.03))
_PASSIVE = 0.05
_BLOCKED = 0.005
_SYSTEMS = 0.03
_EXPIRED, _COMING = 0.12, 0.03
_SAME_PROVIDER = 0.8
# how many grants a subject has, and how many have so many
_HELD = ((1, 0.70), (2, 0.22), (3, 0.05), (5, 0.03))


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is."""

    name: str
    organisations: int
    grants: int


SIZES = {
    size.name: size
    for size in (
        Size("100", 30, 100),
        Size("200", 40, 200),
        Size("400", 60, 400),
        Size("4 k", 180, 4_000),
        Size("10 k", 390, 10_000),
        Size("40 k", 1_800, 40_000),
        Size("1 M", 39_000, 1_000_000),
        Size("10 M", 390_000, 10_000_000),
    )
}


class Place(NamedTuple):
    """An organisation below the root."""

    oid: str
    parent: str
    level: str
    provider: str
    mode: str
    passive: bool


class Held(NamedTuple):
    """A grant."""

    subject: str
    role: str
    organisation: str
    days: oikeus.Span


@dataclass(frozen=True, slots=True)
class World:
    """Organisations, grants and blocks.

    Attributes:
        size: how large it is.
        today: the day that all days were counted from.
        places: all organisations but the root, each after the one above it.
        grants: those of one subject after each other.
        blocked: subjects who are blocked.
    """

    size: Size
    today: date
    places: tuple[Place, ...]
    grants: tuple[Held, ...]
    blocked: tuple[str, ...]

    def lines(self) -> Iterator[oikeus.Line]:
        """Everything in force: the shipped policy, the register, blocks, grants."""
        yield from policies().lines
        for place in self.places:
            yield oikeus.Line("g4", (place.oid, f"level:{place.level}"))
            yield oikeus.Line("g2", (place.oid, place.parent))
            if place.mode and place.level == PROVIDER:
                yield oikeus.Line("g2", (place.oid, place.mode))
            if place.passive:
                yield oikeus.Line("g2", (place.oid, "status:passive"))
        for subject in self.blocked:
            yield oikeus.Line("g3", (subject, "blocked"))
        texts = {grant.days: str(grant.days) for grant in self.grants}
        for subject, role, organisation, days in self.grants:
            yield oikeus.Line("g", (subject, role, f"{organisation}@{texts[days]}"))


@lru_cache(maxsize=1)
def model() -> oikeus.Model:
    """The shipped model."""
    return oikeus.load_model(ROOT / "model.conf")


@lru_cache(maxsize=1)
def policies() -> oikeus.Policies:
    """The shipped policy."""
    return oikeus.load_policies(ROOT / "policies", model())


def make_world(size: Size, today: date | None = None) -> World:
    """Make the world of this size; the same one on the same day."""
    rng = Random(f"{SEED} {size.name}")  # noqa: S311 - chance, not secrets
    today = today or today_in_finland()
    places = _places(size.organisations, rng)
    grants = tuple(_grants(size.grants, places, today, rng))
    subjects = dict.fromkeys(grant.subject for grant in grants)
    blocked = tuple(subject for subject in subjects if rng.random() < _BLOCKED)
    return World(size, today, places, grants, blocked)


def _places(count: int, rng: Random) -> tuple[Place, ...]:
    """Draw a tree: some providers have many institutions, most have few."""
    drawn: dict[str, list[Place]] = {PROVIDER: [], INSTITUTION: [], OFFICE: []}
    levels = [level for level, share in _SHARES for _ in range(round(count * share))]
    levels += [OFFICE] * (count - 1 - len(levels))
    for number, level in enumerate(levels, start=10_000_000_000):
        oid, passive = f"1.2.246.562.10.{number}", rng.random() < _PASSIVE
        if level == PROVIDER:
            mode = _weighted(_MODES, rng)
            drawn[level].append(Place(oid, TOP, level, oid, mode, passive))
            continue
        # an office may stand directly below a provider
        above = PROVIDER if level == INSTITUTION or rng.random() < 0.15 else INSTITUTION  # noqa: PLR2004
        at = drawn[above][int(len(drawn[above]) * rng.random() ** 2)]
        drawn[level].append(Place(oid, at.oid, level, at.provider, at.mode, passive))
    return tuple(place for level in drawn.values() for place in level)


def _grants(
    count: int, places: tuple[Place, ...], today: date, rng: Random
) -> Iterator[Held]:
    """Give each subject what one such has, at places that mostly are one provider's."""
    near: dict[str, list[Place]] = {}
    for place in places:
        near.setdefault(place.provider, []).append(place)
    made, number = 0, 10_000_000_000
    while made < count:
        number += 1
        at = rng.choice(places)
        system = rng.random() < _SYSTEMS and at.mode == "mode:integraatio"
        subject = f"{'system' if system else 'person'}:1.2.246.562.24.{number}"
        # a set: no line stands twice
        held: dict[Held, None] = {}
        for _ in range(_weighted(_HELD, rng)):
            days = _span(today, rng, system=system)
            for role in _roles(at, rng, system=system):
                held[Held(subject, role, at.oid, days)] = None
            stay = rng.random() < _SAME_PROVIDER
            at = rng.choice(near[at.provider] if stay else places)
        yield from [*held][: count - made]
        made += len(held)


def _roles(place: Place, rng: Random, *, system: bool) -> tuple[str, ...]:
    """What is granted at such a place, mostly; a system's two go together."""
    if system:
        credentials = place.mode == "mode:integraatio" and place.level != OFFICE
        return ("role:tunnus", "role:palvelukayttaja") if credentials else ()
    drawn = rng.random()
    if place.level == PROVIDER and (drawn < 0.2 or not place.mode):  # noqa: PLR2004
        return ("role:vastuukayttaja",)
    if place.mode == "mode:integraatio":
        return ("role:ehoks-kayttaja" if drawn < 0.85 else "role:ehoks-paakayttaja",)  # noqa: PLR2004
    if place.mode == "mode:syottoliittyma":
        head = drawn > 0.85 and place.level != OFFICE  # noqa: PLR2004
        return ("role:tallentajan-paakayttaja" if head else "role:tallentaja",)
    return ()


def _span(today: date, rng: Random, *, system: bool) -> oikeus.Span:
    """A year that began some months ago, mostly; some are over, some are to come."""
    drawn, months = rng.random(), rng.randrange(12)
    if drawn < _EXPIRED:
        first = _before(today, 400 + 30 * (months % 4))
    elif drawn < _EXPIRED + _COMING:
        first = _before(today, -30)
    else:
        first = _before(today, 15 + 30 * months)
        if system:
            return _days(first, date(2099, 12, 31))
    return _days(first, first + timedelta(days=364))


@lru_cache(maxsize=100)
def _days(first: date, last: date) -> oikeus.Span:
    return oikeus.Span(first, last)


@lru_cache(maxsize=100)
def _before(today: date, days: int) -> date:
    return today - timedelta(days=days)


def _weighted(choices: tuple[tuple[Drawn, float], ...], rng: Random) -> Drawn:
    """Draw one of several, each as often as its share says."""
    drawn = rng.random()
    for value, share in choices:
        drawn -= share
        if drawn < 0:
            return value
    return choices[-1][0]
