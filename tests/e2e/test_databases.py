"""Databases that cannot be used: said in a line, with no traceback and no secret."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

QUESTION = ("decide", "person:a", "read", "hoks", "1.2")
PASSWORD = "hush-hush"  # noqa: S105 - nobody's

READING = (
    QUESTION,
    ("explain", *QUESTION[1:]),
    ("who-can", "read", "hoks", "1.2"),
    ("what-can", "person:a"),
    ("where-can", "person:a", "read", "hoks"),
    ("may-grant", "person:a", "tallentaja", "1.2", "--to", "person:b"),
    ("decide", "--batch", "-"),
    ("show", "roles"),
    ("show", "rules"),
    ("show", "organisations"),
    ("show", "grants"),
    ("block", "person:a", "--reason", "x"),
    ("unblock", "person:a"),
)


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_missing_database_is_an_error_and_none_is_made(
    oikeus: Run, desk: Path, words: tuple[str, ...]
) -> None:
    """Only loading makes one."""
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: there is no database `oikeus.db`, "
        "make one with `oikeus apply policies/`\n"
    )
    assert list(desk.iterdir()) == []


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_database_without_a_policy_says_how_to_load_one(
    oikeus: Run, words: tuple[str, ...]
) -> None:
    """Blocking alone works before there is one."""
    assert oikeus("db", "migrate").out == "migrated: 0001, 0002, 0003, 0004, 0005\n"
    ended = oikeus(*words)
    if words[0] in ("block", "unblock"):
        assert ended.code == 0
    else:
        assert (ended.code, ended.out, ended.err) == (
            1,
            "",
            (
                "error: the database holds no policy, load one with "
                "`oikeus apply policies/`\n"
            ),
        )


def test_import_of_grants_needs_a_policy(oikeus: Run, examples: Path) -> None:
    """And makes no database."""
    ended = oikeus("import", "grants", examples / "grants.csv")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: there is no database `oikeus.db`, "
        "make one with `oikeus apply policies/`\n"
    )


URLS = {
    "no URL": (
        "oikeus.db",
        "this is no database URL, expected sqlite:///PATH or postgresql://HOST/DATABASE",
    ),
    "blank": (
        "",
        "this is no database URL, expected sqlite:///PATH or postgresql://HOST/DATABASE",
    ),
    "other kind": (
        f"mysql://anna:{PASSWORD}@localhost/oikeus",
        (
            "unknown kind of database `mysql`, expected sqlite:///PATH or "
            "postgresql://HOST/DATABASE"
        ),
    ),
    "folder": ("sqlite:///.", "the database `.` cannot be opened"),
    "no folder": (
        "sqlite:///no/such.db",
        ("there is no database `no/such.db`, make one with `oikeus apply policies/`"),
    ),
}


@pytest.mark.parametrize(("url", "text"), URLS.values(), ids=URLS)
def test_bad_address_is_said_without_its_password(
    oikeus: Run, url: str, text: str
) -> None:
    """Wherever it was given."""
    for words in ((*QUESTION, "--db", url), ("--db", url, "show", "roles")):
        ended = oikeus(*words)
        assert (ended.code, ended.out, ended.err) == (1, "", f"error: {text}\n")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://anna:{PASSWORD}@127.0.0.1:1/oikeus?connect_timeout=2",
        f"postgresql://127.0.0.1:1/oikeus?connect_timeout=2&password={PASSWORD}",
    ],
)
def test_server_that_does_not_answer_is_said_without_its_password(
    oikeus: Run, url: str
) -> None:
    """Doctor too names the database without it."""
    pytest.importorskip("psycopg")
    for command in (QUESTION, ("doctor",), ("db", "migrate")):
        ended = oikeus("--db", url, *command)
        assert ended.code == 1
        assert ended.err.startswith(
            "error: the database `postgresql://127.0.0.1:1/oikeus` cannot be used: "
        )
        assert len(ended.err.splitlines()) == 1
        assert PASSWORD not in ended.out + ended.err


def test_folder_that_is_not_there_cannot_hold_a_new_database(
    oikeus: Run, policies: Path
) -> None:
    """The reason is the system's."""
    ended = oikeus("--db", "sqlite:///no/such.db", "apply", policies, "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith(
        "error: the database `no/such.db` cannot be made: no such file or directory\n"
    )


