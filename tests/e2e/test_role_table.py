"""Every row of the table of roles, through the command line: who, where, by whom, what.

Each role is tried for each kind of holder, at each level, by a holder of each role, and
for each action; what the table does not say is refused, with the text whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from .rules_transcripts import (
    NO,
    YES,
    Begin,
    Case,
    Golden,
    Run,
    Words,
    transcript,
)
from .rules_world import (
    HOLDERS,
    KEUDA,
    KIIPULA,
    KIIPULA_OFFICE,
    KIIPULA_SCHOOL,
    NEW,
    NEW_SYSTEM,
    OFFICE,
    OPH,
    ROOT,
    SCHOOL,
    VASTUU,
)

LEVELS = {
    "root": (ROOT, ROOT),
    "koulutustoimija": (KEUDA, KIIPULA),
    "oppilaitos": (SCHOOL, KIIPULA_SCHOOL),
    "toimipiste": (OFFICE, KIIPULA_OFFICE),
}
DEEDS = (
    *(("read", "hoks"), ("share", "hoks"), ("create", "hoks"), ("update", "hoks")),
    *(("delete", "hoks"), ("transfer", "hoks"), ("create", "tiedonsiirtotunnus")),
)
_ALL = ("koulutustoimija", "oppilaitos", "toimipiste")
_ENTERS = ("read hoks", "share hoks", "create hoks", "update hoks")


@dataclass(frozen=True)
class Row:
    """A row of the table; the mode is that of its group, or any one."""

    holder: str
    levels: tuple[str, ...]
    granted_by: str | None
    may: tuple[str, ...]
    mode: str = "integraatio"


TABLE = {
    "opetushallitus": Row("person", ("root",), None, ()),
    "vastuukayttaja": Row(
        "person", _ALL[:1], "opetushallitus", ("create tiedonsiirtotunnus",)
    ),
    "ehoks-paakayttaja": Row("person", _ALL, "vastuukayttaja", _ENTERS[:2]),
    "ehoks-kayttaja": Row("person", _ALL, "ehoks-paakayttaja", _ENTERS[:2]),
    "palvelukayttaja": Row("system", _ALL[:2], "vastuukayttaja", ("transfer hoks",)),
    "tallentajan-paakayttaja": Row(
        "person", _ALL[:2], "opetushallitus", _ENTERS, "syottoliittyma"
    ),
    "tallentaja": Row(
        "person", _ALL, "tallentajan-paakayttaja", _ENTERS, "syottoliittyma"
    ),
}


def cases(role: str, row: Row) -> Iterator[Case]:
    """All that a row says, and all that it does not."""
    holders = {"opetushallitus": OPH, **HOLDERS[row.mode]}
    which = 0 if row.mode == "integraatio" else 1
    granter = holders[row.granted_by or "opetushallitus"]
    wrong = {"person": "system", "system": "person"}[row.holder]
    usual = LEVELS[row.levels[0]][which]

    def grant(holder: str, place: str, by: str) -> tuple[Words, tuple[Words, ...]]:
        subject = NEW if holder == "person" else NEW_SYSTEM
        create = ("credential", "create", "uusi", "--at", KEUDA, "--as", VASTUU)
        before = () if holder == "person" or which else (create,)
        return ("grant", subject, role, place, "--as", by), before

    for level, places in LEVELS.items():
        code = YES if row.granted_by and level in row.levels else NO
        yield Case(
            f"{role} at the level {level}",
            code,
            *grant(row.holder, places[which], granter),
        )
    yield Case(f"{role} for a {wrong}", NO, *grant(wrong, usual, granter))
    for other, holder in holders.items():
        code = YES if other == row.granted_by else NO
        yield Case(
            f"{role} granted by {other}", code, *grant(row.holder, usual, holder)
        )
    for action, resource in DEEDS:
        code = YES if f"{action} {resource}" in row.may else NO
        words = ("decide", holders[role], action, resource, usual)
        yield Case(f"{role} may {action} {resource}", code, words)


@pytest.mark.parametrize(("role", "row"), TABLE.items(), ids=TABLE)
def test_a_role_is_what_its_row_says(
    oikeus: Run, rules_world: Begin, golden_rules: Golden, role: str, row: Row
) -> None:
    """Its holder, its levels, who grants it and what it may; and nothing besides."""
    text = transcript(oikeus, rules_world, cases(role, row))
    golden_rules(f"role-{role}", text)
