"""Who is let in: every way to be nobody, at every endpoint, on a real connection.

The service is whole: its processes' own composition, server and log, at level DEBUG.
"""

from __future__ import annotations

import http.client
import io
import json
import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from oikeus import Scope, Store, block, create_token, revoke_token
from oikeus.service import entering
from oikeus.service.exposure import AuthSettings
from oikeus.service.observing import ObservingSettings
from oikeus.service.serving import Serving
from oikeus.service.settings import Settings

from ..openid import claims, key_set, private_key, settings, signed, written
from .running import running

PAA = "person:1.2.246.562.24.90100000012"
USER = "person:1.2.246.562.24.90100000013"
LEFT = "person:1.2.246.562.24.90100000011"
NEW = "person:1.2.246.562.24.90100000077"
SCHOOL = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90101010000"
PATIENCE = 20.0
REALM = 'Bearer realm="oikeus"'
NO_GOOD = f'{REALM}, error="invalid_token"'
RIGHT = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}
QUESTION = {
    "subject": {"type": "person", "id": USER.removeprefix("person:")},
    "action": {"name": "read"},
    "resource": {"type": "hoks", "id": "1", "properties": {"organisation": SCHOOL}},
}
HIDDEN = [PAA, USER, LEFT, NEW, "g(r.sub", "role:ehoks", "Traceback", "Error("]
"""What no answer and no line of the log may hold: people, the policy, exceptions."""


@dataclass(frozen=True)
class Place:
    """An endpoint: how it is asked, and with which scope."""

    path: str
    scope: Scope
    body: object = None


PLACES = {
    "evaluation": Place("/access/v1/evaluation", Scope.EVALUATE, QUESTION),
    "evaluations": Place("/access/v1/evaluations", Scope.EVALUATE, QUESTION),
    "subjects": Place("/access/v1/search/subject", Scope.SEARCH, QUESTION),
    "resources": Place("/access/v1/search/resource", Scope.SEARCH, QUESTION),
    "actions": Place("/access/v1/search/action", Scope.SEARCH, QUESTION),
    "grants": Place("/admin/v1/grants", Scope.ADMINISTER),
    "grant": Place("/admin/v1/grants", Scope.ADMINISTER, RIGHT),
    "revoke": Place("/admin/v1/grants/revoke", Scope.ADMINISTER, RIGHT),
    "organisations": Place("/admin/v1/organisations", Scope.ADMINISTER),
    "blocks": Place("/admin/v1/blocks", Scope.ADMINISTER, RIGHT),
    "versions": Place("/admin/v1/versions", Scope.AUDIT),
    "metrics": Place("/metrics", Scope.AUDIT),
}
OPEN = ("/health/live", "/health/ready", "/.well-known/authzen-configuration")


@dataclass
class Served:
    """A service that listens."""

    port: int
    store: Store
    log: io.StringIO

    def token(
        self, subject: str, *scopes: Scope, organisations: tuple[str, ...] = ()
    ) -> str:
        """A new token, which the service comes to know of."""
        made = create_token(
            self.store,
            subject,
            scopes=scopes,
            organisations=organisations,
            actor="os:owner",
        )
        return made.text

    def ask(
        self, place: Place, *authorization: bytes, host: str = "127.0.0.1"
    ) -> tuple[int, str | None, bytes]:
        """Status, challenge and body, to so many headers `Authorization`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            method = "GET" if place.body is None else "POST"
            connection.putrequest(method, place.path, skip_host=True)
            connection.putheader("Host", host)
            for each in authorization:
                connection.putheader("Authorization", each)
            body = b"" if place.body is None else json.dumps(place.body).encode()
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            read = answer.read()
            return answer.status, answer.getheader("www-authenticate"), read
        finally:
            connection.close()

    def follow(self, token: str) -> None:
        """Wait until the service knows a token."""
        ends = time.monotonic() + PATIENCE
        place = Place("/openapi.json", Scope.EVALUATE)
        while self.ask(place, bearer(token))[0] == 401:
            assert time.monotonic() < ends
            time.sleep(0.05)


def bearer(token: str) -> bytes:
    """The header of a token."""
    return b"Bearer " + token.encode()


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """The log as the service configures it, and the tests' own afterwards."""
    root, log = logging.getLogger(), io.StringIO()
    kept, level = root.handlers[:], root.level
    patch = pytest.MonkeyPatch()
    patch.setattr(sys, "stderr", log)
    patch.setattr(entering, "_spare_the_collector", lambda: None)
    try:
        yield log
    finally:
        patch.undo()
        root.handlers[:] = kept
        root.setLevel(level)
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "oikeus.access"):
            logging.getLogger(name).setLevel(logging.NOTSET)
            logging.getLogger(name).propagate = True


