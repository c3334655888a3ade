"""Requirements on tokens in the log: what there is on a day, and revoked once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oikeus import TokenBook, create_token, revoke_token, verify
from oikeus.errors import StoreError, TamperedError
from oikeus.store import (
    LineFilter,
    Scope,
    Since,
    Store,
    Token,
    TokenState,
    TokenStep,
    VersionFilter,
    token_keys,
)
from oikeus.terms import Line

Commit = Callable[..., int]
Scans = Callable[[Store, Callable[[], object]], set[str]]
Unguard = Callable[[Store], None]

TODAY = date(2026, 3, 1)
LAST = date(2026, 4, 30)
ACTIVE, REVOKED, EXPIRED = TokenState
GRANT = Line("g", ("person:a", "role:a", "1.2@2026-03-01..2027-02-28"))
NEW = TokenStep(
    ACTIVE, "system:a", (Scope.EVALUATE,), ("1.2", "1.20"), LAST, secret_digest="5" * 64
)


def new(**other: Any) -> TokenStep:  # noqa: ANN401
    """The step of another token."""
    return replace(NEW, **other)


@pytest.fixture
def written(store: Store, commit: Commit) -> Store:
    """An active token, an expired and a revoked one, after version 1."""
    commit(store, add=(GRANT,))
    commit(store, token=new(label="the night run"))
    commit(store, token=new(organisations=(), last_day=date(2026, 2, 28)))
    commit(store, token=new(subject="person:a", organisations=("1.3",)))
    (*_, last) = store.tokens(day=TODAY)
    commit(store, "leaked", token=last.revocation())
    return store


def test_a_token_has_the_number_of_its_version(written: Store) -> None:
    """And stands as it is on the day that is asked about."""
    first, expired, revoked = written.tokens(day=TODAY)
    versions = written.versions()
    assert first == Token(
        2,
        "system:a",
        (Scope.EVALUATE,),
        ("1.2", "1.20"),
        ACTIVE,
        versions[1].time,
        "person:tester",
        LAST,
        "the night run",
    )
    assert (expired.id, expired.state, expired.version) == (3, EXPIRED, None)
    assert (revoked.id, revoked.state, revoked.version) == (4, REVOKED, 5)
    assert (revoked.revoked, revoked.revoked_by) == (versions[4].time, "person:tester")
    assert revoked.reason == "leaked"
    after = written.tokens(day=LAST + timedelta(1))
    assert [token.state for token in after] == [EXPIRED, EXPIRED, REVOKED]


def test_a_step_alone_is_a_version(written: Store) -> None:
    """Chained and verified; whoever follows learns that no decision is another."""
    assert len(written.versions()) == 5
    assert verify(written).findings == ()
    with written.reading(2) as reader:
        before = reader.mark
    assert written.changes_since(before) == Since(written.head_mark())
    assert [step.whole for step in written.steps(2, 5)] == [False] * 3


def test_a_version_tells_its_step_and_no_digest_of_a_secret(written: Store) -> None:
    """In the log, by itself, and with all that it did."""
    assert written.version(1).token is None
    told = new(label="the night run", secret_digest=None)
    assert written.version(2).token == told
    revoked = TokenStep(REVOKED, "person:a", (Scope.EVALUATE,), ("1.3",), LAST, token=4)
    assert written.version(5).token == revoked
    assert written.log(most=1).versions[0].token == revoked
    with written.details(5) as details:
        assert details.version.token == revoked


def test_only_keys_hold_the_digest_of_a_secret(written: Store) -> None:
    """Of all tokens that were not revoked; days are for who verifies them."""
    mark, keys = token_keys(written)
    assert mark == written.head_mark()
    assert [(key.id, key.secret_digest) for key in keys or ()] == [
        (2, "5" * 64),
        (3, "5" * 64),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (LineFilter(subject="person:a"), [5, 4, 1]),
        (LineFilter(subject="system:a"), [3, 2]),
        (LineFilter(role="role:a"), [1]),
        (LineFilter(organisations=("1.2",)), [2, 1]),
        (LineFilter(organisations=("1.20", "1.3")), [5, 4, 2]),
        (LineFilter(organisations=("1",)), []),
        (LineFilter(organisations=("%", "_.2", ",")), []),
        (LineFilter(subject="person:a", kinds=("g",)), [1]),
    ],
)
def test_the_log_is_searched_for_tokens_too(
    written: Store, lines: LineFilter, expected: list[int]
) -> None:
    """By subject and organisation; a token is of no role and of no kind of line."""
    found = written.log(VersionFilter(lines=lines)).versions
    assert [version.number for version in found] == expected


STRANGE = {
    "the subject has 300 characters, expected 255 at most": new(subject="a" * 300),
    "the label is 'a\\x00', with a character that no database keeps": new(label="a\0"),
    f"the scopes of a token are wrong, expected some of {' '.join(Scope)}": new(
        scopes=()
    ),
    "organisation `1.2,1.3` is no id, expected one": new(organisations=("1.2,1.3",)),
    "organisation `` is no id, expected one": new(organisations=("",)),
    "the organisation has 300 characters, expected 255 at most": new(
        organisations=("1" * 300,)
    ),
    "a token expires by itself, expected another step": new(state=EXPIRED, token=2),
    "a new token has a digest and no id, and a revocation the reverse": new(
        state=REVOKED
    ),
    "the digest of a secret is none, expected SHA-256 in hexadecimal": new(
        secret_digest="x" * 64
    ),
    "there is no token 7, expected one of `oikeus token list`": new(
        state=REVOKED, token=7, secret_digest=None
    ),
    "there is no token 5, expected one of `oikeus token list`": new(
        state=REVOKED, token=5, secret_digest=None
    ),
    "token 4 is revoked already, expected an active one": new(
        state=REVOKED,
        subject="person:a",
        organisations=("1.3",),
        token=4,
        secret_digest=None,
    ),
    "token 2 is another one, expected what it says": new(
        state=REVOKED, subject="person:b", token=2, secret_digest=None
    ),
}


def test_a_step_that_cannot_be_taken_is_refused(written: Store, commit: Commit) -> None:
    """Whoever asks for it: nothing is written then."""
    wrong_order = new(scopes=(Scope.AUDIT, Scope.EVALUATE))
    no_digest = new(secret_digest=None)
    another_id = new(token=2)
    for step in (wrong_order, no_digest, another_id):
        with pytest.raises(StoreError):
            commit(written, token=step)
    for expected, step in STRANGE.items():
        with pytest.raises(StoreError) as caught:
            commit(written, token=step)
        assert str(caught.value) == expected
    assert written.head() == 5
    assert verify(written).findings == ()


PAST_THE_LOG = {
    "a second revocation": "6, 4, 'revoked', NULL",
    "a new token of another number": "6, 2, 'active', '5'",
    "a revocation of itself": "6, 6, 'revoked', NULL",
    "a new token without a digest": "6, 6, 'active', NULL",
    "a revocation with a digest": "6, 2, 'revoked', '5'",
    "a state that there is not": "6, 2, 'expired', NULL",
}


@pytest.mark.parametrize("name", PAST_THE_LOG)
def test_the_database_itself_refuses_what_no_step_is(written: Store, name: str) -> None:
    """Whatever program writes it."""
    version = (
        "INSERT INTO oikeus_version (number, time, actor, origin, message) "
        "VALUES (6, '', '', '', '')"
    )
    step = (
        "INSERT INTO oikeus_token (version, token, state, secret_digest, subject, "  # noqa: S608 # ours
        f"scopes, organisations, last_day, label) VALUES ({PAST_THE_LOG[name]}, "
        "'', '', '', '', '')"
    )
    with pytest.raises(StoreError) as caught:
        _execute(written, version, step)
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert written.head() == 5


def _execute(store: Store, *statements: str) -> None:
    with store.database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_of_two_who_revoke_at_once_one_does(store: Store) -> None:
    """The second finds it revoked: there is one revocation and no lost version."""
    made = create_token(store, "system:a", scopes=["audit"], actor="os:me")
    barrier, done = threading.Barrier(2), []

    def revoke(reason: str) -> None:
        barrier.wait()
        done.append(revoke_token(store, made.token.id, reason=reason, actor="os:me"))

    threads = [threading.Thread(target=revoke, args=(each,)) for each in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {*done} == {2, None}
    assert store.head() == 2
    assert verify(store).findings == ()


def test_a_book_follows_what_others_write(url: str) -> None:
    """Each service has a store of its own on the same database."""
    with Store.open(url) as owners, Store.open(url) as services:
        book = TokenBook(services)
        made = create_token(owners, "system:a", scopes=["audit"], actor="os:me")
        assert book.verify(made.text, made.token.until) is None
        assert book.refresh()
        bearer = book.verify(made.text, made.token.until)
        assert bearer
        assert (bearer.id, bearer.subject) == (1, "system:a")
        revoke_token(owners, 1, reason="leaked", actor="os:me")
        assert book.refresh()
        assert book.verify(made.text, made.token.until) is None


def test_a_row_that_nobody_can_have_written_is_told(
    written: Store, unguard: Unguard
) -> None:
    """Nothing is guessed of what was changed past the log, and no key is made of it."""
    unguard(written)
    late = "UPDATE oikeus_token SET last_day = 'soon' WHERE version"
    _execute(written, f"{late} = 5", f"{late} = 2")
    expected = "the step of version 2 cannot be read, run `oikeus verify`"
    with pytest.raises(TamperedError, match=expected):
        written.tokens(day=TODAY)
    with pytest.raises(TamperedError, match="version 5 cannot be read"):
        written.version(5)
    assert [key.id for key in token_keys(written)[1] or ()] == [3]


def test_a_revocation_counts_whatever_somebody_made_of_it(
    written: Store, unguard: Unguard
) -> None:
    """A token is not brought back by an edit of what its revocation says."""
    unguard(written)
    change = "UPDATE oikeus_token SET subject = '', scopes = '', last_day = '' WHERE"
    _execute(written, f"{change} version = 5")
    assert [key.id for key in token_keys(written)[1] or ()] == [2, 3]
    assert any(finding.version == 5 for finding in verify(written).findings)


EDITS = {
    "another subject": "subject = 'person:mallory'",
    "more scopes": "scopes = 'evaluate,search,administer,audit'",
    "everywhere": "organisations = ''",
    "a later day": "last_day = '2099-12-31'",
    "another secret": f"secret_digest = '{'6' * 64}'",
    "another label": "label = 'nothing'",
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_a_token_is_found(
    written: Store, unguard: Unguard, name: str
) -> None:
    """By the version that created it."""
    unguard(written)
    edit = f"UPDATE oikeus_token SET {EDITS[name]} WHERE version = 2"  # noqa: S608 # ours
    _execute(written, edit)
    rows = [found for found in verify(written).findings if not found.guard]
    assert (rows[0].version, rows[0].table) == (2, "oikeus_token")


def test_to_look_for_touched_tokens_reads_no_table_through(
    sqlite: str, commit: Commit, scans: Scans
) -> None:
    """However many versions and tokens there are."""
    with Store.open(sqlite) as store:
        for number in range(20):
            commit(store, token=new(subject=f"system:{number}"))
        mark, _ = token_keys(store)
        commit(store, add=(GRANT,))
        found = scans(store, lambda: token_keys(store, mark))
        assert found <= {"SCAN oikeus_head"}
        assert token_keys(store, mark)[1] is None
