"""Requirements on reaching a database, and on what an error may say."""

import builtins
import os
import subprocess
import sys
import traceback
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import create_engine, text

from oikeus.errors import StoreError
from oikeus.store import Change, Store
from oikeus.store.database import Database
from oikeus.terms import Line

LINE = Line("p", ("role:a", "hoks", "read", "allow"))
CHANGE = Change("policy", "person:tester", "x", add=(LINE,))


def _refusal(url: str, *, create: bool = True) -> str:
    with pytest.raises(StoreError) as caught:
        Store.open(url, create=create)
    told = str(caught.value)
    assert told.isprintable()
    assert not told.endswith(".")
    everything = "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in everything
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
    path.touch()
    path.chmod(0o640)
    Store.open(f"sqlite:///{path}").close()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_database_in_memory_serves_all_its_threads() -> None:
    """`sqlite://` is one database for as long as its store is open."""
    for url in ("sqlite://", "sqlite:///:memory:"):
        with Store.open(url) as store:
            with store.writing() as writer:
                writer.commit(CHANGE)
            assert store.load().lines == (LINE,)


def test_a_file_is_made_only_when_wanted(tmp_path: Path) -> None:
    """A mistyped path is not answered from an empty database."""
    path = tmp_path / "absent.db"
    told = _refusal(f"sqlite:///{path}", create=False)
    assert told == f"there is no database `{path}`"
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


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "this is no database URL"),
        ("oikeus.db", "this is no database URL"),
        ("postgresql://me:hunter2@[::1/x", "this is no database URL"),
        ("postgresql://me:hunter2@host:port/x", "this is no database URL"),
        ("mysql://me:hunter2@host/x", "unknown kind of database `mysql`"),
        ("postgres://me:hunter2@host/x", "unknown kind of database `postgres`"),
        (
            "postgresql+asyncpg://host/x",
            "unknown kind of database `postgresql+asyncpg`",
        ),
        ("sqlite+aiosqlite://", "unknown kind of database `sqlite+aiosqlite`"),
    ],
)
def test_a_bad_url_is_refused_without_repeating_it(url: str, told: str) -> None:
    """An error names the kind of database at most, and says what was expected."""
    expected = "expected sqlite:///PATH or postgresql://HOST/DATABASE"
    assert _refusal(url) == f"{told}, {expected}"


def test_an_unknown_option_of_a_file_is_refused() -> None:
    """A mistyped option is not silently without effect."""
    told = _refusal("sqlite://?timeuot=3")
    assert told == "unknown option `timeuot` in the database URL, expected `timeout`"
    told = _refusal("sqlite://?timeout=long")
    assert told == "bad option `timeout` in the database URL, expected seconds"


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


def test_an_unreachable_server_is_an_error_without_the_password() -> None:
    """Which server, and why, but not who and with what password."""
    told = _refusal("postgresql://somebody:hunter2@127.0.0.1:1/oikeus")
    assert told.startswith("the database `postgresql://127.0.0.1:1/oikeus` cannot be")
    assert "refused" in told
    assert "somebody" not in told.partition("cannot be used")[0]


def test_a_password_in_an_option_is_not_repeated() -> None:
    """Whatever the driver makes of it, a secret of the URL does not come back."""
    url = "postgresql://127.0.0.1:1/x?sslpassword=hunter2&sslmode=hunter2"
    assert "***" in _refusal(url)


def test_a_server_database_that_is_not_there_is_an_error(server: str) -> None:
    """The server's own words are passed on, in one line."""
    told = _refusal(server.replace("/postgres?", "/nowhere?"))
    assert told.endswith('database "nowhere" does not exist')


def test_a_connect_timeout_of_the_url_is_kept(postgresql: str) -> None:
    """Options that the URL gives go before ours."""
    with Store.open(f"{postgresql}&connect_timeout=3") as store:
        connection = store.database.engine.raw_connection()
        found = connection.driver_connection
        assert found is not None
        assert found.info.get_parameters()["connect_timeout"] == "3"
        connection.close()


def test_a_missing_driver_is_an_error_that_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL is an extra; the error names it."""
    original = builtins.__import__

    def _without_psycopg(name: str, *rest: object) -> ModuleType:
        if name == "psycopg":
            message = "no psycopg"
            raise ModuleNotFoundError(message)
        return original(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", _without_psycopg)
    told = _refusal("postgresql://host/x")
    assert told == 'PostgreSQL needs psycopg: pip install "oikeus[postgres]"'


def test_another_kind_of_engine_is_refused() -> None:
    """The statements are written for two databases, and no other is tried."""
    engine = create_engine("sqlite://")
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(engine.dialect, "name", "oracle")
        with pytest.raises(StoreError) as caught:
            Database.over(engine)
    expected = "unknown kind of database `oracle`, expected sqlite or postgresql"
    assert str(caught.value) == expected


def test_migrating_makes_a_new_file_as_well(tmp_path: Path) -> None:
    """The owner's command works on a machine where nothing has been opened yet."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    assert Store.migrate(url) == ("0001",)
    with Store.open(url, create=False) as store:
        assert store.head() == 0
