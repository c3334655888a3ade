"""Ours are known by the database, others by the provider, and anyone only here."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from oikeus import NewToken, Scope, Store, TokenBook, create_token, revoke_token
from oikeus.service.authenticating import Anyone, Tokens, admitting
from oikeus.service.bearing import no_good
from oikeus.service.callers import Authenticator, Caller
from oikeus.service.exposure import AuthSettings
from oikeus.service.problems import HttpError

from ...openid import key_set, settings, signed

DAY = date(2026, 6, 1)


class Provider:
    """Knows one token, and notes which ones it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def identify(self, text: str) -> Caller:
        """Somebody, if that is the token."""
        self.asked.append(text)
        if text != "a.b.c":
            raise no_good()
        return Caller("jwt:person:b", "person:b", frozenset({Scope.SEARCH}))

    def check(self, caller: Caller) -> None:
        """Nobody stays known."""
        self.asked.append(caller.name)
        raise no_good()


@pytest.fixture
def made(loaded: Store) -> NewToken:
    """A token as version 3, until the day."""
    return create_token(
        loaded,
        "person:a",
        scopes=["audit", "evaluate"],
        organisations=["1.1"],
        until=DAY,
        actor="os:tester",
        today=lambda: DAY,
    )


def brings(text: str) -> Headers:
    """The headers of a request with a token."""
    return Headers({"Authorization": f"Bearer {text}"})


def refusal(tokens: Authenticator, headers: Headers) -> HttpError:
    """How a request is refused."""
    with pytest.raises(HttpError) as raised:
        tokens.caller(headers)
    return raised.value


def gone(tokens: Authenticator, caller: Caller) -> None:
    """Make sure that somebody who was known is refused as who brings a bad token."""
    with pytest.raises(HttpError) as raised:
        tokens.check(caller)
    assert raised.value.status is HTTPStatus.UNAUTHORIZED
    assert raised.value.headers == no_good().headers


def test_a_token_of_ours_names_its_bearer(loaded: Store, made: NewToken) -> None:
    """With all that binds it; the log of versions will name the token."""
    tokens = Tokens(TokenBook(loaded), today=lambda: DAY)
    scopes = frozenset({Scope.AUDIT, Scope.EVALUATE})
    expected = Caller("token:3", "person:a", scopes, ("1.1",))
    assert tokens.caller(brings(made.text)) == expected


def test_what_is_wrong_with_a_token_is_not_told(loaded: Store, made: NewToken) -> None:
    """Wrong, expired, unknown and of another making: one and the same answer."""
    day = [DAY]
    tokens = Tokens(TokenBook(loaded), today=lambda: day[0])
    wrong = made.text[:-1] + ("0" if made.text[-1] != "0" else "1")
    refused = [
        refusal(tokens, brings(text))
        for text in (wrong, made.text.replace("_3_", "_4_"), "a.b.c", "oik_", "x")
    ]
    day[0] += timedelta(1)
    refused.append(refusal(tokens, brings(made.text)))
    for each in refused:
        assert each.status is HTTPStatus.UNAUTHORIZED
        assert (each.detail, each.headers) == (no_good().detail, no_good().headers)


def test_who_brings_no_token_is_nobody(loaded: Store) -> None:
    """Whoever the request says that it is from."""
    tokens = Tokens(TokenBook(loaded), today=lambda: DAY)
    refused = refusal(tokens, Headers({"X-Forwarded-User": "person:a"}))
    assert refused.headers == {"WWW-Authenticate": 'Bearer realm="oikeus"'}


def test_a_revoked_token_is_nobodys_from_the_refresh_on(
    loaded: Store, made: NewToken
) -> None:
    """Nothing of the requests before is kept."""
    book = TokenBook(loaded)
    tokens = Tokens(book, today=lambda: DAY)
    assert tokens.caller(brings(made.text)).name == "token:3"
    revoke_token(loaded, 3, reason="leaked", actor="os:tester")
    assert book.refresh()
    assert refusal(tokens, brings(made.text)).status is HTTPStatus.UNAUTHORIZED


