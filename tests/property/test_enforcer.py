"""The enforcer against stock Casbin, in random worlds: the same answers and errors.

Stock Casbin's answers can depend on what was asked before, and outlive what they rested
on. So each question is also put to a stock enforcer that was never asked or changed,
and has the same rules: that is the answer expected.

OIKEUS_WORLDS says how many worlds there are, OIKEUS_SEED which is the first.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import casbin
import pytest
from casbin.model import Model

from oikeus import Enforcer
from oikeus.decide.enforcer.answering import Answering

from .casbin_steps import Step
from .casbin_worlds import World, WorldMaker

WORLDS = int(os.environ.get("OIKEUS_WORLDS", "2400"))
FIRST = int(os.environ.get("OIKEUS_SEED", "0"))
BATCHES = 24


def model_of(text: str) -> Model:
    """A model from its text."""
    model = Model()
    model.load_model_from_text(text)
    return model


def outcome(enforcer: Any, act: Callable[[Any], Any]) -> tuple[str, ...]:  # noqa: ANN401 # either
    """What an act gives: its answer, or the type and text of its exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = act(enforcer)
        except Exception as error:  # noqa: BLE001 # any of Casbin's
            # a rule that is a tuple is one of a kind of its own in our lists
            return type(error).__name__, str(error).replace("'Fixed'", "'tuple'")
    return "gave", repr(found)


def rules_of(enforcer: Any) -> dict[str, list[Any]]:  # noqa: ANN401 # either
    """All rules, as they stand."""
    return {
        ptype: list(definition.policy)
        for section in "pg"
        for ptype, definition in (enforcer.model[section] or {}).items()
    }


def anew(stock: casbin.Enforcer, world: World) -> casbin.Enforcer | None:
    """A stock enforcer that was never asked or changed, with the same rules."""
    fresh = casbin.Enforcer(model_of(world.text))
    fresh.fm, fresh.eft, fresh.enabled = stock.fm, stock.eft, stock.enabled
    fresh.model["m"]["m"].value = stock.model["m"]["m"].value
    for ptype, rules in rules_of(stock).items():
        fresh.model[ptype[0]][ptype].policy = [*rules]
    for ptype, manager in stock.rm_map.items():
        other = fresh.rm_map[ptype]
        other.max_hierarchy_level = manager.max_hierarchy_level
        other.matching_func = manager.matching_func
        other.domain_matching_func = manager.domain_matching_func
    try:
        fresh.build_role_links()
    except RuntimeError:
        return None
    return fresh


def is_lost_link(expected: tuple[str, ...]) -> bool:
    """Whether stock Casbin failed to remove a link that it had lost before."""
    kind, text = expected
    return (kind == "KeyError" and "Role object" in text) or (
        kind == "RuntimeError" and text.startswith("error: link between")
    )


class Pair:
    """Our enforcer and stock Casbin's in one world, step by step.

    Attributes:
        asked: how many questions were asked.
        compiled: how many of them were about a matcher that is compiled.
    """

    def __init__(self, seed: int) -> None:
        self.world = WorldMaker(seed).world()
        Answering.few = seed % 3  # worlds are small
        self.ours = Enforcer(model_of(self.world.text))
        self.stock = casbin.Enforcer(model_of(self.world.text))
        self.said = [f"seed {seed}\n{self.world.text}"]
        self.asked = self.compiled = 0
        for step in self.world.setup:
            self.said.append(step.name)
            self.same(outcome(self.ours, step.act), outcome(self.stock, step.act))

    def same(self, found: object, expected: object) -> None:
        """Compare, and say what was done where it differs."""
        told = "\n".join(self.said) + f"\n{rules_of(self.ours)}"
        assert found == expected, f"{told}\nexpected {expected}\nfound    {found}"

    def run(self) -> None:
        """Do everything, and compare everything."""
        for step in self.world.steps:
            self.said.append(step.name)
            if step.asks and self.judge() is None:
                return  # a rule is too short for a link
            expected, found = self.expected(step), outcome(self.ours, step.act)
            if not step.asks and is_lost_link(expected):
                if step.name.startswith("delete_"):
                    return  # stock Casbin stopped half way
                expected = found  # the rules, then, are what counts
            self.compare(step, expected, found)

    def judge(self) -> casbin.Enforcer | None:
        """Whom to put a question to."""
        return anew(self.stock, self.world)

    def expected(self, step: Step) -> tuple[str, ...]:
        """What stock Casbin gives; what is asked in a row is asked one by one."""
        if not step.requests:
            return outcome(self.judge() if step.asks else self.stock, step.act)
        answers = []
        for request in step.requests:
            kind, text = outcome(self.judge(), partial(_enforce, request))
            if kind != "gave":
                return kind, text
            answers.append(text)
        return "gave", f"[{', '.join(answers)}]"

    def compare(self, step: Step, expected: object, found: object) -> None:
        """Compare what both gave, and what there is now."""
        self.same(found, expected)
        if step.name.startswith("enforce"):
            self.asked += 1
            self.compiled += not isinstance(self.ours.compiled["m"], str)
        self.same(rules_of(self.ours), rules_of(self.stock))
        adapters = self.ours.adapter, self.stock.adapter
        self.same(*(getattr(adapter, "said", None) for adapter in adapters))


def _enforce(request: Sequence[Any], enforcer: casbin.Enforcer) -> Any:  # noqa: ANN401 # Casbin's answer
    return enforcer.enforce(*request)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_answers_are_those_of_stock_casbin(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models, rules, changes and questions at random; nothing differs from Casbin."""
    monkeypatch.setattr(Answering, "few", 0)  # is restored; each world sets its own
    asked = compiled = 0
    for seed in range(FIRST + batch, FIRST + WORLDS, BATCHES):
        pair = Pair(seed)
        pair.run()
        asked += pair.asked
        compiled += pair.compiled
    assert compiled > asked * 0.75, "most questions are about compiled matchers"
