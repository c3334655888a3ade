"""A provider's token names somebody only where everything about it is right."""

from __future__ import annotations

import json
import logging
import time
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from oikeus import Scope
from oikeus.service.bearing import no_good
from oikeus.service.callers import Caller
from oikeus.service.jwt_settings import ACCESS_TYPE, JwtSettings
from oikeus.service.jwts import Jwts
from oikeus.service.key_source import KeySource
from oikeus.service.problems import HttpError

from ...openid import (
    ISSUER,
    claims,
    key_set,
    private_key,
    public_jwk,
    settings,
    signed,
    written,
)

Built = tuple[Jwts, KeySource]

BOTH = frozenset({Scope.EVALUATE, Scope.SEARCH})
SOMEBODY = Caller("jwt:person:1.2.3", "person:1.2.3", BOTH)


class Clock:
    """The clock on the wall, and by how much a test set it forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return time.time() + self.ahead


def source_of(document: bytes, known: JwtSettings) -> KeySource:
    """Keys that were read."""
    source = KeySource(known, read=lambda: document)
    source.refresh()
    return source


def jwts(document: bytes | None = None, **other: Any) -> Jwts:  # noqa: ANN401
    """Who knows the tokens of the provider, which has four keys."""
    known = settings(**other)
    keys = document or key_set("rsa-1", "ec-1", "ec-2", "ed-1")
    return Jwts(known, source_of(keys, known))


def refuse(by: Jwts, text: str) -> None:
    """Make sure that a token names nobody, in the same words whatever is wrong."""
    with pytest.raises(HttpError) as raised:
        by.identify(text)
    error, expected = raised.value, no_good()
    assert error.status is HTTPStatus.UNAUTHORIZED
    assert (error.detail, error.headers) == (expected.detail, expected.headers)
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("key_id", "algorithm"),
    [
        *(("rsa-1", "RS256"), ("rsa-1", "PS256")),
        *(("ec-1", "ES256"), ("ec-2", "ES256"), ("ed-1", "EdDSA")),
    ],
)
def test_a_good_token_names_somebody(key_id: str, algorithm: str) -> None:
    """Signed by any key of the provider; they may ask what the token claims."""
    assert jwts().identify(signed(None, key_id, algorithm)) == SOMEBODY


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "AT+JWT", None])
def test_a_token_says_that_it_grants_access_or_nothing(kind: str | None) -> None:
    """As most providers write it."""
    assert jwts().identify(signed(typ=kind)) == SOMEBODY


def test_tokens_of_access_can_be_demanded() -> None:
    """So that one that shows who signed in is none (RFC 9068, section 4)."""
    strict = jwts(types=ACCESS_TYPE)
    assert strict.identify(signed(typ="at+jwt")) == SOMEBODY
    assert strict.identify(signed(typ="application/AT+JWT")) == SOMEBODY
    refuse(strict, signed(typ="JWT"))
    refuse(strict, signed(typ=None))


NOW = int(time.time())
BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "an issuer that begins so": {"iss": f"{ISSUER}/"},
    "two issuers": {"iss": [ISSUER]},
    "no issuer": {"iss": None},
    "another audience": {"aud": "other"},
    "other audiences": {"aud": ["other", "oikeus2"]},
    "an audience that begins so": {"aud": "oikeus "},
    "no audience": {"aud": None},
    "a blank audience": {"aud": ""},
    "audiences that are none": {"aud": {"oikeus": 1}},
    "a past end": {"iat": NOW - 1000, "exp": NOW - 100},
    "no end": {"exp": None},
    "an end in a text": {"exp": str(NOW + 600)},
    "an end that is a truth": {"exp": True},
    "no number as an end": {"exp": float("nan")},
    "an end that never comes": {"exp": float("inf")},
    "an end too far away": {"exp": NOW + 100_000},
    "an end beyond all numbers": {"exp": 10**400},
    "a beginning to come": {"nbf": NOW + 30_000},
    "a beginning in a text": {"nbf": "0"},
    "a beginning that is none": {"nbf": [0]},
    "not made yet": {"iat": NOW + 30_000},
    "never made": {"iat": None},
    "made in a text": {"iat": str(NOW)},
    "made long ago, and good for long": {"iat": NOW - 90_000},
    "nobody": {"sub": None},
    "a blank somebody": {"sub": ""},
    "a number": {"sub": 123},
    "several": {"sub": ["1.2.3"]},
    "an id with a blank": {"sub": "1.2.3 "},
    "an id with a comma": {"sub": "1.2.3, role:x"},
    "an id of a domain": {"sub": "1.2@2026-01-01"},
    "an id of a span": {"sub": "1..3"},
    "an id with a new line": {"sub": "1.2.3\n"},
    "an id with NUL": {"sub": "1.2.3\0"},
    "an id in another form": {"sub": "a\u0308"},
    "an id that nobody sees": {"sub": "1.2.3\u200b"},
    "an id that is too long": {"sub": "1" * 249},
    "an id that is far too long": {"sub": "1" * 3000},
    "scopes that are none": {"scope": 3},
    "scopes as an object": {"scope": {"oikeus:evaluate": True}},
    "bound to a key": {"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}},
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_a_claim_that_is_not_right_makes_nobody(name: str) -> None:
    """One is enough."""
    refuse(jwts(), signed(claims(**BAD_CLAIMS[name])))


def test_the_longest_id_is_one_that_the_log_can_hold() -> None:
    """With what stands before it."""
    assert jwts().identify(signed(claims(sub="1" * 244))).name.startswith("jwt:person:")
    assert len(jwts().identify(signed(claims(sub="1" * 244))).name) == 255
    refuse(jwts(), signed(claims(sub="1" * 245)))


def public_pem(key_id: str) -> bytes:
    """What everybody knows of a key."""
    key = private_key(key_id).public_key()
    pem: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def with_secret(secret: bytes, algorithm: str = "HS256", **header: object) -> str:
    """A token that is signed with a secret; the library would refuse to."""
    head = {"alg": algorithm, "kid": "rsa-1", "typ": "JWT", **header}
    unsigned = written(head, claims())
    body = unsigned.rpartition(".")[0]
    hmac = jwt.get_algorithm_by_name("HS256")
    signature = hmac.sign(body.encode(), secret)
    return written(head, claims(), signature)


def parts(text: str) -> list[str]:
    """The three parts of a token."""
    return text.split(".")


GOOD = signed()
HOSTILE: dict[str, str] = {
    "no signature": written({"alg": "none"}, claims()),
    "no signature, with an id": written({"alg": "none", "kid": "ec-1"}, claims()),
    "no signature, in capitals": written({"alg": "NONE", "kid": "ec-1"}, claims()),
    "no algorithm": written({"kid": "ec-1"}, claims(), b"x"),
    "an algorithm that is none": written({"alg": ["ES256"]}, claims(), b"x"),
    "nothing as an algorithm": written({"alg": None, "kid": "ec-1"}, claims(), b"x"),
    "the public key as a secret": with_secret(public_pem("rsa-1")),
    "the key as a secret, which says RS256": with_secret(public_pem("rsa-1"), "RS256"),
    "the modulus as a secret": with_secret(json.dumps(public_jwk("rsa-1")).encode()),
    "a blank secret": with_secret(b""),
    "another algorithm": written({"alg": "ES512", "kid": "ec-1"}, claims(), b"x"),
    "in small letters": written({"alg": "es256", "kid": "ec-1"}, claims(), b"x"),
    "another key": signed(key_id="ec-3"),
    "another key under a known id": signed(None, "ec-3", kid="ec-1"),
    "a known key of another id": signed(kid="ec-2"),
    "a key of another algorithm": signed(kid="rsa-1"),
    "no id among several": signed(kid=""),
    "a path as an id": signed(None, "ec-3", kid="../../../../dev/null"),
    "SQL as an id": signed(None, "ec-3", kid="x' UNION SELECT 'ec-1"),
    "an id that is none": written({"alg": "ES256", "kid": ["ec-1"]}, claims(), b"x"),
    "its own key": signed(None, "ec-3", jwk=public_jwk("ec-3")),
    "its own key under a known id": signed(
        None, "ec-3", kid="ec-1", jwk=public_jwk("ec-3", kid="ec-1")
    ),
    "keys of another place": signed(None, "ec-3", jku="https://evil.example/keys"),
    "a certificate of another place": signed(None, "ec-3", x5u="https://evil.example"),
    "its own certificate": signed(None, "ec-3", x5c=["MII"]),
    "something critical": written(
        {"alg": "ES256", "kid": "ec-1", "crit": ["exp"], "exp": 1}, claims(), b"x"
    ),
    "no text as a type": written({"alg": "ES256", "typ": 3}, claims(), b"x"),
    "a token of signing out": signed(typ="logout+jwt"),
    "a proof of a key": signed(typ="dpop+jwt"),
    "a changed claim": ".".join(
        (
            parts(GOOD)[0],
            parts(written({}, claims(sub="1.2.4")))[1],
            parts(GOOD)[2],
        )
    ),
    "no signature where one was": ".".join((*parts(GOOD)[:2], "")),
    "half a signature": GOOD[:-20],
    "a signature of zeros": ".".join((*parts(GOOD)[:2], "A" * 86)),
    "another spelling of the signature": GOOD + "=",
    "four parts": GOOD + ".x",
    "two parts": GOOD.rpartition(".")[0],
    "one part": "abc",
    "dots": "..",
    "no JSON": written(b"{", claims(), b"x"),
    "no object": written([], claims(), b"x"),
    "no text": written(b"\xff\xff", claims(), b"x"),
    "a header too deep": written(b"[" * 5000, claims(), b"x"),
    "a number without an end": written(b'{"alg": ' + b"9" * 5000 + b"}", {}, b"x"),
    "encrypted": ".".join(
        (parts(written({"alg": "dir", "enc": "A256GCM"}, {}))[0], "", "a", "b", "c")
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_token_that_was_not_signed_by_the_provider_is_nobodys(name: str) -> None:
    """Whatever it says of its key, and however it is written."""
    refuse(jwts(), HOSTILE[name])


def test_what_a_token_says_of_keys_is_not_looked_at() -> None:
    """One that the provider signed is good, whatever it points to besides."""
    text = signed(jku="https://evil.example", x5u="x", x5c=["x"], jwk={"kty": "oct"})
    assert jwts().identify(text) == SOMEBODY


CRITICAL: list[dict[str, Any]] = [
    {"crit": ["exp"], "exp": 1},
    {"crit": ["b64"], "b64": True},
    {"crit": []},
    {"crit": None},
]


@pytest.mark.parametrize("header", CRITICAL)
def test_nothing_critical_is_understood(header: dict[str, Any]) -> None:
    """Not even when the provider signed it."""
    head = {"alg": "ES256", "kid": "ec-1", **header}
    body = written(head, claims()).rpartition(".")[0]
    algorithm = jwt.get_algorithm_by_name("ES256")
    signature = algorithm.sign(body.encode(), private_key("ec-1"))
    refuse(jwts(), written(head, claims(), signature))


def test_claims_that_nobody_can_read_are_nobodys() -> None:
    """Though the provider signed them."""
    for payload in (b"{", b"[]", b"\xff", b'{"a":' * 3000, b"1" * 5000):
        head = {"alg": "ES256", "kid": "ec-1"}
        body = written(head, payload).rpartition(".")[0]
        algorithm = jwt.get_algorithm_by_name("ES256")
        signature = algorithm.sign(body.encode(), private_key("ec-1"))
        refuse(jwts(), written(head, payload, signature))


def test_algorithms_can_be_fewer() -> None:
    """A key of the provider that could sign otherwise changes nothing."""
    only = jwts(algorithms=("PS256",))
    assert only.identify(signed(None, "rsa-1", "PS256")) == SOMEBODY
    refuse(only, signed(None, "rsa-1", "RS256"))
    refuse(only, signed())


SCOPES: dict[str, tuple[dict[str, Any], set[Scope]]] = {
    "a text": ({"scope": "openid oikeus:search"}, {Scope.SEARCH}),
    "a list": ({"scope": ["oikeus:search", 3]}, {Scope.SEARCH}),
    "by another name": (
        {"scope": None, "scp": ["oikeus:evaluate"]},
        {Scope.EVALUATE},
    ),
    "by both names": ({"scope": "openid", "scp": "oikeus:evaluate"}, set()),
    "none": ({"scope": None}, set()),
    "a blank": ({"scope": ""}, set()),
    "others'": ({"scope": "evaluate other:search oikeus:"}, set()),
    "another case": ({"scope": "OIKEUS:search oikeus:Search"}, set()),
    "more than they can have": (
        {"scope": "oikeus:administer oikeus:audit oikeus:evaluate"},
        {Scope.EVALUATE},
    ),
}


@pytest.mark.parametrize("name", SCOPES)
def test_a_token_has_the_scopes_that_it_claims_and_can_have(name: str) -> None:
    """Without a claim, none: then it is somebody who may ask nothing."""
    told, expected = SCOPES[name]
    assert jwts().identify(signed(claims(**told))).scopes == expected


def test_other_scopes_must_be_allowed() -> None:
    """By who sets the service up, for all tokens of the provider."""
    some = jwts(scopes=frozenset({Scope.ADMINISTER}))
    told = claims(scope="oikeus:administer oikeus:evaluate")
    assert some.identify(signed(told)).scopes == {Scope.ADMINISTER}


def test_another_claim_and_kind_can_say_who_it_is() -> None:
    """For a provider that has its own ids for them."""
    some = jwts(subject_claim="oid", kind="system")
    assert some.identify(signed(claims(oid="robot"))).subject == "system:robot"
    refuse(some, signed())
    refuse(some, signed(claims(oid=None)))


@pytest.mark.parametrize(
    ("told", "expected"),
    [("1.1", ("1.1",)), (["1.1", "1.2"], ("1.1", "1.2"))],
)
def test_a_claim_can_say_where_a_token_is_good(
    told: object, expected: tuple[str, ...]
) -> None:
    """There, and below."""
    some = jwts(organisations_claim="places")
    assert some.identify(signed(claims(places=told))).organisations == expected


@pytest.mark.parametrize(
    "told",
    [None, "", [], {}, {"1.1": 1}, 3, [3], [""], ["1.1", None], ["a:b"], ["1..1"]],
)
def test_a_token_that_does_not_say_where_is_good_nowhere(told: object) -> None:
    """For a caller without organisations would be one for all of them."""
    some = jwts(organisations_claim="places")
    refuse(some, signed(claims(places=told)))


def test_the_clock_of_the_provider_may_be_a_little_off() -> None:
    """By as much as is set, in both directions."""
    now = int(time.time())
    late = claims(iat=now - 100, exp=now - 20)
    early = claims(iat=now + 20, nbf=now + 20)
    for each in (late, early):
        assert jwts().identify(signed(each)) == SOMEBODY
        refuse(jwts(leeway=timedelta(0)), signed(each))


def test_a_token_that_was_good_ends_all_the_same() -> None:
    """Its signature is not checked again, its end is."""
    known, clock = settings(), Clock()
    some = Jwts(known, source_of(key_set("ec-1"), known), now=clock)
    text = signed()
    caller = some.identify(text)
    clock.ahead = 620
    assert some.identify(text) == caller == SOMEBODY
    some.check(caller)
    clock.ahead = 640
    refuse(some, text)
    # and so for who came in time and waited
    with pytest.raises(HttpError) as raised:
        some.check(caller)
    assert raised.value.status is HTTPStatus.UNAUTHORIZED


def test_a_token_is_checked_once_while_the_keys_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And again when they are others: a key that was withdrawn signs nothing."""
    checked = []
    decode = jwt.decode

    def noted(*some: Any, **other: Any) -> Any:  # noqa: ANN401
        checked.append(1)
        return decode(*some, **other)

    monkeypatch.setattr("oikeus.service.jwts.jwt.decode", noted)
    documents = [key_set("ec-1")]
    known = settings()
    source = KeySource(known, read=lambda: documents[-1])
    source.refresh()
    some = Jwts(known, source)
    text = signed()
    for _ in range(3):
        assert some.identify(text) == SOMEBODY
        source.refresh()
    assert len(checked) == 1
    documents.append(key_set("ec-1", "ec-2"))
    source.refresh()
    assert some.identify(text) == SOMEBODY
    assert len(checked) == 2
    documents.append(key_set("ec-2"))
    source.refresh()
    refuse(some, text)


