"""JSON that can be read in one way only, as a line of a file of records must be."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 # whatever JSON holds
    """Read JSON that can be read in one way only.

    Raises:
        ValueError: saying what is wrong.
    """
    try:
        return json.loads(
            text if isinstance(text, str) else text.decode(),
            object_pairs_hook=object_once,
            parse_constant=no_number,
            # 3.0 is a whole number to a schema, and no version
            parse_float=str,
        )
    except _OddError:
        raise
    except (ValueError, RecursionError) as error:
        message = "cannot be read, expected a JSON object in UTF-8"
        raise ValueError(message) from error


class _OddError(ValueError):
    """What some readers of JSON take in one way and some in another."""


def object_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys each stand there once.

    Raises:
        ValueError: one stands twice.
    """
    value = dict(pairs)
    if len(value) < len(pairs):
        message = "a key stands twice, expected it once"
        raise _OddError(message)
    return value


def no_number(text: str) -> NoReturn:
    """Refuse what some readers of JSON take for a number.

    Raises:
        ValueError: always.
    """
    message = f"{text} is no JSON, expected a number"
    raise _OddError(message)
