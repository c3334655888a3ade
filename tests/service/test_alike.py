"""A point at a service answers as the point of that service does, whatever is asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

import oikeus
from oikeus import Decides, Decision, OikeusError, Permission, Request, Scope, Store

from .conftest import DAY, Served
from .running import running_app

HOME = Path(__file__).resolve().parents[2]

TEACHER = "person:1.2.246.562.24.90100000003"
ENDED = "person:1.2.246.562.24.90200000004"
HEAD = "person:1.2.246.562.24.90100000002"
NEWCOMER = "person:1.2.246.562.24.90100000077"
SENDER = "system:keuda-tiedonsiirto"
PROVIDER = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90201010000"
LATER = DAY + timedelta(days=300)
TAKEN = (TEACHER, "read", "hoks", SCHOOL)
REFUSED = (ENDED, "read", "hoks", OFFICE)

Ask = Callable[[Decides], object]

QUESTIONS: dict[str, Ask] = {
    "allowed": lambda point: point.allows(*TAKEN),
    "denied": lambda point: point.allows(*REFUSED, LATER),
    "allowed that day": lambda point: point.allows(*REFUSED, DAY),
    "unknown everything": lambda point: point.allows("person:1", "x", "y", "1.2"),
    "blank": lambda point: point.allows("person:1", "", "hoks", SCHOOL),
    "a role": lambda point: point.allows("role:x", "read", "hoks", SCHOOL),
    "no kind": lambda point: point.allows("robot:1", "read", "hoks", SCHOOL),
    "two dots": lambda point: point.allows("person:1", "read", "hoks", "1..2"),
    "why allowed": lambda point: point.decide(Request(*TAKEN)),
    "why ended": lambda point: point.decide(Request(*REFUSED), LATER),
    "why elsewhere": lambda point: point.decide(
        Request(TEACHER, "read", "hoks", OFFICE), DAY
    ),
    "why a stranger": lambda point: point.decide(Request(NEWCOMER, *TAKEN[1:])),
    "why another deed": lambda point: point.decide(
        Request(TEACHER, "transfer", "hoks", SCHOOL)
    ),
    "why no kind": lambda point: point.decide(Request("robot:1", *TAKEN[1:])),
    "why no day": lambda point: point.decide(Request(*TAKEN), "2026"),  # type: ignore[arg-type] # refused
    "attribute that is none": lambda point: point.decide(
        Request(*TAKEN, attributes={"status": "open"})
    ),
    "many": lambda point: point.allows_many([TAKEN, Request(*REFUSED)], LATER),
    "many today": lambda point: point.allows_many([TAKEN] * 1100 + [REFUSED]),
    "none": lambda point: point.allows_many([]),
    "many, one of which is blank": lambda point: point.allows_many(
        [TAKEN, ("person:1", "", "hoks", SCHOOL)]
    ),
    "many, one of no kind": lambda point: point.allows_many(
        [TAKEN, ("robot:1", "read", "hoks", SCHOOL)]
    ),
    "may grant": lambda point: point.may_grant(
        HEAD, NEWCOMER, "ehoks-kayttaja", SCHOOL
    ),
    "may grant later": lambda point: point.may_grant(
        HEAD, NEWCOMER, "role:ehoks-kayttaja", SCHOOL, LATER + timedelta(days=200)
    ),
    "may not grant": lambda point: point.may_grant(
        TEACHER, NEWCOMER, "ehoks-kayttaja", SCHOOL
    ),
    "may not grant oneself": lambda point: point.may_grant(
        HEAD, HEAD, "ehoks-kayttaja", SCHOOL
    ),
    "may grant a system": lambda point: point.may_grant(
        HEAD, SENDER, "palvelukayttaja", SCHOOL
    ),
    "may grant no role": lambda point: point.may_grant(HEAD, NEWCOMER, "x", SCHOOL),
    "may grant nobody": lambda point: point.may_grant(HEAD, "x", "y", SCHOOL),
    "may revoke": lambda point: point.may_revoke(
        HEAD, TEACHER, "ehoks-kayttaja", SCHOOL
    ),
    "may give up": lambda point: point.may_revoke(
        TEACHER, TEACHER, "ehoks-kayttaja", SCHOOL
    ),
    "may not revoke": lambda point: point.may_revoke(
        NEWCOMER, TEACHER, "ehoks-kayttaja", SCHOOL
    ),
    "who": lambda point: point.who_can("read", "hoks", SCHOOL),
    "who then": lambda point: point.who_can("read", "hoks", OFFICE, LATER),
    "who sends": lambda point: point.who_can("transfer", "hoks", SCHOOL),
    "nobody": lambda point: point.who_can("x", "y", "1.2"),
    "who, blank": lambda point: point.who_can("", "hoks", SCHOOL),
    "who grants": lambda point: point.who_may_grant(
        NEWCOMER, "ehoks-kayttaja", SCHOOL, LATER
    ),
    "who grants to a system": lambda point: point.who_may_grant(
        SENDER, "palvelukayttaja", SCHOOL
    ),
    "who grants to no kind": lambda point: point.who_may_grant("x:1", "y", SCHOOL),
    "what": lambda point: point.what_can(TEACHER),
    "what, of a system": lambda point: point.what_can(SENDER),
    "what here": lambda point: point.what_can(HEAD, SCHOOL),
    "what elsewhere": lambda point: point.what_can(TEACHER, OFFICE),
    "what then": lambda point: point.what_can(ENDED, None, LATER),
    "what, of a stranger": lambda point: point.what_can(NEWCOMER),
    "what, of a role": lambda point: point.what_can("role:x"),
    "what, blank": lambda point: point.what_can(TEACHER, " "),
    "where": lambda point: point.where_can(TEACHER, "read", "hoks"),
    "where above": lambda point: point.where_can(HEAD, "share", "hoks", DAY),
    "where then": lambda point: point.where_can(ENDED, "read", "hoks", LATER),
    "nowhere": lambda point: point.where_can(TEACHER, "x", "y"),
    "where, of no subject": lambda point: point.where_can("anna", "read", "hoks"),
    "where, with a bad attribute": lambda point: point.where_can(
        TEACHER, "read", "hoks", attributes={"x": "y"}
    ),
}

RECORD = "record-1"
ADMIN, ARCHIVED, SOFT = {"role": "admin"}, {"status": "archived"}, {"soft": "true"}


def asked(text: str, **sent: str) -> Request:
    """A question about a record."""
    subject, action, record = text.split()
    return Request(f"user:{subject}", action, "record", record, attributes=sent)


RECORDS: dict[str, Ask] = {
    "plain": lambda point: point.decide(asked("bob write record-1")),
    "as an admin": lambda point: point.decide(
        asked("bob write record-1", **ADMIN, **ARCHIVED)
    ),
    "as an admin that day": lambda point: point.decide(
        asked("bob write record-1", **ADMIN, **ARCHIVED), DAY
    ),
    "softly": lambda point: point.decide(asked("alice delete record-1", **SOFT)),
    "not softly": lambda point: point.decide(
        asked("alice delete record-1", soft="false")
    ),
    "unknown value": lambda point: point.decide(
        asked("alice read record-1", status="*")
    ),
    "unknown attribute": lambda point: point.decide(
        asked("alice read record-1", colour="red")
    ),
    "many": lambda point: point.allows_many(
        [
            asked("alice delete record-1", **SOFT),
            asked("alice delete record-1"),
            asked("bob write record-2", **ADMIN, **ARCHIVED),
        ],
        DAY,
    ),
    "many, one with an unknown attribute": lambda point: point.allows_many(
        [asked("alice read record-1"), asked("alice read record-1", colour="red")]
    ),
    "what": lambda point: point.what_can("user:alice", attributes=SOFT),
    "what here": lambda point: point.what_can("user:bob", RECORD, attributes=ADMIN),
    "where": lambda point: point.where_can(
        "user:bob", "write", "record", attributes={**ADMIN, **ARCHIVED}
    ),
    "who": lambda point: point.who_can("delete", "record", RECORD, attributes=SOFT),
    "who then": lambda point: point.who_can("read", "record", RECORD, DAY),
}


def seen(found: object) -> object:
    """An answer, as far as it is to be the same: lists of places have no order."""
    if isinstance(found, Decision):
        return {
            "request": found.request,
            "effect": found.effect,
            "at": found.at,
            "version": found.version,
            "reason": found.reason,
            "rule": found.rule,
            "grant": found.grant,
            "misses": [(each.cause, each.text) for each in found.misses],
            "roles": found.roles,
            "granters": found.granters,
        }
    if isinstance(found, tuple) and found and isinstance(found[0], Permission):
        places = {(each.action, each.resource): each.organisations for each in found}
        return {deed: sorted(where) for deed, where in places.items()}
    return sorted(found) if isinstance(found, tuple) else found


def outcome(point: Decides, ask: Ask) -> object:
    """What comes of a question: an answer, or an error of some kind."""
    try:
        return seen(ask(point))
    except OikeusError as error:
        return type(error)


@contextmanager
def both(url: str, asker: str, day: date) -> Iterator[tuple[Decides, Decides]]:
    """A point at a database, and one at its service, over a connection."""
    with Store.open(url) as store:
        served = Served(store, day)
        token = served.token(asker, Scope.EVALUATE, Scope.SEARCH, Scope.AUDIT)
        served.point.refresh()
        with (
            running_app(served.app) as port,
            oikeus.connect(f"http://127.0.0.1:{port}", token=token) as there,
        ):
            yield served.point, there
        served.acts.close()
        served.looks.close()


@pytest.fixture(scope="module")
def world(
    made_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Decides, Decides]]:
    """The example world on the first of March 2026."""
    path = shutil.copy(made_world, tmp_path_factory.mktemp("alike") / "world.db")
    with both(f"sqlite:///{path}", "system:asker", DAY) as points:
        yield points


@pytest.fixture(scope="module")
def records(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Decides, Decides]]:
    """AuthZEN's records, whose rules look at attributes, and whose kind is `user`."""
    url = f"sqlite:///{tmp_path_factory.mktemp('alike') / 'records.db'}"
    folder = HOME / "examples" / "authzen"
    with Store.open(url) as store:
        model = oikeus.load_model(folder / "model.conf")
        oikeus.apply_policies(store, model, folder / "policies", actor="os:tester")
    with both(url, "user:asker", date(2026, 11, 29)) as points:
        yield points


@pytest.mark.parametrize("case", QUESTIONS, ids=list(QUESTIONS))
def test_answer_is_the_same(world: tuple[Decides, Decides], case: str) -> None:
    """Decisions with their explanations, days, powers, searches and errors."""
    here, there = (outcome(point, QUESTIONS[case]) for point in world)
    assert there == here


@pytest.mark.parametrize("case", RECORDS, ids=list(RECORDS))
def test_answer_with_attributes_is_the_same(
    records: tuple[Decides, Decides], case: str
) -> None:
    """Those that the catalogue maps from properties are sent by their names."""
    here, there = (outcome(point, RECORDS[case]) for point in records)
    assert there == here
