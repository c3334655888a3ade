"""What a node remembers when it is started again."""

import json
import stat
from pathlib import Path

import pytest

from oikeus import Mark, StoreError
from oikeus.runtime.state_file import StateFile

MARK = Mark(7, "ab" * 32, "2026-03-01T09:30:00.000000Z")


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    """By the next process; it is for its owner alone, and nothing else is left."""
    path = tmp_path / "node.json"
    file = StateFile(path)
    assert file.read() is None
    file.keep(Mark(6, "cd" * 32))
    file.keep(MARK)
    found = StateFile(path).read()
    assert found == MARK
    assert found is not None
    assert found.time == MARK.time
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [path]


def test_what_is_kept_already_is_not_written_again(tmp_path: Path) -> None:
    """A node looks every second."""
    path = tmp_path / "node.json"
    file = StateFile(path)
    file.keep(MARK)
    path.unlink()
    file.keep(MARK)
    assert not path.exists()


BAD = {
    "no JSON": "7:ab",
    "no object": "[7]",
    "no number": json.dumps({"number": "7", "digest": "ab", "time": ""}),
    "no digest": json.dumps({"number": 7, "digest": 7, "time": ""}),
    "less": json.dumps({"number": 7}),
    "nothing": "",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, text: str) -> None:
    """To start as if nothing had been known would be to go back."""
    path = tmp_path / "node.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError) as refused:
        StateFile(path).read()
    assert str(refused.value) == (
        f"the state file `{path}` cannot be read, expected one that this program "
        "wrote, or none in a folder that it can write to"
    )
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Before anything is decided by what could not be kept."""
    with pytest.raises(StoreError, match="cannot be written"):
        StateFile(tmp_path / "none" / "node.json").keep(MARK)
