"""Requirements on which terms are decided when grants are loaded."""

from __future__ import annotations

import ast
import re

import pytest

from oikeus.decide.compiled import compile_matchers
from oikeus.decide.matcher.folding import (
    Folding,
    conjunction,
    fold,
    linked_by,
    needs_grant,
    words,
)
from oikeus.decide.matcher.plan import Plan
from oikeus.policy.model import parse_model

GRANT = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'
OTHERS = "r.sub != p.sub"
MODEL = """
[request_definition]
r = sub, kind, org, day, obj, act
r2 = sub, by, to, kind, org, day, role
[policy_definition]
p = sub, obj, act, eft
p2 = sub, role
[role_definition]
g = _, _, _
g2 = _, _
g3 = _, _
g4 = _, _
[policy_effect]
e = some(where (p.eft == allow))
e2 = some(where (p.eft == allow))
[matchers]
m = {}
m2 = {}
"""


def folding(*terms: str) -> Folding | None:
    """Sort the terms of a matcher."""
    return fold(plan_of("m", *terms))


def plan_of(name: str, *terms: str) -> Plan:
    """The plan of a matcher with these terms, of `m` or of `m2`."""
    found = {"m": "r.sub != p.sub", "m2": "r2.sub != p2.sub"}
    found[name] = " && ".join(terms)
    return compile_matchers(parse_model(MODEL.format(*found.values())))[name].plan


def texts(found: tuple[ast.expr, ...]) -> list[str]:
    """Terms as text."""
    return [ast.unparse(term) for term in found]


@pytest.mark.parametrize(
    ("term", "place"),
    [
        ("g3(p.sub, r.kind)", "kind"),
        ('r.kind == "person"', "kind"),
        ("p.act == r.kind", "kind"),
        ('p.eft == "allow"', "kind"),
        ('!g3(r.sub, "blocked")', "subject"),
        ('!g2(r.sub, "status:passive")', "subject"),
        ('(g3(r.sub, "a") || g4(r.sub, r.kind))', "subject"),
        ('!g3(r.sub, "person" + ":1")', "question"),
        ('!g3(r.sub, r.kind + ":1")', "question"),
        ("!g3(r.sub, r.sub)", "question"),
        ('!g3("x", r.sub)', "question"),
        ('r.sub != "person:1"', "question"),
        ('!g2(r.org, "status:passive")', "question"),
        ('r.day >= "2026-01-01"', "question"),
        ('g(r.sub, "role:a", r.org + "@" + r.day + "@role:a")', "question"),
        ('g("person:2", "role:a", "x@2026-03-01@role:a")', "question"),
        ('(!g3(r.sub, "a") || g("person:2", "role:a", "x"))', "question"),
        ('!g(p.sub, "role:a", "x@2026-03-01@role:a")', "rest"),
        ("keyMatch(r.act, p.act)", "rest"),
        ("r.day == p.act", "rest"),
        ("r.sub == p.act", "rest"),
        ("r.obj in (p.obj, p.act)", "rest"),
    ],
)
def test_a_term_stands_where_it_is_decided(term: str, place: str) -> None:
    """When grants are loaded, when rules are, for a question, or on each rule."""
    found = folding(OTHERS, GRANT, term)
    assert found is not None
    counts = {
        name: len(getattr(found, name))
        for name in ("subject", "kind", "question", "rest")
    }
    assert counts == {"subject": 0, "kind": 0, "question": 0, "rest": 0} | {place: 1}
    assert found.request == found.rule == ()


@pytest.mark.parametrize(
    ("terms", "request_", "rule"),
    [
        (["r.obj == p.obj", "r.act == p.act"], (4, 5), (1, 2)),
        (["p.act == r.act"], (5,), (2,)),
        (["r.org == p.obj"], (2,), (1,)),
        (["r.act == p.obj", "r.obj == p.obj"], (5,), (1,)),
    ],
)
def test_equalities_are_looked_up(
    terms: list[str], request_: tuple[int, ...], rule: tuple[int, ...]
) -> None:
    """Each field of a rule once; a second equality of it is a rest."""
    found = folding(GRANT, *terms, "p.sub != r.sub")
    assert found is not None
    assert (found.request, found.rule) == (request_, rule)
    assert len(found.rest) == len(terms) - len(rule)