@pytest.fixture(scope="module")
def served(
    made_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service with tokens of its own and of a provider."""
    folder = tmp_path_factory.mktemp("auth")
    path = shutil.copy(made_world, folder / "world.db")
    keys = folder / "keys.json"
    keys.write_bytes(key_set("ec-1", "rsa-1"))
    known = settings(keys=str(keys), scopes=frozenset(Scope))
    serving = Serving(
        db=f"sqlite:///{path}",
        auth=AuthSettings(host="127.0.0.1", jwt=known),
        settings=Settings(public_url="https://pdp.example"),
        observing=ObservingSettings(level="DEBUG", access_log=True, drain=0.0),
    )
    with logged() as log, Store.open(serving.db) as store, running(serving) as port:
        yield Served(port, store, log)


def jwt_of(**other: object) -> str:
    """A token of the provider, good but for what is said."""
    scopes = " ".join(f"oikeus:{scope.value}" for scope in Scope)
    return signed(claims(**{"scope": scopes, "sub": PAA[7:], **other}))


def confused() -> str:
    """The provider's public key, taken for a secret."""
    key = private_key("rsa-1").public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # as no library writes it: they know of this
    secret = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    head, payload = {"alg": "HS256", "kid": "rsa-1", "typ": "JWT"}, claims()
    signing = written(head, payload).rpartition(".")[0]
    return written(head, payload, secret.sign(signing.encode(), pem))


NOW = int(time.time())
JWTS: dict[str, Callable[[], str]] = {
    "wrong issuer": lambda: jwt_of(iss="https://login.example/realms/b"),
    "issuer with a slash": lambda: jwt_of(iss="https://login.example/realms/a/"),
    "no issuer": lambda: jwt_of(iss=None),
    "wrong audience": lambda: jwt_of(aud="another"),
    "no audience": lambda: jwt_of(aud=None),
    "expired": lambda: jwt_of(iat=NOW - 900, exp=NOW - 60),
    "no end": lambda: jwt_of(exp=None),
    "lasts for too long": lambda: jwt_of(exp=NOW + 100_000),
    "not yet good": lambda: jwt_of(nbf=NOW + 600),
    "made tomorrow": lambda: jwt_of(iat=NOW + 86_400, exp=NOW + 86_500),
    "no subject": lambda: jwt_of(sub=None),
    "subject is a number": lambda: jwt_of(sub=17),
    "subject is no id": lambda: jwt_of(sub="a\nb"),
    "subject is blank": lambda: jwt_of(sub=""),
    "bound to a key": lambda: jwt_of(cnf={"jkt": "x"}),
    "alg none": lambda: written({"alg": "none"}, claims()),
    "alg None": lambda: written({"alg": "None"}, claims()),
    "no alg": lambda: written({"typ": "JWT"}, claims()),
    "key confusion": confused,
    "another key": lambda: signed(claims(), "rsa-2", "RS256", kid="rsa-1"),
    "key of another kind": lambda: signed(claims(), "ec-1", "ES256", kid="rsa-1"),
    "unknown key": lambda: signed(claims(), "ec-2"),
    "key that it points to": lambda: signed(
        claims(), "ec-2", jku="https://evil.example/k", x5u="https://evil.example/c"
    ),
    "key that it brings": lambda: signed(claims(), "ec-2", jwk={"kty": "EC"}),
    "crit": lambda: signed(claims(), crit=["b64"], b64=True),
    "an ID token's type": lambda: signed(claims(), typ="id+jwt"),
    "no signature": lambda: jwt_of().rpartition(".")[0] + ".",
    "two parts": lambda: jwt_of().rpartition(".")[0],
    "nested deeply": lambda: written(b'{"a":' * 900, claims()),
}


@pytest.mark.parametrize("name", JWTS)
def test_token_of_a_provider_that_is_not_good(served: Served, name: str) -> None:
    """One and the same 401 at each kind of endpoint, and not a word of why."""
    token = JWTS[name]()
    for place in (PLACES["evaluation"], PLACES["grants"], PLACES["metrics"]):
        status, challenge, body = served.ask(place, bearer(token))
        assert (status, challenge) == (401, NO_GOOD)
        assert nothing_is_told(served, body, token)


def test_header_that_points_to_keys_is_passed_over(served: Served) -> None:
    """A token that is good without it is good with it; nothing is fetched."""
    there = "https://evil.example/"
    token = signed(claims(), jku=there, x5u=there, jwk={"kty": "EC"}, x5c=["x"])
    assert served.ask(PLACES["evaluation"], bearer(token))[0] == 200


@pytest.fixture(scope="module")
def tokens(served: Served) -> dict[str, str]:
    """Tokens by what is to be said of them; the last is known when all are."""
    made = {"other scopes": "", "good": served.token(PAA, *Scope)}
    past = date(2020, 1, 1)
    made["expired"] = create_token(
        served.store,
        PAA,
        scopes=[*Scope],
        until=past,
        actor="os:owner",
        today=lambda: past,
    ).text
    made["revoked"] = served.token(PAA, *Scope)
    revoke_token(
        served.store,
        int(made["revoked"].split("_")[1]),
        reason="leaked",
        actor="os:owner",
    )
    for scope in Scope:
        made[f"without {scope.value}"] = served.token(PAA, *({*Scope} - {scope}))
    made["elsewhere"] = served.token(PAA, *Scope, organisations=(OFFICE,))
    made["blocked"] = served.token(LEFT, *Scope)
    block(served.store, LEFT, reason="left", actor="os:owner")
    made["powerless"] = served.token(USER, *Scope)
    served.follow(made["powerless"])
    return made


def wrong(token: str) -> str:
    """A token with another secret."""
    return token[:-1] + ("0" if token[-1] != "0" else "1")


NOBODY: dict[str, Callable[[str], tuple[bytes, ...]]] = {
    "none": lambda _: (),
    "blank": lambda _: (b"",),
    "no scheme": lambda token: (token.encode(),),
    "basic": lambda token: (b"Basic " + token.encode(),),
    "bearer alone": lambda _: (b"Bearer",),
    "two blanks": lambda token: (b"Bearer  " + token.encode(),),
    "a tab": lambda token: (b"Bearer\t" + token.encode(),),
    "twice": lambda token: (bearer(token), bearer(token)),
    "joined": lambda token: (b", ".join([bearer(token)] * 50),),
    "letters of others": lambda token: (bearer(token) + "ä".encode(),),
    "another script": lambda token: (bearer(token.replace("1", "\u0661")),),
    "quoted": lambda token: (b'Bearer "' + token.encode() + b'"',),
    "too long": lambda token: (bearer(token) + b"a" * 9000,),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_who_shows_no_token_is_nobody(
    served: Served, tokens: dict[str, str], place: Place
) -> None:
    """Whatever else is sent: 401, and how to show who one is."""
    good = tokens["good"]
    for made in NOBODY.values():
        status, challenge, body = served.ask(place, *made(good))
        assert (status, challenge) == (401, REALM)
        assert nothing_is_told(served, body, good)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_token_that_is_not_good(
    served: Served, tokens: dict[str, str], place: Place
) -> None:
    """Wrong, unknown, expired, revoked, of another form: the same words."""
    good = tokens["good"]
    number = good.split("_")[1]
    bodies = set()
    for token in (
        tokens["expired"],
        tokens["revoked"],
        wrong(good),
        good.replace(f"_{number}_", "_999_"),
        good.replace(f"_{number}_", f"_0{number}_"),
        good.upper(),
        good[:-1],
        good + "=",
        "oik_",
    ):
        status, challenge, body = served.ask(place, bearer(token))
        assert (status, challenge) == (401, NO_GOOD)
        assert nothing_is_told(served, body, token)
        bodies.add(body)
    assert len(bodies) == 1


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_token_with_other_scopes(
    served: Served, tokens: dict[str, str], place: Place
) -> None:
    """403, and which scope is missing; of a provider's tokens too."""
    if place in (PLACES["grants"], PLACES["organisations"]):
        return  # one of two scopes is enough to look
    scope = place.scope.value
    others = " ".join(f"oikeus:{each.value}" for each in Scope if each != place.scope)
    for token in (tokens[f"without {scope}"], jwt_of(scope=others)):
        status, challenge, body = served.ask(place, bearer(token))
        needed = f'{REALM}, error="insufficient_scope", scope="{scope}"'
        assert (status, challenge) == (403, needed)
        assert nothing_is_told(served, body, token)


def test_token_for_another_organisation(served: Served, tokens: dict[str, str]) -> None:
    """403, at those that ask about one; a batch denies the item."""
    token = tokens["elsewhere"]
    for name in ("evaluation", "grant", "revoke"):
        status, challenge, body = served.ask(PLACES[name], bearer(token))
        assert (status, challenge) == (403, f'{REALM}, error="insufficient_scope"')
        assert nothing_is_told(served, body, token)


def test_token_for_another_organisation_is_told_of_none(
    served: Served, tokens: dict[str, str]
) -> None:
    """Neither what its subject holds here, nor that there is a place."""
    for name in ("grants", "organisations"):
        for query in ("", "?limit=1000"):
            place = PLACES[name]
            place = replace(place, path=f"{place.path}{query}")
            status, _, body = served.ask(place, bearer(tokens["elsewhere"]))
            assert status == 200
            assert SCHOOL.encode() not in body
            assert PAA.encode() not in body
            assert SCHOOL.encode() in served.ask(place, bearer(tokens["good"]))[2]


def test_power_of_another_subject(served: Served, tokens: dict[str, str]) -> None:
    """403 without the power; 400 for a body that names another who acts."""
    before = served.store.head()
    for name in ("powerless", "blocked"):
        status, _, body = served.ask(PLACES["grant"], bearer(tokens[name]))
        assert status == 403
        assert tokens[name].encode() not in body
        for member in ("granter", "actor", "as", "subject_id"):
            sent = replace(PLACES["grant"], body={**RIGHT, member: PAA})
            assert served.ask(sent, bearer(tokens[name]))[0] in {400, 403}
    assert served.store.head() == before


def test_good_tokens_are_let_in(served: Served, tokens: dict[str, str]) -> None:
    """Or the tests above would say nothing; the scheme is in any case."""
    good = tokens["good"]
    for name in ("evaluation", "subjects", "resources", "actions"):
        assert served.ask(PLACES[name], bearer(good))[0] == 200
    for name in ("grants", "organisations", "versions", "metrics"):
        assert served.ask(PLACES[name], b"bEARER " + good.encode())[0] == 200
        assert served.ask(PLACES[name], bearer(jwt_of()))[0] == 200


def test_what_is_for_everybody(served: Served, tokens: dict[str, str]) -> None:
    """It takes no token, knows no host, and tells nothing."""
    for path in OPEN:
        place = Place(path, Scope.EVALUATE)
        for brought in ((), (bearer(wrong(tokens["good"])),)):
            status, challenge, body = served.ask(place, *brought, host="evil.example")
            assert (status, challenge) == (200, None)
            assert b"evil" not in body
            assert nothing_is_told(served, body, tokens["good"])


def test_document_takes_a_token(served: Served, tokens: dict[str, str]) -> None:
    """Any that is good."""
    place = Place("/openapi.json", Scope.EVALUATE)
    assert served.ask(place)[:2] == (401, REALM)
    assert served.ask(place, bearer(wrong(tokens["good"])))[:2] == (401, NO_GOOD)
    assert served.ask(place, bearer(tokens["good"]))[0] == 200


def nothing_is_told(served: Served, body: bytes, token: str) -> bool:
    """Whether answer and log hold no token, no person, no policy, no exception."""
    log = served.log.getvalue()
    assert "oikeus.access: " in log
    told = body.decode() + log
    parts = [part for part in token.replace(".", "_").split("_") if len(part) > 20]
    return not [hidden for hidden in (*HIDDEN, *parts, token) if hidden in told]
