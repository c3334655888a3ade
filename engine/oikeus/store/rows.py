"""Lines as rows and rows as lines: tuples of values, never text that is parsed again.

A missing last value is NULL. A NULL in the middle, which only a foreign tool writes, is
read as a blank value: the line keeps its width and can be reported as what it is. A
value that is not text is an error, because nothing could be decided with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from ..errors import StoreError
from ..terms import MAX_VALUE_LENGTH, Line, Source
from .tables import SOURCE, VALUES, WIDTH

Item = TypeVar("Item")


class Shared(dict[str | None, str]):
    """The values read so far, each kept once however many rows hold it.

    Raises:
        StoreError: on a value that is not text; SQLite keeps any type anywhere.
    """

    def __init__(self) -> None:
        super().__init__({None: ""})

    def __missing__(self, value: object) -> str:
        if not isinstance(value, str):
            message = f"a row of casbin_rule holds {value!r}, expected text"
            raise StoreError(message)
        self[value] = value
        return value

    def values_of(self, columns: Sequence[str | None]) -> tuple[str, ...]:
        """The values of a row from `v0` on, without the missing last ones."""
        width = len(columns)
        while width and columns[width - 1] is None:
            width -= 1
        return tuple(map(self.__getitem__, columns[:width]))


def source_of(file: str | None, line: int | None, comment: str | None) -> Source | None:
    """The source in these columns of the log, unless they are NULL."""
    return None if file is None else Source(file, line or 0, comment or "")


def source_columns(source: Source | None) -> dict[str, str | int | None]:
    """The source as the columns of the log, all NULL when there is none."""
    if source is None:
        return dict.fromkeys(SOURCE)
    return dict(zip(SOURCE, (source.file, source.line, source.comment), strict=True))


def columns_of(line: Line) -> dict[str, str | None]:
    """The line as the columns `ptype` and `v0` to `v5`."""
    missing = (None,) * (WIDTH - len(line.values))
    values = zip(VALUES, (*line.values, *missing), strict=True)
    return {"ptype": line.ptype, **dict(values)}


def identity_of(line: Line) -> tuple[str | int, ...]:
    """What the expressions of `tables.IDENTITY` give for this line."""
    blank = ("",) * (WIDTH - len(line.values))
    return (*line.values, *blank, line.ptype, len(line.values))


def shown(line: Line) -> str:
    """The line on one line, whatever characters it holds."""
    text = str(line)
    return text if text.isprintable() else ascii(text)[1:-1]


def check_line(line: Line) -> None:
    """Refuse a line that no row can be.

    Raises:
        StoreError: naming the column or the line.
    """
    check_text("ptype of a line", line.ptype, longest=MAX_VALUE_LENGTH)
    for name, value in zip(VALUES, line.values, strict=False):
        check_text(f"{name} of a `{line.ptype}` line", value, longest=MAX_VALUE_LENGTH)
    if len(line.values) > WIDTH:
        message = f"`{shown(line)}` has {len(line.values)} values, expected {WIDTH}"
        raise StoreError(message + " at most")


def check_text(name: str, value: object, *, longest: int | None = None) -> None:
    """Refuse what one of the databases would refuse, cut or change.

    Raises:
        StoreError: not text, longer than the column, NUL, or half a character.
    """
    if not isinstance(value, str):
        message = f"the {name} is {value!r}, expected text"
        raise StoreError(message)
    if longest is not None and len(value) > longest:
        message = f"the {name} has {len(value)} characters, expected {longest} at most"
        raise StoreError(message)
    if "\0" in value or not _is_whole(value):
        message = f"the {name} is {value!a}, with a character that no database keeps"
        raise StoreError(message)


def _is_whole(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut the items into lists that one statement can take."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
