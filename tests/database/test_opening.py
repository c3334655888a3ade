"""Requirements on reaching a database, and on what an error may say."""

import builtins
import traceback
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import create_engine

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


@pytest.mark.parametrize("wait", ["inf", "nan", "-1", "1e12", "long"])
def test_a_wait_is_a_number_of_seconds(wait: str) -> None:
    """Nobody waits for ever, or for less than no time."""
    told = _refusal(f"sqlite://?timeout={wait}")
    assert told == (
        "bad option `timeout` in the database URL, expected seconds, 86400 at most"
    )
    Store.open("sqlite://?timeout=0").close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgresql://me:hunter2@127.0.0.1:1/db?plugin=hunter2",
            "unknown option `plugin` in the database URL, expected one of libpq",
        ),
        (
            "postgresql://127.0.0.1:1/db?row_factory=1&autocommit=1",
            "unknown option `autocommit` in the database URL, expected one of libpq",
        ),
        (
            "postgresql://me:hunter2@/db?host=a&host=b&port=1",
            (
                "the database `postgresql:///db` cannot be used: bad options in the "
                "URL, expected those of libpq"
            ),
        ),
    ],
)
def test_an_option_that_the_server_has_not_is_refused(url: str, told: str) -> None:
    """Before anything is loaded or reached because of it."""
    assert _refusal(url) == told


def test_a_database_in_memory_serves_all_its_threads() -> None:
    """`sqlite://` is one database for as long as its store is open."""
    for url in ("sqlite://", "sqlite:///:memory:"):
        with Store.open(url) as store:
            with store.writing() as writer:
                writer.commit(CHANGE)
            assert store.load().lines == (LINE,)


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


def test_a_secret_that_begins_as_another_does_is_not_repeated() -> None:
    """Not its end alone either."""
    options = "password=hunter&sslpassword=hunter2&sslmode=hunter2"
    assert '"***"' in _refusal(f"postgresql://127.0.0.1:1/x?{options}")


@pytest.mark.parametrize(
    "place",
    [
        "me:hun@ter@127.0.0.1:1/x",
        "me:h@unter@127.0.0.1:1/x?connect_timeout=2",
        "me:h@un/ter@127.0.0.1:1/x",
        "me:h@un?ter@127.0.0.1:1/x",
        "me:h@un?t=er@127.0.0.1:1/x?connect_timeout=2",
        "me:h@unter@/x?host=127.0.0.1",
        "me/you:hun@ter@127.0.0.1/x",
        "me:hun@127.0.0.1/x@y",
    ],
)
def test_a_password_with_an_at_sign_is_refused_unless_that_is_encoded(
    place: str,
) -> None:
    """The rest of it would be taken for a host, be looked up, and be named."""
    assert _refusal(f"postgresql://{place}") == (
        "this is no database URL, expected only one `@`, before the host: in a "
        "password and elsewhere it is written %40"
    )


def test_an_at_sign_that_is_encoded_is_part_of_the_password() -> None:
    """It reaches the driver, and no text."""
    told = _refusal("postgresql://me:hun%40ter@127.0.0.1:1/x?sslmode=hun%40ter")
    assert told.startswith("the database `postgresql://127.0.0.1:1/x` cannot be used")
    assert '"***"' in told


def test_an_engine_of_somebody_else_is_named_without_its_password() -> None:
    """Whatever the library has taken for a host or a database."""
    for text in ("me:h@un@127.0.0.1:1/x", "me:h@127.0.0.1:1/un@x"):
        engine = create_engine(f"postgresql+psycopg://{text}")
        place = Database.over(engine).place
        assert place.text == "postgresql://127.0.0.1:1/x"
        assert place.secrets == ("un", "h")


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


def test_only_a_missing_file_is_not_there(tmp_path: Path) -> None:
    """An empty one is to be filled; what cannot be looked at may be there."""
    (tmp_path / "empty.db").touch()
    (tmp_path / "file").write_text("x")
    found = {
        name: Store.is_there(f"sqlite:///{tmp_path}/{name}")
        for name in ("none.db", "empty.db", "file", "file/none.db", "no/such.db")
    }
    assert found == {
        "none.db": False,
        "empty.db": False,
        "file": True,
        "file/none.db": True,
        "no/such.db": False,
    }
    assert Store.is_there("sqlite://")
