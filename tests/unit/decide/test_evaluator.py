"""Requirements on asking Casbin."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Never

import pytest

from oikeus.decide.evaluator import Answer, Evaluator
from oikeus.decide.facts import Facts
from oikeus.errors import ModelError
from oikeus.terms import PowerRequest, Request

from .small_world import (
    DAY,
    SHIPPED,
    held,
    lines,
    model_with,
    row,
)

READ = Request("person:1", "read", "plan", "north")
HELD = held("person:1", "user", "north")


def evaluator(*rows: str, policy: str | None = None) -> Evaluator:
    """Hold the shipped model against the small world and further rows."""
    every = lines(*rows) if policy is None else lines(*rows, policy=policy)
    return Evaluator(SHIPPED, Facts.from_lines(SHIPPED, every))


def test_an_answer_carries_the_line_that_determined_it() -> None:
    """The line is the one that was read, with its source."""
    answer = evaluator(HELD).ask(READ, DAY)
    assert answer == Answer(allowed=True, rule=row("p, role:user, plan, read, allow"))
    assert answer.rule is not None
    assert str(answer.rule.source) == "policies/rules.csv:18"


def test_a_power_is_asked_of_the_other_matcher() -> None:
    """Whether a role may be given is decided by m2 and p2."""
    request = PowerRequest("person:1", "person:2", "role:user", "north")
    answer = evaluator(held("person:1", "boss", "north")).ask(request, DAY)
    assert answer.rule == row("p2, role:boss, role:user, mode:auto, active")
    assert not evaluator(HELD).ask(request, DAY)


def test_a_denial_names_a_line_only_where_one_denied() -> None:
    """Deny by default has no line; a deny rule is the one that determined."""
    assert evaluator().ask(READ, DAY) == Answer(allowed=False)
    denial = "p, role:user, plan, read, deny"
    answer = evaluator(HELD, denial).ask(READ, DAY)
    assert answer == Answer(allowed=False, rule=row(denial))


def test_a_rule_with_an_unknown_effect_determines_nothing() -> None:
    """Casbin passes over it, and would name it as the rule all the same."""
    answer = evaluator(HELD, "p, role:user, plan, read, dney").ask(READ, DAY)
    assert answer.rule == row("p, role:user, plan, read, allow")


def test_without_any_rule_everything_is_denied() -> None:
    """Casbin would evaluate the matcher with blank policy fields instead."""
    model = model_with(m="r.sub != p.sub", m2="r2.sub != p2.sub")
    nothing = Evaluator(model, Facts.from_lines(model, []))
    power = PowerRequest("person:1", "person:2", "role:user", "north")
    assert not nothing.ask(READ, DAY)
    assert not nothing.ask(power, DAY)


def test_an_answer_is_true_only_when_it_allows() -> None:
    """A condition on an answer is never a yes by mistake."""
    assert Answer(allowed=True)
    assert not Answer(allowed=False, rule=row("p, role:user, plan, read, deny"))


@pytest.mark.parametrize("error", [KeyError("r_sub"), RecursionError(), ValueError()])
@pytest.mark.parametrize(
    ("request_", "matcher"),
    [
        (READ, "m"),
        (PowerRequest("person:1", "person:2", "role:user", "north"), "m2"),
    ],
)
def test_an_evaluation_that_raises_is_an_error_and_no_answer(
    error: Exception, request_: Request | PowerRequest, matcher: str
) -> None:
    """No exception ever becomes an allow, whatever it is."""
    asked = evaluator(HELD, held("person:1", "boss", "north"))
    assert asked.ask(request_, DAY)

    def fail(*_: object) -> Never:
        raise error

    asked.functions = {**asked.functions, "g": fail}
    with pytest.raises(
        ModelError, match=f"^the matcher `{matcher}` failed on this request: "
    ) as raised:
        asked.ask(request_, DAY)
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("result", ["yes", 1, None, ["allow"]])
def test_a_function_that_says_neither_true_nor_false_is_an_error(
    result: object,
) -> None:
    """What Casbin cannot take for true or false is not taken for either."""
    model = model_with(m="timeMatch(r.act, p.act)")
    asked = Evaluator(model, Facts.from_lines(model, lines()))
    asked.functions = {**asked.functions, "timeMatch": lambda *_: result}
    with pytest.raises(ModelError, match="matcher result should be bool"):
        asked.ask(READ, DAY)


def test_a_model_that_casbin_cannot_use_is_an_error() -> None:
    """What fails while the model is taken in fails as a ModelError."""
    broken = replace(SHIPPED, text="[request_definition]\nr = sub\n")
    with pytest.raises(ModelError, match=r"^the model cannot be used by casbin: "):
        Evaluator(broken, Facts.from_lines(SHIPPED, []))


def test_evaluators_of_one_model_share_nothing_that_differs() -> None:
    """A what-if made of the same model does not change what the first one answers."""
    first = evaluator(HELD)
    second = evaluator("p, role:user, plan, burn, allow")
    burn = replace(READ, action="burn")
    assert first.ask(READ, DAY)
    assert not first.ask(burn, DAY)
    assert not second.ask(READ, DAY)


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Casbin logs each denial with the subject, once another enforcer enables it."""
    asked = evaluator()
    logger = logging.getLogger("casbin.enforcer")
    before = logger.disabled, logger.propagate
    logger.disabled, logger.propagate = False, True
    try:
        with caplog.at_level(logging.DEBUG):
            assert not asked.ask(READ, DAY)
    finally:
        logger.disabled, logger.propagate = before
    assert caplog.records == []


def test_one_that_remembers_gives_the_same_answers() -> None:
    """And follows links once for each pair of words."""
    plain = evaluator(HELD, held("person:2", "boss", "north"))
    kept = plain.remembering()
    granted = PowerRequest("person:2", "person:3", "role:user", "north")
    for request in (READ, READ, replace(READ, organisation="south"), granted):
        assert kept.ask(request, DAY) == plain.ask(request, DAY)
    assert kept.functions["g"] is not plain.functions["g"]
    assert kept.functions.keys() == plain.functions.keys()
