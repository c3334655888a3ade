"""The eHOKS policy with one line altered breaks an invariant, each in its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from oikeus import (
    Invariant,
    Line,
    Model,
    Snapshot,
    broken_invariants,
    load_model,
    load_policies,
    tell_chain,
)
from oikeus.policy.folder import Policies
from oikeus.policy.model import parse_model
from oikeus.terms import Grant

pytestmark = pytest.mark.uncovered

HOME = Path(__file__).resolve().parents[4]
DAY = date(2026, 3, 1)
PROVIDER = "1.2.246.562.10.90100000000"
OTHERS = ("1.2.246.562.10.90200000000", "1.2.246.562.10.90400000000")
ROOT = "1.2.246.562.10.00000000001"


@cache
def shipped() -> tuple[Model, Policies, tuple[Invariant, ...]]:
    """Model, policy and invariants as they are."""
    model = load_model(HOME / "model.conf")
    policies = load_policies(HOME / "policies", model)
    return model, policies, policies.invariants


ALTERED: dict[str, str] = {
    "never {holder: person, role: palvelukayttaja}": (
        "+ g3, role:palvelukayttaja, person"
    ),
    "never {holder: person, role: tunnus}": "g3, role:tunnus, system -> person",
    **{
        f"never {{holder: system, role: {role}}}": f"+ g3, role:{role}, system"
        for role in (
            *("vastuukayttaja", "ehoks-paakayttaja", "ehoks-kayttaja"),
            *("tallentajan-paakayttaja", "tallentaja"),
        )
    },
    "never_granted {role: opetushallitus}": (
        "+ p2, role:opetushallitus, role:opetushallitus, *, *"
    ),
    **{
        f"never_granted {{role: {role}, at: {{{where}}}}}": (
            f"+ p2, role:opetushallitus, role:{role}, *, *"
        )
        for role in (
            *("ehoks-paakayttaja", "ehoks-kayttaja", "palvelukayttaja"),
            *("tallentajan-paakayttaja", "tallentaja"),
        )
        for where in (
            *("mode: syottoliittyma", "mode: integraatio", "mode: none"),
            "status: passive",
        )
    },
    "never_both {roles: [ehoks-paakayttaja, ehoks-kayttaja, palvelukayttaja], "
    "and: [tallentajan-paakayttaja, tallentaja], within: koulutustoimija}": (
        "+ p2, role:vastuukayttaja, role:tallentaja, mode:integraatio, active"
    ),
    **{
        f"only {{role: {role}, granted_by: {by}}}": (
            f"+ p2, role:{other}, role:{role}, *, *"
        )
        for role, by, other in (
            ("vastuukayttaja", "opetushallitus", "ehoks-paakayttaja"),
            ("ehoks-paakayttaja", "vastuukayttaja", "ehoks-kayttaja"),
            ("ehoks-kayttaja", "ehoks-paakayttaja", "vastuukayttaja"),
            ("palvelukayttaja", "vastuukayttaja", "ehoks-paakayttaja"),
            ("tallentajan-paakayttaja", "opetushallitus", "vastuukayttaja"),
            ("tallentaja", "tallentajan-paakayttaja", "ehoks-paakayttaja"),
        )
    },
    "only {role: tunnus, granted_by: vastuukayttaja}": (
        "+ p, role:ehoks-kayttaja, tiedonsiirtotunnus, create, allow"
    ),
    **{
        f"cannot {{role: {role}, reach: {reach}}}": (
            f"+ p2, role:{role}, role:{given}, *, *"
        )
        for role, reach, given in (
            ("ehoks-kayttaja", "any", "ehoks-kayttaja"),
            ("tallentaja", "any", "ehoks-kayttaja"),
            ("palvelukayttaja", "any", "tallentaja"),
            ("tunnus", "any", "tallentaja"),
            ("vastuukayttaja", "vastuukayttaja", "vastuukayttaja"),
            ("ehoks-paakayttaja", "ehoks-paakayttaja", "vastuukayttaja"),
            (
                "tallentajan-paakayttaja",
                "tallentajan-paakayttaja",
                "tallentajan-paakayttaja",
            ),
            ("vastuukayttaja", "tallentajan-paakayttaja", "tallentajan-paakayttaja"),
        )
    },
    **{
        f"never_outside {{power_of: {role}, scope: own}}": f"model: {PROVIDER}"
        for role in ("vastuukayttaja", "ehoks-paakayttaja", "tallentajan-paakayttaja")
    },
}
"""What is altered so that an invariant breaks: a line more, another word, the model."""


def altered(change: str) -> Snapshot:
    """The policy with one line altered."""
    model, policies, _ = shipped()
    lines = [*policies.lines]
    if change.startswith("+ "):
        ptype, *values = change.removeprefix("+ ").split(", ")
        lines.append(Line(ptype, tuple(values)))
    elif " -> " in change:
        old, new = change.split(" -> ")
        (at,) = [number for number, each in enumerate(lines) if str(each) == old]
        lines[at] = Line(lines[at].ptype, (*lines[at].values[:-1], new))
    else:
        # whoever holds a power at one provider has it everywhere
        grant = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'
        place = change.removeprefix("model: ")
        anywhere = f'g(r2.sub, p2.sub, "{place}@" + r2.day + "@" + p2.sub)'
        assert model.text.count(grant) == 2  # in m2, and in m3
        model = parse_model(model.text.replace(grant, anywhere, 1), "model.conf")
        lines += [*organisations()]
    return Snapshot.build(model, lines, catalogue=policies.catalogue)


def organisations() -> Iterator[Line]:
    """Three providers, of which one has an institution."""
    for place in (PROVIDER, *OTHERS):
        yield Line("g2", (place, ROOT))
        yield Line("g4", (place, "level:koulutustoimija"))
    yield Line("g2", (f"{PROVIDER}.1", PROVIDER))
    yield Line("g4", (f"{PROVIDER}.1", "level:oppilaitos"))
    # for group 2 as well, so that each role has somebody
    yield Line("g2", (PROVIDER, "mode:syottoliittyma"))


def first_grants() -> list[Grant]:
    """The grants of the policy."""
    _, policies, _ = shipped()
    return [Grant.parse(line) for line in policies.lines if line.ptype == "g"]


def test_shipped_policy_breaks_none() -> None:
    """Over organisations of every sort."""
    model, policies, invariants = shipped()
    snapshot = Snapshot.build(model, policies.lines, catalogue=policies.catalogue)
    broken, world = broken_invariants(snapshot, invariants, DAY, first_grants())
    assert broken == ()
    assert len([*world.tree]) > 100
    assert len({*map(str, invariants)}) == len(invariants)


def test_each_is_broken_by_one_line(golden: Callable[[Path, str], None]) -> None:
    """And the shortest chain is told: who does what where, by which line."""
    _, _, invariants = shipped()
    told: list[str] = []
    for invariant in invariants:
        change = ALTERED[str(invariant.statement)]
        broken, world = broken_invariants(
            altered(change), [invariant], DAY, first_grants()
        )
        assert broken, (str(invariant), change)
        chain = broken[0].chain
        told += [str(invariant.statement), f"  {change}"]
        told += [f"  acts: {len(chain.links)}, subjects: {chain.people}"]
        told += [f"    {text}" for text in tell_chain(world, chain)]
        told += [""]
    golden(HOME / "tests" / "golden" / "invariants" / "chains.txt", "\n".join(told))
