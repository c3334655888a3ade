"""The organisation register: its JSON documents become organisations.

A document is an organisation, a list of them, or a search result with `organisaatiot`.
Organisations stand inside others as `children` or `subRows`, which repeat each other.
What stands above an organisation is said by the nesting and by `parentOid`, which must
agree; `parentOidPath` has three forms, is often wrong, and is never read. An extract
with a fault is refused whole, with the path of every fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from ..errors import Problem, RegisterError
from ..policy.catalogue import ACTIVE, Catalogue
from ..policy.wording import choice, shown
from ..terms import Names
from .register_fields import FieldReader
from .register_json import below, read_json

_NESTED = ("children", "subRows")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as the register describes it.

    Two that say the same are equal, wherever they were found.

    Attributes:
        id: the OID.
        parent: the id of the organisation directly above; nothing for the root.
        levels: the catalogue's levels that its types give, without `level:`.
        status: the catalogue's word for its status.
        names: empty where the register gives none.
        place: the path inside the document, `$.organisaatiot[3].children[0]`.
        file: the path of the document.
    """

    id: str
    parent: str | None
    levels: tuple[str, ...]
    status: str
    names: Names
    place: str = field(compare=False)
    file: str = field(compare=False)

    def problem(self, text: str) -> Problem:
        """Say what is wrong with this entry of the document."""
        return Problem(self.file, 0, f"{self.place}: {text}")


def read_register(
    text: str, file: str, catalogue: Catalogue, root: str
) -> tuple[Organisation, ...]:
    """Read the text of one document.

    Args:
        text: the JSON text.
        file: its path, for problems.
        catalogue: gives the levels of types and the meanings of statuses.
        root: the id of the organisation that needs no parent.

    Raises:
        RegisterError: listing everything that is wrong.
    """
    return read_registers({file: text}, catalogue, root)


def read_registers(
    texts: Mapping[str, str], catalogue: Catalogue, root: str
) -> tuple[Organisation, ...]:
    """Read several documents as one: what is in two of them must be the same.

    Args:
        texts: the JSON text of each file.
        catalogue: gives the levels of types and the meanings of statuses.
        root: the id of the organisation that needs no parent.

    Raises:
        RegisterError: listing everything that is wrong in any of them.
    """
    found: dict[str, Organisation] = {}
    problems: list[Problem] = []
    for file, text in texts.items():
        reading = _Reading(file, catalogue, root)
        try:
            reading.read(text)
        except RegisterError as error:
            problems.extend(error.problems)
        problems.extend(reading.problems)
        for organisation in reading.found:
            first = found.setdefault(organisation.id, organisation)
            if first != organisation:
                problems.append(_contradiction(first, organisation))
    if problems:
        raise RegisterError(problems)
    return tuple(found.values())


def _contradiction(first: Organisation, second: Organisation) -> Problem:
    differing = [
        part.name
        for part in fields(Organisation)
        if part.compare and getattr(first, part.name) != getattr(second, part.name)
    ]
    where = first.place if first.file == second.file else f"{first.file}, {first.place}"
    text = (
        f"{shown(second.id)} is at {where} too, which differs in "
        f"{' and '.join(differing)}, expected the same"
    )
    return second.problem(text)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value that should describe an organisation.

    Attributes:
        nested: whether it stands inside another.
        above: the id of that other; nothing where it has none that can be used.
    """

    value: object
    path: str
    nested: bool = False
    above: str | None = None


class _Reading:
    """Reads one document; what is wrong gathers in `problems`."""

    def __init__(self, file: str, catalogue: Catalogue, root: str) -> None:
        self.file = file
        self.root = root
        self.fields = FieldReader(file, catalogue)
        self.problems = self.fields.problems
        self.found: list[Organisation] = []

    def read(self, text: str) -> None:
        value, problems = read_json(text, self.file)
        self.problems.extend(problems)
        waiting = list(self.top(value))
        # without recursion: how deep organisations stand is the document's choice
        for entry in waiting:
            waiting.extend(self.entry(entry))

    def top(self, value: object) -> Iterator[_Entry]:
        match value:
            case {"organisaatiot": list(found)}:
                for index, item in enumerate(found):
                    yield _Entry(item, f"$.organisaatiot[{index}]")
            case list():
                for index, item in enumerate(value):
                    yield _Entry(item, f"$[{index}]")
            case {"oid": _}:
                yield _Entry(value, "$")
            case _:
                text = "expected an organisation, a list of them, or `organisaatiot`"
                self.fields.note("$", f"holds no organisations, {text}")

    def nested(
        self, value: Mapping[str, object], path: str, above: str | None
    ) -> Iterator[_Entry]:
        for key in _NESTED:
            inside, found = below(path, key), value.get(key)
            if isinstance(found, list):
                for index, item in enumerate(found):
                    yield _Entry(item, f"{inside}[{index}]", nested=True, above=above)
            elif found is not None:
                text = f"is {shown(found)}, expected a list of organisations"
                self.fields.note(inside, text)

    def entry(self, entry: _Entry) -> Iterator[_Entry]:
        """Take in one organisation, and return those that stand inside it."""
        value = entry.value
        if not isinstance(value, dict):
            self.fields.note(entry.path, f"is {shown(value)}, expected an organisation")
            return
        before = len(self.problems)
        oid = self.fields.id(value, "oid", entry.path)
        parent = self.parent(value, entry, oid)
        levels = self.fields.levels(value, entry.path)
        status = self.fields.status(value, entry.path)
        names = self.fields.names(value, entry.path)
        if oid == self.root:
            self.check_root(entry.path, parent, levels, status)
        if oid is not None and len(self.problems) == before:
            place = (entry.path, self.file)
            found = Organisation(oid, parent, levels, str(status), names, *place)
            self.found.append(found)
        yield from self.nested(value, entry.path, oid)

    def parent(
        self, value: Mapping[str, object], entry: _Entry, oid: str | None
    ) -> str | None:
        if value.get("parentOid") is None:
            if not entry.nested and oid not in (None, self.root):
                text = "has no parent and is not the root, expected `parentOid`"
                self.fields.note(entry.path, f"{shown(oid)} {text}")
            return entry.above
        parent = self.fields.id(value, "parentOid", entry.path)
        if parent is not None and entry.above not in (None, parent):
            text = f"is {shown(parent)}, but it stands inside {shown(entry.above)}"
            self.fields.note(
                below(entry.path, "parentOid"), f"{text}, expected the same"
            )
        return parent

    def check_root(
        self, path: str, parent: str | None, levels: tuple[str, ...], status: str | None
    ) -> None:
        """Refuse what would change the root: policy files alone say what it is."""
        if parent is not None:
            text = f"the root has the parent {shown(parent)}, expected none"
            self.fields.note(path, text)
        if levels:
            self.fields.note(
                path, f"the root is a {choice(levels)}, expected no such type"
            )
        if status not in (None, ACTIVE):
            self.fields.note(path, f"the root is {status}, expected {ACTIVE}")
