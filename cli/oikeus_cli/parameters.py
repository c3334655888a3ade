"""What commands are told: days, versions, moments, and options that many share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

import oikeus

LONGEST_NUMBER = 10
"""How many digits the number of a version can have."""


class Day(click.ParamType[date]):
    """A day on the command line."""

    name = "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read a day, or end with a usage error."""
        if isinstance(value, date):
            return value
        try:
            return oikeus.parse_day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class VersionNumber(click.ParamType[int | None]):
    """A version on the command line; `head` becomes nothing, which stands for it."""

    name = "VERSION"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        """Read a number, or end with a usage error."""
        text = str(value)
        if text == "head":
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > LONGEST_NUMBER:
            self.fail(f"`{text}` is no version, expected a number or head", param, ctx)
        return int(text)


class AsOf(click.ParamType[oikeus.Moment]):
    """A moment on the command line."""

    name = "VERSION|DATE|TIMESTAMP"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> oikeus.Moment:
        """Read a moment, or end with a usage error."""
        if isinstance(value, date):
            return value
        try:
            return oikeus.parse_moment(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Sent(click.ParamType[tuple[str, str]]):
    """What is sent with a question: NAME=VALUE."""

    name = "attribute"

    def convert(
        self,
        value: Any,  # noqa: ANN401 # as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 # as above
        """Split it at the first equals sign."""
        if isinstance(value, tuple):
            return value
        name, equals, said = value.partition("=")
        if not equals or not name:
            self.fail(f"`{value}` names no attribute, expected NAME=VALUE", param, ctx)
        return name, said


attribute_option = click.option(
    "--attribute",
    "attributes",
    type=Sent(),
    multiple=True,
    metavar="NAME=VALUE",
    help="An attribute that the model declares, sent with the question; repeatable.",
)


reason_option = click.option("--reason", default="", help="Why, for the history.")

at_option = click.option(
    "--at",
    type=Day(),
    help="The day to decide for, as 2026-03-01; today in Helsinki by default.",
)

_MOMENTS = (
    "a version, the end of a day in Helsinki, or an instant such as "
    "2026-03-01T09:30:00+02:00."
)

as_of_option = click.option(
    "--as-of",
    type=AsOf(),
    help=f"Decide by what was known then, and for that day without --at: {_MOMENTS}",
)

shown_as_of_option = click.option(
    "--as-of", type=AsOf(), help=f"Show what was in force then: {_MOMENTS}"
)

folder_argument = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path)
)

model_option = click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The model; model.conf beside the folder by default.",
)


def number_at(store: oikeus.Store, as_of: oikeus.Moment | None) -> int | None:
    """The number of the version that was in force at a moment; of the head without.

    Raises:
        StoreError: there was none yet.
    """
    if not isinstance(as_of, date):
        return as_of
    number = store.version_at(oikeus.instant_of(as_of))
    if not number:
        message = f"there was no version yet at `{as_of}`, expected a later day"
        raise oikeus.StoreError(message)
    return number
