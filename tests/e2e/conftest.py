"""The command as it is installed, and a database with the example world in it.

Most tests call the entry point in this process, which is a hundred times faster; those
about pipes, terminals, signals and character sets start the command itself.
"""

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

import oikeus as engine
import oikeus_cli as cli
from oikeus_cli.main import main

from ..conftest import GoldenCheck
from .rules_world import make_world

HOME = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and all that it wrote."""

    code: int
    out: str = ""
    err: str = ""


Run = Callable[..., Ended]
Spawn = Callable[..., "subprocess.Popen[bytes]"]


def command(before: str = "") -> list[str]:
    """The console script beside this Python, or what it would run.

    Args:
        before: statements to run first; the script is not used then.
    """
    script = Path(sys.executable).with_name("oikeus")
    if script.exists() and not before:
        return [str(script)]
    places = [str(Path(each).parents[1]) for each in (engine.__file__, cli.__file__)]
    run = "from oikeus_cli.main import main; main()"
    program = f"import sys; sys.path[:0] = {places}; {before or 'pass'}; {run}"
    return [sys.executable, "-c", program]


@pytest.fixture
def program() -> list[str]:
    """The words that start the command."""
    return command()


@pytest.fixture
def examples() -> Path:
    """The example world."""
    return HOME / "examples"


@pytest.fixture
def policies() -> Path:
    """The shipped policies, beside their model."""
    return HOME / "policies"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and nothing set in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "OIKEUS_DB",
        "OIKEUS_SERVER",
        "OIKEUS_TOKEN",
        "NO_COLOR",
        "FORCE_COLOR",
        "PYTHONIOENCODING",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def oikeus(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, by its entry point."""

    def run(*arguments: object, stdin: bytes = b"") -> Ended:
        words = [str(argument) for argument in arguments]
        monkeypatch.setattr(sys, "argv", ["oikeus", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return Ended(int(end.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start the command as a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        *arguments: object,
        before: str = "",
        **options: Any,  # noqa: ANN401
    ) -> "subprocess.Popen[bytes]":
        words = [*command(before), *(str(argument) for argument in arguments)]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = cast(
            "subprocess.Popen[bytes]",
            subprocess.Popen(words, **(pipes | options)),  # noqa: S603 - ours
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def run(spawn: Spawn) -> Run:
    """Run the command as a process of its own to its end."""

    def finish(*arguments: object, stdin: bytes = b"", **options: Any) -> Ended:  # noqa: ANN401
        process = spawn(*arguments, **options)
        out, err = process.communicate(stdin, timeout=120)
        return Ended(process.returncode, (out or b"").decode(), (err or b"").decode())

    return finish


@pytest.fixture(scope="session")
def example_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example world in a database, at version 3; not to be changed."""
    path = tmp_path_factory.mktemp("world") / "oikeus.db"
    for words in (
        ("apply", HOME / "policies", "--yes"),
        ("import", "organisations", HOME / "examples" / "organisations.json"),
        ("import", "grants", HOME / "examples" / "grants.csv"),
    ):
        subprocess.run(  # noqa: S603 - ours
            [*command(), "--db", f"sqlite:///{path}", *map(str, words)],
            check=True,
            capture_output=True,
            cwd=path.parent,
            env={name: os.environ[name] for name in os.environ if name != "OIKEUS_DB"},
        )
    return path


@pytest.fixture
def world(example_db: Path, desk: Path) -> Path:
    """The example world in the database that is used unless another one is named."""
    return Path(shutil.copy(example_db, desk / "oikeus.db"))


@pytest.fixture(scope="session")
def rules_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example world with somebody for every role; not to be changed."""
    return make_world(tmp_path_factory.mktemp("rules"))


@pytest.fixture
def rules_world(rules_db: Path, desk: Path) -> Callable[[], Path]:
    """Put that database and its policies, anew each time, where one works."""

    def begin() -> Path:
        shutil.copytree(
            rules_db.parent / "policies", desk / "policies", dirs_exist_ok=True
        )
        shutil.copy(HOME / "model.conf", desk)
        return Path(shutil.copy(rules_db, desk / "oikeus.db"))

    return begin


@pytest.fixture
def golden_rules(golden: GoldenCheck, repository: Path) -> Callable[[str, str], None]:
    """Hold what was written about a rule against the text that is kept of it."""
    folder = repository / "tests" / "golden" / "rules"
    return lambda name, text: golden(folder / f"{name}.txt", text)


@pytest.fixture
def checkout(desk: Path) -> Path:
    """A copy of the policies, the model and the examples, to be changed at will."""
    for name in ("policies", "examples"):
        shutil.copytree(HOME / name, desk / name)
    shutil.copy(HOME / "model.conf", desk)
    return desk


@pytest.fixture
def contents() -> Callable[[Path], engine.Contents]:
    """All that a database holds."""

    def load(path: Path) -> engine.Contents:
        with engine.Store.open(f"sqlite:///{path}", create=False) as store:
            return store.load()

    return load


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Change a file at the one place that reads so."""

    def change(path: Path, old: str, new: str) -> None:
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1
        path.write_text(before.replace(old, new), encoding="utf-8")

    return change


@pytest.fixture
def broken(checkout: Path, edit: Callable[[Path, str, str], None]) -> list[str]:
    """Policies with two faults; what is to be said of them."""
    wrong = "p, role:ehoks-kayttaja, hoks, shrae, allwo"
    path = checkout / "policies" / "ehoks.csv"
    edit(path, "p, role:ehoks-kayttaja, hoks, share, allow", wrong)
    number = path.read_text(encoding="utf-8").splitlines().index(wrong) + 1
    return [
        (
            f"policies/ehoks.csv:{number}: unknown action `shrae`, expected read, "
            "share, create, update or transfer (did you mean `share`?)"
        ),
        (
            f"policies/ehoks.csv:{number}: unknown effect `allwo`, expected allow or "
            "deny (did you mean `allow`?)"
        ),
    ]


@pytest.fixture
def insert() -> Callable[..., None]:
    """Put a row into the table of lines, past everything that checks it."""

    def write(path: Path, *values: str) -> None:
        columns = ", ".join(("ptype", "v0", "v1", "v2", "v3")[: len(values)])
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO casbin_rule ({columns}) VALUES ({marks})"  # noqa: S608
        with sqlite3.connect(path) as connection:
            connection.execute(statement, values)
        connection.close()

    return write
