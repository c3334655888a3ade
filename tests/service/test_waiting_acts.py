"""An act that waits for its turn is judged by what is in force when it has it.

Whoever loses the right to act while others have the head does nothing with it: the
token may be revoked or expire, its subject be blocked, its organisations be moved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from oikeus import Scope, Store, block, revoke_token
from oikeus.service.administering.endpoints import OPERATIONS, administration_routes
from oikeus.service.application import application
from oikeus.service.authenticating import Tokens
from oikeus.service.jwts import Jwts
from oikeus.service.key_source import KeySource
from oikeus.service.operations import Method
from oikeus.service.settings import Settings
from oikeus.store import Change, Token, Writer
from oikeus.terms import Line

from ..openid import claims, key_set, settings, signed
from .conftest import DAY, Served

VASTUU = "person:1.2.246.562.24.90100000011"
PAA = "person:1.2.246.562.24.90100000012"
USER = "person:1.2.246.562.24.90100000013"
NEW = "person:1.2.246.562.24.90100000077"
KEUDA = "1.2.246.562.10.90100000000"
HELSINKI = "1.2.246.562.10.90200000000"
SCHOOL = "1.2.246.562.10.90101000000"

NEW_HOLDS = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}
USER_HOLDS = {**NEW_HOLDS, "subject": USER}
WISH = {"role": "ehoks-kayttaja", "organisation": SCHOOL}
NAMED = {"name": "uusi", "organisation": SCHOOL}
BLOCK = {"subject": USER, "reason": "left"}

ACTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "grant": (PAA, "grants", NEW_HOLDS),
    "renewGrant": (PAA, "grants/renew", {**USER_HOLDS, "until": "2026-12-31"}),
    "revokeGrant": (PAA, "grants/revoke", USER_HOLDS),
    "createCredential": (VASTUU, "credentials", NAMED),
    "removeCredential": (VASTUU, "credentials/remove", NAMED),
    "request": (NEW, "requests", WISH),
    "approveRequest": (PAA, "requests/{id}/approve", {}),
    "rejectRequest": (PAA, "requests/{id}/reject", {"reason": "x"}),
    "withdrawRequest": (NEW, "requests/{id}/withdraw", {}),
    "block": (PAA, "blocks", BLOCK),
    "liftBlock": (PAA, "blocks/lift", {"subject": USER}),
}
"""One act of each sort: who does it, where, and with which body."""

LOCAL = [name for name in ACTS if name not in {"block", "liftBlock"}]


class Waiting:
    """Lets something happen to whoever waits for their turn, before they have it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.meanwhile: Callable[[], object] | None = None

    @contextmanager
    def turn(self, store: Store) -> Iterator[Any]:
        """A turn, before which something happens, once."""
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        with self.begin(store) as writer:
            yield writer

    begin = staticmethod(Store.writing)

    def ask(self, name: str, meanwhile: Callable[[], object], **more: Any) -> int:  # noqa: ANN401 # of a token
        """Do an act during which something happens; the status of the answer."""
        by, path, body = ACTS[name]
        token = self.served.token(by, Scope.ADMINISTER, **more)
        if "{id}" in path:
            path = path.replace("{id}", str(self._prepared(NEW, "requests", WISH)))
        if name == "removeCredential":
            self._prepared(VASTUU, "credentials", NAMED)
        if name == "liftBlock":
            self._prepared(PAA, "blocks", BLOCK)
        self.meanwhile = meanwhile
        return self.served.ask(path, token, body).status

    def _prepared(self, by: str, path: str, body: object) -> int:
        token = self.served.token(by, Scope.ADMINISTER)
        found = self.served.ask(path, token, body)
        assert found.status == 201
        return int(found.json["version"])


