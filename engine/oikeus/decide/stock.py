"""What stock Casbin makes of a line in a CSV file, asked of its own reader.

That reader knows no quotes: a comma begins the next value unless it stands in brackets,
outer blanks go, and `#` at the beginning makes a comment of the line.
"""

from __future__ import annotations

from types import SimpleNamespace

from casbin.persist import load_policy_line

from ..terms import Line, Source


def csv_text(line: Line) -> str | None:
    """A line as the text of a CSV file, or nothing where Casbin would misread it."""
    text = str(line)
    try:
        # a file is bytes, cut at line ends only, and then without outer blanks
        (written,) = text.encode().split(b"\n")
        read = _read(written.decode().strip(), line.ptype)
    except (ValueError, IndexError):
        return None
    return text if read == [list(line.values)] else None


def csv_line(text: str, source: Source) -> Line:
    """The line that Casbin reads in a text that `csv_text` made."""
    ptype = text.partition(",")[0]
    (values,) = _read(text, ptype)
    return Line(ptype, tuple(values), source)


def _read(text: str, ptype: str) -> list[list[str]]:
    """The rules of a type that Casbin's reader finds in the text of a line.

    Raises:
        IndexError: a bracket is closed that was not opened, or there is no type.
    """
    rules: list[list[str]] = []
    model = SimpleNamespace(model={ptype[:1]: {ptype: SimpleNamespace(policy=rules)}})
    load_policy_line(text, model)
    return rules
