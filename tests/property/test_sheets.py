"""Whatever a review says, no spreadsheet calculates it, and it comes back the same."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from oikeus.administration.review.sheets import COLUMNS, _cell, _safe, read_decisions

TEXTS = st.text(st.sampled_from("=+-@'\",;\t ab1"), max_size=12)


@given(text=TEXTS)
def test_cell_is_safe_wherever_it_is_split_and_comes_back(text: str) -> None:
    """At its beginning, and after everything that may stand between cells."""
    safe = _safe(text)
    for separator in ",;\t":
        for part in safe.split(separator):
            assert part[:1] not in {"=", "+", "-", "@"}
    assert _cell([safe], 0) == text.strip() or text != text.strip()


@given(
    subject=TEXTS.map(lambda text: f"person:{text.strip()}x"),
    reason=TEXTS.map(str.strip),
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_decision_is_read_as_it_was_written(
    subject: str, reason: str, delimiter: str, quoting: int, end: str
) -> None:
    """In whatever form of CSV a spreadsheet writes it."""
    cells = (subject, "clerk", "1.1", "", "2026-01-01", "2026-12-31", "", "", "keep")
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(COLUMNS)
    writer.writerow([*map(_safe, cells), _safe(reason)])
    (found,), problems = read_decisions("a.csv", text.getvalue())
    assert problems == []
    assert (found.grant.subject, found.reason) == (subject, reason)
