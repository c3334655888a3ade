"""Policy files on disk and out of git: the same texts, committed or not."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from oikeus import (
    Model,
    PolicyError,
    check_committed,
    read_files,
    read_revision,
)
from oikeus.administration import files as reading
from oikeus.administration.files import PolicyFiles, files_of
from oikeus.administration.git import Repository

Git = Callable[..., str]


@pytest.fixture
def git(folder: Path, model: Model) -> Git:
    """A repository with the folder and its model in one commit."""
    (folder.parent / "model.conf").write_text(model.text, encoding="utf-8")

    def run(*words: str) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        done = subprocess.run(  # noqa: S603 - ours
            ["git", "-C", str(folder.parent), *who, *words],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    run("init", "-q")
    run("add", "policies", "model.conf")
    run("commit", "-qm", "one")
    return run


def refused(error: pytest.ExceptionInfo[PolicyError]) -> list[str]:
    """Each problem as it is printed."""
    return [str(problem) for problem in error.value.problems]


def test_revision_gives_what_the_folder_gives(folder: Path, git: Git) -> None:
    """Texts, names and model, and the commit."""
    here, there = read_files(folder), read_revision("HEAD", folder)
    assert here == there
    assert here.git_commit == git("rev-parse", "HEAD")
    check_committed(here)


def test_revision_needs_no_checkout(folder: Path, git: Git) -> None:
    """Neither of the folder nor of anything in it."""
    here = read_files(folder)
    git("rm", "-rq", "policies", "model.conf")
    git("commit", "-qm", "gone")
    assert read_revision("HEAD~1", folder) == here


def test_revision_refuses_invariants_under_another_name(folder: Path, git: Git) -> None:
    """As the folder does: without a word nothing would be judged by them."""
    (folder / "Invariants.yml").write_text("invariants: []\n", encoding="utf-8")
    git("add", "policies")
    git("commit", "-qm", "two")
    for files in (read_files(folder), read_revision("HEAD", folder)):
        (problem,) = files.texts.problems
        expected = "would not be read, expected the name `invariants.yaml`"
        assert str(problem) == f"policies/Invariants.yml: {expected}"


def test_how_lines_end_makes_no_difference(folder: Path, git: Git) -> None:
    """A checkout on Windows is clean."""
    for path in (*folder.iterdir(), folder.parent / "model.conf"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = read_files(folder)
    check_committed(found)
    assert found == read_revision(git("rev-parse", "HEAD")[:8], folder)


@pytest.mark.parametrize("name", ["rules.csv", "words.yaml", "new.csv", "gone.csv"])
def test_files_that_differ_from_the_commit_are_dirty(
    folder: Path, git: Git, name: str
) -> None:
    """Edited, added or gone, and named."""
    (folder / "gone.csv").write_text("# R1: x\n")
    git("add", "policies")
    git("commit", "-qm", "two")
    head = git("rev-parse", "HEAD")
    path = folder / name
    if name == "gone.csv":
        path.unlink()
    else:
        path.write_text(f"# R2: x\n{path.read_text() if path.exists() else ''}")
    found = read_files(folder)
    assert found.git_commit == f"{head}-dirty"
    with pytest.raises(PolicyError) as error:
        check_committed(found)
    assert refused(error) == [
        f"policies/{name}: is not as commit {head} has it, expected it committed"
    ]


def test_other_model_is_dirty_too(
    folder: Path, git: Git, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Edited, or from outside of the repository."""
    other = tmp_path_factory.mktemp("other") / "other.conf"
    other.write_text((folder.parent / "model.conf").read_text())
    assert read_files(folder, other).changed == ("other.conf",)
    with pytest.raises(PolicyError, match="has no such file, expected the model"):
        read_revision("HEAD", folder, other)
    (folder.parent / "model.conf").write_text(f"# x\n{other.read_text()}")
    assert read_files(folder).changed == ("model.conf",)
    assert git("status", "--short")


def test_folder_that_no_commit_has_is_dirty(folder: Path, git: Git) -> None:
    """All of it."""
    folder.rename(folder.with_name("moved"))
    found = read_files(folder.with_name("moved"))
    assert [*found.changed][-1] == "moved/words.yaml"
    head = git("rev-parse", "HEAD")
    with pytest.raises(PolicyError) as error:
        read_revision("HEAD", folder.with_name("moved"))
    (text,) = refused(error)
    assert text.endswith(
        f"commit {head} has no such folder, expected git:REVISION:FOLDER"
    )


