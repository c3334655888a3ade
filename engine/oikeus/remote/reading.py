"""What a service answered, read field by field: each is what it must be, or an error.

INVARIANT: nothing is guessed. JSON that can be read in two ways is none, 1 is not
`true`, and what is missing is not filled in: an odd answer is an error, and no allow.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, NoReturn, TypeVar

from ..decide.record_json import no_number, object_once
from ..errors import ServiceError
from ..terms import parse_day
from .secret import NOBODY, Secret

Choice = TypeVar("Choice", bound=Enum)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of an answer.

    Every reading raises:
        ServiceError: the field is missing, or is something else.

    Attributes:
        place: where it stands in the answer, such as `evaluations[2].context`.
        secret: is not to be shown.
    """

    values: dict[str, Any]
    place: str = ""
    secret: Secret = field(default=NOBODY, repr=False)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def truth(self, name: str) -> bool:
        """A field that is true or false."""
        value = self.values.get(name)
        # no `bool(…)`: the text "false" is true
        if value is True:
            return True
        if value is False:
            return False
        return self.odd(name, "true or false")

    def text(self, name: str) -> str:
        """A field that is text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else self.odd(name, "text")

    def sentence(self, name: str) -> str:
        """A field that is text, as it may be shown to people."""
        return self.secret.sentence(self.text(name))

    def number(self, name: str) -> int:
        """A field that is a whole number, from 0 on."""
        value = self.values.get(name)
        if type(value) is int and value >= 0:
            return value
        return self.odd(name, "a whole number from 0 on")

    def day(self, name: str) -> date:
        """A field that is a day."""
        try:
            return parse_day(self.text(name))
        except ValueError:
            return self.odd(name, "a day of the form 2026-03-01")

    def choice(self, name: str, of: type[Choice]) -> Choice:
        """A field that is one of some words."""
        return self._chosen(name, self.text(name), of)

    def choices(self, name: str, of: type[Choice]) -> tuple[Choice, ...]:
        """A field that is a list of some words."""
        return tuple(self._chosen(name, each, of) for each in self.texts(name))

    def inner(self, name: str) -> Fields:
        """A field that is an object."""
        return self._object(self.values.get(name), name)

    def inners(self, name: str) -> tuple[Fields, ...]:
        """A field that is a list of objects."""
        items = enumerate(self._list(name))
        return tuple(self._object(each, f"{name}[{place}]") for place, each in items)

    def texts(self, name: str) -> tuple[str, ...]:
        """A field that is a list of texts."""
        return tuple(
            each if isinstance(each, str) else self.odd(f"{name}[{place}]", "text")
            for place, each in enumerate(self._list(name))
        )

    def sentences(self, name: str) -> tuple[str, ...]:
        """A field that is a list of texts, as they may be shown to people."""
        return tuple(map(self.secret.sentence, self.texts(name)))

    def perhaps(self, name: str, read: Callable[[str], Item]) -> Item | None:
        """A field that may be missing, or nothing."""
        return read(name) if name in self else None

    def odd(self, name: str, expected: str) -> NoReturn:
        """Refuse an answer for what a field is not."""
        place = f"{self.place}.{name}" if self.place else name
        message = f"the service answered oddly: `{place}` is not {expected}"
        raise ServiceError(message)

    def _chosen(self, name: str, text: str, of: type[Choice]) -> Choice:
        try:
            return of(text)
        except ValueError:
            known = ", ".join(str(each.value) for each in of)
            return self.odd(name, f"one of {known}")

    def _list(self, name: str) -> list[Any]:
        value = self.values.get(name)
        return value if isinstance(value, list) else self.odd(name, "a list")

    def _object(self, value: object, name: str) -> Fields:
        place = f"{self.place}.{name}" if self.place else name
        return (
            Fields(value, place, self.secret)
            if isinstance(value, dict)
            else self.odd(name, "an object")
        )


def read_object(body: bytes, secret: Secret) -> Fields:
    """Read a body that is one object.

    Args:
        body: what a service answered.
        secret: is taken out of it, however it is escaped.

    Raises:
        ServiceError: it is none, or can be read in two ways.
    """

    def shown(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return object_once([(name, secret.hidden(each)) for name, each in pairs])

    try:
        value = json.loads(
            secret.hidden_in(body).decode(),
            # as it was sent it is gone already; what else there is, is escaped
            object_pairs_hook=shown if b"\\" in body else object_once,
            parse_constant=no_number,
        )
    except (ValueError, RecursionError) as error:
        message = "the service answered what cannot be read, expected an object in JSON"
        raise ServiceError(message) from error
    if not isinstance(value, dict):
        message = "the service answered oddly: the whole is not an object"
        raise ServiceError(message)
    return Fields(value, secret=secret)
