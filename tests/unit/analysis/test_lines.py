"""Requirements on line differences: what two versions have not in common as written."""

from __future__ import annotations

from dataclasses import replace

from oikeus.analysis.lines import Draft, MovedLine, line_difference
from oikeus.terms import Source

from ..decide.small_world import SHIPPED, row

ONE, TWO, THREE = row("p, a"), row("p, b"), row("p, c")


def test_lines_are_added_removed_and_moved() -> None:
    """In their order; a line given twice counts once."""
    moved = replace(TWO, source=Source("a.csv", 3))
    found = line_difference(Draft((ONE, TWO, ONE)), Draft((THREE, moved, THREE)))
    assert found
    assert (found.removed, found.added) == ((ONE,), (THREE,))
    (pair,) = found.moved
    assert pair == MovedLine(TWO, moved)
    assert (pair.before.source, pair.after.source) == (None, moved.source)
    assert not line_difference(Draft((ONE, TWO)), Draft((TWO, ONE)))


def test_texts_are_compared_by_what_they_define() -> None:
    """A comment is none of it; a catalogue is compared as it is."""
    text = SHIPPED.text
    same = line_difference(Draft((), text, "a"), Draft((), f"# new\n{text}", "a"))
    assert not same
    other = text.replace("r.act == p.act", 'r.act == "read"')
    found = line_difference(Draft((), text, "a"), Draft((), other, "b"))
    assert [change.key for change in found.model] == ["m"]
    assert found.catalogue_changed
    assert line_difference(Draft(()), Draft((), text)).model
    assert not line_difference(Draft((), text), Draft(())).model