def test_a_caller_is_good_for_as_long_as_the_token(
    loaded: Store, made: NewToken
) -> None:
    """It is revoked or expires while a request waits: who came is known no more."""
    day, book = [DAY], TokenBook(loaded)
    tokens = Tokens(book, today=lambda: day[0])
    caller = tokens.caller(brings(made.text))
    tokens.check(caller)
    day[0] += timedelta(1)
    gone(tokens, caller)
    day[0] -= timedelta(1)
    revoke_token(loaded, 3, reason="leaked", actor="os:tester")
    tokens.check(caller)
    book.refresh()
    gone(tokens, caller)


def test_a_provider_says_whether_its_token_is_still_good(
    loaded: Store, made: NewToken
) -> None:
    """Of its own callers, and of no others; without one there are none of its."""
    provider = Provider()
    tokens = Tokens(TokenBook(loaded), provider, today=lambda: DAY)
    tokens.check(tokens.caller(brings(made.text)))
    other = tokens.caller(brings("a.b.c"))
    gone(tokens, other)
    assert provider.asked == ["a.b.c", "jwt:person:b"]
    gone(Tokens(TokenBook(loaded), today=lambda: DAY), other)


def test_a_provider_is_asked_about_tokens_that_are_not_ours(
    loaded: Store, made: NewToken
) -> None:
    """And never sees one that is."""
    provider = Provider()
    tokens = Tokens(TokenBook(loaded), provider, today=lambda: DAY)
    assert tokens.caller(brings("a.b.c")).subject == "person:b"
    assert tokens.caller(brings(made.text)).subject == "person:a"
    refusal(tokens, brings("oik_3_0"))
    refusal(tokens, brings("OIK_3_0"))
    assert provider.asked == ["a.b.c", "OIK_3_0"]


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080"),
        *("127.8.8.8:1", "[::1]", "[::1]:8080"),
    ],
)
def test_anyone_on_this_machine_may_evaluate_and_search(host: str) -> None:
    """And nothing else, for nobody is known."""
    caller = Anyone().caller(Headers({"Host": host}))
    scopes = frozenset({Scope.EVALUATE, Scope.SEARCH})
    assert caller == Caller("anyone", None, scopes)
    Anyone().check(caller)


@pytest.mark.parametrize(
    "hosts",
    [
        *((), (b"localhost", b"localhost"), (b"",), (b"evil.example",)),
        *((b"localhost.evil.example",), (b"127.0.0.1.evil.example:80",)),
        *((b"evil.example#localhost",), (b"0.0.0.0",), (b"[::]",), (b"::1",)),
        *((b"[::1",), (b"[::1]evil",), (b"localhost:80:80",), (b"localhost:x",)),
    ],
)
def test_a_page_of_another_host_cannot_ask_through_a_browser(
    hosts: tuple[bytes, ...],
) -> None:
    """Its name may lead here (DNS rebinding); the browser says it all the same."""
    headers = Headers(raw=[(b"host", host) for host in hosts])
    assert refusal(Anyone(), headers).status is HTTPStatus.MISDIRECTED_REQUEST


def test_callers_are_known_on_the_terms_that_were_set(
    loaded: Store, made: NewToken, tmp_path: Path
) -> None:
    """By our tokens, by a provider's too, or not at all."""
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set("ec-1"))
    jwt = brings(signed())
    book = TokenBook(loaded)
    with admitting(AuthSettings(host="::1"), book) as ours:
        assert refusal(ours, jwt).status is HTTPStatus.UNAUTHORIZED
    known = AuthSettings(host="::1", jwt=settings(keys=str(keys)))
    with admitting(known, book) as both:
        assert both.caller(jwt).subject == "person:1.2.3"
        assert refusal(both, brings(made.text[:-1])).headers == no_good().headers
    anybody = AuthSettings(host="::1", insecure_no_auth=True)
    with admitting(anybody, book) as anyone:
        assert anyone.caller(Headers({"Host": "[::1]:80"})).subject is None
