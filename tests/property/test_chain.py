"""The digests of changes, made quickly: the very same as by the general spelling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oikeus.store.chain import GENESIS, Entry, chained, change_digests, change_form
from oikeus.store.rows import columns_of, source_columns
from oikeus.store.values import Op
from oikeus.terms import Line, Source

# half of a character is refused before it gets there
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SOURCES = st.none() | st.builds(Source, WORDS, st.integers(0, 2**31 - 1), WORDS)
LINES = st.builds(
    Line, WORDS, st.lists(WORDS, min_size=1, max_size=6).map(tuple), SOURCES
)
OPS = st.sampled_from([op.value for op in Op])
ENTRIES = st.lists(st.tuples(OPS, st.integers(1, 2**31 - 1), LINES), max_size=5)


@given(entries=ENTRIES)
def test_quick_digests_are_those_of_the_general_spelling(entries: list[Entry]) -> None:
    """Of any texts, in lines of any width, with a source or without."""
    rows = (
        (9, position, op, rule, *columns_of(line), *source_columns(line.source))
        for position, (op, rule, line) in enumerate(entries, 1)
    )
    expected = [row[-1] for row in chained(GENESIS, rows, change_form)]
    assert [*change_digests(GENESIS, entries)] == expected
