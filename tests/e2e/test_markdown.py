"""A comparison as a comment: nothing in it is markup of others, and it fits."""

import re
from datetime import date
from pathlib import Path

import pytest

import oikeus as engine
from oikeus_cli.markdown import LONGEST, code, markdown

RULE = "p, role:ehoks-kayttaja, hoks, share, allow"


@pytest.fixture
def kept(found: engine.Comparison) -> engine.Kept:
    """How the invariants fare by it."""
    return engine.judge_change(found.before, found.after, found.day)


@pytest.fixture
def found(world: Path, checkout: Path) -> engine.Comparison:
    """The database of the examples against rules with one permission less."""
    path = checkout / "policies" / "ehoks.csv"
    text = path.read_text(encoding="utf-8").replace(f"{RULE}\n", "")
    hostile = "# R1: x | <img src=x> `y` @all [z](http://z)\n"
    path.write_text(text.replace("p, role:", f"{hostile}p, role:", 1))
    with engine.Store.open(f"sqlite:///{world}") as store:
        states = engine.load_states("head", "policies", engine.Origins(store))
    return engine.compare(*states, date(2026, 11, 2))


def test_comment_is_cut_where_it_would_be_too_long(
    found: engine.Comparison, kept: engine.Kept
) -> None:
    """Whole rows are left out, the details are closed, and it says how many."""
    whole = markdown(found, kept)
    assert len(whole) <= LONGEST
    assert "Left out" not in whole
    for longest in range(300, len(whole), 97):
        text = markdown(found, kept, longest)
        assert len(text) <= longest
        assert text.count("<details") == text.count("</details>")
        assert "Left out, for a comment is no longer: " in text


def test_rows_of_a_table_have_two_cells_whatever_is_in_them(
    found: engine.Comparison, kept: engine.Kept
) -> None:
    """Text of others is code, and no cell, tag, mention or link."""
    rows = [
        line for line in markdown(found, kept).splitlines() if line.startswith("| ")
    ]
    cell = r"(`[^`|\\]+`|<code>[^`|\\<>]+</code>)"
    assert len(rows) > 10
    for row in rows:
        if row != "| | |":
            assert re.fullmatch(rf"\| {cell} \| {cell} \|", row)


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "", "  ", "a`b", "\\|", "</code>"])
def test_code_stays_on_its_line_and_in_its_marks(text: str) -> None:
    """Whatever it is."""
    shown = code(text)
    assert "\n" not in shown
    assert shown.isprintable()
    assert re.fullmatch(r"`[^`]+`|<code>[^<>`|]*</code>", shown)


def test_no_difference_is_said(found: engine.Comparison, kept: engine.Kept) -> None:
    """In one line."""
    same = engine.compare(found.before, found.before, found.day)
    assert markdown(same, kept).endswith("\n\nNo difference.\n")
