"""Who may administer over HTTP: nobody uses another's power, and tokens take away."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from oikeus import (
    Administration,
    DecisionPoint,
    OtherHistoryError,
    Scope,
    Snapshot,
    Store,
    block,
    revoke_token,
    verify,
)
from oikeus.service.administering.endpoints import OPERATIONS, administration_routes
from oikeus.service.application import application
from oikeus.service.operations import Method
from oikeus.service.settings import Settings

from .conftest import Served

VASTUU = "person:1.2.246.562.24.90100000011"
PAA = "person:1.2.246.562.24.90100000012"
USER = "person:1.2.246.562.24.90100000013"
NEW = "person:1.2.246.562.24.90100000077"
KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90101010000"
RIGHT = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}
WISH = {"role": "ehoks-kayttaja", "organisation": SCHOOL}

MEMBERS = ("granter", "as", "actor", "by", "token", "caller", "approver")


def holds(served: Served, subject: str) -> bool:
    """Whether a subject holds anything."""
    return any(line.values[0] == subject for line in served.store.load().lines)


def test_act_is_recorded_with_its_token_and_its_subject(served: Served) -> None:
    """The token is the actor, and its subject the granter; the chain holds."""
    token = served.token(PAA, Scope.ADMINISTER)
    number = token.split("_")[1]
    assert served.ask("grants", token, RIGHT).status == 201
    made = served.store.version(served.store.head())
    assert (made.actor, made.granter) == (f"token:{number}", PAA)
    assert verify(served.store).findings == ()


def test_token_never_uses_anothers_power(served: Served) -> None:
    """Whatever is sent with it, be there a token of that other one."""
    served.token(PAA, *Scope)
    token = served.token(USER, *Scope)
    assert served.ask("grants", token, RIGHT).status == 403
    for member in MEMBERS:
        assert served.ask("grants", token, {**RIGHT, member: PAA}).status == 400
        assert served.ask(f"grants?{member}={PAA}", token, RIGHT).status == 400
    assert not holds(served, NEW)


def test_no_body_names_who_acts() -> None:
    """Of no operation: what is not known is refused."""
    for operation in OPERATIONS:
        assert operation.asked.__struct_config__.forbid_unknown_fields
        if operation.method is Method.POST:
            known = operation.asked.__struct_encode_fields__
            assert set(known).isdisjoint(MEMBERS)


@pytest.mark.parametrize(
    "scopes",
    [
        scopes
        for count in (1, 2, 3)
        for scopes in itertools.combinations(Scope, count)
        if Scope.ADMINISTER not in scopes
    ],
    ids="+".join,
)
def test_acts_take_the_scope_administer(
    served: Served, scopes: tuple[Scope, ...]
) -> None:
    """No other scope, and no others together, stand in for it."""
    token = served.token(PAA, *scopes)
    assert served.ask("grants", token, RIGHT).status == 403
    assert served.ask("requests", token, WISH).status == 403
    sees = 200 if Scope.AUDIT in scopes else 403
    assert served.ask("grants", token).status == sees
    assert served.ask("versions", token).status == sees


def test_administrator_does_not_audit(served: Served) -> None:
    """What others hold and do is another scope's."""
    token = served.token(NEW, Scope.ADMINISTER, Scope.EVALUATE, Scope.SEARCH)
    assert served.ask("versions", token).status == 403
    assert served.ask("versions/1", token).status == 403
    assert served.ask(f"grants?subject={PAA}", token).json["grants"] == []
    assert served.ask("requests", token).json["requests"] == []


def test_organisations_of_a_token_take_away(served: Served) -> None:
    """Its subject may more elsewhere; below them it may what the subject may."""
    token = served.token(PAA, *Scope, organisations=(OFFICE,))
    assert served.ask("grants", token, RIGHT).status == 403
    below = {**RIGHT, "organisation": OFFICE}
    assert served.ask("grants", token, below).status == 201
    assert served.ask("versions", token).status == 403
    assert served.ask("blocks", token, {"subject": NEW, "reason": "x"}).status == 403
    # they give nothing either
    other = served.token(USER, *Scope, organisations=(OFFICE,))
    assert served.ask("grants/revoke", other, below).status == 403


