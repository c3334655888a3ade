"""Plans: what finds the rules, in which order the rest is tried, and what it means."""

from typing import Any

import pytest
from simpleeval import AttributeDoesNotExist, FeatureNotAvailable, IterableTooLong

from oikeus import ModelError
from oikeus.decide.matcher.meaning import checked
from oikeus.decide.matcher.plan import Program, compile_rule, make_plan
from oikeus.decide.matcher.signature import Signature

SIGNATURE = Signature(
    request=("r_sub", "r_dom", "r_obj"),
    rule=("p_sub", "p_dom", "p_obj", "p_rule"),
    links=frozenset({"g"}),
    sure=frozenset({"g", "keyMatch", "regexMatch"}),
    steady=frozenset({"g", "keyMatch"}),
    known=frozenset({"g", "keyMatch", "regexMatch", "own"}),
)


def lines(text: str) -> list[str]:
    """What a plan says, without its first and last line."""
    return str(make_plan(text, SIGNATURE)).splitlines()[1:-1]


def program(text: str) -> Program:
    """A matcher's program."""
    found = make_plan(text, SIGNATURE).program
    assert found is not None
    return found


def value(text: str, *fields: Any) -> Any:  # noqa: ANN401 # any value
    """A matcher's value for a request and a rule of seven fields."""
    made = program(text)
    given = [*fields, *[""] * (7 - len(fields))]
    return made.value(*given, *[own for _ in made.functions])


def own(*values: object) -> object:
    """A function of the model."""
    return values[0]


def test_equalities_find_rules_whichever_way_round() -> None:
    """A database would plan it so."""
    assert lines("r_sub == p_sub && p_obj == r_obj && (r_dom == p_dom)") == [
        "look up the rules whose p.sub equals r.sub",
        "look up the rules whose p.obj equals r.obj",
        "look up the rules whose p.dom equals r.dom",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "own(r_sub)",
        "regexMatch(r_sub, p_sub)",
        "r_sub.age > 1",
        "r_sub['a'] == 1",
        "r_sub",
        "r_sub > 1",
        "r_sub in 5",
        "r_sub in {1, p_sub}",
        "r_sub - 1 == 2",
        "'%s' % r_sub == 'a'",
        "-r_sub == 1",
        "-1 == r_sub",
        "!own(r_sub)",
        "g(r_sub)",
        "g(r_sub, p_sub, r_dom, r_dom)",
        "g(r_sub, 1)",
        "keyMatch(r_sub, p_sub, r_dom)",
        "(r_sub || 1)",
        "(own(1) || True)",
        "(1 if own(1) else 2)",
        "r_sub + '" + "x" * 99_500 + "' == 'a'",
        "r_sub + (r_sub if 1 else r_sub) == 'a'",
        "r_sub in [own(1)]",
        "('a', r_sub) < ('b', p_sub)",
    ],
)
def test_equality_behind_what_may_raise_finds_nothing(first: str) -> None:
    """A rule that would have raised must still be reached."""
    assert lines(f"{first} && r_obj == p_obj")[0] == "take every rule, in order"


@pytest.mark.parametrize(
    "first",
    [
        "g(r_sub, p_sub)",
        "g(r_sub, p_sub, r_dom + '@' + p_dom)",
        "keyMatch(r_sub, p_sub)",
        "r_sub in ('a', p_sub, 1)",
        "r_sub in p_sub",
        "r_sub < p_sub",
        "!r_sub",
        "!(r_sub == p_sub || 1 == r_dom)",
        "(r_sub == p_sub if r_dom else True)",
        "True",
    ],
)
def test_equality_behind_a_harmless_test_finds_rules(first: str) -> None:
    """What cannot raise may be left out for rules that do not match anyway."""
    found = "look up the rules whose p.obj equals r.obj"
    assert lines(f"{first} && r_obj == p_obj")[0] == found


