"""Requirements on the chain: what a digest covers, and that the log only grows."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from oikeus import verify
from oikeus.errors import StoreError, TamperedError
from oikeus.store import (
    ApplicationState,
    ApplicationStep,
    Change,
    Scope,
    Store,
    TokenState,
    TokenStep,
    schema,
    tables,
)
from oikeus.store.chain import version_digest
from oikeus.store.migrations.versions import r0001_tables
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]
Unguard = Callable[[Store], None]

READ = Line("p", ("role:a", "hoks", "read", "allow"), Source("p/a.csv", 3, "R1: ä\n"))
TREE = Line("g2", ("1.2", "1.1"))
GENESIS = "0" * 64
STEP = ApplicationStep(
    ApplicationState.REQUESTED,
    "person:a",
    "role:a",
    "1.2",
    date(2026, 5, 1),
    "for the autumn",
)
TOKEN = TokenStep(
    TokenState.ACTIVE,
    "system:a",
    (Scope.EVALUATE, Scope.AUDIT),
    ("1.2", "1.3"),
    date(2026, 5, 1),
    "the night run",
    secret_digest="5" * 64,
)
LATE = (
    "INTO oikeus_token (version, token, state, subject, scopes, organisations, "
    "last_day, label, secret_digest) "
    "VALUES ({0}, {0}, 'active', '', '', '', '', '', '')"
)

REWRITING = {
    "an edit of a version": "UPDATE oikeus_version SET message = 'another'",
    "an edit of a change": "UPDATE oikeus_change SET v0 = 'another'",
    "an edit of a name": "UPDATE oikeus_names SET fi = 'another'",
    "a version removed": "DELETE FROM oikeus_version WHERE number = 2",
    "a change removed": "DELETE FROM oikeus_change",
    "a name removed": "DELETE FROM oikeus_names",
    "a change added later": (
        "INSERT INTO oikeus_change (version, position, op, rule, ptype) "
        "VALUES (1, 9, '+', 9, 'p')"
    ),
    "a name added later": (
        "INSERT INTO oikeus_names (organisation, version, fi, sv, en) "
        "VALUES ('1.9', 2, '', '', '')"
    ),
    "an edit of a step": "UPDATE oikeus_application SET subject = 'another'",
    "a step removed": "DELETE FROM oikeus_application",
    "a step added later": (
        "INSERT INTO oikeus_application (version, application, state, subject, role, "
        "organisation, last_day, reason) VALUES (1, 1, 'requested', '', '', '', '', '')"
    ),
    "an edit of a token": "UPDATE oikeus_token SET last_day = '2099-12-31'",
    "a token removed": "DELETE FROM oikeus_token",
    "a token added later": f"INSERT {LATE.format(1)}",
    "a version out of turn": (
        "INSERT INTO oikeus_version (number, time, actor, origin, message) "
        "VALUES (7, '', '', '', '')"
    ),
    "a head that goes back": "UPDATE oikeus_head SET version = 1",
    "a head that leaps": "UPDATE oikeus_head SET version = 9",
    "another head": "UPDATE oikeus_head SET id = 2",
    "no head": "DELETE FROM oikeus_head",
}
ONLY_ON_SQLITE = {
    "a version replaced": (
        "INSERT OR REPLACE INTO oikeus_version (number, time, actor, origin, message) "
        "VALUES (1, '', '', '', '')"
    ),
    "a change replaced by its row": (
        "INSERT OR REPLACE INTO oikeus_change "
        "(rowid, version, position, op, rule, ptype) VALUES (1, 3, 1, '+', 1, 'p')"
    ),
    "a name replaced": "REPLACE INTO oikeus_names VALUES ('1.2', 2, '', '', '', '')",
    "a step replaced": (
        "REPLACE INTO oikeus_application (version, application, state, subject, role, "
        "organisation, last_day, reason) VALUES (2, 2, 'requested', '', '', '', '', '')"
    ),
    "a token replaced": f"REPLACE {LATE.format(2)}",
    "a head replaced": "REPLACE INTO oikeus_head VALUES (1, 1)",
}
ONLY_ON_POSTGRESQL = {
    "a change updated where it is": (
        "INSERT INTO oikeus_change (version, position, op, rule, ptype) "
        "VALUES (1, 1, '+', 1, 'p') "
        "ON CONFLICT (version, position) DO UPDATE SET op = '-'"
    ),
    **{
        f"{table} emptied": f"TRUNCATE {table} CASCADE"
        for table in (
            *("oikeus_version", "oikeus_change", "oikeus_names"),
            *("oikeus_application", "oikeus_token", "oikeus_head"),
        )
    },
}


def _two_versions(store: Store, commit: Commit) -> None:
    commit(store, add=(READ, TREE), model="[m]", names={"1.2": Names("Koulu")})
    commit(
        store,
        remove=(TREE,),
        catalogue="roles:",
        names={"1.1": Names("Ö")},
        application=STEP,
        token=TOKEN,
    )


def _hash(form: object) -> str:
    text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def test_each_row_has_the_digest_of_the_row_before_in_its_own(
    store: Store, commit: Commit
) -> None:
    """Lines first, names by their ids next, then the version over the last of them."""
    _two_versions(store, commit)
    first, second = store.versions()
    empty = [None] * 4
    one = _hash(
        [GENESIS, 1, "+", 1, "p", *READ.values, None, None, "p/a.csv", 3, "R1: ä\n"]
    )
    two = _hash([one, 2, "+", 2, "g2", *TREE.values, *empty, None, None, None])
    three = _hash([two, "1.2", "Koulu", "", ""])
    version = {
        "actor": "person:tester",
        "approval": None,
        "catalogue": None,
        "format": "oikeus-version-1",
        "git_commit": None,
        "granter": None,
        "message": "as the test wants",
        "model": sha256(b"[m]").hexdigest(),
        "number": 1,
        "origin": "policy",
        "power": None,
        "previous": GENESIS,
        "rows": three,
        "time": first.time,
    }
    assert (first.previous, first.digest) == (GENESIS, _hash(version))
    assert second.previous == first.digest
    with store.database.reading() as connection:
        digests = connection.scalars(select(tables.change.c.digest)).all()
    assert digests[:2] == [one, two]
    assert store.head_mark().digest == second.digest


def test_the_step_of_an_application_is_chained_after_the_names(
    store: Store, commit: Commit
) -> None:
    """The version's digest is over it, so that it can neither go nor come."""
    commit(store, names={"1.1": Names("Ö")}, application=STEP)
    named = _hash([GENESIS, "1.1", "Ö", "", ""])
    values = [1, "requested", "person:a", "role:a", "1.2", "2026-05-01"]
    stepped = _hash([named, *values, "for the autumn"])
    with store.database.reading() as connection:
        digest = connection.scalars(select(tables.application.c.digest)).one()
    assert digest == stepped


