"""Loading a folder of policies into a database: files own the rules.

The rules in force (`p`, `p2`, kinds and levels of roles, modes, the root) become those
of the files. Grants and organisations that came another way are never touched; a first
grant goes when the file that it came from no longer holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ..decide.allowing import today_in_finland
from ..policy.folder import Policies, read_folder
from ..policy.model import Model
from ..store import Contents, Store
from .applying import Applied, carry_out
from .drift import NO_DRIFT
from .files import files_of
from .laying import NOTHING, lay_over
from .plans import Head, preview_between


def apply_policies(  # noqa: PLR0913 # what a load is made of
    store: Store,
    model: Model,
    folder: Path | str,
    *,
    actor: str,
    message: str = "",
    today: Callable[[], date] = today_in_finland,
) -> Applied:
    """Make the rules in force those of a folder, as one version or none.

    Args:
        store: the database.
        model: what the lines are for; recorded with the version.
        folder: the policies.
        actor: who does it.
        message: why; names the folder where nothing is said.
        today: says which grants have ended.

    Raises:
        PolicyError: everything that is wrong in the files; nothing is loaded.
        StoreError: the database cannot be written.
        ModelError: a matcher failed.
    """
    # before the lock: a folder on another machine may take its time
    files = files_of(Path(folder), model)
    with store.writing() as writer:
        contents = writer.load()
        laid = lay_over(files.texts, model, contents)
        head = Head(writer.mark(), contents, NO_DRIFT, writer.reading().granters)
        found = preview_between(head, laid, today(), files=files, message=message)
        return carry_out(writer, found, actor=actor)


def check_policies(
    model: Model, folder: Path | str, contents: Contents | None = None
) -> Policies:
    """Judge a folder as loading it would, and load nothing.

    Args:
        model: what the lines are for.
        folder: the policies.
        contents: what is in force where it would be loaded: the register, grants.

    Raises:
        PolicyError: everything that is wrong in the files.
    """
    return lay_over(read_folder(folder), model, contents or NOTHING).policies
