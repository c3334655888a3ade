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
    try:
        return import_module(f"oikeus.service.{name}")
    except ModuleNotFoundError as error:
        how = "install the service with `pip install 'oikeus[service]'`"
        message = f"`{error.name}` is not installed: {how}"
        raise click.ClickException(message) from error