def test_the_step_of_a_token_is_chained_after_that_of_an_application(
    store: Store, commit: Commit
) -> None:
    """The digest of the secret is in it: no other secret can be put there."""
    commit(store, application=STEP, token=TOKEN)
    applied = [1, "requested", "person:a", "role:a", "1.2", "2026-05-01"]
    stepped = _hash([GENESIS, *applied, "for the autumn"])
    values = [1, "active", "system:a", "evaluate,audit", "1.2,1.3", "2026-05-01"]
    with store.database.reading() as connection:
        digest = connection.scalars(select(tables.token.c.digest)).one()
    assert digest == _hash([stepped, *values, "the night run", "5" * 64])
    assert verify(store).findings == ()


def test_a_version_without_rows_goes_on_from_the_version_before(
    store: Store, commit: Commit
) -> None:
    """A new text alone is a version as well."""
    commit(store, add=(READ,))
    commit(store, model="[m]")
    first, second = store.versions()
    assert second.previous == first.digest != second.digest


def test_what_a_change_says_of_itself_is_recorded(store: Store) -> None:
    """On whose power it rests, from which commit it came, and who approved it."""
    marks = {
        "granter": "person:boss",
        "power": "p2, role:boss, role:a, *, *",
        "git_commit": "c0ffee",
        "approval": "{}",
    }
    with store.writing() as writer:
        writer.commit(Change("delegation", "os:me", "why", add=(READ,), **marks))  # type: ignore[arg-type] # all of them are text
    (version,) = store.versions()
    assert {name: getattr(version, name) for name in marks} == marks


