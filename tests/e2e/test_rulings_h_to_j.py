"""Rulings H to J through the command line: days, closing, credentials.

What each case writes is compared whole; the texts are in tests/golden/rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .rules_commands import (
    CREATE,
    IMPORT,
    decide,
    grant,
    imported,
    revoke,
)
from .rules_transcripts import (
    ERROR,
    NO,
    YES,
    Begin,
    Case,
    Golden,
    Run,
    check_both,
    transcript,
)
from .rules_world import (
    KAINUU,
    KAINUU_PAA,
    KAINUU_SCHOOL,
    KAINUU_USER,
    KAINUU_VASTUU,
    KEUDA,
    NEW,
    NEW_SYSTEM,
    OFFICE,
    OPH,
    PAA,
    PLANNED,
    SCHOOL,
    STADI,
    STADI_PAA,
    USER,
    VASTUU,
)

SHORT = grant("ehoks-kayttaja", SCHOOL, PAA, NEW, "--until", "TOMORROW")
LATER = (
    *grant("ehoks-kayttaja", SCHOOL, PAA, NEW, "--from", "TOMORROW"),
    *("--until", "YEAR"),
)
RENEW = ("renew", NEW, "ehoks-kayttaja", SCHOOL, "--as", PAA)
TOO_LONG = ("--until", "2100-01-01")
RULINGS: Mapping[str, tuple[Case, ...]] = {
    "H": (
        Case(
            "a person gets a year by default",
            YES,
            grant("ehoks-kayttaja", SCHOOL, PAA),
        ),
        Case(
            "or less",
            YES,
            SHORT,
        ),
        Case(
            "or what begins later",
            YES,
            LATER,
        ),
        Case(
            "which decides nothing today",
            NO,
            decide(NEW, "read", SCHOOL),
            [LATER],
        ),
        Case(
            "but not more than a year",
            NO,
            grant("ehoks-kayttaja", SCHOOL, PAA, NEW, "--until", "TOO-LONG"),
        ),
        Case(
            "nor what began before today",
            NO,
            grant("ehoks-kayttaja", SCHOOL, PAA, NEW, "--from", "YESTERDAY"),
        ),
        Case(
            "nor what ends before it begins",
            NO,
            grant("ehoks-kayttaja", SCHOOL, PAA, NEW, "--until", "YESTERDAY"),
        ),
        Case(
            "a system gets it until the end of 2099",
            YES,
            grant("palvelukayttaja", SCHOOL, VASTUU, NEW_SYSTEM),
            [(*CREATE, KEUDA)],
        ),
        Case(
            "and no longer",
            NO,
            (*grant("palvelukayttaja", SCHOOL, VASTUU, NEW_SYSTEM), *TOO_LONG),
            [(*CREATE, KEUDA)],
        ),
        Case(
            "the last day is renewed",
            YES,
            RENEW,
            [SHORT],
        ),
        Case(
            "not past a year",
            NO,
            (*RENEW, "--until", "TOO-LONG"),
            [SHORT],
        ),
        Case(
            "nor what was never granted",
            NO,
            RENEW,
        ),
        Case(
            "an equal grant that ends sooner is renewed, and not doubled",
            YES,
            grant("ehoks-kayttaja", SCHOOL, PAA),
            [SHORT],
        ),
        Case(
            "one that overlaps it is refused",
            NO,
            SHORT,
            [grant("ehoks-kayttaja", SCHOOL, PAA)],
        ),
        Case(
            "an import states both days, and is not capped",
            YES,
            IMPORT,
            files=imported("ehoks-kayttaja", SCHOOL),
        ),
        Case(
            "a revocation acts at once",
            NO,
            decide(USER, "read", SCHOOL),
            [revoke(USER, "ehoks-kayttaja", KEUDA, PAA)],
        ),
    ),
    "I": (
        Case(
            "nothing new is granted at a passive organisation",
            NO,
            grant("ehoks-paakayttaja", KAINUU, KAINUU_VASTUU),
        ),
        Case(
            "nor below it",
            NO,
            grant("ehoks-kayttaja", KAINUU_SCHOOL, KAINUU_PAA),
        ),
        Case(
            "nor renewed",
            NO,
            ("renew", KAINUU_USER, "ehoks-kayttaja", KAINUU_SCHOOL, "--as", KAINUU_PAA),
        ),
        Case(
            "except what Opetushallitus grants",
            YES,
            grant("vastuukayttaja", KAINUU, OPH),
        ),
        Case(
            "what was granted goes on deciding",
            YES,
            decide(KAINUU_USER, "read", KAINUU_SCHOOL),
        ),
        Case(
            "and can be revoked",
            YES,
            revoke(KAINUU_USER, "ehoks-kayttaja", KAINUU_SCHOOL, KAINUU_PAA),
        ),
        Case(
            "a planned organisation counts as active",
            YES,
            grant("ehoks-kayttaja", PLANNED, STADI_PAA),
        ),
        Case(
            "an unknown organisation is refused",
            NO,
            grant("ehoks-kayttaja", "1.2.246.562.10.999", PAA),
        ),
        Case("an unknown role is refused", NO, grant("kayttaja", SCHOOL, PAA)),
        Case(
            "an unknown kind of holder is refused",
            ERROR,
            grant("ehoks-kayttaja", SCHOOL, PAA, "robot:1"),
        ),
        Case(
            "a blank field is refused", ERROR, grant("ehoks-kayttaja", SCHOOL, PAA, "")
        ),
    ),
    "J": (
        Case("a credential is registered", YES, (*CREATE, SCHOOL)),
        Case("not at an office, which the right cannot have", NO, (*CREATE, OFFICE)),
        Case("nor in another organisation", NO, (*CREATE, STADI)),
        Case(
            "registering gives no right",
            NO,
            decide(NEW_SYSTEM, "transfer", SCHOOL),
            [(*CREATE, SCHOOL)],
        ),
        Case(
            "the right is granted where it is registered",
            YES,
            grant("palvelukayttaja", SCHOOL, VASTUU, NEW_SYSTEM),
            [(*CREATE, SCHOOL)],
        ),
        Case(
            "and not above",
            NO,
            grant("palvelukayttaja", KEUDA, VASTUU, NEW_SYSTEM),
            [(*CREATE, SCHOOL)],
        ),
        Case(
            "nor to one that is not registered",
            NO,
            grant("palvelukayttaja", KEUDA, VASTUU, NEW_SYSTEM),
        ),
        Case("a name is registered once", NO, (*CREATE, SCHOOL), [(*CREATE, KEUDA)]),
    ),
}


@pytest.mark.parametrize("ruling", RULINGS)
def test_a_ruling_holds_through_the_command_line(
    oikeus: Run, rules_world: Begin, golden_rules: Golden, ruling: str
) -> None:
    """What it allows is done, what it does not is refused, and both say why."""
    check_both(RULINGS[ruling])
    golden_rules(ruling, transcript(oikeus, rules_world, RULINGS[ruling]))


def test_every_ruling_is_among_them() -> None:
    """H to J."""
    assert "".join(RULINGS) == "HIJ"