def test_expired_and_revoked_tokens_are_nobodys(served: Served) -> None:
    """From the day after the last, and from when the node knows of it."""
    token = served.token(PAA, *Scope)
    served.day += timedelta(days=365)
    assert served.ask("grants", token).status == 401
    assert served.ask("grants", token, RIGHT).status == 401
    served.day -= timedelta(days=365)
    assert served.ask("grants", token).status == 200
    revoke_token(served.store, int(token.split("_")[1]), reason="x", actor="os:owner")
    served.book.refresh()
    assert served.ask("grants", token, RIGHT).status == 401
    assert not holds(served, NEW)


def test_lost_right_gives_no_power_to_a_token(served: Served) -> None:
    """All is judged by what is in force, whatever the node decides by."""
    token = served.token(PAA, *Scope)
    block(served.store, PAA, reason="left", actor="os:owner")
    # the node does not follow here: it has not heard of it
    assert served.point.version < served.store.head()
    for asked in (served.ask("grants", token, RIGHT), served.ask("grants", token)):
        assert (asked.status, "reason" in asked.json) == (403, False)
        assert "blocked" in asked.json["detail"]
    assert not holds(served, NEW)


@pytest.fixture
def approvers(served: Served) -> list[str]:
    """Tokens of two who can decide the same applications."""
    second = "person:second"
    role = {"subject": second, "role": "ehoks-paakayttaja", "organisation": KEUDA}
    owner = served.token(VASTUU, *Scope)
    assert served.ask("grants", owner, role).status == 201
    return [served.token(who, Scope.ADMINISTER) for who in (PAA, second)]


def test_of_two_approvers_on_two_nodes_one_wins(
    served: Served, approvers: list[str]
) -> None:
    """Each time: the other is told 409, and there is one grant."""
    with Store.open(served.store.database.engine.url.render_as_string()) as store:
        nodes = (served, Served(store))
        for number in range(5):
            applicant = f"person:new{number}"
            token = served.token(applicant, Scope.ADMINISTER)
            nodes[1].point.refresh()
            nodes[1].book.refresh()
            made = served.ask("requests", token, WISH)
            path = f"requests/{made.json['version']}/approve"
            with ThreadPoolExecutor(2) as both:
                begun = [
                    both.submit(node.ask, path, token, {})
                    for node, token in zip(nodes, approvers, strict=True)
                ]
                statuses = sorted(each.result().status for each in begun)
            assert statuses == [200, 409]
            held = served.ask("grants", token).json["grants"]
            assert len(held) == 1
        nodes[1].acts.close()
        nodes[1].looks.close()


def test_token_that_was_revoked_by_now_does_nothing(served: Served) -> None:
    """Also where this process has not heard of it: the database is asked before."""
    served.point.on_change(served.book.refresh)
    token = served.token(PAA, Scope.ADMINISTER)
    served.point.refresh()
    number = int(token.split("_")[1])
    revoke_token(served.store, number, reason="lost", actor="os:owner")
    assert served.book.verify(token, served.day) is not None
    assert served.ask("grants", token, RIGHT).status == 401
    assert not holds(served, NEW)


@pytest.mark.parametrize("path", ["grants", "requests", "versions", "versions/1"])
def test_token_that_is_revoked_in_what_is_shown_sees_none_of_it(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """It may take long to load that, and the token was good when the request began."""
    served.point.on_change(served.book.refresh)
    token = served.token(PAA, *Scope)
    assert served.ask(path, token).status == 200
    load = Administration.snapshot

    def loads(administration: Administration) -> Snapshot:
        number = int(token.split("_")[1])
        revoke_token(served.store, number, reason="lost", actor="os:owner")
        return load(administration)

    monkeypatch.setattr(Administration, "snapshot", loads)
    assert served.ask(path, token).status == 401


def test_nobody_acts_on_a_database_of_another_history(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens that were revoked may be good in it, until its owner has accepted it."""

    def other() -> bool:
        known = "7:0"
        raise OtherHistoryError(known, 5, "1")

    token = served.token(PAA, *Scope)
    monkeypatch.setattr(served.point, "refresh", other)
    assert served.ask("grants", token, RIGHT).status == 503
    assert served.ask("versions", token).status == 503
    assert not holds(served, NEW)


def test_point_that_follows_nothing_is_not_asked_to(served: Served) -> None:
    """It decides by what it was given; acts are judged by what is in force."""
    token = served.token(PAA, Scope.ADMINISTER)
    node = replace(served.node, point=DecisionPoint(served.point.snapshot))
    routes = administration_routes(node, served.acts, served.looks)
    served.app = application(node, Settings(), routes)
    assert served.ask("grants", token, RIGHT).status == 201
    assert holds(served, NEW)
