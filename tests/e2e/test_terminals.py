"""Colours, tables and progress are for terminals; pipes get plain text and no fuss."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from oikeus_cli.output import MANY, loading

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]

KEUDA = "1.2.246.562.10.90101000000"
ALLOWED = ("person:1.2.246.562.24.90100000003", "read", "hoks", KEUDA)
AT = ("--at", "2026-11-02")
ESCAPE = "\x1b["
IMPATIENT = "import oikeus_cli.output; oikeus_cli.output.PATIENCE = 0.0"


@pytest.fixture
def on_terminal(spawn: Spawn) -> Callable[..., tuple[int, str]]:
    """Run the command on a terminal of its own; gives the exit code and what it saw."""

    def start(
        *words: object, columns: int = 80, before: str = "", **environment: str
    ) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        # a test runner may say how wide its own terminal is
        own = {key: os.environ[key] for key in os.environ.keys() - {"COLUMNS", "LINES"}}
        termios.tcsetwinsize(theirs, (50, columns))
        process = spawn(
            *words,
            before=before,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=own | {"TERM": "xterm"} | environment,
        )
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 65536):
                seen += chunk
        except OSError:
            pass  # how a terminal ends on Linux
        os.close(ours)
        return process.wait(timeout=60), seen.decode().replace("\r\n", "\n")

    return start


def test_answers_are_coloured_on_a_terminal(
    on_terminal: Callable[..., tuple[int, str]], world: Path
) -> None:
    """The word alone, so that a reason can be copied."""
    assert world.exists()
    code, seen = on_terminal("decide", *ALLOWED, *AT)
    assert code == 0
    assert seen.startswith(f"{ESCAPE}32m{ESCAPE}1mallow{ESCAPE}0m: `ehoks-kayttaja` at")
    code, seen = on_terminal("explain", "person:a", *ALLOWED[1:], *AT)
    assert code == 3
    assert seen.startswith(f"{ESCAPE}31m{ESCAPE}1mdeny{ESCAPE}0m: ")


def test_colours_can_be_refused(
    on_terminal: Callable[..., tuple[int, str]], world: Path
) -> None:
    """By the custom of no-color.org."""
    assert world.exists()
    code, seen = on_terminal("decide", *ALLOWED, *AT, NO_COLOR="1")
    assert (code, ESCAPE in seen) == (0, False)


def test_table_on_a_terminal_has_headings_and_loses_nothing(
    on_terminal: Callable[..., tuple[int, str]], world: Path
) -> None:
    """However narrow it is: ids are folded and never cut."""
    assert world.exists()
    code, seen = on_terminal("show", "grants", "--role", "tunnus", columns=200)
    assert code == 0
    assert [word in seen for word in ("subject", "until", "note")] == [True] * 3
    rows = [line.split() for line in seen.splitlines()]
    row = ["system:stadi-tiedonsiirto", "tunnus", KEUDA.replace("01010", "02010")]
    assert [*row, "2026-01-01", "2099-12-31"] in rows
    code, seen = on_terminal("show", "grants", "--subject", row[0], columns=50)
    assert (code, "…" in seen) == (0, False)
    *_, heading = (line for line in seen.splitlines() if "subject" in line)
    width = click.unstyle(heading).index("role")
    column = "".join(line[:width].strip() for line in seen.splitlines())
    assert column.endswith(row[0] * 2)


def test_pipes_get_no_colours_and_no_headings(run: Run, world: Path) -> None:
    """Even where the terminal is one that could show them."""
    assert world.exists()
    environment = os.environ | {"TERM": "xterm-256color"}
    for words in (("decide", *ALLOWED, *AT), ("show", "grants"), ("show", "roles")):
        ended = run(*words, env=environment)
        assert (ended.code, ended.err) == (0, "")
        assert ESCAPE not in ended.out
        assert not ended.out.startswith("subject")


def test_work_shows_progress_on_a_terminal_once_it_takes_long(
    on_terminal: Callable[..., tuple[int, str]], run: Run, world: Path, examples: Path
) -> None:
    """A bar, or that something goes on where nothing can say how far it is."""
    assert world.exists()
    for words, label in (
        (("decide", "--batch", examples / "requests.jsonl"), "deciding"),
        (("import", "organisations", examples / "organisations.json"), "importing"),
        (("import", "grants", examples / "grants.csv"), "importing"),
        (("apply", examples.parent / "policies", "--yes"), "loading"),
    ):
        assert label not in on_terminal(*words)[1]
        code, seen = on_terminal(*words, before=IMPATIENT)
        assert code == 0
        assert label in seen
        assert label not in run(*words, before=IMPATIENT).err


def test_id_on_a_terminal_is_no_picture(
    on_terminal: Callable[..., tuple[int, str]],
    world: Path,
    insert: Callable[..., None],
) -> None:
    """What reads as a code of a picture to some is shown as it is."""
    insert(world, "g3", "person:smile:", "blocked")
    insert(world, "g3", "person:a\tb\x1b[2Jc\nd", "blocked")
    code, seen = on_terminal("show", "blocks", columns=200)
    assert (code, "person:smile:" in seen) == (0, True)
    assert "person:a\\tb\\x1b[2Jc" in seen


@pytest.mark.parametrize(
    ("total", "shown"), [(MANY, True), (MANY - 1, False)], ids=["many", "few"]
)
def test_reading_many_rows_shows_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, total: int, *, shown: bool
) -> None:
    """On a terminal, and nowhere else."""
    monkeypatch.setenv("TERM", "xterm")
    with loading(total) as tell:
        assert tell is None
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with loading(total) as tell:
            assert (tell is not None) is shown
            if tell is not None:
                tell(total // 2)
        terminal.write("end")
    seen = b""
    while b"end" not in seen:
        seen += os.read(ours, 65536)
    os.close(ours)
    assert (b"reading the database" in seen) is shown
    assert (b"50%" in seen) is shown


def test_reader_that_has_enough_sees_no_traceback(spawn: Spawn, world: Path) -> None:
    """As `| head -1` does."""
    assert world.exists()
    for words in (("show", "organisations"), ("show", "grants")):
        read, write = os.pipe()
        os.close(read)
        process = spawn(*words, stdout=write)
        os.close(write)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_full_disk_is_an_error(spawn: Spawn, world: Path) -> None:
    """Half a result must not look like a whole one."""
    assert world.exists()
    with Path("/dev/full").open("wb") as full:
        process = spawn("show", "roles", stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == b"error: cannot write the result: no space left on device\n"


@pytest.mark.parametrize("closed", [0, 1, 2])
@pytest.mark.parametrize(
    "words",
    [("decide", *ALLOWED, *AT), ("decide", "--batch", "-"), ("show", "roles")],
    ids=lambda words: " ".join(words[:2]),
)
def test_closed_streams_do_no_harm(
    program: list[str], world: Path, closed: int, words: tuple[str, ...]
) -> None:
    """Some services start their programs without any."""
    done = subprocess.run(  # noqa: S603 - ours
        ["/bin/sh", "-c", f'exec "$@" {closed}<&-', "sh", *program, *words],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=world.parent,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_letters_that_a_terminal_lacks_are_escaped(
    run: Run, world: Path, encoding: str
) -> None:
    """Names are in three languages; a character set is no reason to fail."""
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    path = world.with_name("out")
    with path.open("wb") as out:
        ended = run("show", "organisations", env=environment, stdout=out)
    assert (ended.code, ended.err) == (0, "")
    assert b"Keuda, J" in path.read_bytes()
    poor = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ended = run("explain", "person:a", "read", "hoks", KEUDA, env=os.environ | poor)
    assert (ended.code, ended.err) == (3, "")


def test_interrupt_ends_with_a_word(spawn: Spawn, world: Path) -> None:
    """Ctrl-C is no fault of anybody."""
    assert world.exists()
    # a shell lets what runs in its background ignore it
    before = "import signal; signal.signal(2, signal.default_int_handler)"
    process = spawn("decide", "--batch", "-", before=before)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"{}\n")
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(2)
    # before its input ends: that would end it, too
    process.wait(timeout=60)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (1, b"stopped")


def test_nothing_of_casbin_is_logged(run: Run, world: Path) -> None:
    """It would warn of every deny."""
    assert world.exists()
    ended = run("decide", "person:a", *ALLOWED[1:], *AT)
    assert (ended.code, ended.err) == (3, "")