def test_second_equality_of_a_field_is_a_test() -> None:
    """One value is looked up, the other compared."""
    assert lines("r_sub == p_sub && r_obj == p_sub && r_sub == r_obj") == [
        "look up the rules whose p.sub equals r.sub",
        "once for a question: r.sub == r.obj",
        "on each rule: r.obj == p.sub",
    ]


def test_cheapest_test_comes_first_where_neither_raises() -> None:
    """Comparing is faster than asking for roles; what may raise keeps its place."""
    text = "g(r_sub, p_sub) && p_obj == 'x' && own(r_sub) && r_dom > 'a' && p_dom > 'a'"
    assert lines(text) == [
        "take every rule, in order",
        "of many, those whose p.sub is a role of r.sub",
        "on each rule: p.obj == 'x'",
        "on each rule: g(r.sub, p.sub)",
        "on each rule: own(r.sub)",
        "on each rule: r.dom > 'a'",
        "on each rule: p.dom > 'a'",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("g(r_sub, p_sub, r_dom)", True),
        ("g(p_sub, r_sub)", False),
        ("g(r_sub, p_sub, p_dom)", False),
        ("g(r_sub, p_sub, 'd')", False),
        ("keyMatch(r_sub, p_sub)", False),
        ("own(1) && g(r_sub, p_sub)", False),
    ],
)
def test_question_for_roles_is_turned_round(text: str, found: bool) -> None:  # noqa: FBT001 # the expected value
    """Where the request names subject and domain, its roles find the rules."""
    expected = "of many, those whose p.sub is a role of r.sub"
    assert (expected in lines(text)) is found


def test_rules_of_their_own_are_said() -> None:
    """The plan of a matcher with eval says where the text comes from."""
    assert lines("r_obj == p_obj && eval(p_rule) && r_sub == p_sub") == [
        "look up the rules whose p.obj equals r.obj",
        "on each rule: the matcher, with the text of p.rule in it",
    ]


@pytest.mark.parametrize("text", ["eval(r_sub)", "eval(p_none)", "'eval(p_rule)'"])
def test_eval_of_something_else_is_refused(text: str) -> None:
    """Only a rule's own text can be put in."""
    with pytest.raises(ModelError):
        make_plan(text, SIGNATURE)


def test_text_of_a_rule_is_part_of_the_matcher() -> None:
    """As in Casbin it is put in as text, in brackets."""
    names, code = compile_rule("eval(p_rule) && True", ("r.sub == 'a'",), SIGNATURE)
    assert names == ()
    assert code("a", "", "", "", "", "", "") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r_sub.age + 1", 6),
        ("r_sub['age'] - 1", 4),
        ("-r_obj", -2),
        ("!r_obj", False),
        ("r_obj * 3 / 2", 3.0),
        ("1 < r_obj < 3", True),
        ("1 < r_obj > 3", False),
        ("r_obj not in (1, 3) && r_obj in [2] && r_obj in {2, 3}", True),
        ("{'a': r_obj}", {"a": 2}),
        ("r_obj if r_dom else p_sub", ""),
        ("r_sub && r_obj", 2),
        ("own(r_obj, r_sub) + own(r_obj)", 4),
        ("'a' + r_dom", "a"),
        ("'a&&b' == \"a&&b\"", True),
        ("None", None),
    ],
)
def test_value_is_casbins(text: str, expected: object) -> None:
    """Attributes may be keys, and conjunctions give their last value."""
    found = value(text, {"age": 5}, "", 2)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("r_sub.none", AttributeDoesNotExist),
        ("r_obj.none", AttributeDoesNotExist),
        ("r_dom.os", FeatureNotAvailable),
        ("own(r_dom)", FeatureNotAvailable),
        ("r_dom.system", FeatureNotAvailable),
        ("r_sub['age'] * 'aaaaaaaaaa'", IterableTooLong),
    ],
)
def test_errors_are_casbins(text: str, error: type[Exception]) -> None:
    """What no matcher may have is refused in the same words."""
    import os  # noqa: PLC0415 # a value that must not be reached

    class Holder:
        os = __import__("os")
        system = os.system

    holder = os if text.startswith("own") else Holder()
    with pytest.raises(error):
        value(text, {"age": 50_000}, holder, 2)


