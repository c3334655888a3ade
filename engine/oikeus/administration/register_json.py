"""JSON text of an outside register becomes plain values; nothing odd is let through.

Python's reader keeps the last of two equal keys, takes NaN for a number, and raises
whatever a nesting without end brings. All three are faults of the document here. A
place in it is written as a path: `$.organisaatiot[3].children[0]`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Problem, RegisterError
from ..policy.wording import shown

_TOP = "$"
_LONGEST_INTEGER = 18


class _Object(dict[str, object]):
    """A JSON object that remembers which of its keys were repeated."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """What JSON has no word for: NaN, Infinity, -Infinity."""

    text: str

    def __str__(self) -> str:
        return self.text


def read_json(text: str, file: str) -> tuple[object, tuple[Problem, ...]]:
    """Read a JSON text.

    Args:
        text: the text of the document.
        file: its path, for problems.

    Returns:
        the value, and the problems of what could be read all the same.

    Raises:
        RegisterError: the text is not JSON, or is nested too deep to be read.
    """
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_constant=_NoNumber,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        fault = f"{error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
        problem = Problem(file, error.lineno, f"cannot be read as JSON, {fault}")
        raise RegisterError([problem]) from error
    except RecursionError as error:
        problem = Problem(file, 0, "is nested too deep, expected some dozen levels")
        raise RegisterError([problem]) from error
    problems = (Problem(file, 0, fault) for fault in _faults(value))
    return value, tuple(problems)


def below(path: str, key: str) -> str:
    """Write the path of an object's member."""
    if key.isidentifier() and key.isascii():
        return f"{path}.{key}"
    return f"{path}[{json.dumps(key)}]"


def _integer(digits: str) -> float:
    # Python refuses to convert thousands of digits to an integer
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _object(pairs: list[tuple[str, object]]) -> _Object:
    value = _Object(pairs)
    if len(value) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        value.repeated = tuple(key for key, count in counts.items() if count > 1)
    return value


def _faults(value: object) -> Iterator[str]:
    """Walk the whole document; without recursion, since its depth is not ours."""
    waiting = [(_TOP, value)]
    while waiting:
        path, here = waiting.pop()
        match here:
            case _NoNumber(text):
                yield f"{path}: {shown(text)} is no JSON, expected a number"
            case _Object():
                for key in here.repeated:
                    yield f"{below(path, key)}: the key is repeated, expected it once"
                waiting.extend((below(path, key), item) for key, item in here.items())
            case list():
                items = enumerate(here)
                waiting.extend((f"{path}[{index}]", item) for index, item in items)