@pytest.mark.parametrize("name", ["granter", "power", "git_commit", "approval"])
def test_a_blank_mark_is_refused(store: Store, name: str) -> None:
    """It would look like one that is there."""
    change = Change("policy", "os:me", "why", add=(READ,), **{name: " "})  # type: ignore[arg-type]
    refused = pytest.raises(StoreError, match="is blank, expected it or none")
    with refused, store.writing() as writer:
        writer.commit(change)
    assert store.head() == 0


def _attempts(store: Store) -> dict[str, str]:
    return REWRITING | (
        ONLY_ON_SQLITE if store.database.is_sqlite else ONLY_ON_POSTGRESQL
    )


def test_the_database_refuses_to_rewrite_the_log(store: Store, commit: Commit) -> None:
    """Whatever statement is tried, by whoever may write, while triggers stand."""
    _two_versions(store, commit)
    before = store.load()
    for name, statement in _attempts(store).items():
        with pytest.raises(DBAPIError) as caught, store.database.engine.begin() as base:
            base.execute(text(statement))
        assert "the log of versions is only ever added to" in str(caught.value), name
    assert store.load() == before
    assert commit(store, add=(TREE,)) == 3


def test_every_refused_statement_would_have_done_something(
    store: Store, commit: Commit, unguard: Unguard
) -> None:
    """What the other test tries is possible: it proves nothing otherwise."""
    _two_versions(store, commit)
    unguard(store)
    # what the foreign keys and the one row of the head refuse by themselves
    alone = {"a version removed", "another head", "a version replaced"}
    alone |= {"oikeus_version emptied"}
    for name, statement in _attempts(store).items():
        if name not in alone:
            with store.database.engine.connect() as connection:
                done = connection.execute(text(statement))
                assert done.rowcount != 0, name
                connection.rollback()


def test_nobody_goes_on_from_a_version_without_a_digest(
    store: Store, commit: Commit, unguard: Unguard
) -> None:
    """The chain would begin anew there, and nobody would see it."""
    commit(store, add=(READ,))
    unguard(store)
    with store.database.writing() as connection:
        connection.execute(text("UPDATE oikeus_version SET digest = NULL"))
    with pytest.raises(TamperedError, match="version 1 has no digest"):
        commit(store, add=(TREE,))


def _lower(store: Store, revision: str) -> None:
    """Make the schema an older one, with all versions that it can hold."""
    drop = [
        "DROP INDEX ix_oikeus_version_invariants",
        "ALTER TABLE oikeus_version DROP COLUMN invariants",
    ]
    functions = []
    if revision < "0004":
        drop += ["DROP TABLE oikeus_token"]
        functions += ["oikeus_token_append()"]
    if revision < "0003":
        drop += ["DROP TABLE oikeus_application"]
        functions += ["oikeus_application_append()"]
    if revision == "0001":
        drop += [
            f"ALTER TABLE oikeus_{table} DROP COLUMN digest"
            for table in ("change", "names", "version")
        ]
        drop += [
            f"ALTER TABLE oikeus_version DROP COLUMN {name}"
            for name in ("granter", "power", "git_commit", "approval", "previous")
        ]
        functions += ["oikeus_refuse()", "oikeus_advance()"]
        functions += [
            f"oikeus_{table}_append()" for table in ("change", "names", "version")
        ]
    if not store.database.is_sqlite:
        drop += [f"DROP FUNCTION {function} CASCADE" for function in functions]
    with store.database.writing() as connection:
        for statement in drop:
            connection.execute(text(statement))
        raised = text("UPDATE oikeus_schema SET version_num = :revision")
        connection.execute(raised, {"revision": revision})
    store.database.engine.dispose()


