"""How many times faster `oikeus.Enforcer` is than stock Casbin, shape by shape.

Run alone as `python -m benchmarks.enforcer_shapes [seconds for each figure]`. Both are
asked the same questions in turn, which must have the same answers.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from statistics import median
from typing import Any, TypeAlias

import casbin

from oikeus import Enforcer

from .casbin_shapes import ALLOW, SHAPES, Shape

Row: TypeAlias = tuple[str, float, float]
"""What was compared, and the medians of stock and ours, in microseconds."""

Act: TypeAlias = Callable[[Any, int], object]
"""Does something to an enforcer, for the n-th time."""

_SLICES = 5
_LEAST, _MOST = 2, 20_000
_AT_ONCE, _SHORT = 20, 0.001
_SIZES = (100, 10_000)


def shape_rows(seconds: float) -> Iterator[Row]:
    """Compare questions.

    Args:
        seconds: how long each of the two is timed, for each row.

    Raises:
        SystemExit: the two disagree, or the matcher was not compiled.
    """
    for make in SHAPES:
        shape = make()
        stock, ours = shape.enforcer(casbin.Enforcer), shape.enforcer(Enforcer)
        same = all(
            stock.enforce_ex(*question) == ours.enforce_ex(*question)
            for question in shape.questions
        )
        if not same or isinstance(ours.compiled["m"], str):
            sys.exit(f"{shape.name}: other answers, or not compiled")
        asked = list(islice(cycle(shape.questions), 64))
        yield shape.name, *_race(stock, ours, partial(_ask, asked), seconds)


def _ask(asked: list[tuple[Any, ...]], enforcer: Any, n: int) -> object:  # noqa: ANN401 # untyped
    return enforcer.enforce(*asked[n % len(asked)])


def management_rows(seconds: float) -> Iterator[Row]:
    """Compare changes of rules, and the first question after one.

    Args:
        seconds: how long each of the two is timed, for each row.

    Raises:
        SystemExit: the two differ afterwards.
    """
    for count in _SIZES:
        stock, ours = _managed(count, casbin.Enforcer), _managed(count, Enforcer)
        for name, act in _acts(count).items():
            yield f"{name}, {count:,} rules", *_race(stock, ours, act, seconds)
            if sorted(stock.get_policy()) != sorted(ours.get_policy()):
                sys.exit(f"{name}: other rules")
        for name, act in _CONSTANT.items():
            # no figure of ten times can be reached where stock has nothing to do
            yield (
                f"{name}, {count // 100} hundred rules",
                *_race(stock, ours, act, seconds),
            )


def _managed(count: int, kind: type[casbin.Enforcer]) -> Any:  # noqa: ANN401 # untyped
    return Shape(
        "",
        f"sub, obj, act | sub, obj, act | _, _ | {ALLOW} | "
        "g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act",
        {
            "p": [[f"role{i}", f"data{i}", "read"] for i in range(count)],
            "g": [[f"user{i}", f"role{i}"] for i in range(count)],
        },
        [],
    ).enforcer(kind)


_CONSTANT: dict[str, Act] = {
    "get the list": lambda e, _: e.get_policy(),
    "get roles of a user": lambda e, n: e.get_roles_for_user(f"user{n % 100}"),
}


def _acts(count: int) -> dict[str, Act]:
    half = count // 2

    def filtered(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
        enforcer.add_policy("new", f"data{n}", "read")
        enforcer.remove_filtered_policy(0, "new")

    def middle(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
        enforcer.remove_policy(f"role{n % count}", f"data{n % count}", "read")
        enforcer.add_policy(f"role{n % count}", f"data{n % count}", "read")

    def update(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
        there, other = [f"role{half}", f"data{half}", "read"], ["x", "y", f"act{n}"]
        if enforcer.update_policy(there, other):
            enforcer.update_policy(other, there)

    def ask(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
        _add_and_remove(enforcer, n)
        enforcer.enforce(f"user{half}", f"data{half}", "read")

    return {
        "has": lambda e, n: e.has_policy(
            f"role{n % count}", f"data{n % count}", "read"
        ),
        "get filtered": lambda e, n: e.get_filtered_policy(0, f"role{n % count}"),
        "get all subjects": lambda e, _: e.get_all_subjects(),
        "update": update,
        "add and remove": _add_and_remove,
        "add and remove three": _add_and_remove_three,
        "add and remove by filter": filtered,
        "add and remove a link": _link_and_unlink,
        "remove in the middle and add": middle,
        "add, remove, ask": ask,
    }


def _add_and_remove(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
    enforcer.add_policy("new", f"data{n}", "read")
    enforcer.remove_policy("new", f"data{n}", "read")


def _add_and_remove_three(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
    rules = [["new", f"data{n}", act] for act in "abc"]
    enforcer.add_policies(rules)
    enforcer.remove_policies(rules)


def _link_and_unlink(enforcer: Any, n: int) -> None:  # noqa: ANN401 # untyped
    enforcer.add_grouping_policy(f"new{n}", "role1")
    enforcer.remove_grouping_policy(f"new{n}", "role1")


def _race(stock: Any, ours: Any, act: Act, seconds: float) -> tuple[float, float]:  # noqa: ANN401 # untyped
    """The median time that each takes, in microseconds; they take turns."""
    act(stock, 0)
    start = time.perf_counter()
    act(stock, 1)
    act(ours, 0)
    # the clock itself takes as long as a tenth of the shortest
    times_each = _AT_ONCE if time.perf_counter() - start < _SHORT else 1
    times: tuple[list[float], list[float]] = [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(_SLICES):
            for enforcer, taken in zip((stock, ours), times, strict=True):
                _time(partial(act, enforcer), taken, seconds / _SLICES, times_each)
    finally:
        gc.enable()
    return median(times[0]) * 1e6, median(times[1]) * 1e6


def _time(
    act: Callable[[int], object], taken: list[float], seconds: float, times_each: int
) -> None:
    until = time.perf_counter() + seconds
    first = len(taken)
    numbers = range(times_each)
    while len(taken) - first < _LEAST or (
        time.perf_counter() < until and len(taken) < _MOST
    ):
        done = len(taken) * times_each
        start = time.perf_counter()
        for n in numbers:
            act(done + n)
        taken.append((time.perf_counter() - start) / times_each)


def main() -> None:
    """Print a table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
    sys.stdout.write(f"{'':38} {'stock us':>11} {'ours us':>9} {'ratio':>8}\n")
    for rows in (shape_rows, management_rows):
        for name, stock, ours in rows(seconds):
            line = f"{name:38} {stock:11.1f} {ours:9.2f} {stock / ours:8.1f}\n"
            sys.stdout.write(line)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
