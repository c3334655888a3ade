"""Requirements on the roles of a PostgreSQL database: who may do what to the log."""

from collections.abc import Callable, Iterator
from importlib import resources

import psycopg
import pytest

from oikeus import TokenBook, create_token, revoke_token
from oikeus.errors import ReadOnlyError, StoreError
from oikeus.store import Store
from oikeus.terms import Line, Names

LINE = Line("p", ("role:a", "hoks", "read", "allow"))

LOG = (
    *("oikeus_version", "oikeus_change", "oikeus_names"),
    *("oikeus_application", "oikeus_token"),
)
TABLES = (*LOG, "casbin_rule", "oikeus_head", "oikeus_schema")

WRITER_MAY = {
    *(("SELECT", table) for table in TABLES),
    *(("INSERT", table) for table in (*LOG, "casbin_rule")),
    ("DELETE", "casbin_rule"),
    ("UPDATE", "oikeus_head"),
}

ATTEMPTS = {
    "SELECT": "SELECT count(*) FROM {}",
    "INSERT": "INSERT INTO {} DEFAULT VALUES",
    "UPDATE": "UPDATE {} SET {} = {}",
    "DELETE": "DELETE FROM {}",
    "TRUNCATE": "TRUNCATE {} CASCADE",
    "ALTER": "ALTER TABLE {} ADD extra text",
    "DROP": "DROP TABLE {} CASCADE",
}

SOME_COLUMN = {"casbin_rule": "v0", "oikeus_schema": "version_num"}


@pytest.fixture
def guarded(postgresql: str, commit: Callable[..., int]) -> Iterator[str]:
    """A database with one version and the three roles, each with a user of its name."""
    with Store.open(postgresql) as store:
        commit(store, add=(LINE,), names={"1.2": Names("Opisto")}, model="[m]")
    script = resources.files("oikeus.store").joinpath("roles.sql").read_bytes()
    with psycopg.connect(postgresql, autocommit=True) as connection:
        # twice: it is run again after every migration
        for _ in range(2):
            connection.execute(script)
        for role in ("owner", "writer", "reader"):
            connection.execute(f"DROP ROLE IF EXISTS a_{role}".encode())
            connection.execute(f"CREATE ROLE a_{role} LOGIN".encode())
            connection.execute(f"GRANT oikeus_{role} TO a_{role}".encode())
    yield postgresql
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for role in ("owner", "writer", "reader"):
            connection.execute(f"DROP ROLE a_{role}".encode())


def _as(url: str, role: str) -> str:
    return url.replace("//postgres:@", f"//a_{role}@")


def _allowed(url: str) -> set[tuple[str, str]]:
    """Try everything on every table, each time taking it back."""
    allowed = set()
    with psycopg.connect(url) as connection:
        for kind, pattern in ATTEMPTS.items():
            for table in TABLES:
                column = SOME_COLUMN.get(table, "version")
                column = "number" if table == "oikeus_version" else column
                statement = pattern.format(table, column, column).encode()
                try:
                    connection.execute(statement)
                except psycopg.errors.InsufficientPrivilege:
                    pass
                except (psycopg.errors.IntegrityError, psycopg.errors.RaiseException):
                    # the right is there, and only the row or the act is wrong
                    allowed.add((kind, table))
                else:
                    allowed.add((kind, table))
                connection.rollback()
    return allowed


def test_a_reader_reads_and_nothing_else(guarded: str) -> None:
    """A service that only decides cannot change what it decides on."""
    url = _as(guarded, "reader")
    assert _allowed(url) == {("SELECT", table) for table in TABLES}
    with Store.open(url) as store:
        assert store.load().lines == (LINE,)
        assert len(store.versions()) == 1
        assert len(store.changes(1)) == 1
        assert TokenBook(store).mark == store.head_mark()
        with pytest.raises(ReadOnlyError) as caught, store.writing():
            raise AssertionError
    told = "permission denied for table oikeus_head; expected an address and rights"
    assert told in str(caught.value)


def test_a_writer_adds_to_the_log_and_never_rewrites_it(
    guarded: str, commit: Callable[..., int]
) -> None:
    """Whoever commits versions cannot change or delete one, nor any table."""
    url = _as(guarded, "writer")
    assert _allowed(url) == WRITER_MAY
    with Store.open(url) as store:
        new = Line("p", ("role:b", "hoks", "read", "allow"))
        names = {"1.2": Names("Koulu")}
        assert commit(store, add=(new,), remove=(LINE,), names=names, model="new") == 2
        assert store.load().lines == (new,)
        create_token(store, "system:a", scopes=["audit"], actor="os:me")
        assert revoke_token(store, 3, reason="leaked", actor="os:me") == 4
    with pytest.raises(StoreError, match="permission denied for table oikeus_schema"):
        _write(url, "UPDATE oikeus_schema SET version_num = '9'")


def _write(url: str, statement: str) -> None:
    with Store.open(url) as store, store.database.writing() as connection:
        connection.exec_driver_sql(statement)


def test_an_owner_migrates(guarded: str) -> None:
    """The owner alone can change tables, and runs the migrations."""
    url = _as(guarded, "owner")
    everything = {(kind, table) for kind in ATTEMPTS for table in TABLES}
    assert _allowed(url) == everything
    assert Store.migrate(url) == ()
    for role in ("writer", "reader"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _create(_as(guarded, role))
    _create(url)


def _create(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE another (id integer)")
        connection.rollback()