def test_attribute_error_names_the_expression() -> None:
    """In Casbin's words, with the matcher as it was rewritten."""
    message = "Attribute 'none' does not exist in expression 'r_sub.none and 1'"
    with pytest.raises(AttributeDoesNotExist, match=message):
        value("r_sub.none && 1", "x")


def test_roles_are_asked_once_for_each_value() -> None:
    """An answer is kept for rules that bring the same values."""
    asked: list[tuple[str, ...]] = []

    def g(*values: str) -> bool:
        asked.append(values)
        return values[0] in values[1]

    text = "g(r_sub, p_sub) && g(r_sub, p_sub, r_dom + p_dom) && own(p_rule)"
    plan = program(text)
    rules = [["ab", "d", "", False], ["ab", "d", "", False], ["c", "d", "", ""]]
    found = [*plan.search(rules, "a", "in", "", g, own)]
    assert found == []
    assert asked == [("a", "ab"), ("a", "ab", "ind"), ("a", "c")]


def test_result_that_is_no_truth_raises_on_the_rule_that_gives_it() -> None:
    """Numbers other than whole ones count, and nothing else does."""
    plan = program("own(p_sub)")
    rules = [[True, "", "", ""], [0.0, "", "", ""], [2.5, "", "", ""], [1, "", "", ""]]
    for code in (plan.search, plan.scan):
        matching = iter(code(rules, "", "", "", own))
        assert [next(matching), next(matching)] == [rules[0], rules[2]]
        with pytest.raises(RuntimeError, match="matcher result should be bool, int or"):
            next(matching)


def test_rule_of_the_wrong_width_raises_when_it_is_reached() -> None:
    """Not before, as in Casbin."""
    matching = program("r_sub == p_sub").scan([["a"] * 4, ["a"]], "a", "", "")
    assert next(matching) == ["a"] * 4
    with pytest.raises(RuntimeError, match=r"^invalid policy size$"):
        next(matching)


def test_what_the_request_alone_decides_is_computed_once() -> None:
    """At its place: not at all where no rule gets so far."""
    asked: list[object] = []

    def count(value: object) -> bool:
        asked.append(value)
        return True

    plan = program("p_sub == 'a' && own(r_sub)")
    rules = [["b"] * 4, ["a"] * 4, ["a"] * 4]
    for code in (plan.search, plan.scan):
        assert len([*code(rules, "x", "", "", count)]) == 2
    assert asked == ["x", "x"]
    assert [*plan.scan(rules[:1], "x", "", "", count)] == []
    assert asked == ["x", "x"]


def test_failed_condition_ends_the_search() -> None:
    """No rule is looked at where the request alone says no."""
    plan = program("r_sub == 'a' && r_dom == 'd' && p_sub == 'a'")
    assert [*plan.search([["a"] * 4], "a", "d", "")] == [["a"] * 4]
    assert [*plan.search([None], "b", "d", "")] == []


def test_condition_before_an_index_that_leaves_no_test_is_kept() -> None:
    """What the request alone decides counts, also where the index decides the rest."""
    plan = program("r_sub == 'a' && r_obj == p_obj")
    rules = [["a"] * 4]
    assert [*plan.search(rules, "a", "", "")] == rules
    assert [*plan.search(rules, "b", "", "")] == []


def test_kinds_that_are_known_to_be_harmless_are_not_kept_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever makes types by the million fills no memory."""
    kept: set[type] = set()
    monkeypatch.setattr("oikeus.decide.matcher.meaning._MOST_KINDS", 3)
    monkeypatch.setattr("oikeus.decide.matcher.meaning._harmless", kept)
    for number in range(10):
        checked(type(f"Own{number}", (), {})())
    assert 1 <= len(kept) <= 3
