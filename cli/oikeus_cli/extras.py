"""Parts of the library that are installed by an extra, and said so where they lack."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


def service_module(name: str) -> Any:  # noqa: ANN401 # a module of the extra
    """A module of the service.

    Raises:
        ClickException: the extra is not installed.
    """
    return _module(f"oikeus.service.{name}", "the service", "service")


def ci_module(name: str) -> Any:  # noqa: ANN401 # a module of the extra
    """A library that writes what programs of continuous integration read.

    Raises:
        ClickException: the extra is not installed.
    """
    return _module(name, "it", "ci")


def _module(name: str, what: str, extra: str) -> Any:  # noqa: ANN401 # as above
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        how = f"install {what} with `pip install 'oikeus[{extra}]'`"
        message = f"`{error.name}` is not installed: {how}"
        raise click.ClickException(message) from error
