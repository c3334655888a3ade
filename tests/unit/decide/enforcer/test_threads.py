"""Many threads may ask while nobody changes anything; the first of them catches up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier
from typing import Any

import casbin
import pytest

from .side_by_side import Rules, both

THREADS = 8
ROUNDS = 6
NAMES = ("a", "b1", "r1", "r2", "zz", 5)
OBJECTS = ("x", "y", "z")


@pytest.fixture(autouse=True)
def _often_interrupted() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def ask_all(enforcer: Any, start: Barrier | None = None) -> list[Any]:  # noqa: ANN401 # either
    """Ask every question, from the same moment on as others do."""
    if start is not None:
        start.wait(10)
    return [enforcer.enforce_ex(*request) for request in product(NAMES, OBJECTS)]


def change(enforcer: Any, number: int) -> None:  # noqa: ANN401 # either
    """Leave something that the next question must take in."""
    rules = enforcer.get_policy()
    enforcer.add_policies([[f"r{number}", "x"], ["r2", f"y{number}"]])
    enforcer.remove_policy("r1", "y")
    rules[0], rules[1] = rules[1], rules[0]
    rules[number][1] = "y"
    if "g" in enforcer.model.model:
        ends = ["x"] * (len(enforcer.model["g"]["g"].tokens) - 2)
        enforcer.add_grouping_policies([["b*", f"r{number}", *ends]])


@pytest.mark.parametrize(
    ("matcher", "roles"),
    [
        ("r.sub == p.sub && r.obj == p.obj", ""),
        ("g(r.sub, p.sub) && r.obj == p.obj", "g = _, _"),
        ("g(r.sub, p.sub, r.obj) && r.obj == p.obj", "g = _, _, _"),
        ("g(r.sub, p.sub) && f(r.obj, p.obj) && {r.obj: 1}[r.obj] == 1", "g = _, _"),
    ],
)
@pytest.mark.parametrize("patterned", ["", "names", "domains"])
def test_answers_of_many_threads_are_those_of_one(
    matcher: str,
    roles: str,
    patterned: str,
) -> None:
    """Also of the first questions after a change, and where Casbin itself answers."""
    rules: Rules = [["r1", "x"], ["r1", "y"], ["a", "z"], *[["r2", "x"]] * 20]
    ours, stock = both(rules, matcher=matcher, roles=roles)
    for enforcer in (ours, stock):
        enforcer.add_function("f", casbin.util.key_match_func)
        if patterned == "names":
            enforcer.add_named_matching_func("g", casbin.util.key_match)
        if patterned == "domains":
            enforcer.add_named_domain_matching_func("g", casbin.util.key_match)
    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(ROUNDS):
            start = Barrier(THREADS)
            found = [pool.submit(ask_all, ours, start) for _ in range(THREADS)]
            answers = [each.result() for each in found]
            expected = ask_all(stock)
            assert all(answer == expected for answer in answers), number
            for enforcer in (ours, stock):
                change(enforcer, number)
