"""Requirements on how lines become rows and rows become lines."""

import pytest

from oikeus.errors import StoreError
from oikeus.store.rows import Shared, batches, check_line, columns_of, shown
from oikeus.terms import Line


def test_a_line_fills_its_columns_and_leaves_the_rest_missing() -> None:
    """A missing last value is NULL, not blank."""
    columns = columns_of(Line("g2", ("1.2", "")))
    assert columns == ("g2", "1.2", "", None, None, None, None)


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        (("a", "b", None, None), ("a", "b")),
        (("a", "", None, None), ("a", "")),
        (("a", None, "c", None), ("a", "", "c")),
        ((None, "b", None, None), ("", "b")),
        ((None, None, None, None), ()),
    ],
)
def test_a_missing_value_in_the_middle_keeps_the_width(
    columns: tuple[str | None, ...], values: tuple[str, ...]
) -> None:
    """Trailing NULLs are dropped; one in the middle is a blank value."""
    assert Shared().values_of(columns) == values


def test_equal_values_are_kept_once() -> None:
    """A role that a million rows name takes the memory of one."""
    shared = Shared()
    first, second = ("role:" + "".join(parts) for parts in (("a", "b"), ("a", "b")))
    assert first is not second
    assert shared.values_of([second])[0] is shared.values_of([first])[0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (Line("p", ("a",) * 7), "`p, a, a, a, a, a, a, a` has 7 values, expected 6 at"),
        (Line("p", ("a" * 256,)), "the v0 of a `p` line has 256 characters, expected"),
        (Line("p" * 256, ("a",)), "the ptype of a line has 256 characters, expected"),
        (Line("p", ("a", "b\0")), "the v1 of a `p` line is 'b\\x00', with a character"),
        (Line("p", ("\ud800",)), "the v0 of a `p` line is '\\ud800', with a character"),
        (
            Line("p", ("字" * 255,) * 4),
            "a `p` line has 3061 bytes of UTF-8, expected 2500 at most",
        ),
        (Line("p", (7,)), "the v0 of a `p` line is 7, expected text"),  # type: ignore[arg-type]
    ],
)
def test_what_no_row_can_hold_is_refused(line: Line, problem: str) -> None:
    """A value that one database would cut, change or refuse is refused for both."""
    with pytest.raises(StoreError) as caught:
        check_line(line)
    assert str(caught.value).startswith(problem)


def test_a_line_is_shown_on_one_line() -> None:
    """A line break in a value cannot forge a line of an error text."""
    assert shown(Line("p", ("a\nb", "ä"))) == "p, a\\nb, \\xe4"
    assert shown(Line("p", ("ä",))) == "p, ä"


def test_batches_hold_everything_once() -> None:
    """Cutting into batches loses nothing and makes no empty one."""
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []
