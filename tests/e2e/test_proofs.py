"""`verify`, `checkpoint` and `key`: what was written, and whose word that is."""

import base64
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def keys(oikeus: Run, desk: Path) -> tuple[Path, Path]:
    """The two halves of a key."""
    assert oikeus("key", "create", "key.pem").code == 0
    return desk / "key.pem", desk / "key.pub.pem"


def tamper(path: Path, *statements: str) -> None:
    """Write past the triggers, as an owner can."""
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        )
        for (name,) in found.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_clean_history_is_said_to_be(oikeus: Run, world: Path) -> None:
    """With what was gone through, and that no checkpoint was given."""
    assert world.exists()
    ended = oikeus("verify")
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(
        r"clean: version 3, \d+ changes, \d+ lines in force; "
        r"no checkpoint was given\n",
        ended.out,
    )


def test_tampering_is_named_and_ends_with_3(oikeus: Run, world: Path) -> None:
    """The version and the row, in text and in JSON."""
    tamper(
        world, "UPDATE oikeus_change SET v1 = 'x' WHERE version = 2 AND position = 1"
    )
    ended = oikeus("verify")
    assert ended.code == 3
    first = "version 2, oikeus_change row 2/1: its digest is not that of what it holds"
    assert ended.out.startswith(first)
    assert "the first one first" in ended.out.splitlines()[-1]
    assert ended.err == "do not write to this database until it is known who did that\n"
    found = json.loads(oikeus("verify", "--format", "json").out)
    assert found["findings"][0]["version"] == 2
    assert found["findings"][0]["row"] == "2/1"


def test_checkpoint_holds_while_the_history_goes_on(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """It vouches for its version, whatever comes after."""
    assert world.exists()
    ended = oikeus("checkpoint", "--key", keys[0], "--out", "head.json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("checkpoint of version 3, by key ")
    assert ended.out.endswith(": written to head.json\n")
    held = ("verify", "--checkpoint", "head.json", "--key", keys[1])
    assert "as in the checkpoint of version 3, by key" in oikeus(*held).out
    assert oikeus("block", "person:a", "--reason", "x").code == 0
    assert oikeus(*held).code == 0


def test_history_that_was_cut_off_is_found_by_a_checkpoint(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """And by nothing else."""
    assert oikeus("block", "person:a", "--reason", "x").code == 0
    assert oikeus("checkpoint", "--key", keys[0], "--out", "head.json").code == 0
    tamper(
        world,
        "DELETE FROM casbin_rule WHERE id = (SELECT rule FROM oikeus_change "
        "WHERE version = 4)",
        "DELETE FROM oikeus_change WHERE version = 4",
        "DELETE FROM oikeus_version WHERE number = 4",
        "UPDATE oikeus_head SET version = 3",
    )
    assert oikeus("verify").code == 0
    ended = oikeus("verify", "--checkpoint", "head.json", "--key", keys[1])
    assert ended.code == 3
    assert "versions were cut off" in ended.out


def test_checkpoints_of_each_day_stand_in_a_directory(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """One for each head; a day without a change is no error."""
    (world.parent / "kept").mkdir()
    words = ("checkpoint", "--key", keys[0], "--directory", "kept")
    assert oikeus(*words).code == 0
    assert oikeus(*words, "--format", "json").code == 0
    assert [each.name for each in Path("kept").iterdir()] == ["checkpoint-3.json"]


def test_checkpoint_is_given_to_a_program(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """On standard input, and through no shell."""
    assert world.exists()
    save = "import sys; open('given', 'w').write(sys.stdin.read())"
    words = ("checkpoint", "--key", keys[0], "--command")
    assert oikeus(*words, f'"{sys.executable}" -c "{save}"').code == 0
    given = json.loads(Path("given").read_text(encoding="utf-8"))
    assert given["format"] == "oikeus-checkpoint-1"
    for program in ("no-such-program", "", '"', f"{sys.executable} -c 1/0"):
        ended = oikeus(*words, program)
        assert (ended.code, ended.out) == (1, ""), program
    assert oikeus(*words, "echo $HOME > here").code == 0
    assert not Path("here").exists()


def test_checkpoint_goes_to_one_place(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """To standard output where none is named."""
    assert world.exists()
    ended = oikeus("checkpoint", "--key", keys[0])
    assert json.loads(ended.out)["version"] == 3
    words = ("checkpoint", "--key", keys[0], "--out", "a", "--directory", ".")
    assert oikeus(*words).code == 2
    assert oikeus("verify", "--key", keys[1]).code == 2
    ended = oikeus("checkpoint", "--key", keys[0], "--out", "none/head.json")
    assert (ended.code, ended.out) == (1, "")
    assert "cannot be written" in ended.err


CHANGED = {
    "another version": ('"version":3', '"version":2', "does not fit"),
    "no number": ('"version":3', '"version":"3"', "this is no checkpoint"),
    "another format": ("checkpoint-1", "checkpoint-2", "this is no checkpoint"),
    "no JSON": ("{", "[", "this is no checkpoint"),
    "no text": ("{", "\udcff{", "cannot be read"),
}


def test_checkpoint_that_was_changed_is_refused(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """It vouches for nothing then."""
    assert world.exists()
    assert oikeus("checkpoint", "--key", keys[0], "--out", "head.json").code == 0
    head = Path("head.json")
    made = head.read_text(encoding="utf-8")
    for what, (old, new, text) in CHANGED.items():
        changed = made.replace(old, new)
        head.write_bytes(changed.encode(errors="surrogateescape"))
        ended = oikeus("verify", "--checkpoint", "head.json", "--key", keys[1])
        assert (ended.code, ended.out) == (1, ""), what
        assert text in ended.err, what


def test_key_is_told_by_its_id(oikeus: Run, keys: tuple[Path, Path]) -> None:
    """The same for both halves."""
    private, public = (oikeus("key", "show", each) for each in keys)
    assert re.fullmatch("[0-9a-f]{16}\n", private.out)
    assert private == public
    shown = oikeus("key", "show", keys[1], "--format", "json")
    assert json.loads(shown.out) == {"key": private.out.strip()}
    assert oikeus("key", "create", "key.pem").code == 1
    made = json.loads(oikeus("key", "create", "b.pem", "--format", "json").out)
    assert made["public"] == "b.pub.pem"


def test_checkpoint_can_be_checked_without_this_program(
    oikeus: Run, world: Path, keys: tuple[Path, Path], repository: Path
) -> None:
    """The example of docs/audit.md is run as it stands there."""
    assert world.exists()
    assert oikeus("checkpoint", "--key", keys[0], "--out", "checkpoint.json").code == 0
    page = (repository / "docs" / "audit.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    words = [sys.executable, "-c", program, "checkpoint.json", str(keys[1])]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    raw = base64.b64decode("".join(keys[1].read_text().splitlines()[1:-1]))[-32:]
    assert hashlib.sha256(raw).hexdigest()[:16] in done.stdout
    Path("checkpoint.json").write_text(
        Path("checkpoint.json").read_text(encoding="utf-8").replace("3", "4"),
        encoding="utf-8",
    )
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode != 0
