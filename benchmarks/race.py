"""The race: contenders answer the same questions in turns, and each answer is checked.

A turn is a few hundred questions at most. Each is taken by each contender, in an order
drawn anew each time, so that noise of the machine hits all alike; in a turn Python and
the processor settle on the contender's code, and each question is another one. What is
timed is a chunk of a turn; its time over the number of questions is one sample. Where a
call takes long enough to be timed by itself, a chunk is one question. The garbage
collector is off meanwhile, for all alike.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter, perf_counter_ns
from types import FunctionType
from typing import Any

from .questions import Question
from .worlds import SEED

Answers = Callable[[Sequence[Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class Contender:
    """One that answers.

    Attributes:
        name: what the table calls it.
        answers: answers a chunk of questions; all that is timed.
        asked: the questions in the form that it takes, in the order of all others'.
        expected: the right answers.
    """

    name: str
    answers: Answers
    asked: Sequence[Any]
    expected: Sequence[object]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long an answer took, in nanoseconds."""

    median: float
    p99: float
    samples: int
    chunk: int


def race(
    contenders: Sequence[Contender],
    *,
    turn: int,
    chunk: int,
    seconds: float,
    settled: bool = False,
) -> dict[str, Timing]:
    """Let contenders answer by turns, for so long, everything once at least.

    Args:
        contenders: with as many questions each.
        turn: how many questions are answered before another takes its turn.
        chunk: how many of these are timed together.
        seconds: how long it goes on, at least.
        settled: whether each contender answers its turn once before it is timed, so
            that nobody pays for what another one drove from the processor's caches.

    Raises:
        AssertionError: one gave another answer than was expected.
    """
    rng = Random(SEED)  # noqa: S311 - chance, not secrets
    [count] = {len(each.expected) for each in contenders}
    samples: dict[str, list[float]] = {each.name: [] for each in contenders}
    gc.collect()
    gc.disable()
    try:
        until = perf_counter() + seconds
        while True:
            for begin in range(0, count, turn):
                for contender in rng.sample(contenders, len(contenders)):
                    end = min(begin + turn, count)
                    parts = [
                        slice(start, min(start + chunk, end))
                        for start in range(begin, end, chunk)
                    ]
                    for part in parts if settled else ():
                        _take(contender, part)
                    samples[contender.name] += [
                        _take(contender, part) for part in parts
                    ]
            if perf_counter() > until:
                break
    finally:
        gc.enable()
    return {name: _timing(found, chunk) for name, found in samples.items()}


def _take(contender: Contender, part: slice) -> float:
    """The time for each question of a chunk, once the answers are found right."""
    questions, wanted = contender.asked[part], contender.expected[part]
    start = perf_counter_ns()
    given = contender.answers(questions)
    took = perf_counter_ns() - start
    if given != wanted:
        wrong = next(
            question
            for question, answer, right in zip(questions, given, wanted, strict=True)
            if answer != right
        )
        message = f"{contender.name} gave another answer to {wrong}"
        raise AssertionError(message)
    return took / len(wanted)


def _timing(samples: Iterable[float], chunk: int) -> Timing:
    ordered = sorted(samples)
    count = len(ordered)
    return Timing(
        median=ordered[count // 2],
        p99=ordered[min(count - 1, count * 99 // 100)],
        samples=count,
        chunk=chunk,
    )


def one_by_one(allows: Callable[..., bool]) -> Answers:
    """Ask about each question of a chunk; the loop costs some 20 ns a question.

    Each contender has its own copy of the loop: Python adapts a call to what it calls.
    """

    def answers(questions: Sequence[Question]) -> list[bool]:
        given: list[bool] = []
        add = given.append
        for subject, action, resource, organisation in questions:
            add(allows(subject, action, resource, organisation))
        return given

    return _own(answers)


def one_by_one_wide(enforce: Callable[..., bool]) -> Answers:
    """The same for Casbin, which takes the six values that the model's `r` names."""

    def answers(questions: Sequence[tuple[str, ...]]) -> list[bool]:
        given: list[bool] = []
        add = given.append
        for sub, kind, org, day, obj, act in questions:
            add(enforce(sub, kind, org, day, obj, act))
        return given

    return _own(answers)


def _own(answers: Any) -> Answers:  # noqa: ANN401 - a function, and its parts
    code = answers.__code__.replace()
    return FunctionType(code, globals(), "answers", None, answers.__closure__)
