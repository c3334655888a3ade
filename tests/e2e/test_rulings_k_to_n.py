"""Rulings K to N through the command line: inert rows, whose HOKS, imports, blocks.

What each case writes is compared whole; the texts are in tests/golden/rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .rules_commands import (
    APPLY,
    IMPORT,
    decide,
    grant,
    imported,
    revoke,
    written,
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
    CLOSED,
    KEUDA,
    NEW,
    NEW_SYSTEM,
    OFFICE,
    OTHER,
    PAA,
    ROOT,
    SCHOOL,
    SPAN,
    STADI,
    STADI_PAA,
    SYSTEM,
    USER,
    VASTUU,
)

BLOCK = ("block", USER, "--reason", "left", "--as")
BLOCKED = ("block", PAA, "--reason", "dismissed")

RULINGS: Mapping[str, tuple[Case, ...]] = {
    "K": (
        Case(
            "a person who came by the service right transfers nothing",
            NO,
            decide(NEW, "transfer", SCHOOL),
            rows=[("g", NEW, "role:palvelukayttaja", f"{KEUDA}@{SPAN}")],
        ),
        Case(
            "a right at the root opens no provider",
            NO,
            decide(NEW, "read", SCHOOL),
            rows=[("g", NEW, "role:ehoks-kayttaja", f"{ROOT}@{SPAN}")],
        ),
        Case(
            "nor does one who is Opetushallitus below the root appoint",
            NO,
            grant("vastuukayttaja", KEUDA, NEW, OTHER),
            rows=[("g", NEW, "role:opetushallitus", f"{KEUDA}@{SPAN}")],
        ),
        Case(
            "such rows take nothing from a right beside them",
            YES,
            decide(USER, "read", SCHOOL),
            rows=[("g", USER, "role:palvelukayttaja", f"{KEUDA}@{SPAN}")],
        ),
    ),
    "L": (
        Case(
            "a HOKS is its institution's",
            YES,
            decide(NEW, "read", STADI),
            [grant("ehoks-kayttaja", STADI, STADI_PAA)],
        ),
        Case(
            "the student's other school gets nothing",
            NO,
            decide(NEW, "read", SCHOOL),
            [grant("ehoks-kayttaja", STADI, STADI_PAA)],
        ),
        Case(
            "neither does an office of the issuing one",
            NO,
            decide(NEW, "read", SCHOOL),
            [grant("ehoks-kayttaja", OFFICE, PAA)],
        ),
    ),
    "M": (
        Case(
            "an import has no granter",
            YES,
            IMPORT,
            files=imported("ehoks-paakayttaja", STADI),
        ),
        Case(
            "it registers the credentials that it brings, where their right is",
            YES,
            grant("palvelukayttaja", SCHOOL, VASTUU, NEW_SYSTEM),
            [IMPORT],
            imported("palvelukayttaja", KEUDA, NEW_SYSTEM),
        ),
        Case(
            "a passive organisation is a warning",
            YES,
            IMPORT,
            files=imported("ehoks-kayttaja", CLOSED),
        ),
        Case(
            "kind binds",
            ERROR,
            IMPORT,
            files=imported("palvelukayttaja", KEUDA),
        ),
        Case("level binds", ERROR, IMPORT, files=imported("vastuukayttaja", SCHOOL)),
        Case("mode binds", ERROR, IMPORT, files=imported("tallentaja", SCHOOL)),
        Case(
            "a policy file without power gives a first grant",
            YES,
            decide(NEW, "read", STADI),
            [APPLY],
            written("ehoks-kayttaja"),
        ),
        Case(
            "but not to the wrong kind",
            ERROR,
            APPLY,
            files=written("palvelukayttaja"),
        ),
    ),
    "N": (
        Case("the owner blocks", YES, BLOCKED),
        Case("one with power over a grant of the subject blocks", YES, (*BLOCK, PAA)),
        Case("one without does not", NO, (*BLOCK, STADI_PAA)),
        Case("nor does one block oneself", NO, (*BLOCK, USER)),
        Case("a blocked subject is denied", NO, decide(PAA, "read", SCHOOL), [BLOCKED]),
        Case(
            "powers included",
            NO,
            grant("ehoks-kayttaja", SCHOOL, PAA),
            [BLOCKED],
        ),
        Case(
            "giving up included",
            NO,
            revoke(PAA, "ehoks-paakayttaja", KEUDA, PAA),
            [BLOCKED],
        ),
        Case(
            "applying included",
            NO,
            ("request", "ehoks-paakayttaja", SCHOOL, "--as", PAA),
            [BLOCKED],
        ),
        Case(
            "a leaked credential transfers nothing",
            NO,
            decide(SYSTEM, "transfer", SCHOOL),
            [("block", SYSTEM, "--reason", "leaked", "--as", VASTUU)],
        ),
        Case(
            "its grants work again when the block is lifted",
            YES,
            decide(PAA, "read", SCHOOL),
            [BLOCKED, ("unblock", PAA, "--as", VASTUU)],
        ),
        Case(
            "one without power does not lift it",
            NO,
            ("unblock", PAA, "--as", STADI_PAA),
            [BLOCKED],
        ),
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
    """K to N."""
    assert "".join(RULINGS) == "KLMN"
