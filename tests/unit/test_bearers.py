"""Whose token a request brings: known by its id and secret, or nobody's."""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import oikeus
from oikeus import (
    Bearer,
    DecisionPoint,
    NewToken,
    OtherHistoryError,
    Scope,
    Store,
    StoreError,
    TokenBook,
    Tree,
    accept_history,
    block,
    create_token,
    revoke_token,
    snapshot_of,
)
from oikeus.bearers import secret_digest, token_text
from oikeus.store import Mark, token_keys

Commit = Callable[..., int]
Unguard = Callable[[Store], None]

DAY = date(2026, 6, 1)
SECRET = "0123456789abcdef" * 4  # of nobody


def create(store: Store, subject: str = "person:a", **other: Any) -> NewToken:  # noqa: ANN401
    """A token of somebody, to evaluate, created on the day."""
    asked: dict[str, Any] = {"scopes": [Scope.EVALUATE]} | other
    return create_token(store, subject, actor="os:tester", today=lambda: DAY, **asked)


@pytest.fixture
def made(loaded: Store) -> NewToken:
    """A token as version 3."""
    return create(loaded, organisations=["1.1"], scopes=["audit", "evaluate"])


@pytest.fixture
def book(loaded: Store, made: NewToken) -> TokenBook:
    """All that is known at version 3."""
    assert made.token.id == 3
    return TokenBook(loaded)


def test_a_token_tells_whose_it_is_and_what_for(
    book: TokenBook, made: NewToken
) -> None:
    """Its id, subject, scopes and organisations: all that the service asks for."""
    scopes = frozenset({Scope.AUDIT, Scope.EVALUATE})
    assert book.verify(made.text, DAY) == Bearer(3, "person:a", scopes, ("1.1",))


def test_a_token_is_good_until_the_end_of_its_last_day(
    book: TokenBook, made: NewToken
) -> None:
    """And never after it, although no version says so."""
    last = made.token.until
    assert last == DAY + timedelta(90)
    assert book.verify(made.text, last)
    assert book.verify(made.text, last + timedelta(1)) is None


