"""The digests that chain the log, over forms that docs/history.md specifies.

Each row of a version has a digest over itself and the digest of the row before, the
first one over that of the version before. The version has one over the last row's and
all that it holds besides. So no row can be edited, removed, inserted or moved without
its digest, and all after it, becoming others.

Forms are written as `canonical` has them, and hashed by SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Final, TypeAlias

from ..canonical import canonical, digest_of
from ..terms import Line
from .rows import source_columns
from .tables import WIDTH

FORMAT: Final = "oikeus-version-1"
"""Names the forms; others would get another name."""

GENESIS: Final = "0" * 64
"""The digest before the first version."""

Field: TypeAlias = str | int | None
Row: TypeAlias = tuple[Field, ...]


Entry: TypeAlias = tuple[str, int, Line]
"""A row of `oikeus_change`: what happened to a line, and in which row of the table."""

_NO_VALUES = tuple(",null" * missing for missing in range(WIDTH, -1, -1))
_NO_SOURCE = ",null,null,null"


def text_digest(text: str | None) -> str | None:
    """The digest of a text of a version; nothing where there is none."""
    return None if text is None else sha256(text.encode()).hexdigest()


def chained(
    before: str, rows: Iterable[Row], form: Callable[[Row], Row]
) -> Iterator[tuple[Field, ...]]:
    """Give rows their digests, each as its last value.

    Args:
        before: the digest that the first row goes on from.
        rows: as the table has them, without a digest.
        form: `change_form`, `names_form` or `step_form`.
    """
    for row in rows:
        before = digest_of((before, *form(row)))
        yield (*row, before)


def change_digests(before: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The digests of the changes of a version, in the order of their positions.

    The same that `chained` gives to their rows, in a third of the time.

    Args:
        before: the digest that the first one goes on from.
        entries: what the version does.
    """
    for position, (op, rule, line) in enumerate(entries, 1):
        form = f'["{before}",{position},"{op}",{rule},{_spelt(line)}]'
        before = sha256(form.encode()).hexdigest()
        yield before


def _spelt(line: Line) -> str:
    """The canonical spelling of the columns from `ptype` on, without the brackets."""
    # how the general spelling has a text, too
    words = ",".join(map(encode_basestring, (line.ptype, *line.values)))
    source = _NO_SOURCE
    if line.source is not None:
        source = f",{canonical(source_columns(line.source))[1:-1]}"
    return f"{words}{_NO_VALUES[len(line.values)]}{source}"


def change_form(row: Row) -> Row:
    """A row of `oikeus_change` without its version, which the chain tells."""
    return row[1:]


def names_form(row: Row) -> Row:
    """A row of `oikeus_names` without its version, which the chain tells."""
    organisation, _, *names = row
    return (organisation, *names)


def step_form(row: Row) -> Row:
    """A row of `oikeus_application` or `oikeus_token` without its version."""
    return row[1:]


def version_digest(columns: Mapping[str, Field], rows: str) -> str:
    """The digest of a version.

    Args:
        columns: of its row in `oikeus_version`, by their names.
        rows: the digest of its last row; of the version before where it has none.
    """
    form: dict[str, Field] = {**columns, "format": FORMAT, "rows": rows}
    form.pop("digest", None)
    for name in ("model", "catalogue", "invariants"):
        text = columns.get(name)
        form[name] = text_digest(None if text is None else str(text))
    if form["invariants"] is None:
        # versions of earlier schemas had no such key, and keep their digests
        del form["invariants"]
    return digest_of(form)
