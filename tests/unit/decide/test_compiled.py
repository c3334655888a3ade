"""Requirements on a model's matchers as they are compiled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oikeus.decide.compiled import compile_matchers
from oikeus.decide.effects import allow_and_deny, allow_override
from oikeus.errors import ModelError

from .small_world import SHIPPED, TERMS, model_with, written


def test_the_shipped_model_has_three_matchers() -> None:
    """One for access, which is decided from grants, and two for powers."""
    found = compile_matchers(SHIPPED)
    assert {*found} == {"m", "m2", "m3"}
    access, power = found["m"], found["m2"]
    assert (access.ptype, power.ptype) == ("p", "p2")
    assert access.request == ("sub", "kind", "org", "day", "obj", "act")
    assert access.rule == ("sub", "obj", "act", "eft")
    assert (access.effect, power.effect) == (3, -1)
    assert access.decider is not None
    assert power.decider is None
    assert access.settle is allow_and_deny


def test_a_model_is_compiled_once() -> None:
    """However many versions it decides."""
    assert compile_matchers(SHIPPED) is compile_matchers(SHIPPED)


def test_the_effect_is_the_model_s() -> None:
    """Of Casbin's, those that deny by default."""
    model = written(*TERMS, e="some(where (p.eft == allow))")
    assert compile_matchers(model)["m"].settle is allow_override


def test_a_matcher_that_would_run_text_of_the_policy_is_refused() -> None:
    """Wherever the model came from."""
    text = model_with(m="r.sub == p.sub").text.replace("r.sub == p.sub", "eval(p.obj)")
    with pytest.raises(ModelError) as refused:
        compile_matchers(replace(SHIPPED, text=text))
    assert str(refused.value) == (
        "the matcher has `eval`, which would run text of the policy"
    )


@pytest.mark.parametrize("text", ["", "[matchers]\nm = r.sub", "no model"])
def test_what_casbin_cannot_use_is_an_error_of_the_model(text: str) -> None:
    """And says so, whatever Casbin raised."""
    with pytest.raises(ModelError, match=r"^the model cannot be used by casbin: "):
        compile_matchers(replace(SHIPPED, text=text))


def test_a_matcher_that_is_not_compiled_is_refused() -> None:
    """With the place."""
    text = model_with(m="r.sub == p.sub").text.replace(
        "r.sub == p.sub", "(lambda: 1)()"
    )
    with pytest.raises(ModelError, match="the matcher has"):
        compile_matchers(replace(SHIPPED, text=text))
