"""Files are read alike with libyaml and without it: a machine must not decide."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from oikeus.policy import yaml_values
from oikeus.policy.yaml_values import Values, read_values

HOME = Path(__file__).resolve().parents[2]
TEXTS = [
    path.read_text(encoding="utf-8") for path in sorted(HOME.glob("policies/**/*.yaml"))
]
PIECES = (
    *("- ", "\n", "  ", ": ", "{", "}", "[", "]", ",", "'", '"', "#", " #", "|", ">"),
    *("&a", "*a", "!x", "%", "---", "...", "? ", "?", "@", "`", "\\", "a", "1", "~"),
    *("0x1", "null", "true", "é", "\x85", "\u2028", "<<: ", "\t", "\ufeff", "-"),
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A part of a file with pieces of YAML put in, or such pieces alone."""
    pieces = draw(st.lists(st.sampled_from(PIECES), max_size=12))
    if draw(st.booleans()):
        return "".join(pieces)
    whole = draw(st.sampled_from(TEXTS))
    begin = draw(st.integers(0, len(whole)))
    letters = [*whole[begin : begin + draw(st.integers(0, 400))]]
    for piece in pieces[:4]:
        letters.insert(draw(st.integers(0, len(letters))), piece)
    return "".join(letters)


def slowly(text: str) -> Values:
    """Read by PyYAML alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_values, "_QUICK", None)
        return read_values(text, "file")


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="there is no libyaml")
@given(texts())
def test_libyaml_makes_no_difference(text: str) -> None:
    """Neither in what is accepted nor in values, lines and words."""
    assert read_values(text, "file") == slowly(text)


def test_shipped_files_are_read_alike() -> None:
    """Whole, as they are."""
    assert len(TEXTS) > 10
    for text in TEXTS:
        assert read_values(text, "file") == slowly(text)
