"""The files of a policy: a folder and its model, on disk or out of git, not yet judged.

A version that is made of files records the commit that they are of. It ends in `-dirty`
where they say anything else than that commit: an edit, a new file, a missing one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import PolicyError, Problem
from ..policy.file_texts import LONGEST_FILE, is_of_policy, too_long
from ..policy.folder import FolderTexts, read_folder, texts_of
from ..policy.model import Model, load_model, parse_model
from .git import Repository, resolved

MODEL = "model.conf"
"""The model of a folder, beside it, unless another one is named."""

_DIRTY = "-dirty"


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """What a folder of policies and its model say, read and not yet judged.

    Attributes:
        name: the folder's own name.
        model: what the lines are for.
        texts: of the folder.
        git_commit: the commit that they are of; nothing without a repository.
        changed: the files that are otherwise in that commit.
    """

    name: str
    model: Model
    texts: FolderTexts
    git_commit: str | None = None
    changed: tuple[str, ...] = ()


def read_files(folder: Path | str, model: Path | str | None = None) -> PolicyFiles:
    """Read a folder of policies and its model from disk.

    Args:
        folder: the policies.
        model: the path of the model; `model.conf` beside the folder by default.

    Raises:
        ModelError: the model cannot be read, or not be decided with.
        PolicyError: the folder cannot be listed.
    """
    place = Path(folder)
    path = model_beside(place) if model is None else Path(model)
    return files_of(place, load_model(path), path)


def files_of(folder: Path, model: Model, path: Path | None = None) -> PolicyFiles:
    """Read a folder of policies whose model is known.

    Raises:
        PolicyError: the folder cannot be listed.
    """
    texts = read_folder(folder)
    name = resolved(folder).name
    repository = Repository.around(folder)
    head = None if repository is None else _head(repository)
    if repository is None or head is None:
        return PolicyFiles(name, model, texts)
    there = _texts(repository, head, folder)
    changed = _changed(texts, there)
    where = repository.within(path or model_beside(folder))
    if where is None or repository.text(head, where) != model.text:
        changed = (*changed, (path or model_beside(folder)).name)
    commit = f"{head}{_DIRTY}" if changed else head
    return PolicyFiles(name, model, texts, commit, changed)


def read_revision(
    revision: str, folder: Path | str, model: Path | str | None = None
) -> PolicyFiles:
    """Read a folder of policies and its model out of git, without a checkout.

    Args:
        revision: as git understands it, `HEAD~3`, `v1.0`.
        folder: where it stands in a checkout; it need not be there now.
        model: the path of the model; `model.conf` beside the folder by default.

    Raises:
        PolicyError: no repository, no such revision, or none of the folder in it.
        ModelError: the model of that revision cannot be read, or not be decided with.
    """
    place = Path(folder)
    repository = Repository.around(place)
    if repository is None:
        text = "is in no git repository, expected a folder of one"
        raise PolicyError([Problem(str(folder), 0, text)])
    commit = repository.commit(revision)
    texts = _texts(repository, commit, place)
    if texts is None:
        text = f"commit {commit} has no such folder, expected git:REVISION:FOLDER"
        raise PolicyError([Problem(str(folder), 0, text)])
    path = model_beside(place) if model is None else Path(model)
    where = repository.within(path)
    written = None if where is None else repository.text(commit, where)
    if written is None:
        text = f"commit {commit} has no such file, expected the model of the policies"
        raise PolicyError([Problem(path.name, 0, text)])
    parsed = parse_model(written, path.name)
    return PolicyFiles(resolved(place).name, parsed, texts, commit)


def check_committed(files: PolicyFiles) -> None:
    """Insist on files that are exactly those of a commit.

    Raises:
        PolicyError: each file that is not, or that there is no commit at all.
    """
    if files.git_commit is None:
        text = "is in no git repository with a commit, expected committed files"
        raise PolicyError([Problem(files.name, 0, text)])
    commit = files.git_commit.removesuffix(_DIRTY)
    text = f"is not as commit {commit} has it, expected it committed"
    if files.changed:
        raise PolicyError(Problem(name, 0, text) for name in files.changed)


def model_beside(folder: Path) -> Path:
    """The model of a folder, where no other one is named."""
    return resolved(folder).parent / MODEL


def _head(repository: Repository) -> str | None:
    """The commit that is checked out; nothing before the first one."""
    try:
        return repository.commit("HEAD")
    except PolicyError:
        return None


def _texts(repository: Repository, commit: str, folder: Path) -> FolderTexts | None:
    """The texts of a folder at a commit, if it is there."""
    where = repository.within(folder)
    entries = None if where is None else repository.list(commit, where)
    if entries is None:
        return None
    name = resolved(folder).name
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for entry in entries:
        if not is_of_policy(entry.name):
            continue
        text = "is no regular file, expected a file of text"
        if entry.size > LONGEST_FILE:
            text = too_long(LONGEST_FILE)
        elif entry.is_file:
            data = repository.read(entry.id)
            if data is not None:
                files[entry.name] = data
                continue
            text = "cannot be read out of git, expected a file of text"
        problems.append(Problem(f"{name}/{entry.name}", 0, text))
    return texts_of(name, files, problems)


def _changed(here: FolderTexts, there: FolderTexts | None) -> tuple[str, ...]:
    """The files that two folders do not have in common."""
    if there is None:
        return tuple(sorted(name for name, _ in _written(here)))
    names = {name for name, _ in _written(here) ^ _written(there)}
    return tuple(sorted(names))


def _written(texts: FolderTexts) -> set[tuple[str, str | None]]:
    written = {*texts.files, (texts.catalogue_file, texts.catalogue_text)}
    return written | ({texts.invariants} if texts.invariants else set())
