"""A comparison in Markdown, as a comment on a pull request holds it.

What a policy says is text of others: in here it is code or escaped, so that no name
makes a link, an image, a mention or the end of a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import oikeus

from . import comparing
from .keeping import kept_closing, kept_rows
from .output import harmless

LONGEST = 65_536
"""How many characters GitHub takes in one comment."""

_RESERVED = 200
_MARKS = frozenset("\\`*_{}[]<>()#+!|~&:@\"'$^=")
_OF_CODE = frozenset("`|\\")


def markdown(
    found: oikeus.Comparison, kept: oikeus.Kept, longest: int = LONGEST
) -> str:
    """Write a comparison, cut where it would be too long.

    Args:
        found: what is shown.
        kept: how the invariants fare by it.
        longest: how many characters there may be.
    """
    names = f"{code(found.before.name)} → {code(found.after.name)}"
    head = [
        f"### Access rights: {names}",
        "",
        f"{comparing.closing(found)}, for {found.day}." if found else "No difference.",
    ]
    if kept.gone or kept.broken or kept.unknown:
        fates = kept_closing(kept) or "the invariants cannot be judged"
        head += ["", f"**Invariants: {fates}.**"]
    parts = (
        # what nobody may overlook comes first, and is the last to be cut
        ("Invariants", kept_rows(kept), True),
        ("Access", comparing.access(found), True),
        ("Power", comparing.powers(found), True),
        ("Grants", comparing.inert(found), True),
        ("Grants that no rule would allow any more", _stranded(found), True),
        ("Lines", comparing.lines(found.lines), True),
        ("Each subject", comparing.everybody(found), False),
    )
    text = "\n".join(head) + "\n"
    left_out = []
    for title, rows, is_open in parts:
        listed = [*rows]
        if not listed:
            continue
        block, missing = _details(
            title, listed, longest - _RESERVED - len(text), is_open=is_open
        )
        text += block
        if missing:
            left_out.append(f"{missing:,} of {len(listed):,} under {title}")
    if left_out:
        text += f"\nLeft out, for a comment is no longer: {'; '.join(left_out)}.\n"
    return text


def _stranded(found: oikeus.Comparison) -> Iterator[str]:
    names = found.after.contents.names
    return comparing.stranded(found.stranded, names, full=True)


def _details(
    title: str, rows: Sequence[str], room: int, *, is_open: bool
) -> tuple[str, int]:
    """A table that can be folded away, and how many rows did not go into it."""
    opened = " open" if is_open else ""
    head = (
        f"\n<details{opened}><summary>{title} ({len(rows):,})</summary>\n\n"
        "| | |\n|---|---|\n"
    )
    foot = "\n</details>\n"
    room -= len(head) + len(foot)
    kept = [*_fitting((_row(row) for row in rows), room)]
    if not kept:
        return "", len(rows)
    return f"{head}{''.join(kept)}{foot}", len(rows) - len(kept)


def _fitting(rows: Iterable[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= len(row)
        if room < 0:
            return
        yield row


def _row(text: str) -> str:
    sign, _, rest = text.strip().partition(" ")
    return f"| {code(sign)} | {code(rest)} |\n"


def code(text: str) -> str:
    r"""Text as it is, in the type of code, in a table or outside.

    >>> code("p, role:a"), code("a|b`c")
    ('`p, role:a`', '<code>a&#124;b&#96;c</code>')
    """
    plain = " ".join(harmless(text).split())
    if not plain or not _OF_CODE.isdisjoint(plain):
        escaped = "".join(
            f"&#{ord(letter)};" if letter in _MARKS else letter for letter in plain
        )
        return f"<code>{escaped}</code>"
    return f"`{plain}`"
