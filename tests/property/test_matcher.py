"""The matcher compiler against stock Casbin: any text, harmless or hostile.

What is compiled gives what Casbin gives; what is not is a `ModelError`, nothing else.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from types import CodeType
from typing import Any

import casbin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus import Enforcer, ModelError
from oikeus.decide.matcher.meaning import NAMES
from oikeus.decide.matcher.plan import Program, make_plan
from oikeus.decide.matcher.signature import Signature

from .casbin_values import VALUES as ODD
from .casbin_values import Person
from .matcher_texts import HOSTILE
from .test_enforcer import model_of, outcome

MODEL = """
[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub
"""
SIGNATURE = Signature(
    request=("r_sub", "r_obj"),
    rule=("p_sub", "p_obj"),
    links=frozenset({"g"}),
    sure=frozenset({"g", "keyMatch"}),
    steady=frozenset({"g", "keyMatch"}),
    known=frozenset({"g", "keyMatch", "regexMatch"}),
)
WORDS = ("alice", "data", "/a/*", "/a/b", "", "a")
_leaves = st.one_of(
    st.sampled_from(("r_sub", "r_obj", "p_sub", "p_obj")),
    st.sampled_from([repr(word) for word in WORDS]),
    st.sampled_from(("0", "1", "1.5", "0.0", "True", "False", "None", "''", "()")),
)


def _grown(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(part, part)
    signs = ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "/", "//")
    return st.one_of(
        st.builds(
            lambda pair, sign: f"({pair[0]} {sign} {pair[1]})",
            pair,
            st.sampled_from((*signs, "%", "**", "&&", "||", "&&", "||")),
        ),
        st.builds(lambda one: f"(!{one})", part),
        st.builds(lambda one: f"(-{one})", part),
        pair.map(lambda pair: f"({pair[0]} == {pair[1]} != r_sub)"),
        pair.map(lambda pair: f"g({pair[0]}, {pair[1]})"),
        pair.map(lambda pair: f"keyMatch({pair[0]}, {pair[1]})"),
        pair.map(lambda pair: f"regexMatch({pair[0]}, {pair[1]})"),
        pair.map(lambda pair: f"({pair[0]} if {pair[1]} else r_obj)"),
        pair.map(lambda pair: f"({pair[0]}, {pair[1]})"),
        pair.map(lambda pair: f"[{pair[0]}, {pair[1]}]"),
        pair.map(lambda pair: f"{{{pair[0]}, {pair[1]}}}"),
        pair.map(lambda pair: f"{{'a': {pair[0]}, 1: {pair[1]}}}"),
        pair.map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        part.map(lambda one: f"({one}).age"),
    )


EXPRESSIONS = st.recursive(_leaves, _grown, max_leaves=8)
CONJUNCTIONS = st.lists(EXPRESSIONS, min_size=1, max_size=4).map(" && ".join)
ANYTHING = st.one_of(
    CONJUNCTIONS,
    st.lists(st.one_of(st.sampled_from(HOSTILE), EXPRESSIONS), max_size=3).map(
        " && ".join
    ),
    st.text(max_size=30),
    st.builds(
        lambda whole, place, part: whole[:place] + part + whole[place:],
        CONJUNCTIONS,
        st.integers(0, 40),
        st.sampled_from(HOSTILE),
    ),
)
VALUES = st.sampled_from((*WORDS, 5, 1.5, ["a"], {"age": 3}, Person(4), *ODD))
REQUESTS = st.tuples(VALUES, VALUES) | st.tuples(*[st.sampled_from(WORDS)] * 2)
RULES = st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=2), max_size=3)


def compare(
    text: str,
    request: Sequence[Any],
    rules: Sequence[Sequence[str]],
    links: Sequence[Sequence[str]],
) -> None:
    """Ask ours and Casbin's."""
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        enforcer = kind(model_of(MODEL))
        enforcer.model["p"]["p"].policy = [[*rule] for rule in rules]
        enforcer.add_grouping_policies([[*link] for link in links])
        enforcer.model["m"]["m"].value = text
        told, said = outcome(enforcer, lambda e: e.enforce_ex(*request))
        found.append((told, FUNCTION.sub("g", said)))
    assert found[0] == found[1]


FUNCTION = re.compile(
    r"Links.for_any.<locals>.ask|generate_g_function.<locals>.f| at 0x\w+"
)
"""How Python names the function that asks for roles, ours and Casbin's."""

MANY = settings(max_examples=5 * (settings.default or settings()).max_examples)


def names_in(code: CodeType) -> set[str]:
    """Every name that some code can reach that is not its own."""
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return {*code.co_names}.union(*map(names_in, inner))


def compiled(text: str) -> Program | None:
    """The program of a matcher; none where it is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return make_plan(text, SIGNATURE).program
        except ModelError:
            return None


@MANY
@given(ANYTHING)
def test_code_of_a_matcher_reaches_nothing_else(text: str) -> None:
    """Whatever the text is: no other error, no attribute, no builtin, no module."""
    program = compiled(text)
    if program is None:
        return
    for function in (program.value, program.scan, program.search):
        code: Any = function
        allowed = {*NAMES, "setdefault"} - {"__builtins__"}
        assert names_in(code.__code__) <= allowed, text
        assert code.__globals__["__builtins__"] == {}


@MANY
@given(ANYTHING, REQUESTS, RULES, st.booleans())
def test_matcher_gives_what_stock_casbin_gives(
    text: str,
    request: tuple[Any, Any],
    rules: list[list[str]],
    linked: bool,  # noqa: FBT001 # drawn
) -> None:
    """Compiled or not, the answer and the error are Casbin's."""
    links = [["alice", "data"]] if linked else []
    compare(text, request, rules, links)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_by_itself_gives_what_stock_casbin_gives(text: str) -> None:
    """Each of them, in a matcher and in a rule's own text."""
    rules = [["alice", "data"]]
    for request in (("alice", "data"), (Person(4), "data"), ({"a": 1}, 5)):
        compare(text, request, rules, rules)
    matcher = "eval(p_sub) && r_obj == p_obj"
    compare(matcher, (Person(4), "data"), [[text, "data"], ["True", "data"]], rules)


@MANY
@given(st.text("&|!='a ", max_size=8), st.text("&|!='a ", max_size=8))
def test_operators_in_quotes_are_text(literal: str, value: str) -> None:
    """Stock Casbin would rewrite `"a&&b"` to `"aandb"`."""
    enforcer = Enforcer(model_of(MODEL))
    enforcer.model["m"]["m"].value = f'r_sub == "{literal}" && !(r_obj != "{value}")'
    enforcer.add_policy("", "")
    assert enforcer.enforce(literal, value)
    assert not enforcer.enforce(literal + "x", value)
    assert enforcer.enforce(value, literal) is (value == literal)
