"""R1 to R14 through the command line: one case at least that is allowed, one refused.

What each case writes is compared whole; the texts are in tests/golden/rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .rules_commands import decide, grant
from .rules_transcripts import (
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
    ANOTHER_OFFICE,
    CAMPUS,
    CLERK,
    ENTRY,
    GRADIA,
    HELSINKI,
    KEUDA,
    KIIPULA,
    KIIPULA_OFFICE,
    KIIPULA_SCHOOL,
    KIIPULA_VASTUU,
    NEW,
    OFFICE,
    OPH,
    PAA,
    ROOT,
    SCHOOL,
    STADI,
    STADI_PAA,
    STADI_USER,
    SYSTEM,
    USER,
    VASTUU,
)

CREATE = ("credential", "create", "uusi", "--at", KEUDA, "--as")

RULES: Mapping[str, tuple[Case, ...]] = {
    "R1": (
        Case(
            "group 1 is granted where data is transferred by integration",
            YES,
            grant("ehoks-paakayttaja", KEUDA, VASTUU),
        ),
        Case(
            "group 1 is not granted where data is typed in",
            NO,
            grant("ehoks-paakayttaja", KIIPULA, KIIPULA_VASTUU),
        ),
        Case(
            "nor is group 1 passed on there by those who have it still",
            NO,
            grant("ehoks-kayttaja", KIIPULA, "person:1.2.246.562.24.90400000016"),
        ),
        Case(
            "group 2 is granted where data is typed in",
            YES,
            grant("tallentaja", KIIPULA, ENTRY),
        ),
        Case(
            "group 2 is not passed on where data is transferred",
            NO,
            grant("tallentaja", KEUDA, "person:1.2.246.562.24.90100000014"),
        ),
        Case(
            "a vastuukäyttäjä is in neither group, and appointed where no mode is",
            YES,
            grant("vastuukayttaja", GRADIA, OPH),
        ),
    ),
    "R2": (
        Case(
            "an institution's pääkäyttäjä decides who gets it, and at which level",
            YES,
            grant("ehoks-kayttaja", CAMPUS, STADI_PAA),
        ),
        Case(
            "but not for the provider above",
            NO,
            grant("ehoks-kayttaja", HELSINKI, STADI_PAA),
        ),
        Case(
            "nor does another provider's",
            NO,
            grant("ehoks-kayttaja", CAMPUS, PAA),
        ),
        Case(
            "may-grant says so beforehand",
            YES,
            ("may-grant", STADI_PAA, "ehoks-kayttaja", CAMPUS, "--to", NEW),
        ),
        Case(
            "may-grant says no beforehand",
            NO,
            ("may-grant", STADI_PAA, "ehoks-kayttaja", HELSINKI, "--to", NEW),
        ),
    ),
    "R3": (
        Case("an eHOKS-käyttäjä reads", YES, decide(USER, "read", SCHOOL)),
        Case("an eHOKS-pääkäyttäjä shares", YES, decide(PAA, "share", SCHOOL)),
        Case("a tallentaja reads as well", YES, decide(CLERK, "read", KIIPULA)),
        Case("a vastuukäyttäjä does not read", NO, decide(VASTUU, "read", SCHOOL)),
        Case("nor does a system share", NO, decide(SYSTEM, "share", SCHOOL)),
    ),
    "R4": (
        Case("a provider's right covers an office", YES, decide(PAA, "read", OFFICE)),
        Case("not another provider", NO, decide(PAA, "read", HELSINKI)),
        Case("nor what is above it", NO, decide(PAA, "read", ROOT)),
    ),
    "R5": (
        Case(
            "an institution's right covers its offices",
            YES,
            decide(STADI_USER, "read", CAMPUS),
        ),
        Case("not what is above it", NO, decide(STADI_USER, "read", HELSINKI)),
        Case("nor what is beside it", NO, decide(STADI_USER, "read", SCHOOL)),
        Case(
            "an office's right does not cover the next office",
            NO,
            decide(NEW, "read", ANOTHER_OFFICE),
            [grant("ehoks-kayttaja", OFFICE, PAA)],
        ),
    ),
    "R6": (
        Case(
            "a vastuukäyttäjä appoints eHOKS-pääkäyttäjät in their organisation",
            YES,
            grant("ehoks-paakayttaja", SCHOOL, VASTUU),
        ),
        Case(
            "and in no other",
            NO,
            grant("ehoks-paakayttaja", STADI, VASTUU),
        ),
    ),
    "R7": (
        Case("a vastuukäyttäjä creates the credential", YES, (*CREATE, VASTUU)),
        Case("an eHOKS-pääkäyttäjä does not", NO, (*CREATE, PAA)),
        Case("nor Opetushallitus", NO, (*CREATE, OPH)),
    ),
    "R8": (
        Case(
            "an eHOKS-pääkäyttäjä grants ehoks-kayttaja in their organisation",
            YES,
            grant("ehoks-kayttaja", SCHOOL, PAA),
        ),
        Case("and reads", YES, decide(PAA, "read", SCHOOL)),
        Case("and shares", YES, decide(PAA, "share", SCHOOL)),
        Case("but does not edit", NO, decide(PAA, "update", SCHOOL)),
        Case("nor grant in another", NO, grant("ehoks-kayttaja", STADI, PAA)),
    ),
    "R9": (
        Case("an eHOKS-käyttäjä reads", YES, decide(USER, "read", SCHOOL)),
        Case("and shares", YES, decide(USER, "share", SCHOOL)),
        Case("and grants nothing", NO, grant("ehoks-kayttaja", SCHOOL, USER)),
        Case("nor elsewhere reads", NO, decide(USER, "read", STADI)),
    ),
    "R10": (
        Case("a system transfers", YES, decide(SYSTEM, "transfer", SCHOOL)),
        Case("and does nothing else", NO, decide(SYSTEM, "create", SCHOOL)),
        Case(
            "the right is granted to a registered system",
            YES,
            grant("palvelukayttaja", KEUDA, VASTUU, "system:uusi"),
            [(*CREATE, VASTUU)],
        ),
        Case(
            "and never to an official",
            NO,
            grant("palvelukayttaja", KEUDA, VASTUU),
        ),
        Case("no official transfers", NO, decide(PAA, "transfer", SCHOOL)),
        Case(
            "nor does an official apply for it",
            NO,
            ("request", "palvelukayttaja", KEUDA, "--as", NEW),
        ),
    ),
    "R11": (
        Case(
            "Opetushallitus appoints tallentajan pääkäyttäjät",
            YES,
            grant("tallentajan-paakayttaja", KIIPULA, OPH),
        ),
        Case(
            "only where data cannot be transferred",
            NO,
            grant("tallentajan-paakayttaja", KEUDA, OPH),
        ),
        Case(
            "and nobody else does",
            NO,
            grant("tallentajan-paakayttaja", KIIPULA, KIIPULA_VASTUU),
        ),
        Case(
            "nor one tallentajan pääkäyttäjä the next",
            NO,
            grant("tallentajan-paakayttaja", KIIPULA, ENTRY),
        ),
    ),
    "R12": (
        Case(
            "it is applied for from Opetushallitus",
            YES,
            ("request", "tallentajan-paakayttaja", KIIPULA, "--as", NEW),
        ),
        Case(
            "not where data is transferred",
            NO,
            ("request", "tallentajan-paakayttaja", KEUDA, "--as", NEW),
        ),
        Case(
            "Opetushallitus approves it",
            YES,
            ("approve", "6", "--as", OPH),
            [("request", "tallentajan-paakayttaja", KIIPULA, "--as", NEW)],
        ),
        Case(
            "nobody else does",
            NO,
            ("approve", "6", "--as", KIIPULA_VASTUU),
            [("request", "tallentajan-paakayttaja", KIIPULA, "--as", NEW)],
        ),
        Case(
            "nor the applicant",
            NO,
            ("approve", "6", "--as", NEW),
            [("request", "tallentajan-paakayttaja", KIIPULA, "--as", NEW)],
        ),
    ),
    "R13": (
        Case(
            "a tallentajan pääkäyttäjä grants tallentaja",
            YES,
            grant("tallentaja", KIIPULA_SCHOOL, ENTRY),
        ),
        Case("and edits", YES, decide(ENTRY, "update", KIIPULA_OFFICE)),
        Case("and shares", YES, decide(ENTRY, "share", KIIPULA_OFFICE)),
        Case(
            "but grants no right of group 1",
            NO,
            grant("ehoks-kayttaja", KIIPULA_SCHOOL, ENTRY),
        ),
        Case("nor deletes", NO, decide(ENTRY, "delete", KIIPULA_OFFICE)),
    ),
    "R14": (
        Case("a tallentaja creates", YES, decide(CLERK, "create", KIIPULA_SCHOOL)),
        Case("and shares", YES, decide(CLERK, "share", KIIPULA_SCHOOL)),
        Case("and grants nothing", NO, grant("tallentaja", KIIPULA_SCHOOL, CLERK)),
        Case("nor transfers", NO, decide(CLERK, "transfer", KIIPULA_SCHOOL)),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds_through_the_command_line(
    oikeus: Run, rules_world: Begin, golden_rules: Golden, rule: str
) -> None:
    """What it allows is done, what it does not is refused, and both say why."""
    check_both(RULES[rule])
    golden_rules(rule, transcript(oikeus, rules_world, RULES[rule]))


def test_every_rule_is_among_them() -> None:
    """R1 to R14."""
    assert tuple(RULES) == tuple(f"R{number}" for number in range(1, 15))
