"""What a context says besides a question: another day, attributes, an explanation."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint, Line, Model, Scope, Snapshot
from oikeus.decide.scope import Scope as Part
from oikeus.policy.authzen import RESERVED
from oikeus.policy.model import parse_model
from oikeus.service.application import application
from oikeus.service.besides import DAY as DAY_SAID
from oikeus.service.besides import EXPLAIN
from oikeus.service.callers import Caller
from oikeus.service.freshness import MEMBER
from oikeus.service.questions import ATTRIBUTES
from oikeus.service.settings import Settings

from .asking import ALL, JSON, Observed, ask, node
from .conftest import DAY

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
SEARCH = "/access/v1/search/"
READ = {"name": "read"}


def hoks(subject: str, organisation: str = "1.2", action: str = "read") -> Any:  # noqa: ANN401
    """A question about plans."""
    return {
        "subject": {"type": "person", "id": subject},
        "action": {"name": action},
        "resource": {
            "type": "hoks",
            "id": "1",
            "properties": {"organisation": organisation},
        },
    }


def power(
    granter: str, to: str, role: str = "ehoks-kayttaja", *, organisation: str = "1.2"
) -> Any:  # noqa: ANN401
    """A question about a role."""
    properties = {"organisation": organisation, "to": f"person:{to}"}
    resource = {"type": "role", "id": role, "properties": properties}
    return hoks(granter, action="grant") | {"resource": resource}


def answered(app: ASGIApp, body: Any, **context: Any) -> Any:  # noqa: ANN401
    """What is answered to one question in a context."""
    answer = ask(app, ONE, {**body, "context": context})
    assert answer.status == 200, answer.text
    return answer.json


@pytest.mark.parametrize("context", [{"day": None}, {"explain": False}, {"other": 1}])
def test_nothing_is_asked_besides(app: ASGIApp, context: Any) -> None:  # noqa: ANN401
    """Nothing more is answered, and what nobody knows is passed over."""
    found = answered(app, hoks("user"), **context)["context"]
    assert found.keys() == {"id", "version", "reason"}


def test_another_day(ehoks: DecisionPoint) -> None:
    """It is decided for that day, said so, and recorded so."""
    observed = Observed()
    app = application(node(ehoks, observer=observed), Settings())
    found = answered(app, hoks("user"), day="2027-01-01")
    assert (found["decision"], found["context"]["day"]) == (False, "2027-01-01")
    assert found["context"]["reason"] == "no role held here on that day permits it"
    found = answered(app, hoks("user"), day="2026-12-31")
    assert (found["decision"], found["context"]["day"]) == (True, "2026-12-31")
    found = answered(app, power("boss", "new"), day="2027-01-01")["context"]
    assert found["reason"] == "no role held here on that day has this power"
    days = [date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [each.at for each in observed.decisions] == days
    assert answered(app, hoks("user"))["decision"] is True


def test_questions_of_all_languages_are_read_alike(app: ASGIApp) -> None:
    """By one reader: what it knows of words is not kept once for each language."""
    body = hoks("user") | {"context": {"day": "2027-01-01"}}
    reasons = [
        ask(app, ONE, body, headers=JSON | {"accept-language": tongue}).json["context"]
        for tongue in ("fi", "sv", "en")
    ]
    assert [each["reason"].split()[:2] for each in reasons] == [
        ["mikään", "täällä"],
        ["ingen", "roll"],
        ["no", "role"],
    ]


def test_days_of_several_questions(app: ASGIApp) -> None:
    """Each has its own, or that of the request, or today."""
    late = {"context": {"day": "2027-01-01"}}
    wrong = {"context": {"day": "tomorrow"}}
    explained = {"context": {"day": "2027-01-01", "explain": True}}
    body = hoks("user") | {"evaluations": [{}, late, wrong, explained]}
    first, second, third, fourth = ask(app, MANY, body).json["evaluations"]
    assert (first["decision"], "day" in first["context"]) == (True, False)
    assert (second["decision"], second["context"]["day"]) == (False, "2027-01-01")
    message = "context.day is no day, expected one such as 2026-03-01"
    assert third["context"]["error"] == {"status": 400, "message": message}
    miss = {"cause": "ended", "text": "`ehoks-kayttaja` ended on 2026-12-31"}
    assert fourth["context"]["explain"]["misses"] == [miss]
    body = hoks("user") | {"context": {"day": "2027-01-01"}, "evaluations": [{}]}
    (found,) = ask(app, MANY, body).json["evaluations"]
    assert (found["decision"], found["context"]["day"]) == (False, "2027-01-01")


@pytest.mark.parametrize("context", [{"explain": True}, {"attributes": {}}])
def test_day_that_is_told_where_it_was_not_asked_for(
    app: ASGIApp,
    context: Any,  # noqa: ANN401
) -> None:
    """A service that knows no such member would say nothing."""
    asked = hoks("user") | {"context": context}
    for found in (
        ask(app, ONE, asked).json,
        ask(app, MANY, asked | {"evaluations": [{}]}).json["evaluations"][0],
        ask(app, f"{SEARCH}action", asked).json,
    ):
        assert found["context"]["day"] == DAY.isoformat()


@pytest.mark.parametrize("what", ["subject", "resource", "action", "permission"])
def test_search_of_another_day(app: ASGIApp, what: str) -> None:
    """It finds what is found then, and says so."""
    body = hoks("user")
    if what == "permission":
        del body["resource"]
    body["subject"] |= {"id": "user"}
    for day, is_found in (("2026-12-31", True), ("2027-01-01", False)):
        found = ask(app, SEARCH + what, body | {"context": {"day": day}}).json
        assert found["context"] == {"version": 0, "day": day}
        assert bool(found["results"]) is is_found


@pytest.mark.parametrize(
    ("context", "detail"),
    [
        ({"day": 1}, "context.day is no day, expected one such as 2026-03-01"),
        ({"day": "20260301"}, "context.day is no day, expected one such as 2026-03-01"),
        (
            {"day": "2026-02-30"},
            "context.day is no day, expected one such as 2026-03-01",
        ),
        (
            {"explain": "yes"},
            "context.explain is neither true nor false, expected one of them",
        ),
        (
            {"attributes": {"secret": "1"}},
            (
                "context.attributes has an unknown name, expected none: the policy "
                "knows none"
            ),
        ),
        (
            {"attributes": ["secret"]},
            "context.attributes is no object, expected none: the policy knows none",
        ),
    ],
    ids=str,
)
def test_context_that_cannot_be_read(app: ASGIApp, context: Any, detail: str) -> None:  # noqa: ANN401
    """The question is refused, alone and in a search."""
    for path in (ONE, f"{SEARCH}subject"):
        answer = ask(app, path, hoks("user") | {"context": context})
        assert (answer.status, answer.json["detail"]) == (400, detail)


def record(**more: Any) -> Any:  # noqa: ANN401
    """A question of the certification's fixture."""
    return {
        "subject": {"type": "user", "id": "alice"},
        "action": READ,
        "resource": {"type": "record", "id": "record-1"},
        **more,
    }


