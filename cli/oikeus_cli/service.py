"""Where a command asks: of a database, or of a service and with which token.

INVARIANT: the token is never an option's value: it would stand in the list of processes
and in the history of the shell. It comes from a file that nobody else can read, or from
the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import click

import oikeus

TOKEN = "OIKEUS_TOKEN"  # noqa: S105 # the variable's name
"""Names the variable that holds the token."""

_LONGEST = 16_384


class Named(IntEnum):
    """How something was named; the higher counts."""

    NOWHERE = 0
    ENVIRONMENT = 1
    OPTION = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command asks.

    Attributes:
        url: of a database or a service.
        named: by what.
    """

    url: str
    named: Named


def service_asked(database: Place, service: Place | None) -> str | None:
    """The URL of the service; nothing where the database is asked.

    Raises:
        UsageError: both are named, and neither counts for more.
    """
    if service is None or service.named < database.named:
        return None
    if service.named > database.named:
        return service.url
    is_option = service.named is Named.OPTION
    names = "--db and --server" if is_option else "OIKEUS_DB and OIKEUS_SERVER"
    message = f"{names} name two places to ask, expected one of them"
    raise click.UsageError(message, click.get_current_context())


def read_token(file: Path | None) -> str | None:
    """The token: that of the file, or else that of the environment, if there is one.

    Raises:
        RequestError: the file cannot be read, others can read it, or it is none.
    """
    if file is None:
        return os.environ.get(TOKEN) or None
    try:
        descriptor = os.open(file, os.O_RDONLY)
        with os.fdopen(descriptor, "rb") as opened:
            mode = os.fstat(descriptor).st_mode
            _check_private(file, mode)
            content = opened.read(_LONGEST)
    except OSError as error:
        reason = (error.strerror or "no such file").lower()
        message = f"cannot read the token of `{file}`: {reason}"
        raise oikeus.RequestError(message) from error
    return content.decode("ascii", "replace").removesuffix("\n").removesuffix("\r")


def _check_private(file: Path, mode: int) -> None:
    """Refuse a file that others can read.

    Raises:
        RequestError: saying how to mend that.
    """
    if oikeus.others_by(mode) is not oikeus.Others.NOBODY:
        message = (
            f"others can read or write the token of `{file}`, expected a file for its "
            f"owner only: chmod 600 {file}"
        )
        raise oikeus.RequestError(message)
