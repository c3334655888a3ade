"""The fields of one organisation in a document of the register, read one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from ..errors import Problem
from ..ids import flaw_in_id
from ..policy.catalogue import Catalogue
from ..policy.wording import choice, shown
from ..terms import Names
from .register_json import below

_TYPE = re.compile(r"(organisaatiotyyppi_[0-9]{2})(#[0-9]+)?")
_TYPES = ("organisaatiotyypit", "tyypit")


class FieldReader:
    """Reads fields; what is wrong gathers in `problems`, and nothing is raised."""

    def __init__(self, file: str, catalogue: Catalogue) -> None:
        self.file = file
        self.catalogue = catalogue
        self.problems: list[Problem] = []

    def id(self, value: Mapping[str, object], key: str, path: str) -> str | None:
        """Read an id that must be there."""
        if key not in value:
            self.note(path, f"has no `{key}`, expected the id of an organisation")
            return None
        found = value[key]
        if not isinstance(found, str):
            self.note(below(path, key), f"is {shown(found)}, expected an id as text")
            return None
        flaw = flaw_in_id(found)
        if flaw is None and ":" in found:
            # INVARIANT: the id of an organisation never reads as mode:… or status:…
            flaw = "holds :, which ids of organisations cannot"
        if flaw:
            self.note(below(path, key), f"{shown(found)} {flaw}")
            return None
        return found

    def levels(self, value: Mapping[str, object], path: str) -> tuple[str, ...]:
        """Read the types of either name, and return the levels that they give."""
        given = [key for key in _TYPES if value.get(key) is not None]
        if not given:
            self.note(path, f"has no types, expected {choice(_TYPES)}")
        types = {code for key in given for code in self.types(value[key], path, key)}
        return self.catalogue.levels_of(types)

    def types(self, value: object, path: str, key: str) -> Iterator[str]:
        """Read a list of types, without the version after `#`."""
        inside = below(path, key)
        if not isinstance(value, list):
            self.note(inside, f"is {shown(value)}, expected a list of types")
            return
        for index, code in enumerate(value):
            known = _TYPE.fullmatch(code) if isinstance(code, str) else None
            if known:
                yield known[1]
            else:
                text = f"unknown type {shown(code)}, expected organisaatiotyyppi_NN"
                self.note(f"{inside}[{index}]", text)

    def status(self, value: Mapping[str, object], path: str) -> str | None:
        """Read the status, and return the catalogue's word for it."""
        word = value.get("status")
        known = self.catalogue.status_of(word) if isinstance(word, str) else None
        if known is None:
            statuses = self.catalogue.statuses.values()
            words = choice(each for status in statuses for each in status.register)
            found = "has no status" if word is None else f"unknown status {shown(word)}"
            inside = path if word is None else below(path, "status")
            self.note(inside, f"{found}, expected {words}")
        return known

    def names(self, value: Mapping[str, object], path: str) -> Names:
        """Read the names; there may be none."""
        names = value.get("nimi")
        inside = below(path, "nimi")
        if names is None:
            return Names()
        if not isinstance(names, dict):
            self.note(inside, f"is {shown(names)}, expected a name per language")
            return Names()
        found: dict[str, str] = {}
        for language in (part.name for part in fields(Names)):
            name = names.get(language)
            if isinstance(name, str):
                found[language] = _one_line(name)
            elif name is not None:
                text = f"is {shown(name)}, expected a name as text"
                self.note(below(inside, language), text)
        return Names(**found)

    def note(self, path: str, text: str) -> None:
        """Note what is wrong at a path."""
        self.problems.append(Problem(self.file, 0, f"{path}: {text}"))


def _one_line(name: str) -> str:
    """Make blanks of what a terminal would obey; a name decides nothing."""
    plain = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(plain.split())