def test_attributes_by_their_names(records: DecisionPoint) -> None:
    """They count as those of properties do; together they must not say it twice."""
    app = application(node(records), Settings())
    closed = {"properties": {"status": "closed"}}
    write = {"action": {"name": "write"}}
    by_property = record(**write)
    by_property["resource"] |= closed
    by_name = record(**write, context={"attributes": {"status": "closed"}})
    found = [ask(app, ONE, body).json for body in (by_property, by_name)]
    reasons = [(each["decision"], each["context"]["reason"]) for each in found]
    assert reasons[0] == reasons[1]
    both = by_property | {"context": {"attributes": {"status": "open"}}}
    answer = ask(app, ONE, both)
    detail = "the attribute `status` is said twice, expected it once"
    assert (answer.status, answer.json["detail"]) == (400, detail)


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"soft": True}, 200),
        ({"soft": 1}, 200),
        ({"soft": None}, 400),
        ({"soft": [1]}, 400),
        ({"other": "1"}, 400),
        ("soft", 400),
        (None, 200),
    ],
    ids=str,
)
def test_what_an_attribute_can_be(
    records: DecisionPoint,
    attributes: Any,  # noqa: ANN401
    status: int,
) -> None:
    """One of the policy's, with text, a whole number, or true or false."""
    app = application(node(records), Settings())
    body = record(context={"attributes": attributes})
    assert ask(app, ONE, body).status == status


def explained(point: DecisionPoint, body: Any, *at: str, audits: bool = True) -> Any:  # noqa: ANN401
    """What a caller is told in the whole."""
    scopes = ALL | {Scope.AUDIT} if audits else ALL
    caller = Caller("token:1", None, scopes, at)
    app = application(node(point, caller), Settings())
    found = answered(app, body, explain=True)["context"]
    return found["reason"], found["explain"]


def test_whole_explanation_of_an_allow(ehoks: DecisionPoint) -> None:
    """The rule and the grant are for whoever may audit."""
    reason, found = explained(ehoks, hoks("user"))
    assert reason.startswith("`ehoks-kayttaja` at `1.2` until 2026-12-31, by `p, ")
    assert found["grant"] == {
        "subject": "person:user",
        "role": "ehoks-kayttaja",
        "organisation": "1.2",
        "from": "2026-01-01",
        "until": "2026-12-31",
    }
    assert found["rule"]["text"] in reason
    assert found["rule"].keys() == {"text", "file", "line", "comment", "rules"}
    assert found.keys() == {"rule", "grant"}
    assert explained(ehoks, hoks("user"), audits=False) == (reason, {})


