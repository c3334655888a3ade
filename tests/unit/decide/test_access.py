"""Requirements on deciding access from the grants of who asks."""

from __future__ import annotations

from typing import Any

import pytest

from oikeus.decide.access import check_kind
from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.matcher.deciding import ASKING
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import ModelError, RequestError
from oikeus.policy.model import Model
from oikeus.terms import Request

from .small_world import (
    DAY,
    GRANT,
    SHIPPED,
    TERMS,
    held,
    snapshot,
    without,
    written,
)

ALLOW_OVERRIDE = "some(where (p.eft == allow))"
OBJ, ACT = "r.obj == p.obj", "r.act == p.act"
BLOCKED = '!g3(r.sub, "blocked")'

FOLDED: dict[str, tuple[Model, str]] = {
    "as shipped": (SHIPPED, "denying"),
    "no rule denies": (written(*TERMS, e=ALLOW_OVERRIDE), "allowing"),
    "nobody is blocked": (written(*without(BLOCKED)), "denying"),
    "for persons": (
        written(*without("g3(p.sub, r.kind)"), 'r.kind == "person"'),
        "denying",
    ),
    "no action": (written(*without(ACT)), "denying"),
    "no key": (written(*without(ACT, OBJ)), "denying"),
    "no key, no denial": (written(*without(ACT, OBJ), e=ALLOW_OVERRIDE), "allowing"),
    "a pattern of actions": (
        written(*without(ACT), "keyMatch(r.act, p.act)"),
        "trying",
    ),
    "a pattern of resources": (
        written(*without(OBJ), "keyMatch(r.obj, p.obj)"),
        "trying",
    ),
    "both": (
        written(
            GRANT, "p.sub != r.sub", "keyMatch(r.obj, p.obj)", "keyMatch(r.act, p.act)"
        ),
        "trying",
    ),
    "a term of the question": (
        written(*TERMS, '!g2(r.org, "status:passive")'),
        "denying",
    ),
    "both, and a rest": (
        written(*TERMS, '!g2(r.org, "status:passive")', "r.act != p.obj"),
        "trying",
    ),
    "two terms of the question": (
        written(*TERMS, 'g2(r.org, "mode:auto")', 'r.day >= "2026-01-01"'),
        "denying",
    ),
    "the place is the resource": (written(*without(OBJ), "r.org == p.obj"), "denying"),
    "the action twice": (written(*TERMS, "r.act == p.obj"), "trying"),
    "a term about the kind": (
        written(*TERMS, 'r.kind != p.obj && p.act == "read"'),
        "denying",
    ),
    "a blocked name": (written(*TERMS, '!g3(r.sub, "person:1")'), "denying"),
    "a name put together": (written(*TERMS, '!g3(r.sub, r.kind + ":1")'), "denying"),
    "a subject by name": (written(*TERMS, 'r.sub != "person:1"'), "denying"),
}
"""Matchers that are decided from grants, and the form of what is looked up."""

WRITTEN: dict[str, Model] = {
    "roles stand for themselves": written(*without("r.sub != p.sub")),
    "a pattern that may raise": written(*without(ACT), "regexMatch(r.act, p.act)"),
    "no grant": written(*without(GRANT)),
    "another place": written(
        *without(GRANT), 'g(r.sub, p.sub, "root@" + r.day + "@" + p.sub)'
    ),
    "a grant or none": written(*without(GRANT), f'({GRANT} || r.sub == "person:1")'),
    "only those of whom a line speaks": written(*TERMS, 'g3(r.sub, "employee")'),
}
"""Matchers that are evaluated as they are written."""

MODELS = {**{name: model for name, (model, _) in FOLDED.items()}, **WRITTEN}

