"""Requirements on the file of a database: who makes it, whose it is, what is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

from oikeus.errors import StoreError
from oikeus.store import Change, Store, schema
from oikeus.store.database import Database
from oikeus.store.engines import make_file
from oikeus.terms import Line

LINE = Line("p", ("role:a", "hoks", "read", "allow"))
CHANGE = Change("policy", "person:tester", "x", add=(LINE,))


def _refusal(url: str, *, create: bool = True) -> str:
    with pytest.raises(StoreError) as caught:
        Store.open(url, create=create)
    told = str(caught.value)
    assert told.isprintable()
    assert not told.endswith(".")
    return told


def test_a_new_file_is_made_with_its_tables(tmp_path: Path) -> None:
    """The first command on a machine needs no set-up."""
    path = tmp_path / "100 % new.db"
    with Store.open(f"sqlite:///{path}") as store, store.writing() as writer:
        writer.commit(CHANGE)
    with Store.open(f"sqlite:///{path}", create=False) as store:
        assert store.load().lines == (LINE,)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Who holds which right is personal data, whatever the umask allows."""
    path = tmp_path / "oikeus.db"
    before = os.umask(0)
    try:
        Store.open(f"sqlite:///{path}").close()
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    """What the owner has allowed to others is the owner's decision."""
    path = tmp_path / "oikeus.db"
    Store.open(f"sqlite:///{path}").close()
    path.chmod(0o640)
    Store.open(f"sqlite:///{path}").close()
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_empty_file_is_made_its_owners_alone_before_it_is_filled(
    tmp_path: Path,
) -> None:
    """Whatever made it empty had no reason to think of who may read it."""
    path = tmp_path / "oikeus.db"
    path.touch()
    path.chmod(0o644)
    _refusal(f"sqlite:///{path}", create=False)
    assert path.stat().st_mode & 0o777 == 0o644
    Store.open(f"sqlite:///{path}").close()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["a?mode=memory", "b#c", "d%41", "e f;ä", "file:g"])
def test_a_name_is_a_name_whatever_it_holds(tmp_path: Path, name: str) -> None:
    """What means something in the address of a file means nothing in its name."""
    path = tmp_path / name
    url = URL.create("sqlite", database=str(path))
    database = Database.at(url)  # type: ignore[arg-type] # text would need quoting
    make_file(database.place, create=True)
    with Store.over(database, create=True) as store:
        assert store.head() == 0
    assert [found.name for found in tmp_path.iterdir()] == [name]
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_a_file_that_vanishes_is_not_made_again(tmp_path: Path) -> None:
    """Reading and writing a file that is gone are errors and leave no file behind."""
    path = tmp_path / "oikeus.db"
    with Store.open(f"sqlite:///{path}") as store:
        path.unlink()
        with pytest.raises(StoreError) as caught:
            store.head()
        with pytest.raises(StoreError), store.writing():
            pass
    assert str(caught.value) == f"the database `{path}` cannot be opened"
    assert not path.exists()


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    """In one line and without a long name from beginning to end."""
    for name, end in (
        ("a\0b", "a\\x00b` has a name that no file can have, expected a path"),
        ("\ud800", "\\ud800` has a name that no file can have, expected a path"),
        ("x" * 5000, "x…` cannot be made: file name too long"),
    ):
        told = _refusal(f"sqlite:///{tmp_path}/{name}")
        assert told.endswith(end)
        assert len(told) < 400
    told = _refusal(f"sqlite:///{tmp_path}/{'x' * 5000}", create=False)
    assert told.endswith("cannot be opened: file name too long")


def test_a_folder_that_cannot_be_looked_into_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's reason is passed on."""

    def _refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", _refuse)
        told = _refusal(f"sqlite:///{tmp_path}/a.db", create=False)
    assert told == f"the database `{tmp_path}/a.db` cannot be opened: permission denied"


def test_a_file_is_made_only_when_wanted(tmp_path: Path) -> None:
    """A mistyped path is not answered from an empty database."""
    path = tmp_path / "absent.db"
    told = _refusal(f"sqlite:///{path}", create=False)
    expected = "make one with `oikeus apply policies/`"
    assert told == f"there is no database `{path}`, {expected}"
    assert not path.exists()


def test_an_empty_file_without_leave_to_make_tables_is_refused(tmp_path: Path) -> None:
    """`create=False` writes nothing at all."""
    path = tmp_path / "empty.db"
    path.touch()
    told = _refusal(f"sqlite:///{path}", create=False)
    assert told.endswith("has no tables of oikeus, run `oikeus db migrate`")
    assert path.stat().st_size == 0


def test_somebody_elses_file_is_not_written_to(tmp_path: Path) -> None:
    """A file with other tables is no new database."""
    path = tmp_path / "theirs.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id integer)"))
    engine.dispose()
    before = path.read_bytes()
    told = _refusal(f"sqlite:///{path}")
    assert told.endswith("has no tables of oikeus, run `oikeus db migrate`")
    assert path.read_bytes() == before


def test_processes_that_make_the_same_file_end_well(tmp_path: Path) -> None:
    """Whoever comes first makes the tables, and everybody can use them."""
    code = (
        "import sys; from oikeus.store import Store; sys.stdin.readline(); "
        "print(Store.open(sys.argv[1]).load().version)"
    )
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    racers = [
        subprocess.Popen(  # noqa: S603 # ours
            [sys.executable, "-c", code, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    assert [racer.communicate(timeout=60) for racer in racers] == [("0\n", "")] * 4


def test_a_file_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """A folder that is missing is named as the operating system names it."""
    path = tmp_path / "missing" / "oikeus.db"
    told = _refusal(f"sqlite:///{path}")
    assert told == f"the database `{path}` cannot be made: no such file or directory"


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """A path that is no file at all cannot be opened."""
    told = _refusal(f"sqlite:///{tmp_path}")
    assert told == f"the database `{tmp_path}` cannot be opened"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A text file by mistake is neither read as lines nor overwritten."""
    path = tmp_path / "notes.txt"
    path.write_text("p, role:a, hoks, read, allow\n" * 50)
    before = path.read_bytes()
    told = _refusal(f"sqlite:///{path}")
    assert told == f"the database `{path}` is no SQLite database"
    assert path.read_bytes() == before


def test_migrating_makes_a_new_file_as_well(tmp_path: Path) -> None:
    """The owner's command works on a machine where nothing has been opened yet."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    assert Store.migrate(url) == schema.REVISIONS
    with Store.open(url, create=False) as store:
        assert store.head() == 0
