"""Requirements on what a matcher may ask of the day."""

import pytest

from oikeus.decide.matcher.timeless import is_timeless

from .test_folding import GRANT, OTHERS, plan_of

GRANT_2 = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((GRANT,), True),
        ((OTHERS, GRANT, "r.obj == p.obj"), True),
        ((GRANT, f'({GRANT} || r.act == "read")'), True),
        ((OTHERS,), False),
        ((GRANT, 'r.day >= "2026-05-01"'), False),
        ((GRANT, 'g(r.sub, "role:a", r.org + "@" + r.day + "@" + "role:a")'), False),
    ],
)
def test_matcher_is_timeless_if_the_day_only_finds_grants(
    terms: tuple[str, ...], *, expected: bool
) -> None:
    """Of any other, an answer may change on any day."""
    assert is_timeless(plan_of("m", *terms)) is expected


def test_matcher_of_powers_may_be_timeless_too() -> None:
    """It has a day of its own."""
    assert is_timeless(plan_of("m2", GRANT_2))
    assert not is_timeless(plan_of("m2", GRANT_2, 'r2.day != "2026-05-01"'))
