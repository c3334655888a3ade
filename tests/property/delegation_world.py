"""A small world to administer, as the documents that the engine reads.

Two providers transfer data or type it in, one has declared neither; there are schools,
offices below offices, one organisation without a level, and a passive school.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from oikeus.terms import Grant, Line

from .naive_rules import (
    CREATES_CREDENTIALS,
    ENTRY,
    HEAD,
    INTEGRATION,
    OPH,
    POWERS,
    TABLE,
    VASTUU,
    Held,
    Power,
    year_from,
)
from .worlds import ROOT as HOME

START = date(2028, 2, 24)
"""Five days before a day that other years do not have."""

ROOT = "1.2.246.562.10.00000000001"
INTEGRATING, ENTERING, UNDECLARED = (f"1.2.246.562.10.{n}" for n in (1, 2, 3))
PROVIDERS = (INTEGRATING, ENTERING, UNDECLARED)
CLOSED = f"{ENTERING}.2"
UNKNOWN = "1.2.246.562.10.9"
_TREE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (INTEGRATING, ("koulutustoimija",)),
    (f"{INTEGRATING}.1", ("oppilaitos",)),
    (f"{INTEGRATING}.1.1", ("toimipiste",)),
    (f"{INTEGRATING}.1.1.1", ("toimipiste",)),
    (f"{INTEGRATING}.2", ()),
    (f"{INTEGRATING}.2.1", ("toimipiste",)),
    (ENTERING, ("koulutustoimija", "oppilaitos")),
    (f"{ENTERING}.1", ("oppilaitos",)),
    (f"{ENTERING}.1.1", ("toimipiste",)),
    (CLOSED, ("oppilaitos",)),
    (UNDECLARED, ("koulutustoimija",)),
    (f"{UNDECLARED}.1", ("oppilaitos",)),
)
LEVELS = {ROOT: ("root",), **dict(_TREE)}
PARENTS = {
    place: ROOT if place in PROVIDERS else place.rpartition(".")[0]
    for place, _ in _TREE
}
PLACES = tuple(LEVELS)
_TYPES = {"koulutustoimija": "01", "oppilaitos": "02", "toimipiste": "03"}

PERSONS = tuple(f"person:{number}" for number in range(8))
NAMES = ("one", "two", "three")
SYSTEMS = tuple(f"system:{name}" for name in NAMES)
SUBJECTS = (*PERSONS, *SYSTEMS)
ROLES = tuple(TABLE)
ACTS = ("read", "share", "create", "update", "transfer", CREATES_CREDENTIALS)


def _from_files(person: int, role: str, place: str, last: date) -> Held:
    return Held(PERSONS[person], role, place, date(2028, 1, 1), last)


FIRST_GRANTS = (
    _from_files(0, OPH, ROOT, date(2040, 12, 31)),
    _from_files(1, OPH, ROOT, date(2040, 12, 31)),
    _from_files(2, VASTUU, UNDECLARED, date(2028, 12, 31)),
    _from_files(3, VASTUU, ENTERING, date(2028, 3, 31)),
)
_YEAR = (START, year_from(START))
IMPORTED = (
    Held(PERSONS[3], VASTUU, INTEGRATING, *_YEAR),
    Held(PERSONS[4], HEAD, INTEGRATING, *_YEAR),
    Held(PERSONS[5], "tallentajan-paakayttaja", ENTERING, *_YEAR),
    Held(SYSTEMS[0], "palvelukayttaja", f"{INTEGRATING}.1", *_YEAR),
)
ODD_POWERS = (
    Power(VASTUU, "ehoks-kayttaja", None, to_passive=False),
    Power(HEAD, HEAD, INTEGRATION, to_passive=True),
    Power("tallentaja", "tallentaja", ENTRY, to_passive=False),
    Power(OPH, "palvelukayttaja", None, to_passive=True),
)
ODD_PERMISSIONS = ((VASTUU, "read"), ("palvelukayttaja", "read"))


@dataclass(frozen=True)
class Policy:
    """What policy files can say differently from one day to the next."""

    modes: dict[str, str] = field(
        default_factory=lambda: {INTEGRATING: INTEGRATION, ENTERING: ENTRY}
    )
    may: frozenset[tuple[str, str]] = frozenset(
        (role, act) for role, row in TABLE.items() for act in row.may
    )
    powers: frozenset[Power] = POWERS
    longest: dict[str, int] = field(default_factory=dict)
    written: frozenset[Held] = frozenset(FIRST_GRANTS[:3])

    def write(self, folder: Path) -> None:
        """Write it as a folder of policies, the rest of it as it is shipped."""
        shipped = HOME / "policies"
        text = (shipped / "ehoks.csv").read_text(encoding="utf-8")
        kinds = [row for row in text.splitlines() if row.startswith(("g3,", "g4,"))]
        rows = ["# R1: as the test wants", *kinds, f"g4, {ROOT}, level:root"]
        rows += sorted(map(str, self._lines()))
        folder.mkdir(exist_ok=True)
        (folder / "all.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        words = (shipped / "ehoks.yaml").read_text(encoding="utf-8")
        for role, days in self.longest.items():
            pattern = rf"(\n  {role}:\n(?:    .*\n)*?    validity: ){{.*}}"
            validity = rf"\1{{default: P{days}D, longest: P{days}D}}"
            words, count = re.subn(pattern, validity, words)
            assert count == 1
        (folder / "ehoks.yaml").write_text(words, encoding="utf-8")

    def _lines(self) -> Iterator[Line]:
        for place, mode in self.modes.items():
            yield Line("g2", (place, f"mode:{mode}"))
        for role, act in self.may:
            yield Line("p", (f"role:{role}", *deed(act)[::-1], "allow"))
        for power in self.powers:
            mode = f"mode:{power.mode}" if power.mode else "*"
            status = "*" if power.to_passive else "active"
            roles = f"role:{power.granter}", f"role:{power.role}"
            yield Line("p2", (*roles, mode, status))
        yield from map(line_of, self.written)


def deed(act: str) -> tuple[str, str]:
    """An act of the rules as an action and its resource."""
    if act == CREATES_CREDENTIALS:
        return "create", "tiedonsiirtotunnus"
    return act, "hoks"


def line_of(held: Held) -> Line:
    """A grant as the line of the model."""
    span = f"{held.first.isoformat()}..{held.last.isoformat()}"
    return Line("g", (held.subject, f"role:{held.role}", f"{held.place}@{span}"))


def held_of(line: Line) -> Held:
    """The line of a grant, read."""
    grant = Grant.parse(line)
    role = grant.role.removeprefix("role:")
    days = grant.span.first, grant.span.last
    return Held(grant.subject, role, grant.organisation, *days)


def grants_file(rows: Iterable[Held]) -> str:
    """Grants as CSV."""
    texts = (",".join(map(str, row)) for row in rows)
    return "\n".join(("subject,role,organisation,from,until", *texts)) + "\n"


def extract(parents: dict[str, str], passive: set[str]) -> str:
    """All organisations as the register has them."""
    return json.dumps(
        [
            {
                "oid": place,
                "parentOid": parent,
                "nimi": {"fi": f"Organisaatio {place}"},
                "status": "PASSIIVINEN" if place in passive else "AKTIIVINEN",
                "tyypit": [
                    f"organisaatiotyyppi_{_TYPES[level]}" for level in LEVELS[place]
                ]
                or ["organisaatiotyyppi_05"],
            }
            for place, parent in parents.items()
        ]
    )
