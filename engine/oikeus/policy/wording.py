"""How values and choices are put into words in the texts of problems.

A text stays one line that a terminal shows as it is, whatever was read: a value that
would break it is shown escaped, and a long one is cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60


def shown(value: object) -> str:
    r"""Show a value that was read: text in backticks, a collection by its sort.

    >>> shown("a\nb"), shown([1, 2]), shown(True), shown(None)
    ('`a\\nb`', 'a list', '`true`', 'nothing')
    """
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return f"`{str(value).lower()}`"
    text = str(value)
    if not text.isprintable() or "`" in text:
        text = ascii(text)[1:-1].replace("`", "\\x60")
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    return f"`{text}`"


def choice(words: Iterable[str]) -> str:
    """Name what there is to choose from.

    >>> choice(["allow", "deny", "ask"])
    'allow, deny or ask'
    """
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def not_in_register(organisation: str) -> str:
    """Why an organisation is refused, and where those are listed that would not be."""
    return (
        f"organisation `{organisation}` is not in the register, "
        "expected one of `oikeus show organisations`"
    )


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Name the word that was probably meant, to be put at the end of a text.

    >>> did_you_mean("lable", ["label", "validity"])
    ' (did you mean `label`?)'
    """
    near = get_close_matches(word, list(words), n=1)
    return f" (did you mean `{near[0]}`?)" if near else ""