def test_folder_without_a_commit_is_not_committed(folder: Path, model: Model) -> None:
    """No repository, or one before its first commit."""
    (folder.parent / "model.conf").write_text(model.text, encoding="utf-8")
    for _ in range(2):
        found = read_files(folder)
        assert (found.git_commit, found.changed) == (None, ())
        with pytest.raises(PolicyError, match="in no git repository with a commit"):
            check_committed(found)
        with pytest.raises(PolicyError):
            read_revision("HEAD", folder)
        subprocess.run(["git", "init", "-q", str(folder.parent)], check=True)  # noqa: S603, S607


@pytest.mark.parametrize(
    "revision", ["", " ", "-x", "--all", "none", "a\nb", "a\0b", "HEAD..HEAD"]
)
def test_word_that_is_no_revision_is_refused(
    folder: Path, git: Git, revision: str
) -> None:
    """Whatever git would take it for."""
    assert git("rev-parse", "HEAD")
    with pytest.raises(PolicyError, match="is no revision, expected one of the "):
        read_revision(revision, folder)


def test_variables_of_a_hook_lead_nowhere(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook that plans would otherwise read another repository."""
    monkeypatch.setenv("GIT_DIR", os.devnull)
    assert read_files(folder).git_commit
    monkeypatch.delenv("GIT_DIR")
    assert git("rev-parse", "HEAD") == read_files(folder).git_commit


def test_what_is_no_file_of_text_is_a_problem(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links and folders in a commit, and what is too long or cannot be read."""
    (folder / "link.csv").symlink_to("rules.csv")
    (folder / "sub.csv").mkdir()
    (folder / "sub.csv" / "x.csv").write_text("x")
    (folder / "bad.csv").write_bytes(b"\xff")
    (folder / "invariants.yaml").write_text("x: y")
    git("add", "policies")
    git("commit", "-qm", "two")
    found = read_revision("HEAD", folder)
    assert [str(problem) for problem in found.texts.problems] == [
        "policies/link.csv: is no regular file, expected a file of text",
        "policies/sub.csv: is no regular file, expected a file of text",
        "policies/bad.csv: is not UTF-8 at byte 1, expected UTF-8",
    ]
    monkeypatch.setattr(reading, "LONGEST_FILE", 0)
    found = read_revision("HEAD", folder)
    assert "is longer than 0 bytes" in str(found.texts.problems[0])
    monkeypatch.undo()
    monkeypatch.setattr(Repository, "read", lambda *_: None)
    with pytest.raises(PolicyError):
        read_revision("HEAD", folder)
    monkeypatch.setattr(Repository, "text", lambda *_: found.model.text)
    problems = read_revision("HEAD", folder).texts.problems
    assert "cannot be read out of git" in str(problems[0])


def test_commit_without_a_catalogue_is_a_problem(folder: Path, git: Git) -> None:
    """As a folder without one is."""
    git("rm", "-q", "policies/words.yaml")
    git("commit", "-qm", "two")
    (problem,) = read_revision("HEAD", folder).texts.problems
    assert str(problem).endswith("in a folder of policies; found none")


def test_folder_may_be_the_top_of_a_repository(folder: Path, model: Model) -> None:
    """Its model lies outside then, and is not committed."""
    (folder.parent / "model.conf").write_text(model.text, encoding="utf-8")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", "-C", str(folder), *who, *words], check=True)  # noqa: S603, S607
    assert read_files(folder).changed == ("model.conf",)
    outside = Repository.around(folder)
    assert outside is not None
    assert outside.list("HEAD", "no/such") is None


def test_without_git_nothing_is_committed(
    folder: Path, git: Git, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where it cannot be run, or does not end."""
    assert git("rev-parse", "HEAD")
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert files_of(folder, model).git_commit is None
    monkeypatch.setattr("shutil.which", lambda _: str(folder / "no-such"))
    assert isinstance(files_of(folder, model), PolicyFiles)