@pytest.mark.parametrize(
    "terms",
    [
        [GRANT],
        [OTHERS],
        [OTHERS, GRANT, "regexMatch(r.act, p.act)"],
        [OTHERS, GRANT, "keyMatch2(r.act, p.act)"],
        [OTHERS, f'({GRANT} || r.kind == "system")'],
        [OTHERS, 'g(r.sub, p.sub, "root@" + r.day + "@" + p.sub)'],
        [OTHERS, 'g(r.sub, "role:a", r.org + "@" + r.day + "@role:a")'],
        [f"({OTHERS} || r.kind == 'system')", GRANT],
        [f"!({GRANT})", OTHERS],
    ],
)
def test_a_matcher_of_another_form_is_not_folded(terms: list[str]) -> None:
    """It does not insist on a grant, may raise, or lets roles stand for themselves."""
    assert folding(*terms) is None


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([GRANT], True),
        ([GRANT, OTHERS], True),
        ([OTHERS, f"({GRANT} && regexMatch(r.act, p.act))"], True),
        ([OTHERS], False),
        ([f'({GRANT} || r.kind == "system")'], False),
        ([f"!({GRANT})"], False),
        (['g(r.sub, p.sub, "root@" + r.day + "@" + p.sub)'], False),
        (['g(r.sub, p.obj, r.org + "@" + r.day + "@" + p.obj)'], False),
    ],
)
def test_both_matchers_may_insist_on_a_grant(
    terms: list[str],
    expected: bool,  # noqa: FBT001 # the case
) -> None:
    """In a term that must hold by itself, whatever else there is."""
    assert needs_grant(plan_of("m", *terms)) is expected
    powers = [term.replace("r.", "r2.").replace("p.", "p2.") for term in terms]
    powers = [
        re.sub(r"\b(r2\.act|p2\.act|p2\.obj)", "p2.role", term) for term in powers
    ]
    assert needs_grant(plan_of("m2", *powers)) is expected


def test_functions_are_those_that_a_question_calls() -> None:
    """What was asked when grants were loaded is not asked again."""
    found = folding(
        OTHERS,
        GRANT,
        '!g3(r.sub, "blocked")',
        "keyMatch(r.act, p.act)",
        '!g2(r.org, "x")',
    )
    assert found is not None
    assert {*found.functions} == {"g2", "keyMatch"}


def test_the_plan_says_what_is_done_when() -> None:
    """In the words of the model."""
    model = parse_model(
        MODEL.format(
            f'{OTHERS} && {GRANT} && g3(p.sub, r.kind) && !g3(r.sub, "blocked") '
            "&& r.obj == p.obj && keyMatch(r.act, p.act) "
            '&& !g2(r.org, "status:passive")',
            "r2.sub != p2.sub",
        )
    )
    matcher = compile_matchers(model)["m"]
    shown = "\n".join(matcher.lines(is_folded=True))
    for text in (
        "once for a subject: not g3(r.sub, 'blocked')",
        "once for a kind of subject and a rule: g3(p.sub, r.kind)",
        "look up the rules whose p.obj equals r.obj",
        "once for a subject: r.sub != p.sub",
        "once for a question: not g2(r.org, 'status:passive')",
        "on each rule of those: keyMatch(r.act, p.act)",
        "for a question of which a part is unknown: deny",
        "for a subject that did not pass when loaded, and to give reasons:",
    ):
        assert text in shown
    unfolded = "\n".join(compile_matchers(model)["m2"].lines(is_folded=True))
    assert "loaded" not in unfolded
    assert "short text" not in shown + unfolded


def parsed(text: str) -> ast.expr:
    """An expression."""
    return ast.parse(text, mode="eval").body


def test_the_words_of_terms_are_those_in_quotes() -> None:
    """A subject may be one of them."""
    assert words((parsed("g3(r_sub, 'a') or r_kind == 'b'"), parsed("f(1)"))) == {
        "a",
        "b",
    }


def test_links_of_the_subject_are_asked_for_by_a_word() -> None:
    """A call of another function, of something else, is none."""
    text = "g3(r_sub, 'a') and g4(r_sub, r_kind) and g2(r_org, 'a') and h.g(r_sub, 'a')"
    assert linked_by(parsed(text)) == ["g3", "g4"]


def test_terms_are_put_together() -> None:
    """None are true, one is itself."""
    one = parsed("a")
    assert ast.unparse(conjunction(())) == "True"
    assert conjunction((one,)) is one
    assert ast.unparse(conjunction((one, parsed("b")))) == "a and b"
    assert texts((one,)) == ["a"]