def test_few_tokens_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come; of what was not good, nothing is."""
    monkeypatch.setattr("oikeus.service.jwts._KEPT", 3)
    some = jwts()
    kept = some._known  # noqa: SLF001 # how much memory it takes
    for text in HOSTILE.values():
        refuse(some, text)
    assert not kept
    for number in range(5):
        some.identify(signed(claims(sub=str(number))))
    assert [each.caller.subject for each in kept.values()] == [
        "person:2",
        "person:3",
        "person:4",
    ]
    assert all(type(digest) is bytes and len(digest) == 32 for digest in kept)


def test_a_key_that_is_not_known_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is refused meanwhile; nothing else makes the provider be asked."""
    known = settings()
    source = source_of(key_set("ec-1", "ec-2"), known)
    wanted: list[int] = []
    monkeypatch.setattr(source, "want", lambda: wanted.append(1))
    some = Jwts(known, source)
    for text in (*[signed(key_id="ec-3")] * 2, "a.b.c", signed(claims(aud="x"))):
        refuse(some, text)
    assert len(wanted) == 2


def test_without_keys_nobody_can_be_told() -> None:
    """Neither good nor bad: whoever asks is told to come again."""
    known = settings()
    some = Jwts(known, KeySource(known, read=bytes))
    for text in (signed(), "a.b.c"):
        with pytest.raises(HttpError) as raised:
            some.identify(text)
        assert raised.value.status is HTTPStatus.SERVICE_UNAVAILABLE
        assert raised.value.headers == {"Retry-After": "30"}


def test_the_log_says_what_kind_of_refusal_it_was_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """For who sets the provider up; whoever sent it learns nothing."""
    caplog.set_level(logging.DEBUG)
    some = jwts()
    for text in (signed(claims(aud="other")), *HOSTILE.values()):
        refuse(some, text)
    assert caplog.messages[0] == "a JWT was refused: InvalidAudienceError"
    logged = "\n".join(
        f"{record.getMessage()} {record.exc_text}" for record in caplog.records
    )
    assert "1.2.3" not in logged
    assert "eyJ" not in logged
