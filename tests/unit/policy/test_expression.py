"""A matcher is checked node by node, before a request meets it."""

from __future__ import annotations

import ast

import pytest

from oikeus.errors import ModelError
from oikeus.policy.definitions import Definition
from oikeus.policy.expression import read_expression
from oikeus.terms import Source

NAMES = ["r.sub", "p.sub"]
FUNCTIONS = {"g": 3, "keyMatch": 2}
TRUTH = "expected a comparison or a call that is true or false"
VALUE = "expected a field such as `r.sub`, or text in quotes"
KNOWN = "expected `p.sub` or `r.sub`"


def read(text: str) -> ast.expr:
    """Read a matcher of the small vocabulary above."""
    return read_expression(Definition("m", text, Source("m.conf", 9)), NAMES, FUNCTIONS)


def refusal(text: str) -> str:
    """What is said of a matcher that is refused, without its place."""
    with pytest.raises(ModelError) as caught:
        read(text)
    return str(caught.value).removeprefix("m.conf:9: `m` ")


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("r.sub == p.sub", "r.sub == p.sub"),
        ("r.sub != p.sub", "r.sub != p.sub"),
        ('!g(r.sub, p.sub, "x")', "not g(r.sub, p.sub, 'x')"),
        (
            'r.sub == "a" && p.sub == \'b\' || !(r.sub == "c")',
            "r.sub == 'a' and p.sub == 'b' or not r.sub == 'c'",
        ),
        ('r.sub + "@" + p.sub == "x"', "r.sub + '@' + p.sub == 'x'"),
        ('r.sub in ("a", p.sub)', "r.sub in ('a', p.sub)"),
        ('r.sub not in ["a"]', "r.sub not in ['a']"),
        (
            'r.sub > "a" && keyMatch(r.sub, "/a/*")',
            "r.sub > 'a' and keyMatch(r.sub, '/a/*')",
        ),
        (
            "r.sub == p.sub and not r.sub == 'ä'",
            "r.sub == p.sub and (not r.sub == 'ä')",
        ),
    ],
)
def test_what_a_matcher_needs_is_read(text: str, python: str) -> None:
    """Comparisons, joined text, calls, lists, and, or, not."""
    assert ast.unparse(read(text)) == python


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("r.sub == p.obj", f"has `p.obj`, {KNOWN}"),
        ("r.sub == r.sub.lower", f"has `r.sub.lower`, {KNOWN}"),
        ("r.sub.__class__ == p.sub", f"has `r.sub.__class__`, {KNOWN}"),
        ('"".__class__ == p.sub', f'has `"".__class__`, {KNOWN}'),
        ("r . sub == p.sub", f"has `r . sub`, {KNOWN}"),
        ("r2.sub == p.sub", f"has `r2.sub`, {KNOWN}"),
        ("r_sub == p.sub", f"has `r_sub`, {VALUE}"),
        ("sub == p.sub", f"has `sub`, {VALUE}"),
        ("r.sub == 1", f"has `1`, {VALUE}"),
        ("r.sub == None", f"has `None`, {VALUE}"),
        ('r.sub == b"x"', f'has `b"x"`, {VALUE}'),
        (
            'r.sub == f"{p.sub}"',
            (
                'has the text `"{p.sub}"`, parts of which Casbin would rewrite, '
                "expected a plain word"
            ),
        ),
        ('r.sub == f"x"', f'has `f"x"`, {VALUE}'),
        ('r.sub * "x" == p.sub', f'has `r.sub * "x"`, {VALUE}'),
        ("r.sub[0] == p.sub", f"has `r.sub[0]`, {VALUE}"),
        ("r.sub == g(r.sub, p.sub, r.sub)", f"has `g(r.sub, p.sub, r.sub)`, {VALUE}"),
        ('r.sub in "abc"', 'has `"abc"`, expected a list such as `("read", "share")`'),
        ("r.sub in p.sub", 'has `p.sub`, expected a list such as `("read", "share")`'),
        ("r.sub in (1, 2)", f"has `1`, {VALUE}"),
        ("r.sub", f"has `r.sub`, {TRUTH}"),
        ("True", f"has `True`, {TRUTH}"),
        ('"x"', f'has `"x"`, {TRUTH}'),
        ("r.sub == p.sub && r.sub", f"has `r.sub`, {TRUTH}"),
        ("!r.sub", f"has `r.sub`, {TRUTH}"),
        ("-r.sub", f"has `-r.sub`, {TRUTH}"),
        ('"a" < r.sub < "b"', f'has `"a" < r.sub < "b"`, {TRUTH}'),
        ("lambda: r.sub == p.sub", f"has `lambda: r.sub == p.sub`, {TRUTH}"),
        ("(x := r.sub == p.sub)", f"has `x := r.sub == p.sub`, {TRUTH}"),
        ("[r.sub for x in p.sub]", f"has `[r.sub for x in p.sub]`, {TRUTH}"),
        (
            "r.sub == p.sub if r.sub else p.sub",
            f"has `r.sub == p.sub if r.sub else p.sub`, {TRUTH}",
        ),
        ("h(r.sub, p.sub)", "has `h`, expected `g` or `keyMatch`"),
        ("r.sub.lower()", "has `r.sub.lower`, expected `g` or `keyMatch`"),
        ("(lambda: True)()", "has `lambda: True`, expected `g` or `keyMatch`"),
        ("__import__('os')", "has `__import__`, expected `g` or `keyMatch`"),
        ("g(r.sub, p.sub)", "calls `g` with 2 values, expected 3"),
        ("keyMatch(r.sub, *p.sub)", f"has `*p.sub`, {VALUE}"),
        (
            "keyMatch(r.sub, p.sub, x=p.sub)",
            f"has `keyMatch(r.sub, p.sub, x=p.sub)`, {TRUTH}",
        ),
        (
            "eval(p.sub)",
            "uses eval, which would run text of the policy; expected the rule here",
        ),
        (
            "r.sub == eval",
            "uses eval, which would run text of the policy; expected the rule here",
        ),
        ("()", f"has `()`, {TRUTH}"),
    ],
)
def test_what_a_matcher_cannot_be_is_refused(text: str, message: str) -> None:
    """Everything else fails, or worse does not fail, when the first request comes."""
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("r.sub == p.sub &&", ""),
        ("r.sub == p.sub)", ")"),
        ("r.sub = p.sub", ""),
        ("r.sub == p.sub; x", "; x"),
        ("r.sub == 'x", "'x"),
        ("r.sub ?? p.sub", "?? p.sub"),
    ],
)
def test_what_cannot_be_parsed_is_refused(text: str, near: str) -> None:
    """The text near the mistake is quoted."""
    assert refusal(text).startswith(f"cannot be read near `{near}")


