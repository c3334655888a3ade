"""Where the enforcer answers otherwise than stock Casbin: as docs/casbin.md lists it.

Each case ends with a question that stock Casbin answers by what is no longer, or never
was, in the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import casbin
import pytest

from oikeus import Enforcer

from .side_by_side import model, outcome
from .test_constructing import Listening

LINKED = "g(r.sub, p.sub)"
Case = Callable[[Any], Any]


def _asked_pattern(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_named_matching_func("g", casbin.util.regex_match)
    enforcer.add_grouping_policy("a", "r")
    enforcer.enforce("a|z", "x")
    return enforcer.enforce("z", "x")


def _added_twice(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_grouping_policy("a", "r", "x")
    enforcer.add_grouping_policy("a", "r", "x")
    enforcer.remove_grouping_policy("a", "r", "x")
    return enforcer.enforce("a", "x")


def _refused(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.set_adapter(Listening(takes=False))
    enforcer.add_grouping_policy("a", "r")
    return enforcer.get_grouping_policy(), enforcer.enforce("a", "x")


def _given_twice(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_grouping_policies([["a", "r", "1"], ["a", "r", "2"]])
    enforcer.remove_grouping_policy("a", "r", "1")
    return enforcer.enforce("a", "x")


def _half_removed(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_grouping_policy("a", "r")
    enforcer.remove_grouping_policies([["a", "r"], ["z", "r"]])
    return enforcer.get_grouping_policy(), enforcer.enforce("a", "x")


def _cleared(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_grouping_policy("a", "r")
    enforcer.clear_policy()
    enforcer.add_policy("r", "x")
    return enforcer.enforce("a", "x")


def _failed_load(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_grouping_policy("a", "r")
    outcome(lambda: enforcer.load_filtered_policy(None))
    enforcer.add_policy("r", "x")
    return enforcer.enforce("a", "x")


def _not_itself(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.add_named_domain_matching_func("g", lambda asked, held: asked != held)
    enforcer.enforce("a", "x")
    enforcer.add_grouping_policy("a", "r", "x")
    return enforcer.enforce("a", "x")


def _quoted(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.model["m"]["m"].value = 'r_sub == "a&&b"'
    return enforcer.enforce("a&&b", "x"), enforcer.enforce("aandb", "x")


def _given_list(enforcer: Any) -> Any:  # noqa: ANN401 # either
    rule = ["a", "x"]
    enforcer.add_policy(rule)
    rule[0] = "b"
    return enforcer.get_policy()[-1]


CASES: dict[str, tuple[Case, str, Any, Any]] = {
    "asked": (_asked_pattern, "_, _", True, False),
    "added twice": (_added_twice, "_, _, _", True, False),
    "refused": (_refused, "_, _", ([], True), ([], False)),
    "given twice": (_given_twice, "_, _", False, True),
    "half removed": (_half_removed, "_, _", ([], True), ([], False)),
    "cleared": (_cleared, "_, _", True, False),
    "failed load": (_failed_load, "_, _", True, False),
    "domain that does not match itself": (_not_itself, "_, _, _", False, True),
    "quoted": (_quoted, "_, _", (False, True), (True, False)),
    "given as a list": (_given_list, "_, _", ["b", "x"], ["a", "x"]),
}


@pytest.mark.parametrize("case", CASES)
def test_difference_is_as_documented(case: str) -> None:
    """Stock Casbin's answer, and ours."""
    act, roles, stock, ours = CASES[case]
    found = []
    for kind in (casbin.Enforcer, Enforcer):
        text = f"{LINKED[:-1]}, r.obj)" if roles.count("_") > 2 else LINKED
        enforcer = kind(model(text, roles=f"g = {roles}"))
        enforcer.add_policy("r", "x")
        found.append(act(enforcer))
    assert found == [stock, ours]


def _blank(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.clear_policy()
    return enforcer.enforce("", "")


def _role_itself(enforcer: Any) -> Any:  # noqa: ANN401 # either
    return enforcer.enforce("r", "x")


def _text_of_a_rule(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.model["m"]["m"].value = "r_obj == p_obj && eval(p_sub)"
    enforcer.add_policy("1 == 2) || (True", "y")
    return enforcer.enforce("anybody", "z")


def _misspelt(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.model["p"]["p"].tokens.append("p_eft")
    enforcer.get_policy()[:] = [["r", "x", "dney"], ["r", "x", "allow"], ["r"]]
    return enforcer.enforce("r", "x"), outcome(lambda: enforcer.enforce("z", "x"))


def _disabled(enforcer: Any) -> Any:  # noqa: ANN401 # either
    enforcer.enable_enforce(enabled=False)
    return enforcer.enforce("nobody", "x")


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (_blank, True),
        (_role_itself, True),
        (_text_of_a_rule, True),
        (_misspelt, (True, (RuntimeError, "invalid policy size"))),
        (_disabled, True),
    ],
)
def test_enforcer_is_compatible_where_stock_is_unsafe(act: Case, expected: Any) -> None:  # noqa: ANN401 # any
    """A decision point is strict instead."""
    for kind in (casbin.Enforcer, Enforcer):
        enforcer = kind(model(LINKED, roles="g = _, _"))
        enforcer.add_policy("r", "x")
        assert act(enforcer) == expected
