"""What a matcher may be made of."""

import ast

import pytest

from oikeus import ModelError
from oikeus.decide.matcher.reading import read, rewrite, stands_alone

TOKENS = ("r_sub", "r_obj", "p_sub", "p_obj")


@pytest.mark.parametrize(
    "text",
    [
        "r_sub == p_sub && !g(r_obj, p_obj) || -1 < 2 <= 3",
        "r_sub in ('a', \"b\") && p_sub not in [r_obj, None] && r_sub in {1, 2}",
        "r_sub.owner.name == {'a': 1, 'b': r_sub}['a']",
        "r_sub + 'x' * 2 - 1 / 2 // 3 % 4 ** 5 == 1.5",
        "r_sub if True else p_sub",
    ],
)
def test_expression_of_listed_parts_is_read(text: str) -> None:
    """Everything that Casbin's matchers need is there."""
    assert isinstance(read(text, TOKENS, {"g"}), ast.expr)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("r_sub ==", "the matcher has what cannot be read, expected an expression"),
        ("\x00", "the matcher has what cannot be read, expected an expression"),
        ("'\ud800'", "the matcher has what cannot be read, expected an expression"),
        ("r_sub = 1", "the matcher has statements, expected one expression"),
        ("r_sub; p_sub", "the matcher has statements, expected one expression"),
        ("", "the matcher has statements, expected one expression"),
        ("'''r'''", "the matcher has text in three quotes, expected one quote"),
        ("not " * 70 + "1", "the matcher has too deep a nesting, expected it flatter"),
        ("(" * 300 + ")" * 300, "the matcher has what cannot be read"),
        ("-" * 40_000 + "1", "the matcher has too deep a nesting, expected it flatter"),
        ("lambda: 1", "the matcher has a part that is not compiled"),
        ("[x for x in r_sub]", "the matcher has a part that is not compiled"),
        ("(r_sub := 1)", "the matcher has a part that is not compiled"),
        ("f'{r_sub}'", "the matcher has a part that is not compiled"),
        ("r_sub[1:2]", "the matcher has a part that is not compiled"),
        ("g(*r_sub)", "the matcher has a part that is not compiled"),
        ("[*r_sub]", "the matcher has a part that is not compiled"),
        ("g(r_sub, a=1)", "the matcher has a call that is not compiled"),
        ("g(r_sub, **r_obj)", "the matcher has a call that is not compiled"),
        ("r_sub.f()", "the matcher has a call that is not compiled"),
        ("open('x')", "the matcher has a function that is not known (`open`)"),
        ("list(r_sub)", "the matcher has a function that is not known (`list`)"),
        ("x == 1", "the matcher has a name that is no field"),
        ("g == 1", "the matcher has a name that is no field"),
        ("r_sub.__class__", "the matcher has an attribute that is not public"),
        ("r_sub.func_code", "the matcher has an attribute that is not public"),
        ("r_sub.format", "the matcher has an attribute that is not public"),
        ("~1", "the matcher has an operator that is not compiled (Invert)"),
        ("1 << 2", "the matcher has an operator that is not compiled (LShift)"),
        ("1 is 1", "the matcher has an operator that is not compiled (Is)"),
        ("b'x'", "the matcher has a constant that is not compiled"),
        ("'" + "x" * 100_001 + "'", "the matcher has text that is too long"),
        ("{1, r_sub.f}", "the matcher has a set of anything but fields and constants"),
        ("{r_sub: 1}", "the matcher has a mapping whose keys are no constants"),
        ("{**r_sub}", "the matcher has a mapping whose keys are no constants"),
    ],
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_anything_else_is_refused_with_its_place(text: str, message: str) -> None:
    """What is not listed cannot be reached."""
    with pytest.raises(ModelError) as caught:
        read(text, TOKENS, {"g", "list"})
    assert str(caught.value).startswith(message)
    assert ", near `" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["r_sub == \"'''\"", 'r_sub == \'"""\' || !g(p_sub)', "'a''' == p_sub"]
)
def test_three_quotes_in_other_quotes_are_text(text: str) -> None:
    """Only where Python would begin a text with them are they refused."""
    assert isinstance(read(text, TOKENS, {"g"}), ast.expr)


def test_part_that_is_refused_is_named() -> None:
    """Whoever wrote the model finds what is meant."""
    with pytest.raises(ModelError, match=r"near `r_obj\.__dict__`"):
        read("r_sub == p_sub && r_obj.__dict__ == 1", TOKENS, ())


def test_operators_in_quotes_stay_as_they_are() -> None:
    """A text is what it says."""
    text = """!r_sub && 'a&&b' != "!c||d" || '\\'!' == 'x!=y'"""
    expected = """not r_sub and 'a&&b' != "!c||d" or '\\'!' == 'x!=y'"""
    assert rewrite(text) == expected


@pytest.mark.parametrize(
    ("rule", "alone"),
    [
        ("r_sub == 'a' && !p_sub", True),
        ("a) or (b", False),
        ("a # b", False),
        ("a\n+ b", False),
        ("a \\", False),
        ("\x00", False),
        ("", False),
        ("-" * 40_000 + "1", False),
    ],
)
def test_rule_stands_alone_if_brackets_change_nothing_around(
    rule: str,
    alone: bool,  # noqa: FBT001 # the expected value
) -> None:
    """Only such rules may be left out by an index on what stands before them."""
    assert stands_alone(rule) is alone