def test_whole_explanation_of_a_deny(ehoks: DecisionPoint) -> None:
    """What is missing, and who could give it."""
    reason, found = explained(ehoks, hoks("user", "1.3"))
    text = "`ehoks-kayttaja` is held at `1.2`, not at or above `1.3`"
    assert (reason, found["misses"]) == (
        text,
        [{"cause": "held elsewhere", "text": text}],
    )
    assert "ehoks-kayttaja" in found["roles"]
    assert "granters" not in found  # nobody can give it there
    _, found = explained(ehoks, hoks("nobody", "1.2"))
    assert "ehoks-paakayttaja" in found["granters"]
    reason, found = explained(ehoks, power("user", "new"))
    assert found["roles"]
    assert reason.startswith("the granter has no power over `ehoks-kayttaja`")


def test_caller_of_some_organisations_is_told_nothing_of_others(
    ehoks: DecisionPoint,
) -> None:
    """Somebody who holds a role elsewhere looks as if they held none."""
    elsewhere = explained(ehoks, hoks("user", "1.3"), "1.3")
    nowhere = explained(ehoks, hoks("nobody", "1.3"), "1.3")
    assert elsewhere == nowhere
    assert elsewhere[0] == "no role held here today permits it"
    assert "misses" not in elsewhere[1]
    assert elsewhere[1]["roles"]
    # an explanation that names no other place is given, and so is one of both places
    reason, found = explained(ehoks, hoks("barred"), "1.2")
    assert found["misses"][0]["cause"] == "blocked"
    assert reason.startswith("the subject is blocked")
    reason, found = explained(ehoks, hoks("user", "1.3"), "1.3", "1.2")
    assert found["misses"][0]["cause"] == "held elsewhere"
    reason, _ = explained(ehoks, hoks("user"), "1.2")
    assert reason.startswith("`ehoks-kayttaja` at `1.2`")


def among(point: DecisionPoint, *grants: str, model: Model | None = None) -> Any:  # noqa: ANN401
    """The same, and these grants."""
    lines = [Line("g", tuple(each.split(", "))) for each in grants]
    snapshot = Snapshot.build(
        model or point.snapshot.model, [*point.snapshot.facts.lines(), *lines]
    )
    return DecisionPoint(snapshot, today=point.today)


ENDED = "person:{}, role:ehoks-kayttaja, 1.2.1@2025-01-01..2025-12-31"


@pytest.mark.parametrize(
    "domain", ["1.3@2026-01-01..2026-12-31", "1.3@2026-01-01", "1.3"]
)
@pytest.mark.parametrize("role", ["ehoks-kayttaja", "ehoks-paakayttaja"])
def test_what_is_held_elsewhere_hides_nothing_that_is_missing_here(
    ehoks: DecisionPoint, domain: str, role: str
) -> None:
    """It may be nearer to an allow than what is held here: that would tell of it."""
    elsewhere = f"person:both, role:{role}, {domain}"
    point = among(ehoks, ENDED.format("one"), ENDED.format("both"), elsewhere)
    reason, found = explained(point, hoks("one"), "1.2")
    causes = [each["cause"] for each in found["misses"]]
    assert causes == ["held elsewhere", "ended"]
    assert explained(point, hoks("both"), "1.2") == (reason, found)
    assert explained(point, hoks("both")) != (reason, found)
    # and so with powers
    one, both = (explained(point, power(who, "new"), "1.2") for who in ("one", "both"))
    assert one == both


def test_answer_by_what_is_held_elsewhere_is_explained_in_brief(
    ehoks: DecisionPoint,
) -> None:
    """A model may decide so: then its answer is given, and no other one."""
    text = ehoks.snapshot.model.text
    here = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'
    assert here in text
    there = here.replace("r.org", '"1.3"')
    either = f'(p.eft == "deny" && {there} || p.eft != "deny" && {here})'
    model = parse_model(text.replace(here, either))
    point = among(
        ehoks,
        "person:user, role:ehoks-paakayttaja, 1.3@2026-01-01..2026-12-31",
        model=model,
    )
    deny = Line("p", ("role:ehoks-paakayttaja", "hoks", "read", "deny"))
    snapshot = Snapshot.build(model, [*point.snapshot.facts.lines(), deny])
    point = DecisionPoint(snapshot, today=point.today)
    reason, found = explained(point, hoks("user"), "1.2")
    assert reason == "a rule forbids it"
    assert "misses" not in found