@pytest.mark.parametrize("text", ["a&&b", "a||b", "a!b", "map: p.x", "r2.x", "eval(x)"])
def test_text_that_casbin_would_rewrite_is_refused(text: str) -> None:
    """Casbin replaces operators and fields inside quotes as well."""
    for quote in "\"'":
        assert refusal(f"r.sub == {quote}{text}{quote}") == (
            f"has the text `{quote}{text}{quote}`, parts of which Casbin would "
            "rewrite, expected a plain word"
        )


@pytest.mark.parametrize(
    "text",
    ["!keyMatch(r.sub, p.sub)&& r.sub == p.sub", "r.sub == p.sub ||p.sub == r.sub"],
)
def test_operators_stand_apart(text: str) -> None:
    """Casbin puts the word `and` for `&&` without any blanks."""
    assert refusal(text) == "has `&&` or `||` without blanks around it, expected them"


def test_a_matcher_that_is_too_long_or_too_deep_is_refused() -> None:
    """An expression that would break the evaluation of every request is refused."""
    assert refusal("r.sub == " + " + ".join(["p.sub"] * 600)) == (
        "is longer than 4000 characters, expected a shorter one"
    )
    assert refusal("!" * 1500 + "(r.sub == p.sub)") == (
        "is nested too deep to be evaluated, expected it flatter"
    )
    assert refusal("(" * 300 + "r.sub == p.sub" + ")" * 300).startswith(
        "cannot be read"
    )
