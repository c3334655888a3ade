"""What a new model defines otherwise is told, and nothing that decides nothing."""

from __future__ import annotations

import pytest

from oikeus.errors import ModelError
from oikeus.policy.definitions import OPTIONAL, SECTIONS
from oikeus.policy.model_changes import ModelChange, model_changes

from .conftest import MODEL


def test_the_same_model_changes_nothing() -> None:
    """Nor do other comments and other ends of lines."""
    assert model_changes(MODEL, MODEL) == ()
    assert model_changes(MODEL, f"# why\n\n{MODEL}") == ()
    (effect,) = (line for line in MODEL.splitlines() if line.startswith("e = "))
    broken = effect.replace("some(where", "\\\n  some(where", 1)
    assert model_changes(MODEL, MODEL.replace(effect, broken)) == ()


def test_a_definition_that_changed_is_given_before_and_after() -> None:
    """In the order of a model.conf, whatever the order of the lines."""
    effects = [line for line in MODEL.splitlines() if line.startswith(("e = ", "m = "))]
    (effect, matcher) = sorted(effects)
    deny = "some(where (p.eft == allow)) && !some(where (p.eft == deny))"
    text = MODEL.replace(effect, "e = some(where (p.eft == allow))")
    text = text.replace(matcher, "m = r.sub == p.sub")
    assert effect == f"e = {deny}"
    assert model_changes(MODEL, text) == (
        ModelChange("policy_effect", "e", deny, "some(where (p.eft == allow))"),
        ModelChange("matchers", "m", matcher.removeprefix("m = "), "r.sub == p.sub"),
    )


def test_a_model_that_cannot_be_read_any_more_counts_as_empty() -> None:
    """Another release of the program may have taken it."""
    changes = model_changes("[matchers]\nm9 = r.sub", MODEL)
    assert [change.key for change in changes] == [
        key for keys in SECTIONS.values() for key in keys if key not in OPTIONAL
    ]
    assert {change.before for change in changes} == {""}


def test_a_definition_that_is_new_had_no_text_before() -> None:
    """One that a model may leave out comes and goes."""
    with_revoking = f"{MODEL}\nm3 = r2.sub == r2.to"
    came = ModelChange("matchers", "m3", "", "r2.sub == r2.to")
    assert model_changes(MODEL, with_revoking) == (came,)
    (went,) = model_changes(with_revoking, MODEL)
    assert (went.before, went.after) == ("r2.sub == r2.to", "")


def test_a_new_model_that_cannot_be_read_is_an_error() -> None:
    """Nothing can be said of it."""
    with pytest.raises(ModelError):
        model_changes(MODEL, "[matchers]\nm9 = r.sub")