@pytest.fixture
def waiting(served: Served, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """A service whose acts wait; two act at two providers, the school is at one."""
    with served.store.writing() as writer:
        there = f"{HELSINKI}@2026-01-01..2099-12-31"
        given = (
            Line("g", (PAA, "role:ehoks-paakayttaja", there)),
            Line("g", (VASTUU, "role:vastuukayttaja", there)),
        )
        writer.commit(Change("grant", "os:tester", "x", add=given))
    found = Waiting(served)
    monkeypatch.setattr(Store, "writing", lambda store: found.turn(store))  # noqa: PLW0108 # a method of each store
    return found


def move(store: Store) -> int:
    """Move the school to the other provider; the version."""
    old, new = (Line("g2", (SCHOOL, place)) for place in (KEUDA, HELSINKI))
    with store.writing() as writer:
        return writer.commit(
            Change("import", "os:owner", "x", add=(new,), remove=(old,))
        )


def nothing() -> None:
    """Nothing happens."""


def test_each_act_is_tried() -> None:
    """What is added to the service is added here."""
    posted = {each.name for each in OPERATIONS if each.method is Method.POST}
    assert {*ACTS} == posted


@pytest.mark.parametrize("name", ACTS)
def test_act_that_waits_is_done_where_nothing_happens(
    waiting: Waiting, name: str
) -> None:
    """So that what follows shows something."""
    assert waiting.ask(name, nothing) in {200, 201}


@pytest.mark.parametrize("name", ACTS)
def test_token_that_is_revoked_meanwhile_does_nothing(
    waiting: Waiting, name: str
) -> None:
    """The version that would follow the revocation is not made."""
    store, heads = waiting.served.store, []

    def revoke() -> None:
        token = store.tokens(day=DAY)
        number = next(each.id for each in token if each.subject == ACTS[name][0])
        heads.append(revoke_token(store, number, reason="lost", actor="os:owner"))

    assert waiting.ask(name, revoke) == 401
    assert heads == [store.head()]


def test_id_that_is_another_subjects_by_now_is_no_good(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that was restored meanwhile may have given it anew."""
    found, head = Writer.token, waiting.served.store.head()

    def others(writer: Writer, number: int, *, day: date) -> Token:
        return replace(found(writer, number, day=day), subject=USER)

    def restore() -> None:
        monkeypatch.setattr(Writer, "token", others)

    assert waiting.ask("grant", restore) == 401
    assert waiting.served.store.head() == head + 1  # its creation


@pytest.mark.parametrize("name", ACTS)
def test_token_that_expires_meanwhile_does_nothing(waiting: Waiting, name: str) -> None:
    """Its last day has passed when it has its turn."""
    served, heads = waiting.served, []

    def night() -> None:
        served.day += timedelta(days=1)
        heads.append(served.store.head())

    assert waiting.ask(name, night, until=DAY) == 401
    assert heads == [served.store.head()]


def test_token_of_a_provider_that_ends_meanwhile_does_nothing(
    waiting: Waiting, tmp_path: Path
) -> None:
    """Nothing but its end can be judged again, and that is."""
    served, clock = waiting.served, [time.time()]
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set("ec-1"))
    known = settings(keys=str(keys), scopes=frozenset(Scope))
    text = signed(claims(sub=PAA.partition(":")[2], scope="oikeus:administer"))

    def end() -> None:
        clock[0] += 1_000

    with KeySource(known) as source:
        provider = Jwts(known, source, now=lambda: clock[0])
        tokens = Tokens(served.book, provider, today=served.today)
        node = replace(served.node, authenticator=tokens)
        routes = administration_routes(node, served.acts, served.looks)
        served.app = application(node, Settings(), routes)
        assert served.ask("grants", text, NEW_HOLDS).status == 201
        head = served.store.head()
        waiting.meanwhile = end
        assert served.ask("grants/revoke", text, NEW_HOLDS).status == 401
    assert served.store.head() == head


@pytest.mark.parametrize("name", ACTS)
def test_subject_that_is_blocked_meanwhile_does_nothing(
    waiting: Waiting, name: str
) -> None:
    """Whatever it holds, its own rights and wishes as well."""
    store, heads = waiting.served.store, []

    def bar() -> None:
        by = ACTS[name][0]
        heads.append(block(store, by, reason="left", actor="os:owner"))

    assert waiting.ask(name, bar) == 403
    assert heads == [store.head()]


@pytest.mark.parametrize("name", LOCAL)
def test_organisation_that_moves_meanwhile_is_out_of_reach(
    waiting: Waiting, name: str
) -> None:
    """The token is good for one provider, and the school is the other's by then."""
    store, heads = waiting.served.store, []

    def moves() -> None:
        heads.append(move(store))

    assert waiting.ask(name, moves, organisations=(KEUDA,)) == 403
    assert heads == [store.head()]


@pytest.mark.parametrize("name", LOCAL)
def test_organisation_that_moves_is_in_reach_of_a_token_without_limit(
    waiting: Waiting, name: str
) -> None:
    """Whoever has the power at both places goes on."""
    assert waiting.ask(name, lambda: move(waiting.served.store)) in {200, 201}