def permissions(app: ASGIApp, **body: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401
    """What is found that somebody may do: on what, and where."""
    answer = ask(app, f"{SEARCH}permission", body)
    assert answer.status == 200, answer.text
    found = answer.json
    assert found["page"]["total"] == len(found["results"])
    for each in found["results"]:
        asked = {**body, "action": each["action"], "resource": each["resource"]}
        assert ask(app, ONE, asked).json["decision"] is True
    return [
        (each["action"]["name"], each["resource"]["type"], place(each["resource"]))
        for each in found["results"]
    ]


def place(resource: Any) -> str:  # noqa: ANN401
    """Where a resource is."""
    properties = resource.get("properties", {})
    return str(properties.get("organisation", resource["id"]))


def test_all_that_somebody_may_do(app: ASGIApp, ehoks: DecisionPoint) -> None:
    """Anywhere or at one organisation, as the decision point says it."""
    subject = {"type": "person", "id": "user"}
    found = permissions(app, subject=subject)
    expected = [
        (each.action, each.resource, place)
        for each in ehoks.what_can("person:user")
        for place in each.organisations
    ]
    assert sorted(found) == sorted(expected)
    assert len(found) == len({*found}) > 2
    one = {"properties": {"organisation": "1.2.1"}}
    here = permissions(app, subject=subject, resource=one)
    assert sorted(here) == sorted(each for each in found if each[2] == "1.2.1")
    assert permissions(app, subject=subject, resource={}) == found
    assert permissions(app, subject={"type": "cat", "id": "user"}) == []
    assert permissions(app, subject={"type": "person", "id": "nobody"}) == []


def test_permissions_of_a_caller_of_some_organisations(ehoks: DecisionPoint) -> None:
    """They are found where it may ask."""
    caller = Caller("token:1", None, ALL, ("1.2.1",))
    app = application(node(ehoks, caller), Settings())
    subject = {"type": "person", "id": "user"}
    found = permissions(app, subject=subject)
    assert {place for *_, place in found} == {"1.2.1"}
    above = {"properties": {"organisation": "1.2"}}
    assert permissions(app, subject=subject, resource=above) == []
    asked = hoks("user") | {"resource": {"type": "hoks"} | above}
    assert ask(app, f"{SEARCH}resource", asked).json["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"subject": {"type": "person", "id": "a,b"}},
        {
            "subject": {"type": "person", "id": "user"},
            "resource": {"properties": {"organisation": 1}},
        },
    ],
    ids=str,
)
def test_permissions_of_what_is_no_id(app: ASGIApp, body: Any) -> None:  # noqa: ANN401
    """They are refused."""
    assert ask(app, f"{SEARCH}permission", body).status == 400


def test_permissions_where_the_id_is_the_place(records: DecisionPoint) -> None:
    """The resource that is found has that id; another place is asked of by property."""
    app = application(node(records), Settings())
    subject = {"type": "user", "id": "alice"}
    found = permissions(app, subject=subject)
    assert ("read", "record", "record-1") in found
    one = {"properties": {"organisation": "record-1"}}
    here = permissions(app, subject=subject, resource=one)
    assert {place for *_, place in here} == {"record-1"}


def test_found_resource_says_what_carried_an_attribute(records: DecisionPoint) -> None:
    """So that asking about it says yes."""
    app = application(node(records), Settings())
    admin = {"type": "user", "id": "alice", "properties": {"role": "admin"}}
    asked = record(subject=admin, action={"name": "write"})
    for status in ("active", "archived"):
        asked["resource"] = {"type": "record", "properties": {"status": status}}
        found = ask(app, f"{SEARCH}resource", asked).json["results"]
        assert found
        for each in found:
            assert each["properties"] == {"status": status}
            again = asked | {"resource": each}
            assert ask(app, ONE, again).json["decision"] is True


def test_search_of_an_organisation_that_is_not_here(ehoks: DecisionPoint) -> None:
    """It is refused, as a question is: nothing is known of it."""
    places = frozenset({"1.2", "1.2.1"})
    part = Part("1.2", places, places, frozenset())
    snapshot = replace(ehoks.snapshot, scope=part)
    app = application(node(DecisionPoint(snapshot, today=lambda: DAY)), Settings())
    detail = "this service decides about `1.2` and what is below it"
    for what in ("subject", "resource", "action", "permission"):
        answer = ask(app, SEARCH + what, hoks("user", "1.3"))
        assert (answer.status, answer.json["detail"]) == (400, detail)


def test_no_attribute_comes_from_a_member_that_is_read_here() -> None:
    """The policy refuses them by these names."""
    assert {*RESERVED} == {MEMBER, DAY_SAID, EXPLAIN, ATTRIBUTES}
