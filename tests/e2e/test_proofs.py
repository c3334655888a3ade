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

from oikeus import Checkpoint, SigningKey
from oikeus.store import Mark

Run = Callable[..., Any]

CUT_OFF = (
    "DELETE FROM casbin_rule WHERE id = (SELECT max(rule) FROM oikeus_change)",
    "DELETE FROM oikeus_change WHERE version = 4",
    "DELETE FROM oikeus_version WHERE number = 4",
    "UPDATE oikeus_head SET version = 3",
)


@pytest.fixture
def keys(oikeus: Run, desk: Path) -> tuple[Path, Path]:
    """The two halves of a key."""
    assert oikeus("key", "create", "key.pem").code == 0
    return desk / "key.pem", desk / "key.pub.pem"


def tamper(path: Path, *statements: str) -> None:
    """Write past the triggers, as an owner can, and put them back."""
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='trigger'"
        ).fetchall()
        for name, _ in found:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *(sql for _, sql in found)):
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
    tamper(world, *CUT_OFF)
    assert oikeus("verify").code == 0
    ended = oikeus("verify", "--checkpoint", "head.json", "--key", keys[1])
    assert ended.code == 3
    assert "versions were cut off" in ended.out


def test_checkpoints_of_each_day_stand_in_a_directory(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """One for each head; a day without a change keeps the older time."""
    (world.parent / "kept").mkdir()
    words = ("checkpoint", "--key", keys[0], "--directory", "kept")
    assert oikeus(*words).code == 0
    first = Path("kept/checkpoint-3.json").read_bytes()
    shown = oikeus(*words, "--format", "json")
    assert (shown.code, json.loads(shown.out)["made"]) == (0, json.loads(first)["made"])
    again = oikeus(*words)
    assert again.code == 0
    assert f": kept in kept/checkpoint-3.json since {json.loads(first)['made']}" in (
        again.out
    )
    assert [each.name for each in Path("kept").iterdir()] == ["checkpoint-3.json"]
    assert Path("kept/checkpoint-3.json").read_bytes() == first


def test_checkpoint_of_a_log_that_was_replaced_stays(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """The file is the evidence: the same version, with another digest."""
    assert oikeus("block", "person:a", "--reason", "x").code == 0
    words = ("checkpoint", "--key", keys[0], "--directory", ".")
    assert oikeus(*words).code == 0
    kept = Path("checkpoint-4.json").read_bytes()
    tamper(world, *CUT_OFF)
    assert oikeus("block", "person:b", "--reason", "x").code == 0
    ended = oikeus(*words, "--unverified")
    assert (ended.code, ended.out) == (3, "")
    assert "has another digest of version 4 than the database" in ended.err
    assert Path("checkpoint-4.json").read_bytes() == kept


def test_file_that_is_anything_else_is_never_overwritten(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """Another version, another key's word, no checkpoint, or a link to nothing."""
    assert world.exists()
    words = ("checkpoint", "--key", keys[0], "--out", "head.json")
    assert oikeus(*words).code == 0
    head = Path("head.json")
    made = head.read_text(encoding="utf-8")
    for what, text in {
        "is there already of version 2": None,
        "the signature is of key": made.replace('"key":"', '"key":"0'),
        "the signature does not fit": made.replace('"made":"2', '"made":"3'),
        "this is no checkpoint": "notes",
    }.items():
        if text is None:
            form = json.loads(made)
            signing = SigningKey.load(keys[0])
            other = Checkpoint.make(Mark(2, form["digest"]), form["time"], signing)
            text = other.text  # noqa: PLW2901 # needs the digest
        head.write_text(text, encoding="utf-8")
        ended = oikeus(*words)
        assert (ended.code, ended.out) == (1, ""), what
        assert what in ended.err
        assert head.read_text(encoding="utf-8") == text
    head.unlink()
    head.symlink_to("nowhere")
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (1, "")
    assert "cannot be read" in ended.err
    assert not Path("nowhere").exists()


def test_history_that_does_not_hold_is_not_signed(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """Unless it is asked for; a signature over it would vouch for the tampering."""
    tamper(
        world, "UPDATE oikeus_change SET v1 = 'x' WHERE version = 2 AND position = 1"
    )
    words = ("checkpoint", "--key", keys[0], "--out", "head.json")
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("error: version 2, oikeus_change row 2/1: its digest")
    assert not Path("head.json").exists()
    assert oikeus(*words, "--unverified").code == 0
    assert Path("head.json").exists()


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


def test_checkpoint_that_nobody_vouches_for_is_a_finding(
    oikeus: Run, world: Path, keys: tuple[Path, Path]
) -> None:
    """Of another key, or over something else: no mere matter of a lost file."""
    assert world.exists()
    assert oikeus("checkpoint", "--key", keys[0], "--out", "head.json").code == 0
    assert oikeus("key", "create", "other.pem").code == 0
    held = ("verify", "--checkpoint", "head.json", "--key")
    ended = oikeus(*held[:-1])
    assert ended.code == 2
    assert ended.err.endswith("--checkpoint and --key belong together, expected both\n")
    ended = oikeus(*held, "other.pub.pem")
    assert ended.code == 3
    assert ended.out.startswith("head.json: the signature is of key ")
    assert ended.out.endswith("1 finding, the first one first\n")
    head = Path("head.json")
    made = head.read_text(encoding="utf-8")
    head.write_text(made.replace('"version":3', '"version":2'), encoding="utf-8")
    ended = oikeus(*held, keys[1], "--format", "json")
    assert ended.code == 3
    (finding,) = json.loads(ended.out)["findings"]
    assert "the signature does not fit" in finding["text"]
    head.unlink()
    assert oikeus(*held, keys[1]).code == 1


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
