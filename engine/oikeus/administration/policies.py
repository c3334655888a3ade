"""Loading a folder of policies into a database: files own the rules.

The rules in force (`p`, `p2`, kinds and levels of roles, modes, the root) become those
of the files. Grants and organisations that came another way are never touched; a first
grant goes when the file that it came from no longer holds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..decide.grant_checks import judge_first_grants
from ..decide.inert import InertRow
from ..decide.model_checks import judge_model
from ..decide.snapshot import Snapshot
from ..errors import Problem
from ..policy.folder import FolderTexts, Policies, judge_texts, read_folder
from ..policy.model import Model
from ..policy.model_changes import ModelChange, model_changes
from ..policy.tree import ROOT_LEVEL, Tree
from ..policy.words import BLOCKED
from ..store import Change, Contents, Store
from ..terms import Line


@dataclass(frozen=True, slots=True)
class Applied:
    """What loading a folder did.

    Attributes:
        version: the version it made; the head as it was where nothing changed.
        changed: whether it made one.
        added: the lines that are new.
        removed: the lines that are gone.
        moved: the lines that stay, but stand elsewhere in the files or under another
            comment.
        texts: which texts were there and changed, `model` or `catalogue`.
        definitions: those of the model that changed; where it changed and none of them
            did, only its comments or its layout are others.
        warnings: what takes no effect yet or is hardly meant.
        inert: rows that decide nothing under these policies.
    """

    version: int
    changed: bool
    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    moved: tuple[Line, ...]
    texts: tuple[str, ...]
    definitions: tuple[ModelChange, ...]
    warnings: tuple[Problem, ...]
    inert: tuple[InertRow, ...]


def apply_policies(
    store: Store, model: Model, folder: Path | str, *, actor: str, message: str = ""
) -> Applied:
    """Make the rules in force those of a folder, as one version or none.

    Args:
        store: the database.
        model: what the lines are for; recorded with the version.
        folder: the policies.
        actor: who does it.
        message: why; names the folder where nothing is said.

    Raises:
        PolicyError: everything that is wrong in the files; nothing is loaded.
        StoreError: the database cannot be written.
    """
    # before the lock: a folder on another machine may take its time
    texts = read_folder(folder)
    with store.writing() as writer:
        contents = writer.load()
        kept = _kept(contents)
        files, snapshot = _judge(texts, model, kept, contents.lines)
        staying = {*files.lines, *kept}
        change = Change(
            origin="policy",
            actor=actor,
            message=message or f"apply {Path(folder).resolve().name}",
            # those that are there already stay; the log notes where they moved to
            add=files.lines,
            remove=tuple(line for line in contents.lines if line not in staying),
            model=model.text,
            catalogue=files.catalogue_text,
        )
        version = writer.commit(change)
    return _applied(contents, change, version, files, snapshot)


def _applied(
    contents: Contents,
    change: Change,
    version: int,
    files: Policies,
    snapshot: Snapshot,
) -> Applied:
    """Say what a change did to what was there before it."""
    sources = {line: line.source for line in contents.lines}
    texts = {
        "model": (contents.model, change.model),
        "catalogue": (contents.catalogue, change.catalogue),
    }
    return Applied(
        version=version,
        changed=version != contents.version,
        added=tuple(line for line in change.add if line not in sources),
        removed=change.remove,
        moved=tuple(
            line
            for line in change.add
            if line in sources and sources[line] != line.source
        ),
        texts=tuple(
            name
            for name, (before, after) in texts.items()
            if before not in (None, after)
        ),
        definitions=()
        if contents.model is None
        else model_changes(contents.model, snapshot.model.text),
        warnings=files.warnings,
        inert=snapshot.inert,
    )


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
    kept, given = (_kept(contents), contents.lines) if contents else ((), ())
    return _judge(read_folder(folder), model, kept, given)[0]


def _judge(
    texts: FolderTexts, model: Model, kept: Iterable[Line], given: Iterable[Line]
) -> tuple[Policies, Snapshot]:
    """Judge the files by the words, then by the model, with what stays in force."""
    files = judge_texts(texts, model, kept)
    every = dict.fromkeys((*kept, *files.lines))
    snapshot = Snapshot.build(model, every, catalogue=files.catalogue)
    files = judge_first_grants(files, snapshot, _at_known_places(given))
    return judge_model(files, model), snapshot


def _at_known_places(lines: Iterable[Line]) -> frozenset[Line]:
    """Leave out grants that wait for their organisation: nobody has judged them yet."""
    found = frozenset(lines)
    tree = Tree.from_lines(found)
    return frozenset(
        line
        for line in found
        if line.ptype != "g" or "".join(line.values[2:3]).partition("@")[0] in tree
    )


def _kept(contents: Contents) -> tuple[Line, ...]:
    return tuple(line for line in contents.lines if not owned_by_files(line))


def owned_by_files(line: Line) -> bool:
    """Tell whether policy files decide about a line, wherever it came from.

    A rule in the database that no file holds was put there past the files, and goes
    with the next load. A block never does: it is the owner's, and no file's.
    """
    first, second = (*line.values, "", "")[:2]
    is_of_role = first.startswith("role:")
    if line.ptype == "g3" and second == BLOCKED and not is_of_role:
        return False
    if line.source is not None or line.ptype in ("p", "p2"):
        return True
    return (
        (line.ptype == "g3" and is_of_role)
        or (line.ptype == "g4" and (first.startswith("level:") or second == ROOT_LEVEL))
        or (line.ptype == "g2" and second.startswith("mode:"))
    )