BROKEN = {
    "no database": (b"subject,role\n" * 500, "is no SQLite database"),
    "random": (bytes(range(256)) * 64, "is no SQLite database"),
    "empty": (b"", "has no tables of oikeus, run `oikeus db migrate`"),
}


@pytest.mark.parametrize(("data", "text"), BROKEN.values(), ids=BROKEN)
def test_file_that_is_no_database_of_ours_is_refused(
    oikeus: Run, desk: Path, data: bytes, text: str
) -> None:
    """And left as it was."""
    (desk / "oikeus.db").write_bytes(data)
    ended = oikeus(*QUESTION)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"error: the database `oikeus.db` {text}\n"
    assert (desk / "oikeus.db").read_bytes() == data


@pytest.mark.parametrize("part", range(0, 100, 7))
def test_damaged_database_ends_in_an_answer_or_in_a_line(
    oikeus: Run, world: Path, part: int
) -> None:
    """Whichever page is hit, nobody sees a traceback, and nothing becomes an allow."""
    data = bytearray(world.read_bytes())
    begin = 100 + (len(data) - 100) * part // 100
    data[begin : begin + 4096] = b"\xa5" * len(data[begin : begin + 4096])
    world.write_bytes(data)
    for words in (QUESTION, ("doctor",), ("block", "person:a", "--reason", "x")):
        ended = oikeus(*words)
        assert ended.code in (0, 1, 3)
        assert words != QUESTION or ended.code != 0
        if ended.code == 1:
            # where the catalogue was hit, its problems come before
            assert ended.err.splitlines()[-1].startswith("error: ")


@pytest.mark.parametrize("size", [100, 4096, 50_000])
def test_database_that_was_cut_off_is_an_error(
    oikeus: Run, world: Path, size: int
) -> None:
    """As an interrupted copy leaves it."""
    world.write_bytes(world.read_bytes()[:size])
    ended = oikeus(*QUESTION)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: the database `oikeus.db` ")
    assert len(ended.err.splitlines()) == 1


def test_newer_schema_asks_for_a_newer_program(oikeus: Run, world: Path) -> None:
    """It is not touched."""
    with sqlite3.connect(world) as connection:
        connection.execute("UPDATE oikeus_schema SET version_num = '9999'")
    connection.close()
    for words in (QUESTION, ("db", "migrate"), ("doctor",)):
        ended = oikeus(*words)
        assert ended.code == 1
        assert ended.err == (
            "error: the database `oikeus.db` has the newer schema 9999, upgrade "
            "oikeus\n"
        )


def test_migration_of_a_present_schema_changes_nothing(
    oikeus: Run, world: Path
) -> None:
    """In words, or as a list for programs."""
    assert world.exists()
    ended = oikeus("db", "migrate")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "no change: the schema is the one that this program needs\n"
    assert oikeus("db", "migrate", "--format", "json").out == '{\n  "applied": []\n}\n'


def test_database_that_another_writer_holds_is_an_error(
    oikeus: Run, world: Path
) -> None:
    """After a while; questions are answered meanwhile."""
    holder = sqlite3.connect(world, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        url = f"sqlite:///{world}?timeout=0.1"
        ended = oikeus("--db", url, "block", "person:a", "--reason", "x")
        assert (ended.code, ended.out) == (1, "")
        assert ended.err == (
            f"error: the database `{world}` is locked by another writer, try again\n"
        )
        assert oikeus("--db", url, *QUESTION).code == 3
    finally:
        holder.close()


def test_database_that_can_only_be_read_answers_questions(
    oikeus: Run, world: Path, desk: Path
) -> None:
    """It may lie on read-only media, and nothing is made beside it."""
    before = set(desk.iterdir())
    world.chmod(0o444)
    assert oikeus(*QUESTION).code == 3
    assert set(desk.iterdir()) == before


def test_texts_of_the_database_that_cannot_be_used_are_errors(
    oikeus: Run, world: Path
) -> None:
    """Somebody wrote past the program, or another version of it did."""
    for column in ("catalogue", "model"):
        with sqlite3.connect(world) as connection:
            connection.execute("DROP TRIGGER IF EXISTS oikeus_version_update")
            connection.execute(f"UPDATE oikeus_version SET {column} = 'odd'")  # noqa: S608
        connection.close()
        ended = oikeus(*QUESTION)
        assert (ended.code, ended.out) == (1, "")
        assert "error: " in ended.err
