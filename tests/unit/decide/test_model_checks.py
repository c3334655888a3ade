"""Requirements on warning of a model that allows without a grant."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.decide.compiled import compile_matchers
from oikeus.decide.matcher.folding import why_not_folded
from oikeus.decide.model_checks import judge_model, why_no_grant_is_needed
from oikeus.errors import Problem
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.catalogue_reading import read_catalogue
from oikeus.policy.folder import Policies
from oikeus.policy.model import Model

from .small_world import GRANT, SHIPPED, TERMS, model_with, without, written

OTHERS = "r.sub != p.sub"
DECIDES_NOTHING = "roles and their days may decide nothing"
NEEDS_NONE = "whoever a rule names in the place of a role needs none"
POWER = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'
EARLIER = Problem("policies/a.csv", 1, "an earlier one")


def warnings(model: Model, catalogue: Catalogue) -> list[str]:
    """What is said of a model, besides what was said of the files."""
    policies = Policies((), catalogue, "", (EARLIER,))
    first, *found = judge_model(policies, model).warnings
    assert first == EARLIER
    return [str(each) for each in found]


@pytest.fixture
def catalogue() -> Catalogue:
    """The shipped words, which are nothing to warn of."""
    path = Path(__file__).resolve().parents[3] / "policies" / "ehoks.yaml"
    return read_catalogue(path.read_text(encoding="utf-8"), path.name)


def said(name: str, lacking: str, meaning: str) -> str:
    """A warning, after its place."""
    return (
        f"`{name}` can allow without a grant: `{lacking}` is no term of it that must "
        f"hold by itself, so that {meaning}; join it to the others with `&&`, unless "
        "that is what you want"
    )


def test_the_shipped_model_insists_on_a_grant(catalogue: Catalogue) -> None:
    """For access and for powers."""
    assert warnings(SHIPPED, catalogue) == []
    assert warnings(written("p.sub != r.sub", *without(OTHERS)), catalogue) == []


@pytest.mark.parametrize(
    ("terms", "lacking", "meaning"),
    [
        (without(GRANT), GRANT, DECIDES_NOTHING),
        (without(GRANT, OTHERS), GRANT, DECIDES_NOTHING),
        ((f'({GRANT} || r.kind == "system")', OTHERS), GRANT, DECIDES_NOTHING),
        ((OTHERS, 'g(r.sub, p.sub, "x@" + r.day)'), GRANT, DECIDES_NOTHING),
        (without(OTHERS), OTHERS, NEEDS_NONE),
        (("regexMatch(r.act, p.act)", GRANT), OTHERS, NEEDS_NONE),
    ],
)
def test_a_term_that_a_matcher_lacks_is_named_with_the_place(
    terms: tuple[str, ...], lacking: str, meaning: str, catalogue: Catalogue
) -> None:
    """And what follows from it, and what to do."""
    model = written(*terms)
    place = model.places["m"]
    assert model.text.splitlines()[place.line - 1] == f"m = {' && '.join(terms)}"
    assert warnings(model, catalogue) == [f"{place}: {said('m', lacking, meaning)}"]


@pytest.mark.parametrize(
    ("matcher", "lacking", "meaning"),
    [
        ("r2.sub != p2.sub && r2.role == p2.role", POWER, DECIDES_NOTHING),
        (f"{POWER} && r2.role == p2.role", "r2.sub != p2.sub", NEEDS_NONE),
    ],
)
def test_powers_are_judged_alike(
    matcher: str, lacking: str, meaning: str, catalogue: Catalogue
) -> None:
    """Who can give roles without holding one can give them to anybody."""
    model = model_with(m2=matcher)
    assert warnings(model, catalogue) == [
        f"{model.places['m2']}: {said('m2', lacking, meaning)}"
    ]


@pytest.mark.parametrize(
    ("matcher", "lacking"),
    [
        (f"r2.sub == r2.to || r2.sub != p2.sub && {POWER}", ""),
        (f"r2.to == r2.sub || r2.sub != p2.sub && {POWER}", ""),
        (f"(r2.day != p2.sub) && (r2.sub == r2.to || r2.sub != p2.sub && {POWER})", ""),
        (f"r2.sub != p2.sub && {POWER}", ""),
        ("r2.sub == r2.to || r2.sub != p2.sub", POWER),
        (f"r2.sub == r2.to || r2.sub == r2.by || {POWER}", POWER),
        ("r2.sub == r2.to || r2.to == r2.sub", POWER),
    ],
)
def test_to_give_up_a_right_of_ones_own_needs_no_grant(
    matcher: str, lacking: str, catalogue: Catalogue
) -> None:
    """Who can revoke without holding anything could take everybody's rights away."""
    model = model_with(m3=matcher)
    wanted = [f"{model.places['m3']}: {said('m3', lacking, DECIDES_NOTHING)}"]
    assert warnings(model, catalogue) == (wanted if lacking else [])


@pytest.mark.parametrize(
    ("terms", "is_slow"),
    [
        (TERMS, False),
        (without(GRANT), True),
        (without(OTHERS), True),
        ((f"({GRANT})", f"({OTHERS})"), False),
        ((f"!({GRANT})", OTHERS), True),
    ],
)
def test_a_warning_is_given_where_a_matcher_is_not_decided_from_grants(
    terms: tuple[str, ...], *, is_slow: bool
) -> None:
    """Both look for the same terms."""
    matcher = compile_matchers(written(*terms))["m"]
    assert bool(why_not_folded(matcher.plan)) is is_slow
    assert bool(why_no_grant_is_needed(matcher)) is is_slow


def test_a_slow_matcher_is_nothing_to_warn_of(catalogue: Catalogue) -> None:
    """That a term may raise an error does not make a grant needless."""
    model = written(*TERMS, "regexMatch(r.act, p.act)")
    assert "may raise" in why_not_folded(compile_matchers(model)["m"].plan)
    assert warnings(model, catalogue) == []
