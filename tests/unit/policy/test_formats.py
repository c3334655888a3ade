"""The formats that the schemas name."""

from __future__ import annotations

import pytest
from jsonschema.exceptions import FormatError

from oikeus.policy.formats import FORMATS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("oikeus-word", "tallentajan-paakayttaja"),
        ("oikeus-word", "2aste"),
        ("oikeus-id", "person:1.2.246.562.24.1"),
        ("oikeus-organisation", "1.2.246.562.10.1"),
        ("oikeus-subject", "system:x"),
        ("oikeus-rule", "R14"),
        ("oikeus-rule", "K"),
        ("oikeus-text", "one line\nand another\n"),
        ("oikeus-label", "eHOKS-pääkäyttäjä"),
        ("oikeus-ending", "P1Y"),
        ("oikeus-ending", "2099-12-31"),
        ("oikeus-period", "P60D"),
        ("date", "2028-02-29"),
    ],
)
def test_what_a_format_takes(name: str, value: str) -> None:
    """What is right passes."""
    assert FORMATS.conforms(value, name)


@pytest.mark.parametrize("name", sorted(FORMATS.checkers))
def test_a_format_leaves_other_sorts_to_the_type(name: str) -> None:
    """A number in a text's place is one problem, not two."""
    assert FORMATS.conforms(3, name)


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("oikeus-word", "eHOKS", "`eHOKS` is no name, expected small letters"),
        ("oikeus-word", "a--b", "is no name"),
        ("oikeus-word", "a\n", "`a\\n` is no name"),
        ("oikeus-id", "a@b", "`a@b` holds @, which ids cannot"),
        ("oikeus-id", "", "`` is blank"),
        ("oikeus-organisation", "mode:x", "holds :, expected the bare id"),
        ("oikeus-organisation", "a..b", "holds .., which ids cannot"),
        ("oikeus-subject", "anna", "`anna` has no kind, expected person:ID"),
        ("oikeus-subject", "person:", "has no kind"),
        ("oikeus-rule", "R0", "`R0` is no rule number, expected the form R8 or C"),
        ("oikeus-rule", "r8", "is no rule number"),
        ("oikeus-text", " \n", "it is blank, expected text"),
        ("oikeus-text", "a\x1bb", "holds a control or invisible character"),
        ("oikeus-label", "a\nb", "is no label, expected one line"),
        ("oikeus-label", " a", "is no label"),
        ("oikeus-label", "a\u202eb", "holds a control or invisible character"),
        ("oikeus-ending", "P1", "`P1` is no day"),
        ("oikeus-period", "60D", "`60D` is no period, expected the form P1Y, P6M or"),
        ("oikeus-period", "P60D\n", "is no period, expected the form P1Y"),
        ("oikeus-period", "2099-12-31", "`2099-12-31` is no period, expected the form"),
        ("date", "2026-02-29", "is no day of the calendar"),
        ("date", "1.3.2026", "is no day, expected the form 2026-03-01"),
    ],
)
def test_what_a_format_refuses(name: str, value: str, cause: str) -> None:
    """The cause says what is wrong and what was expected."""
    with pytest.raises(FormatError) as caught:
        FORMATS.check(value, name)
    assert cause in str(caught.value.cause)
