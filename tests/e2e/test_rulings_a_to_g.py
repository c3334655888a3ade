"""Rulings A to G through the command line: who, where, by whom; allowed and refused.

What each case writes is compared whole; the texts are in tests/golden/rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .rules_commands import (
    APPLY,
    IMPORT,
    decide,
    entering,
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
    CLERK,
    ENTRY,
    GRADIA,
    GRADIA_VASTUU,
    HELSINKI,
    KEUDA,
    KIIPULA,
    KIIPULA_SCHOOL,
    NEW,
    OFFICE,
    OPH,
    OPH_TOO,
    PAA,
    RAUDASKYLA,
    ROOT,
    SCHOOL,
    STADI_PAA,
    USER,
    VASTUU,
)

RULINGS: Mapping[str, tuple[Case, ...]] = {
    "A": (
        Case(
            "a pääkäyttäjä is appointed at an office, which is a level of the role",
            YES,
            grant("ehoks-paakayttaja", OFFICE, VASTUU),
        ),
        Case(
            "a vastuukäyttäjä is not appointed at an institution",
            NO,
            grant("vastuukayttaja", SCHOOL, OPH),
        ),
        Case(
            "a tallentajan pääkäyttäjä is not appointed at an office",
            NO,
            grant("tallentajan-paakayttaja", "1.2.246.562.10.90401010000", OPH),
        ),
        Case(
            "an institution that is an office too has both levels",
            YES,
            grant("tallentajan-paakayttaja", RAUDASKYLA, OPH),
        ),
    ),
    "B": (
        Case(
            "Opetushallitus appoints vastuukäyttäjät",
            YES,
            grant("vastuukayttaja", HELSINKI, OPH),
        ),
        Case(
            "the role of Opetushallitus is not granted",
            NO,
            grant("opetushallitus", ROOT, OPH),
        ),
        Case("nor imported", ERROR, IMPORT, files=imported("opetushallitus", ROOT)),
        Case("nor applied for", NO, ("request", "opetushallitus", ROOT, "--as", NEW)),
    ),
    "C": (
        Case(
            "a tallentaja edits in their organisation",
            YES,
            decide(CLERK, "update", KIIPULA_SCHOOL),
        ),
        Case("and in no other", NO, decide(CLERK, "update", RAUDASKYLA)),
        Case(
            "a tallentajan pääkäyttäjä grants in no other",
            NO,
            grant("tallentaja", RAUDASKYLA, ENTRY),
        ),
    ),
    "D": (
        Case(
            "where no mode is declared neither group is granted",
            NO,
            grant("ehoks-paakayttaja", GRADIA, GRADIA_VASTUU),
        ),
        Case(
            "nor is the other group",
            NO,
            grant("tallentajan-paakayttaja", GRADIA, OPH),
        ),
        Case(
            "what was given goes on deciding when the mode changes",
            YES,
            decide(USER, "read", SCHOOL),
            [APPLY],
            entering(),
        ),
        Case(
            "but cannot be given any more",
            NO,
            grant("ehoks-kayttaja", SCHOOL, PAA),
            [APPLY],
            entering(),
        ),
        Case(
            "nor renewed",
            NO,
            ("renew", USER, "ehoks-kayttaja", KEUDA, "--as", PAA),
            [APPLY],
            entering(),
        ),
    ),
    "E": (
        Case(
            "a vastuukäyttäjä does not grant what a pääkäyttäjä does",
            NO,
            grant("ehoks-kayttaja", SCHOOL, VASTUU),
        ),
        Case(
            "a pääkäyttäjä does not grant their own role",
            NO,
            grant("ehoks-paakayttaja", SCHOOL, PAA),
        ),
        Case(
            "nobody grants to themselves, Opetushallitus included",
            NO,
            grant("vastuukayttaja", HELSINKI, OPH, OPH),
        ),
        Case(
            "one grants to the other",
            YES,
            grant("vastuukayttaja", HELSINKI, OPH, OPH_TOO),
        ),
        Case(
            "revoking takes the same power",
            YES,
            revoke(USER, "ehoks-kayttaja", KEUDA, PAA),
        ),
        Case(
            "and nobody else has it",
            NO,
            revoke(USER, "ehoks-kayttaja", KEUDA, VASTUU),
        ),
        Case(
            "nor has it one with power over a part only",
            NO,
            revoke(USER, "ehoks-kayttaja", KEUDA, STADI_PAA),
        ),
        Case(
            "no mode stands in the way of revoking",
            YES,
            revoke(USER, "ehoks-kayttaja", KEUDA, PAA),
            [APPLY],
            entering(),
        ),
        Case(
            "one may give up one's own right",
            YES,
            revoke(USER, "ehoks-kayttaja", KEUDA, USER),
        ),
        Case(
            "a grant outlives its granter's right",
            YES,
            decide(NEW, "read", SCHOOL),
            [
                grant("ehoks-kayttaja", SCHOOL, PAA),
                revoke(PAA, "ehoks-paakayttaja", KEUDA, VASTUU),
            ],
        ),
        Case(
            "who has lost the right grants nothing",
            NO,
            grant("ehoks-kayttaja", SCHOOL, PAA),
            [revoke(PAA, "ehoks-paakayttaja", KEUDA, VASTUU)],
        ),
        Case(
            "what is not held cannot be revoked",
            NO,
            revoke(NEW, "ehoks-kayttaja", SCHOOL, PAA),
        ),
    ),
    "F": (
        Case("a vastuukäyttäjä reads nothing", NO, decide(VASTUU, "read", KEUDA)),
        Case("no role deletes", NO, decide(ENTRY, "delete", KIIPULA)),
        Case(
            "reading is written out for a tallentaja",
            YES,
            decide(CLERK, "read", KIIPULA),
        ),
        Case(
            "which gives no power of an eHOKS-pääkäyttäjä",
            NO,
            ("may-grant", ENTRY, "ehoks-kayttaja", KIIPULA, "--to", NEW),
        ),
    ),
    "G": (
        Case(
            "who types in applies for tallentajan-paakayttaja",
            YES,
            ("request", "tallentajan-paakayttaja", KIIPULA_SCHOOL, "--as", NEW),
        ),
        Case(
            "and not for ehoks-paakayttaja",
            NO,
            ("request", "ehoks-paakayttaja", KIIPULA_SCHOOL, "--as", NEW),
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
    """A to G."""
    assert "".join(RULINGS) == "ABCDEFG"