ROWS = (
    held("person:1", "user", "north"),
    held("person:1", "boss", "south"),
    held("person:2", "user", "north"),
    held("person:2", "boss", "north"),
    held("person:3", "user", "north-school", "2025"),
    held("person:4", "boss", "north-school"),
    held("person:5", "user", "north"),
    "g3, person:5, blocked",
    held("person:6", "robot", "north"),
    held("person:7", "tunnus", "root"),
    held("person:8", "a@b", "north"),
    "g3, role:a@b, person",
    "g4, north, role:a@b",
    "g3, person:1, employee",
    "g, person:9, person:9, north@2026-01-01..2026-12-31",
    "g, person:1, person:9, north@2026-01-01..2026-12-31",
    "g3, person:9, person",
    "g4, north, person:9",
    "g, person:1, hut, hut@2026-01-01..2026-12-31",
    "g, person:2, hut, hut@2025-01-01..2025-12-31",
    "g3, hut, person",
    "p, hut, plan, read, allow",
    held("system:1", "robot", "north"),
    held("alien:1", "user", "north"),
    held("person:a'b", "user", "north"),
    held("role:user", "boss", "north"),
    held("nobody", "user", "north"),
    held("person:1", "user", "attic"),
    "g4, attic, level:school",
    held("person:1", "user", "a..b"),
    "g4, a..b, level:school",
    "g2, south, status:passive",
    "g2, north-office, south",
    "g2, root, north-office",
    "p, role:boss, plan, share, deny",
    "p, role:user, plan, share, allow",
    "p, role:boss, plan, read, deny",
    "p, role:user, north, read, allow",
    "p, role:user, read, read, allow",
    "p, role:user, report/*, r*, allow",
    "p, role:a@b, plan, read, allow",
    "p, person:9, plan, read, allow",
    "p, role:user, plan, a'b, allow",
    "p, role:user, a..b, read, allow",
)

SUBJECTS = (*(f"person:{number}" for number in range(11)), "system:1", "system:2")
PLACES = (
    *("north", "north-school", "north-office", "south", "root", "attic", "mars"),
    "hut",  # a role, too: to Casbin it can be held at itself
)
DEEDS = (
    *(("read", "plan"), ("share", "plan"), ("send", "plan"), ("read", "north")),
    *(("read", "read"), ("roll", "report/1"), ("burn", "plan"), ("read", "ash")),
)


def form_of(made: Snapshot) -> str | None:
    """Which form of code decides; none where the matcher is evaluated as written."""
    decider, code = made.evaluator.matchers["m"].decider, made.access.code
    if decider is None or not made.access.is_folded:
        assert code is ASKING
        return None
    (form,) = (form for form, found in decider.allows.items() if found is code)
    return form


@pytest.mark.parametrize(("model", "form"), FOLDED.values(), ids=FOLDED)
def test_what_can_be_folded_is_looked_up(model: Model, form: str) -> None:
    """In the quickest form that the rules allow."""
    assert form_of(snapshot(*ROWS, model=model)) == form


@pytest.mark.parametrize("model", WRITTEN.values(), ids=WRITTEN)
def test_what_cannot_be_folded_is_evaluated(model: Model) -> None:
    """Nothing is guessed about a matcher of another form."""
    assert form_of(snapshot(*ROWS, model=model)) is None


def test_denials_are_looked_up_only_where_there_are_any() -> None:
    """The shipped policy has none."""
    assert form_of(snapshot()) == "allowing"
    assert form_of(snapshot("p, role:user, plan, read, deny")) == "denying"
    assert form_of(snapshot("p, role:user, plan, read, dney")) == "allowing"
    assert form_of(snapshot(policy="")) == "allowing"


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_answer_is_that_of_the_model_as_written(model: Model) -> None:
    """Whatever was folded; for blocked, expired, misplaced and odd grants too."""
    made = snapshot(*ROWS, model=model)
    asked = DecisionPoint(made)
    allowed = 0
    for subject in SUBJECTS:
        for deed in DEEDS:
            for place in PLACES:
                request = Request(subject, *deed, place)
                expected = made.evaluator.ask(request, DAY).allowed
                assert asked.allows(subject, *deed, place, DAY) is expected, request
                assert asked.allows_many([request], DAY) == [expected]
                behind = made.access.behind(subject, *deed, place, DAY.toordinal())
                assert (behind is not False) is expected, request
                assert behind in {True, False} or behind in made.facts.grants.holders
                allowed += expected
    assert allowed


class Text(str):
    """Text of a type of its own, as enumerations have it."""

    __slots__ = ()


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_text_of_another_type_is_text(model: Model) -> None:
    """The answer is that of the same text."""
    asked = DecisionPoint(snapshot(*ROWS, model=model))
    for place in ("north", "mars"):
        parts = "person:1", "read", "plan", place
        who, act, obj, at = map(Text, parts)
        assert asked.allows(who, act, obj, at, DAY) is asked.allows(*parts, DAY)


