"""The form that the documents of the national services share, read field by field.

A document is one holder, an object, or a list of them. What is wrong gathers in
`problems`, with the path inside the document, and nothing is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ...errors import RegisterError
from ...ids import flaw_in_id
from ...policy.wording import choice, shown
from ..register_json import below, read_json
from .entries import Entry, GivenRight, Place, Reading

_TYPE = "kayttajaTyyppi"

Fields: TypeAlias = Mapping[str, object]

ReadRights: TypeAlias = "Callable[[Document, Fields, str], Iterator[GivenRight]]"
"""Reads the rights of the holder who stands at a path."""


class Document:
    """One document, while it is read.

    Attributes:
        file: its path.
        service: whose rights are asked for.
        reading: what was read so far.
    """

    def __init__(self, file: str, service: str) -> None:
        self.file = file
        self.service = service
        self.reading = Reading()

    def read(self, text: str, oids: tuple[str, ...], rights: ReadRights) -> Reading:
        """Read all holders.

        Args:
            text: the JSON text.
            oids: the keys of a holder's id, one of which it must have.
            rights: reads what a holder has.
        """
        try:
            value, problems = read_json(text, self.file)
        except RegisterError as error:
            self.reading.problems.extend(error.problems)
            return self.reading
        self.reading.problems.extend(problems)
        for path, holder in self._holders(value):
            oid, kind = self._oid(holder, oids, path), self._type(holder, path)
            given = tuple(rights(self, holder, path))
            if oid is not None:
                place = Place(self.file, path)
                self.reading.entries.append(Entry(oid, kind, place, given))
        return self.reading

    def objects(
        self, value: Fields, key: str, path: str, what: str
    ) -> Iterator[tuple[str, Fields]]:
        """The objects of a list that must be there, each with its path."""
        for inside, item in self.items(value, key, path, what):
            if isinstance(item, dict):
                yield inside, item
            else:
                self.note(inside, f"is {shown(item)}, expected an object")

    def items(
        self, value: Fields, key: str, path: str, what: str
    ) -> Iterator[tuple[str, object]]:
        """What a list that must be there holds, each with its path."""
        found, inside = value.get(key), below(path, key)
        if key not in value:
            self.note(path, f"has no `{key}`, expected a list of {what}")
        elif isinstance(found, list):
            for index, item in enumerate(found):
                yield f"{inside}[{index}]", item
        else:
            self.note(inside, f"is {shown(found)}, expected a list of {what}")

    def text(self, value: Fields, key: str, path: str) -> str | None:
        """A text that must be there."""
        found = value.get(key)
        if isinstance(found, str):
            return found
        if key not in value:
            self.note(path, f"has no `{key}`, expected text")
        else:
            self.note(below(path, key), f"is {shown(found)}, expected text")
        return None

    def id(self, value: Fields, key: str, path: str) -> str | None:
        """An id that must be there."""
        found = self.text(value, key, path)
        return None if found is None else self.fit(found, below(path, key))

    def fit(self, found: str, path: str) -> str | None:
        """The same text, if an id of a holder or an organisation can be so."""
        flaw = flaw_in_id(found)
        if flaw is None and ":" in found:
            # INVARIANT: what a document names never reads as person:… or mode:…
            flaw = "holds :, which ids of the national services cannot"
        if flaw:
            self.note(path, f"{shown(found)} {flaw}")
            return None
        return found

    def note(self, path: str, text: str) -> None:
        """Note what is wrong at a path."""
        self.reading.problems.append(Place(self.file, path).problem(text))

    def _holders(self, value: object) -> Iterator[tuple[str, Fields]]:
        match value:
            case dict():
                yield "$", value
            case list():
                for index, item in enumerate(value):
                    if isinstance(item, dict):
                        yield f"$[{index}]", item
                    else:
                        text = f"is {shown(item)}, expected an object about a holder"
                        self.note(f"$[{index}]", text)
            case _:
                text = "expected an object about a holder, or a list of them"
                self.note("$", f"is {shown(value)}, {text}")

    def _oid(self, value: Fields, keys: tuple[str, ...], path: str) -> str | None:
        given = [key for key in keys if key in value]
        if not given:
            self.note(path, f"has no {choice(f'`{key}`' for key in keys)}")
            return None
        oids = [self.id(value, key, path) for key in given]
        if len(set(oids)) > 1 and None not in oids:
            named = " and ".join(f"`{key}` {shown(value[key])}" for key in given)
            self.note(path, f"has {named}, expected the same")
            return None
        return oids[0]

    def _type(self, value: Fields, path: str) -> str | None:
        """The type as it is written; a missing one is for others to report."""
        if value.get(_TYPE) is None:
            return None
        return self.text(value, _TYPE, path)
