"""YAML text becomes plain values and the line on which each of them stands.

Only the plain part of YAML is read, by the rules of YAML 1.2 that editors apply:
mappings with text for keys, lists, text, numbers, true and false, nothing. `no` is a
word and 2026-03-01 is text. PyYAML's safe loader gives the events; nothing is ever
constructed from a tag. Refused, each with its line:

- aliases, with which a few lines can stand for gigabytes, and tags;
- a key that is repeated or is not plain text;
- a second document, more than `MAX_LENGTH` characters, more than `MAX_DEPTH` levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from ..errors import Problem
from .wording import shown

MAX_LENGTH = 1_000_000
MAX_DEPTH = 20

Path = tuple[str | int, ...]
"""Keys and positions from the top of a document: `("cases", 0, "why")`."""

_NOTHING = re.compile(r"~|null|Null|NULL|")
_TRUTH = re.compile(r"(true|True|TRUE)|false|False|FALSE")
# an integer of more digits is a float: Python refuses to convert thousands of them
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class _Mark(Protocol):
    """Where an event or an error of the loader stands; lines count from 0."""

    @property
    def line(self) -> int: ...


class _UnreadableError(Exception):
    """What follows cannot be read; the problem is noted already."""


@dataclass(slots=True)
class Values:
    """What a YAML text holds, and what in it cannot be read.

    Attributes:
        value: dictionaries, lists and scalars; None where the text holds nothing.
        lines: of every value; of an entry of a mapping, the line of its key.
        problems: in the order of the text; with any of them the value is not for use.
        unreadable: places where a None stands for what was refused.
        whole: whether the text was read to its end.
    """

    file: str
    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[Path] = field(default_factory=set)
    whole: bool = True


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    path: Path
    holder: dict[str, object] | list[object]
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.holder, dict) and self.key is None


def read_values(text: str, file: str) -> Values:
    """Read a YAML text; everything that is wrong is among the problems."""
    if _QUICK is not None and not _ODD.search(text):
        found = _read(text, file, _QUICK)
        if not found.problems:
            return found
    # what is refused is said in words that are the same on every machine
    return _read(text, file, yaml.SafeLoader)


_QUICK: type[yaml.SafeLoader] | None = getattr(yaml, "CSafeLoader", None)
"""Reads twenty times as fast, where PyYAML was built with libyaml."""

_ODD = re.compile(r"[\t\ufeff?]|^---|[|>]\S*#", re.MULTILINE)
"""What libyaml takes and PyYAML refuses, or counts lines of in another way: whether a
file is accepted must not depend on the machine. Found by comparing both on a million
texts."""


def _read(text: str, file: str, loader: type[yaml.SafeLoader]) -> Values:
    reading = _Reading(file, loader)
    try:
        reading.read(text)
    except _UnreadableError:
        reading.values.whole = False
    return reading.values


class _Reading:
    """Turns the events of one text into values."""

    def __init__(self, file: str, loader: type[yaml.SafeLoader]) -> None:
        self.loader = loader
        self.values = Values(file, lines={(): 1})
        self.open: list[_Open] = []
        self.documents = 0

    def read(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            self.stop(0, f"is too long, expected at most {MAX_LENGTH:,} characters")
        for event in self.events(text):
            self.take(event, _line_of(event.start_mark))

    def events(self, text: str) -> Iterator[yaml.Event]:
        loader = None
        try:
            loader = self.loader(text)
            while loader.check_event():
                yield loader.get_event()  # type: ignore[no-untyped-call]
        except yaml.MarkedYAMLError as error:
            line = _line_of(error.problem_mark)
            self.stop(line, f"cannot be read as YAML, {error.problem}")
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            character = shown(text[error.position])
            self.stop(line, f"holds the character {character}, which YAML cannot")
        except (ValueError, OverflowError):
            # the loader's own slip: an escape beyond Unicode, "\UFFFFFFFF"
            line = loader.line + 1 if loader else 0
            self.stop(line, "cannot be read as YAML, an escape is no character")

    def take(self, event: yaml.Event, line: int) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.stop(line, "begins a second document, expected one a file")
            case yaml.AliasEvent():
                text = (
                    f"uses the alias {shown(f'*{event.anchor}')}, expected it in full"
                )
                if self.open and self.open[-1].wants_key:
                    self.stop(line, text)
                self.note(line, text)
                self.values.unreadable.add(self.attach(None, line))
            case yaml.ScalarEvent():
                self.refuse_tag(event.tag, line)
                if self.open and self.open[-1].wants_key:
                    self.take_key(self.open[-1], event.value, line)
                else:
                    self.attach(_scalar(event), line)
            case yaml.CollectionStartEvent():
                self.refuse_tag(event.tag, line)
                self.begin(event, line)
            case yaml.CollectionEndEvent():
                self.open.pop()

    def begin(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if self.open and self.open[-1].wants_key:
            self.stop(line, "has a collection for a key, expected text")
        if len(self.open) == MAX_DEPTH:
            self.stop(line, f"is nested too deep, expected at most {MAX_DEPTH} levels")
        mapping = isinstance(event, yaml.MappingStartEvent)
        holder: dict[str, object] | list[object] = {} if mapping else []
        self.open.append(_Open(self.attach(holder, line), holder))

    def take_key(self, owner: _Open, key: str, line: int) -> None:
        path = (*owner.path, key)
        if not key:
            self.note(line, "has a blank key, expected text")
        elif key in owner.holder:
            first = self.values.lines[path]
            text = f"repeats the key {shown(key)} of line {first}, expected it once"
            self.note(line, text)
        self.values.lines.setdefault(path, line)
        owner.key = key

    def attach(self, value: object, line: int) -> Path:
        if not self.open:
            self.values.value = value
            self.values.lines[()] = line
            return ()
        owner = self.open[-1]
        if isinstance(owner.holder, list):
            path = (*owner.path, len(owner.holder))
            owner.holder.append(value)
            self.values.lines[path] = line
            return path
        # INVARIANT: take_key() came first, as keys and values alternate
        key = str(owner.key)
        owner.holder[key] = value
        owner.key = None
        return (*owner.path, key)

    def refuse_tag(self, tag: str | None, line: int) -> None:
        if tag is not None:
            self.note(line, f"uses the tag {shown(tag)}, expected plain values")

    def note(self, line: int, text: str) -> None:
        self.values.problems.append(Problem(self.values.file, line, text))

    def stop(self, line: int, text: str) -> None:
        self.note(line, text)
        raise _UnreadableError


def _line_of(mark: _Mark | None) -> int:
    # the loader marks every event and error of the text; its types do not say so
    return mark.line + 1 if mark else 0


def _scalar(event: yaml.ScalarEvent) -> object:
    """Resolve a scalar: only a plain one can be anything but text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if _NOTHING.fullmatch(text):
        return None
    truth = _TRUTH.fullmatch(text)
    if truth:
        return truth[1] is not None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
