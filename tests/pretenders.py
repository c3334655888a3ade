"""Values that say of themselves that they are others, in every way that Python asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class _Posing:
    """Answers as another value does, whatever it is itself."""

    posed: Any

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 # as the other has it
        posed = object.__getattribute__(self, "posed")
        return type(posed) if name == "__class__" else getattr(posed, name)

    def __eq__(self, other: object) -> bool:
        return bool(self.__eq__(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return int(self.__hash__())

    def __str__(self) -> str:
        return str(object.__getattribute__(self, "posed"))

    __repr__ = __str__

    def __format__(self, _: str) -> str:
        return str(self)

    def __len__(self) -> int:
        return len(str(self))

    def __iter__(self) -> Iterator[str]:
        return iter(str(self))

    def __contains__(self, part: object) -> bool:
        return str(part) in str(self)

    def __add__(self, other: str) -> str:
        return str(self) + other

    def __radd__(self, other: str) -> str:
        return other + str(self)


class PosingText(_Posing, str):  # noqa: SLOT000 # it holds another text
    """Text that says that it is another one."""

    def __new__(cls, text: str, posed: str) -> str:  # type: ignore[misc] # says so
        """A text, and the one that it says it is."""
        made = str.__new__(cls, text)
        object.__setattr__(made, "posed", posed)
        return made


class PosingObject(_Posing):
    """No text at all, but it says that it is one."""

    def __init__(self, posed: object) -> None:
        object.__setattr__(self, "posed", posed)


class FailingText(str):
    """Text that cannot be looked up, compared or shown."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise ValueError

    def __hash__(self) -> int:
        raise ValueError

    def __str__(self) -> str:
        raise ValueError

    __repr__ = __str__


class FailingObject:
    """No text, and nothing can be asked of it."""

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 # it has nothing
        raise ValueError

    def __eq__(self, other: object) -> bool:
        raise ValueError

    def __hash__(self) -> int:
        raise ValueError


class Plain(str):
    """Text of a type of its own, and nothing else."""

    __slots__ = ()


class Word(StrEnum):
    """Words as a service may keep them; not every member is shown as what it is."""

    PERSON = "person:1"
    OTHER = "person:2"
    READ = "read"
    SEND = "send"
    PLAN = "plan"
    NORTH = "north"
    SOUTH = "south"
    USER = "user"
    MARS = "mars"

    def __str__(self) -> str:
        return self.name


class PosingDay(date):
    """A day that says that it is the first of March 2026."""

    def __eq__(self, other: object) -> bool:
        return other == date(2026, 3, 1)

    def __hash__(self) -> int:
        return hash(date(2026, 3, 1))

    def __le__(self, other: object) -> bool:
        return True

    __ge__ = __lt__ = __gt__ = __le__

    def toordinal(self) -> int:
        """The number of another day."""
        return date(2026, 3, 1).toordinal()

    def isoformat(self) -> str:
        """The text of another day."""
        return "2026-03-01"


class Moment(datetime):
    """A time that says that it is a day."""

    @property  # type: ignore[misc] # says so
    def __class__(self) -> type:
        return date


class PosingTuple(tuple[str, ...]):
    """Parts that give others when they are gone through."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(("person:1", "read", "plan", "north"))

    def __len__(self) -> int:
        return 4


class PosingList(list[str]):
    """The same as a list."""

    def __iter__(self) -> Iterator[str]:
        return iter(("person:1", "read", "plan", "north"))

    def __len__(self) -> int:
        return 4
