"""Lines as rows and rows as lines: tuples of values, never text that is parsed again.

A missing last value is NULL. A NULL in the middle, which only a foreign tool writes, is
read as a blank value: the line keeps its width and can be reported as what it is. So
can a line with a value that is not text: its kind is one that no model has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from ..errors import StoreError
from ..ids import MAX_VALUE_LENGTH
from ..terms import Line, Source
from .tables import SOURCE, VALUES, WIDTH

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Begins a value that is not text, and the kind of the line that holds it."""

MAX_LINE_BYTES = 2_500
"""How long a line may be: PostgreSQL indexes no row that is much longer."""

Item = TypeVar("Item")


class Unreadable(str):
    """What stands for a value that is not text, and is equal to no value that is."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def decoded(value: bytes) -> str:
    """The text that these bytes are; for SQLite, which keeps any bytes as text."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return Unreadable(UNREADABLE + value.decode(errors="backslashreplace"))


class Shared(dict[str | None, str]):
    """The values read so far, each kept once however many rows hold it.

    Attributes:
        unreadable: those that are not text; SQLite keeps any type anywhere.
    """

    def __init__(self) -> None:
        super().__init__({None: ""})
        self.unreadable: set[object] = set()

    def __missing__(self, value: Any) -> str:  # noqa: ANN401 # whatever is stored
        text = value
        if type(value) is not str:
            self.unreadable.add(value)
            readable = decoded(value) if isinstance(value, bytes) else str(value)
            text = UNREADABLE + readable.removeprefix(UNREADABLE)
        self[value] = text
        return str(text)

    def line_of(
        self,
        ptype: str | None,
        columns: Sequence[str | None],
        source: Source | None = None,
    ) -> Line:
        """The line of a row; of a kind of its own when a value of it is no text.

        A word that two such rows share must not let them decide something together.
        """
        kind, values = self[ptype], self.values_of(columns)
        if self.unreadable and not self.unreadable.isdisjoint((ptype, *columns)):
            kind = UNREADABLE + kind
        return Line(kind, values, source)

    def values_of(self, columns: Sequence[str | None]) -> tuple[str, ...]:
        """The values of a row from `v0` on, without the missing last ones."""
        width = len(columns)
        while width and columns[width - 1] is None:
            width -= 1
        return tuple(map(self.__getitem__, columns[:width]))


def source_of(file: str | None, line: int | None, comment: str | None) -> Source | None:
    """The source in these columns of the log, unless they are NULL."""
    return None if file is None else Source(file, line or 0, comment or "")


def source_columns(source: Source | None) -> tuple[str | int | None, ...]:
    """The source as the columns of the log, all NULL when there is none."""
    if source is None:
        return (None,) * len(SOURCE)
    return source.file, source.line, source.comment


def columns_of(line: Line) -> tuple[str | None, ...]:
    """The line as the columns `ptype` and `v0` to `v5`."""
    return line.ptype, *line.values, *(None,) * (WIDTH - len(line.values))


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
    if _is_short(line):
        return
    check_text("ptype of a line", line.ptype, longest=MAX_VALUE_LENGTH)
    for name, value in zip(VALUES, line.values, strict=False):
        check_text(f"{name} of a `{line.ptype}` line", value, longest=MAX_VALUE_LENGTH)
    if len(line.values) > WIDTH:
        message = f"`{shown(line)}` has {len(line.values)} values, expected {WIDTH}"
        raise StoreError(message + " at most")
    size = sum(len(part.encode()) for part in (line.ptype, *line.values))
    if size > MAX_LINE_BYTES:
        message = f"a `{line.ptype}` line has {size} bytes of UTF-8, expected "
        raise StoreError(message + f"{MAX_LINE_BYTES} at most")


def _is_short(line: Line) -> bool:
    """Whether a line is right at first sight; others may be right all the same."""
    try:
        text = "".join((line.ptype, *line.values))
    except TypeError:
        return False
    return (
        len(text) <= MAX_VALUE_LENGTH
        and len(line.values) <= WIDTH
        and text.isascii()
        and "\0" not in text
    )


def can_be_asked(line: Line) -> bool:
    """Whether a condition can name the row; what only foreign tools write, none can."""
    try:
        check_line(line)
    except StoreError:
        return False
    return not line.ptype.startswith(UNREADABLE)


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
    if "\0" in value or not (value.isascii() or _is_whole(value)):
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
