"""The distributions this library stands on, and those that break it.

Two distributions own the import package `casbin`: `pycasbin`, which is maintained, and
`casbin`, which is frozen and overwrites its files. `casbin-sqlalchemy-adapter` is
frozen too, and brings `casbin` with it.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from .errors import InstallationError

PARTS = (
    "oikeus",
    "pycasbin",
    "simpleeval",
    "sqlalchemy-adapter",
    "SQLAlchemy",
    "alembic",
    "psycopg",
    "fastapi",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "msgspec",
    "PyJWT",
    "prometheus-client",
    "urllib3",
    "PyYAML",
    "jsonschema",
    "cryptography",
    "jinja2",
    "junitparser",
    "sarif-pydantic",
    "click",
    "rich",
    "tzdata",
)
"""What `oikeus doctor` names the versions of."""

CONFLICTS = ("casbin", "casbin-sqlalchemy-adapter")
"""Distributions that must not be installed beside ours."""


def installed(name: str) -> str | None:
    """The version of a distribution, or nothing where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@cache
def check_installation() -> None:
    """Refuse to decide anything with files that another distribution overwrote.

    Raises:
        InstallationError: naming what to uninstall.
    """
    found = [name for name in CONFLICTS if installed(name)]
    if found:
        raise InstallationError(found)