def _url(store: Store) -> str:
    url = store.database.engine.url.render_as_string(hide_password=False)
    return url.replace("+psycopg", "")


def test_versions_of_the_first_schema_are_chained_when_it_is_raised(
    store: Store, commit: Commit, unguard: Unguard
) -> None:
    """As if each had been when it was made; and only then is the log guarded."""
    commit(store, add=(READ, TREE), model="[m]", names={"1.2": Names("Koulu")})
    commit(store, remove=(TREE,), catalogue="roles:", names={"1.1": Names("Ö")})
    expected = [version.digest for version in store.versions()]
    unguard(store)
    _lower(store, "0001")
    assert r0001_tables.revision == "0001"
    assert Store.migrate(_url(store)) == schema.REVISIONS[1:]
    assert [version.digest for version in store.versions()] == expected
    assert verify(store).findings == ()
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_change"))


def test_versions_of_the_second_schema_keep_their_digests_when_it_is_raised(
    store: Store, commit: Commit
) -> None:
    """A version without a step is digested as it was: old checkpoints stay true."""
    commit(store, add=(READ, TREE), model="[m]", names={"1.2": Names("Koulu")})
    commit(store, remove=(TREE,), catalogue="roles:")
    expected = [version.digest for version in store.versions()]
    _lower(store, "0002")
    with pytest.raises(StoreError, match="has the old schema 0002"):
        Store.open(_url(store))
    assert Store.migrate(_url(store)) == schema.REVISIONS[2:]
    assert [version.digest for version in store.versions()] == expected
    assert verify(store).findings == ()
    assert commit(store, application=STEP) == 3
    assert verify(store).findings == ()
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_application"))


def test_versions_of_the_third_schema_keep_their_digests_when_it_is_raised(
    store: Store, commit: Commit
) -> None:
    """Those with the step of an application, too; tokens can be created then."""
    commit(store, add=(READ,), application=STEP)
    expected = [version.digest for version in store.versions()]
    _lower(store, "0003")
    assert Store.migrate(_url(store)) == schema.REVISIONS[3:]
    assert [version.digest for version in store.versions()] == expected
    assert commit(store, token=TOKEN) == 2
    assert verify(store).findings == ()
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_token"))


def test_versions_of_the_fourth_schema_keep_their_digests_when_it_is_raised(
    store: Store, commit: Commit
) -> None:
    """They brought no invariants; those of later versions are digested as well."""
    commit(store, add=(READ,), catalogue="roles:")
    expected = [version.digest for version in store.versions()]
    _lower(store, "0004")
    assert Store.migrate(_url(store)) == ("0005",)
    assert [version.digest for version in store.versions()] == expected
    assert store.load().invariants == ""
    assert commit(store, invariants="invariants: []") == 2
    assert verify(store).findings == ()
    assert store.load().invariants == "invariants: []"
    assert store.load(1).invariants == ""


def test_invariants_are_part_of_the_digest(store: Store, commit: Commit) -> None:
    """Nobody can take them out of the log, or put others in their place."""
    commit(store, add=(READ,), invariants="invariants: []")
    with store.database.reading() as connection:
        row = dict(connection.execute(select(tables.version)).mappings().one())
        rows = connection.scalars(select(tables.change.c.digest)).one()
    assert version_digest(row, rows) == row["digest"]
    for other in (None, "", "invariants: [] "):
        assert version_digest(row | {"invariants": other}, rows) != row["digest"]
