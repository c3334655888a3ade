"""The brief reasons of decisions, in the three languages.

They name roles by their labels, and nobody. Where they are not enough, a question may
ask for the whole explanation, which takes longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from ..decide.snapshot import Snapshot

ENGLISH = "en"
"""The language where a request names none of ours."""

_LANGUAGES = frozenset({"fi", "sv", "en"})
_LONGEST = 200
"""How long the list of languages may be that is looked at."""


class Brief(Enum):
    """Why something was decided so, in few words."""

    ROLE = "role"
    ALLOWED = "allowed"
    BLOCKED = "blocked"
    FORBIDDEN = "forbidden"
    NO_ROLE = "no role"
    NO_POWER = "no power"
    NO_ROLE_THEN = "no role then"
    NO_POWER_THEN = "no power then"


_WORDS: Mapping[str, Mapping[Brief, str]] = MappingProxyType(
    {
        "fi": {
            Brief.ROLE: "sallittu roolin {role} perusteella",
            Brief.ALLOWED: "sääntö sallii tämän",
            Brief.BLOCKED: "kysytyn oikeudet on estetty",
            Brief.FORBIDDEN: "sääntö kieltää tämän",
            Brief.NO_ROLE: "mikään täällä tänään voimassa oleva rooli ei salli tätä",
            Brief.NO_POWER: "mikään täällä tänään voimassa oleva rooli ei valtuuta",
            Brief.NO_ROLE_THEN: "mikään täällä sinä päivänä voimassa oleva rooli ei "
            "salli tätä",
            Brief.NO_POWER_THEN: "mikään täällä sinä päivänä voimassa oleva rooli ei "
            "valtuuta",
        },
        "sv": {
            Brief.ROLE: "tillåtet genom rollen {role}",
            Brief.ALLOWED: "en regel tillåter detta",
            Brief.BLOCKED: "den efterfrågades rättigheter är spärrade",
            Brief.FORBIDDEN: "en regel förbjuder detta",
            Brief.NO_ROLE: "ingen roll som gäller här i dag tillåter detta",
            Brief.NO_POWER: "ingen roll som gäller här i dag ger denna befogenhet",
            Brief.NO_ROLE_THEN: "ingen roll som gäller här den dagen tillåter detta",
            Brief.NO_POWER_THEN: "ingen roll som gäller här den dagen ger denna "
            "befogenhet",
        },
        "en": {
            Brief.ROLE: "allowed by the role {role}",
            Brief.ALLOWED: "a rule allows it",
            Brief.BLOCKED: "the subject is blocked",
            Brief.FORBIDDEN: "a rule forbids it",
            Brief.NO_ROLE: "no role held here today permits it",
            Brief.NO_POWER: "no role held here today has this power",
            Brief.NO_ROLE_THEN: "no role held here on that day permits it",
            Brief.NO_POWER_THEN: "no role held here on that day has this power",
        },
    }
)


@lru_cache(256)
def language(accepted: str) -> str:
    """The language of ours that a reader likes best.

    >>> language("sv-FI, fi;q=0.8, *;q=0.1")
    'sv'

    Args:
        accepted: the header Accept-Language; what of it cannot be read is passed over.
    """
    best, liked = ENGLISH, 0.0
    for part in accepted[:_LONGEST].split(","):
        name, _, weight = part.partition(";")
        name = name.strip().partition("-")[0].lower()
        quality = _quality(weight)
        if name in _LANGUAGES and quality > liked:
            best, liked = name, quality
    return best


def _quality(weight: str) -> float:
    text = weight.replace(" ", "").removeprefix("q=")
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def brief(
    snapshot: Snapshot, language: str, why: Brief, role: str | None = None
) -> str:
    """A sentence in lower case without a final stop.

    Args:
        snapshot: knows what roles are called.
        language: `fi`, `sv` or `en`.
        why: what is to be said.
        role: `role:…`, where the sentence names one.
    """
    text = _WORDS[language][why]
    if role is None:
        return text
    name = role.removeprefix("role:")
    known = snapshot.catalogue and snapshot.catalogue.roles.get(name)
    if known:
        name = getattr(known.label, language)
    return text.format(role=name)