HOSTILE: dict[str, object] = {
    "nothing": None,
    "no text": b"oik_3_" + SECRET.encode(),
    "a number": 3,
    "blank": "",
    "another secret": f"oik_3_{SECRET}",
    "another id": f"oik_4_{SECRET}",
    "the first of all ids": f"oik_0_{SECRET}",
    "an id that no column holds": f"oik_9999999999_{SECRET}",
    "an id of a thousand digits": f"oik_{'9' * 1000}_{SECRET}",
    "too long": f"oik_3_{SECRET}" + "0" * 1_000_000,
    "too short": "oik_3_00",
    "no secret": "oik_3_",
    "a secret of the digest": f"oik_3_{secret_digest('')}",
    "NUL": f"oik_3_{SECRET[:-1]}\0",
    "a new line": f"oik_3_{SECRET}\n",
    "blanks": f" oik_3_{SECRET} ",
    "digits of another script": f"oik_\u0663_{SECRET}",
    "letters of another script": "oik_3_" + "\u0430" * 64,
    "wide digits": "oik_3_" + "\uff11" * 64,
    "half a character": "oik_3_" + "\ud800" * 64,
    "a sign": f"oik_+3_{SECRET}",
    "another prefix": f"OIK_3_{SECRET}",
    "a scheme": f"Bearer oik_3_{SECRET}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_token_is_nobodys(book: TokenBook, name: str) -> None:
    """Whatever a request brings: no error, and no word of why."""
    assert book.verify(HOSTILE[name], DAY) is None


def test_a_secret_is_taken_as_it_is_written(book: TokenBook, made: NewToken) -> None:
    """There is one spelling: neither large letters, nor zeros before the id."""
    assert book.verify(made.text.upper(), DAY) is None
    assert book.verify(made.text.replace("_3_", "_03_"), DAY) is None
    prefix, number, secret = made.text.split("_")
    assert book.verify(f"{prefix}_{number}_{secret.upper()}", DAY) is None
    assert book.verify(f"{prefix}_{number}_{secret}", DAY)


def test_the_secret_of_one_token_opens_no_other(loaded: Store, made: NewToken) -> None:
    """What is found by the id is compared with the secret of that one."""
    other = create(loaded, "person:b")
    book = TokenBook(loaded)
    mine = made.text.rpartition("_")[2]
    assert book.verify(token_text(other.token.id, mine), DAY) is None
    found = book.verify(other.text, DAY)
    assert found
    assert found.subject == "person:b"


def test_digests_are_compared_in_constant_time_for_unknown_ids_too(
    book: TokenBook, made: NewToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether an id is known takes no other way than whether a secret is right."""
    compared: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def noted(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr("oikeus.bearers.hmac.compare_digest", noted)
    for each in (made.text, token_text(3, SECRET), token_text(99, SECRET)):
        book.verify(each, DAY)
    book.verify(made.text, DAY + timedelta(1000))
    assert compared == [(64, 64)] * 4


def test_the_digest_that_unknown_ids_are_compared_with_opens_nothing(
    book: TokenBook,
) -> None:
    """Not even for who finds a secret for it: no day is before its last one."""
    assert book.verify(token_text(99, SECRET), date.min) is None
    assert book._keys.get(0) is None  # noqa: SLF001 # an id that no token has


def test_a_revoked_token_is_nobodys(
    loaded: Store, book: TokenBook, made: NewToken
) -> None:
    """From the refresh on; until then the book is at its version."""
    revoke_token(loaded, 3, reason="leaked", actor="os:tester")
    assert book.verify(made.text, DAY)
    assert book.refresh()
    assert book.verify(made.text, DAY) is None
    assert TokenBook(loaded).verify(made.text, DAY) is None


def test_a_verified_token_stands_until_it_is_revoked_or_ends(
    loaded: Store, book: TokenBook, made: NewToken
) -> None:
    """By its id alone: its secret was compared before."""
    last = made.token.until
    assert book.stands(3, last)
    assert not book.stands(3, last + timedelta(1))
    assert not book.stands(4, DAY)
    revoke_token(loaded, 3, reason="leaked", actor="os:tester")
    assert book.stands(3, DAY)
    book.refresh()
    assert not book.stands(3, DAY)


def test_a_blocked_subject_is_identified_and_denied(
    loaded: Store, commit: Commit, made: NewToken
) -> None:
    """The block stands in the policy, where decisions find it."""
    days = "1.1@2026-01-01..2026-12-31"
    commit(loaded, add=(("g", "person:a", "role:clerk", days),))
    point = DecisionPoint(snapshot_of(loaded.load()))
    assert point.allows("person:a", "read", "file", "1.1", DAY)
    block(loaded, "person:a", reason="dismissed", actor="os:tester")
    bearer = TokenBook(loaded).verify(made.text, DAY)
    assert bearer
    point = DecisionPoint(snapshot_of(loaded.load()))
    assert not point.allows(bearer.subject, "read", "file", "1.1", DAY)


def test_tokens_are_read_again_only_when_one_was_touched(
    loaded: Store, commit: Commit, book: TokenBook, made: NewToken
) -> None:
    """Other versions cost a question after the head, however many tokens there are."""
    assert not book.refresh()
    commit(loaded, add=(("g", "person:a", "role:clerk", "1.1@2026-01-01..2026-12-31"),))
    assert book.mark != loaded.head_mark()
    assert not book.refresh()
    assert book.mark == loaded.head_mark()
    assert book.verify(made.text, DAY)
    later = create(loaded, "person:b")
    assert book.verify(later.text, DAY) is None
    assert book.refresh()
    assert book.verify(later.text, DAY)
    assert not book.refresh()


def test_a_store_without_versions_knows_nobody(tmp_path: Path) -> None:
    """And its first token is found when it comes."""
    with Store.open(f"sqlite:///{tmp_path / 'new.db'}") as store:
        book = TokenBook(store)
        assert book.mark == Mark(0)
        assert book.verify(token_text(1, SECRET), DAY) is None
        made = create(store)
        assert book.refresh()
        assert book.verify(made.text, DAY)


def test_a_restored_database_is_not_read(
    loaded: Store, book: TokenBook, made: NewToken
) -> None:
    """Another history may have the same numbers; its digests are other ones."""
    del made
    head = loaded.head_mark()
    assert token_keys(loaded, head) == (head, None)
    others = (
        replace(head, digest="0" * 64, time="9"),
        Mark(head.number + 7, "0" * 64, "9"),
        Mark(2, "0" * 64, "9"),
    )
    for other in others:
        with pytest.raises(OtherHistoryError):
            token_keys(loaded, other)
        with pytest.raises(OtherHistoryError):
            token_keys(loaded, head, other)
        mark, keys = token_keys(loaded, other, head)
        assert mark == head
        assert [key.id for key in keys or ()] == [3]
    assert not book.refresh()
    assert not book.refresh(head)


def test_a_restored_database_that_its_owner_accepts_is_read_anew(
    loaded: Store, made: NewToken
) -> None:
    """As it is by those who decide."""
    del made
    other = replace(loaded.head_mark(), digest="0" * 64)
    accept_history(loaded, loaded.head_mark(), actor="os:owner")
    mark, keys = token_keys(loaded, other)
    assert mark == loaded.head_mark()
    assert [key.id for key in keys or ()] == [3]


def test_a_book_goes_on_with_what_it_knows_when_the_database_is_away(
    loaded: Store, book: TokenBook, made: NewToken, unguard: Unguard
) -> None:
    """Whoever serves says so; requests are not answered by an error."""
    unguard(loaded)
    with loaded.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_head"))
    with pytest.raises(StoreError, match="oikeus_head is empty"):
        book.refresh()
    assert book.verify(made.text, DAY)


TAMPERED = {
    "a scope that there is not": "scopes = 'everything'",
    "a day that is none": "last_day = 'never'",
    "a digest that is none": "secret_digest = ''",
    "a digest of other letters": "secret_digest = 'ä'",
    "no digest": "secret_digest = NULL",
    "a label that is no text": "label = x'ff'",
    "another state": "state = 'x'",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_row_that_cannot_be_read_is_no_token_and_stops_no_other(
    loaded: Store, made: NewToken, unguard: Unguard, name: str
) -> None:
    """Revocations must be seen whatever somebody did to other rows."""
    other = create(loaded, "person:b")
    unguard(loaded)
    with loaded.database.writing() as connection:
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        change = f"UPDATE oikeus_token SET {TAMPERED[name]} WHERE version = 3"  # noqa: S608 # ours
        connection.execute(text(change))
    book = TokenBook(loaded)
    assert book.verify(made.text, DAY) is None
    assert book.verify(other.text, DAY)
    assert not oikeus.verify(loaded).clean


TREE = Tree.from_lines(
    oikeus.Line("g2", pair)
    for pair in (("1.1", "1.0"), ("1.1.1", "1.1"), ("1.2", "1.0"))
)


@pytest.mark.parametrize(
    ("organisations", "reached"),
    [
        ((), {"1.0", "1.1", "1.1.1", "1.2", "unknown"}),
        (("1.1",), {"1.1", "1.1.1"}),
        (("1.1.1", "1.2"), {"1.1.1", "1.2"}),
        (("1.0",), {"1.0", "1.1", "1.1.1", "1.2"}),
    ],
)
def test_a_bearer_reaches_its_organisations_and_those_below(
    organisations: tuple[str, ...], reached: set[str]
) -> None:
    """And everywhere where it names none."""
    bearer = Bearer(1, "person:a", frozenset(), organisations)
    asked = ("1.0", "1.1", "1.1.1", "1.2", "unknown")
    assert {each for each in asked if bearer.reaches(each, TREE)} == reached


def test_nothing_that_is_shown_of_a_book_or_bearer_holds_the_secret(
    loaded: Store, book: TokenBook, made: NewToken
) -> None:
    """A log that repeats them repeats neither a secret nor its digest."""
    secret = made.text.rpartition("_")[2]
    keys = token_keys(loaded)[1]
    version = loaded.version(3)
    for each in (book, book.verify(made.text, DAY), keys, version, made, made.token):
        shown = repr(each)
        assert secret not in shown
        assert secret_digest(secret) not in shown
        assert not re.search(
            "[0-9a-f]{64}",
            shown.replace(version.digest, "").replace(version.previous, ""),
        )


def test_two_threads_that_refresh_at_once_end_at_the_head(
    loaded: Store, book: TokenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that asked earlier does not put back what the later one has found."""
    first_is_in, later = threading.Event(), threading.Event()
    ask = token_keys

    def slowly(*known: Any) -> Any:  # noqa: ANN401
        found = ask(*known)
        if not first_is_in.is_set():
            first_is_in.set()
            later.wait(1)
        return found

    monkeypatch.setattr("oikeus.bearers.token_keys", slowly)
    early = threading.Thread(target=book.refresh)
    early.start()
    first_is_in.wait(10)
    made = create(loaded, "person:b")
    late = threading.Thread(target=book.refresh)
    late.start()
    later.set()
    for thread in (early, late):
        thread.join()
    assert book.verify(made.text, DAY)
