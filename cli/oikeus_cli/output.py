"""Results on stdout, talk on stderr; colour and progress on a terminal only.

What comes from files and databases may hold characters that a terminal obeys; they are
shown and never sent.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TextIO, TypeVar

import click

import oikeus

PATIENCE = 1.0
"""Seconds of work before a progress bar shows."""

MANY = 100_000
"""Rows of a database that are worth a progress bar."""

Item = TypeVar("Item")


def result(text: str) -> None:
    """Write a line of the result."""
    click.echo(harmless(text))


def talk(text: str) -> None:
    """Say something about the result, or about what went wrong."""
    click.echo(harmless(text), err=True)


def problems(
    found: Sequence[oikeus.Problem], ending: str = "nothing was changed"
) -> None:
    """Say everything that is wrong, each where an editor can jump to it.

    Args:
        found: what is wrong.
        ending: what came of it.
    """
    for problem in found:
        talk(str(problem))
    talk(f"error: {counted(found)}, {ending}")


def counted(found: Sequence[oikeus.Problem]) -> str:
    """How many problems there are, in words."""
    return "1 problem" if len(found) == 1 else f"{len(found)} problems"


def harmless(text: str) -> str:
    r"""Show the characters that a terminal would obey; keep lines and columns.

    >>> harmless("a\tb\x1b[31m")
    'a\tb\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character in "\n\t"
        else ascii(character)[1:-1]
        for character in text
    )


def write_json(value: object, *, indent: int | None = 2) -> None:
    """Write the result for programs."""
    click.echo(_dumped(value, indent))


def write_json_list(
    items: Iterable[object],
    *,
    within: Mapping[str, object] | None = None,
    name: str = "",
) -> None:
    """Write a list for programs item by item, for there may be a million.

    Args:
        items: of the list.
        within: an object whose last member the list is; it has another one at least.
        name: of that member.
    """
    before = ""
    if within is not None:
        before = f"{_dumped(within)[:-1]}, {_dumped(name)}: "
    opening = f"{before}["
    for item in items:
        click.echo(opening)
        click.echo(_dumped(item), nl=False)
        opening = ","
    ending = "" if within is None else "}"
    click.echo(f"\n]{ending}" if opening == "," else f"{opening}]{ending}")


def _dumped(value: object, indent: int | None = None) -> str:
    r"""JSON with the letters that people read, and no character a terminal obeys.

    >>> _dumped(["\xe4\x9b"])
    '["ä\\u009b"]'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1]
        for letter in text
    )


def listing(
    headings: Sequence[str], rows: Iterator[Sequence[str]], nothing: str = "none"
) -> None:
    """Write rows as a table as they come, or say that there are none."""
    first = next(rows, None)
    if first is None:
        talk(nothing)
    else:
        table(headings, chain([first], rows))


def write_file(path: Path, text: str) -> None:
    """Write a file for the owner only, whole or not at all.

    Raises:
        OikeusError: it cannot be written, or there is a link or no regular file.
    """
    reason = "it is a link, or no regular file"
    try:
        if not os.path.lexists(path) or stat.S_ISREG(path.lstat().st_mode):
            made, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with open(made, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 # a descriptor
                file.write(text)
            Path(name).replace(path)
            return
    except OSError as error:
        reason = _said(error)
    raise _unwritten(path, reason)


def check_new(path: Path) -> None:
    """Refuse to write over what is there.

    Raises:
        OikeusError: a file, or a link to one, has this name.
    """
    if os.path.lexists(path):
        raise _taken(path)


def write_new_file(path: Path, text: str) -> None:
    """Write a file for the owner only, where there is none.

    Raises:
        OikeusError: there is one, or it cannot be written.
    """
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 # a descriptor
            file.write(text)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise _unwritten(path, _said(error)) from None


def _taken(path: Path) -> oikeus.OikeusError:
    return _unwritten(path, "it is there already, choose another name or remove it")


def _unwritten(path: Path, reason: str) -> oikeus.OikeusError:
    return oikeus.OikeusError(f"`{path}` cannot be written: {reason}")


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def can_ask() -> bool:
    """Whether somebody can be asked, and answer."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows: a table on a terminal, tab-separated values elsewhere."""
    if not _is_terminal(sys.stdout):
        for row in rows:
            # one row a line, whatever its values hold
            result("\t".join(re.sub(r"[\t\n]", " ", value) for value in row))
        return
    # here, because it takes a while to import
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    shown = Table(header_style="bold", box=None, pad_edge=False)
    for heading in headings:
        # folded, for an id that was cut could not be copied
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(harmless(value).replace("\t", "\\t") for value in row))
    # an id may hold `:bug:`, which is no picture of one
    Console(markup=False, highlight=False, emoji=False).print(shown)


def answer(*, allowed: bool, reason: str) -> None:
    """Write a decision: the answer, in its colour on a terminal, and the reason."""
    word, colour = ("allow", "green") if allowed else ("deny", "red")
    click.echo(
        f"{click.style(word, fg=colour, bold=True)}: {harmless(reason)}",
        color=False if os.environ.get("NO_COLOR") else None,
    )


def progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Go through items; on a terminal, show how far once it takes long."""
    if not _is_terminal(sys.stderr):
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    started = time.monotonic()
    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=len(items))
    shown = False
    try:
        for item in items:
            yield item
            bar.advance(task)
            if not shown and time.monotonic() - started > PATIENCE:
                bar.start()
                shown = True
    finally:
        if shown:
            bar.stop()


@contextmanager
def loading(total: int) -> Iterator[Callable[[int], None] | None]:
    """Show how many rows of a database were read, where there are many.

    Args:
        total: how many there are.

    Yields:
        what is to be told how many rows were read since it was told last; nothing
        where nobody looks, or few are read.
    """
    if total < MANY or not _is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task("reading the database", total=total)
    with bar:
        yield lambda rows: bar.advance(task, rows)


@contextmanager
def working(label: str) -> Iterator[None]:
    """Show that something goes on that cannot say how far it is, once it takes long."""
    if not _is_terminal(sys.stderr):
        yield
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.add_task(label, total=None)
    late = threading.Timer(PATIENCE, bar.start)
    late.daemon = True
    late.start()
    try:
        yield
    finally:
        late.cancel()
        late.join()
        if bar.live.is_started:
            bar.stop()


def _is_terminal(stream: TextIO | None) -> bool:
    # a stream that was closed before the program began is none
    return stream is not None and stream.isatty()