REFUSED: dict[str, tuple[Any, Any, Any, Any]] = {
    "blank subject": ("", "read", "plan", "north"),
    "no kind": ("anna", "read", "plan", "north"),
    "no kind, but grants": ("nobody", "read", "plan", "north"),
    "unknown kind, but grants": ("alien:1", "read", "plan", "north"),
    "role, with grants": ("role:user", "read", "plan", "north"),
    "subject that is no id, with grants": ("person:a'b", "read", "plan", "north"),
    "subject that is no text": (5, "read", "plan", "north"),
    "subject that cannot be hashed": (["person:1"], "read", "plan", "north"),
    "blank action": ("person:1", "", "plan", "north"),
    "blank before the action": ("person:1", " read", "plan", "north"),
    "action that is no id, with a rule": ("person:1", "a'b", "plan", "north"),
    "no action": ("person:1", None, "plan", "north"),
    "bytes": ("person:1", b"read", "plan", "north"),
    "action that cannot be hashed": ("person:1", {}, "plan", "north"),
    "blank resource": ("person:1", "read", "", "north"),
    "resource that is no id, with a rule": ("person:1", "read", "a..b", "north"),
    "resource that is too long": ("person:1", "read", "x" * 256, "north"),
    "resource that is no text": ("person:1", "read", 1.5, "north"),
    "blank organisation": ("person:1", "read", "plan", ""),
    "organisation that is no id, with grants": ("person:1", "read", "plan", "a..b"),
    "domain": ("person:1", "read", "plan", "north@2026-03-01"),
    "typed organisation, in the tree": ("person:1", "read", "plan", "mode:auto"),
    "organisation that is no text": ("person:1", "read", "plan", ("north",)),
    "organisation that cannot be hashed": ("person:1", "read", "plan", [1]),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_what_no_request_can_have_is_refused_on_every_path(model: Model) -> None:
    """Also where rows of the database hold the very same ids."""
    asked = DecisionPoint(snapshot(*ROWS, model=model))
    for who, act, obj, at in REFUSED.values():
        with pytest.raises(RequestError) as one:
            asked.allows(who, act, obj, at, DAY)
        with pytest.raises(RequestError) as many:
            asked.allows_many([(who, act, obj, at)], DAY)
        assert str(one.value) == str(many.value)
        # what a request itself takes, the policy does not know
        if "is of no known kind" not in str(one.value):
            with pytest.raises(RequestError) as made:
                Request(who, act, obj, at)
            assert str(one.value) == str(made.value)


def test_what_nobody_knows_leaves_no_trace() -> None:
    """Subjects, actions, resources and places; none that lines do not name."""
    made = snapshot(*ROWS)
    asked = DecisionPoint(made)
    tables = made.access.looked_up
    before = *map(len, tables[:4]), made.register.all_above()
    for number in range(50):
        assert not asked.allows(f"person:x{number}", "read", "plan", "attic", DAY)
        assert not asked.allows("person:1", "read", "plan", f"x{number}", DAY)
        assert not asked.allows("person:1", f"x{number}", "plan", "north", DAY)
        assert not asked.allows("person:1", "read", f"x{number}", "north", DAY)
    assert (*map(len, tables[:4]), made.register.all_above()) == before
    assert made.access.looked_up is tables


def test_a_matcher_that_raises_decides_nothing() -> None:
    """No exception becomes an answer, of those who are put aside neither."""
    model = written(*without(ACT), "regexMatch(r.act, p.act)")
    rule = "p, role:user, plan, *, allow"
    asked = DecisionPoint(snapshot(ROWS[0], rule, model=model))
    with pytest.raises(ModelError, match="the matcher `m` failed on this request"):
        asked.allows("person:1", "read", "plan", "north", DAY)


def test_a_subject_is_of_a_kind_that_the_policy_knows() -> None:
    """The text names those that it knows."""
    check_kind(frozenset({"person"}), "person:1")
    with pytest.raises(RequestError) as refused:
        check_kind(frozenset({"system", "person"}), "alien:1")
    assert str(refused.value) == (
        "`alien:1` is of no known kind, expected person:ID or system:ID"
    )
