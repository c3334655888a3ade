"""What an id may be: plain text with one spelling, whoever reads it.

A question that names something else is refused, and a file that holds it; the rows of a
database may hold any text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from string import ascii_letters, digits
from unicodedata import is_normalized

MAX_VALUE_LENGTH = 255
"""The width of a column of `casbin_rule`, as sqlalchemy-adapter defines it."""

MARKS = (",", '"', "'", "`", "(", ")", "[", "]", "@", "..")
"""What no id holds, although plain text may: to some reader each is more than itself.

Casbin's own readers take commas inside brackets for a part of the value.
"""

# printable to Python, seen by nobody: Unicode's default ignorables, and a blank sign
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164"
    "\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_PLAIN = f"{ascii_letters}{digits}_-:.".encode()
"""Characters that make an id whatever their order, but for two dots together."""


def flaw_in_id(  # noqa: PLR0911 # one flaw at a time
    value: str, *, allowed: Collection[str] = ""
) -> str | None:
    """Say what keeps a value from being used as an id, or nothing.

    Args:
        value: the text of one column.
        allowed: characters or pairs that this column may hold although ids may not.

    Returns:
        what is wrong and what was expected, to be put after the value's name.
    """
    if is_plain(value):
        return None
    if value != value.strip() or not value:
        blank = "has a leading or trailing blank, expected none"
        return blank if value else "is blank, expected a value"
    if len(value) > MAX_VALUE_LENGTH:
        return f"is longer than {MAX_VALUE_LENGTH} characters, the most there may be"
    if not value.isprintable() or _INVISIBLE.search(value):
        return "holds a control or invisible character, expected plain text"
    for token in MARKS:
        if token in value and token not in allowed:
            return f"holds {token}, which ids cannot"
    # two spellings of one name would be two ids, and a block would miss one
    if not is_normalized("NFC", value):
        return "is not in Unicode's form NFC, expected it in that form"
    return None


def is_plain(value: str) -> bool:
    """Whether a value is an id at first sight; others may be ids all the same."""
    return (
        0 < len(value) <= MAX_VALUE_LENGTH
        and value.isascii()
        and not value.encode().translate(None, _PLAIN)
        and ".." not in value
    )


def is_id(word: str) -> bool:
    """Whether a question can name this word; rows of a database may hold any text."""
    return flaw_in_id(word) is None


def not_plain(words: Iterable[str]) -> Iterator[str]:
    """Give those words that are not plain; quick where nearly all are."""
    rest = iter(words)
    while batch := [*islice(rest, 1000)]:
        joined = "".join(batch)
        # two dots may come together where two words do: then each is looked at
        if (
            not joined.isascii()
            or joined.encode().translate(None, _PLAIN)
            or ".." in joined
            or "" in batch
            or max(map(len, batch)) > MAX_VALUE_LENGTH
        ):
            yield from (word for word in batch if not is_plain(word))
