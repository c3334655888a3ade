"""What delegation can reach: other models, other beginnings, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from oikeus import (
    Chain,
    Line,
    ModelError,
    Reachable,
    RequestError,
    Slot,
    Snapshot,
    broken_invariants,
    find_paths,
    load_model,
    load_policies,
    tell_chain,
)
from oikeus.analysis.reach.chains import Effort, shortest, shortest_to_both
from oikeus.analysis.reach.imagined import with_organisations
from oikeus.analysis.reach.shape import why_not_analysed
from oikeus.analysis.reach.spreading import spread
from oikeus.policy.invariants import (
    ANY,
    At,
    Cannot,
    Invariant,
    Never,
    NeverBoth,
    NeverOutside,
    Only,
    Statement,
)
from oikeus.policy.model import Model, parse_model
from oikeus.terms import Grant, Span

HOME = Path(__file__).resolve().parents[4]
DAY = date(2026, 3, 1)
WORLD = """\
g2, 1.2, 1.2.246.562.10.00000000001
g4, 1.2, level:koulutustoimija
g2, 1.2, mode:integraatio
g2, 1.2.1, 1.2
g4, 1.2.1, level:oppilaitos
g2, 1.3, 1.2.246.562.10.00000000001
g4, 1.3, level:koulutustoimija
g2, 1.3, mode:syottoliittyma
g, person:vilma, role:vastuukayttaja, 1.2@2026-01-01..2026-12-31
g, person:late, role:ehoks-kayttaja, 1.2@2027-01-01..2027-12-31
g, person:inert, role:palvelukayttaja, 1.2@2026-01-01..2026-12-31
"""
REST = "mode:integraatio", "active"
GRANT = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'


@cache
def model() -> Model:
    """The shipped one."""
    return load_model(HOME / "model.conf")


def world(text: str = "", changed: Model | None = None) -> Snapshot:
    """The eHOKS policy, two providers, and what is said besides."""
    policies = load_policies(HOME / "policies", model())
    rows = (row.split(", ") for row in f"{WORLD}{text}".splitlines())
    lines = (Line(ptype, tuple(values)) for ptype, *values in rows)
    return Snapshot.build(
        changed or model(), [*policies.lines, *lines], catalogue=policies.catalogue
    )


def remodelled(old: str, new: str) -> Model:
    """A model in which a part of `m2` is another."""
    before, name, rest = model().text.partition("\nm2 = ")
    assert old in rest
    return parse_model(f"{before}{name}{rest.replace(old, new, 1)}", "model.conf")


def of_few_sorts(snapshot: Snapshot) -> Snapshot:
    """The same one, with fewer organisations to imagine."""
    catalogue = snapshot.catalogue
    assert catalogue is not None
    few = replace(
        catalogue,
        levels={name: catalogue.levels[name] for name in [*catalogue.levels][:2]},
        modes={name: catalogue.modes[name] for name in [*catalogue.modes][:1]},
    )
    return replace(snapshot, catalogue=few)


def chain(snapshot: Snapshot, said: Statement) -> Chain | None:
    """How a statement is broken, if it is."""
    invariant = Invariant(said, ("A",), "why", "file", 1)
    broken, _ = broken_invariants(snapshot, [invariant], DAY)
    return broken[0].chain if broken else None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (GRANT, f"!{GRANT}", "may ask that a role be not held"),
        (
            "r2.sub != r2.to",
            'r2.sub != "person:x"',
            "asks of people or organisations what is not known here (`r2.sub != 'per",
        ),
        (
            "r2.sub != r2.to",
            "keyMatch(r2.to, p2.role)",
            "asks of people or organisations",
        ),
        ("r2.sub != r2.to", "g3(r2.to, p2.mode)", "asks of people or organisations"),
        ("r2.sub != r2.to", "g2(r2.org, r2.to)", "asks of people or organisations"),
        ("r2.sub != r2.to", "r2.sub in (r2.to, p2.mode)", "asks of people"),
        ("r2.sub != r2.to", 'r2.org + "a" != r2.role', "asks of people"),
        (
            "r2.sub != r2.to",
            'g(r2.to, "role:tunnus", r2.org + "@" + r2.day + "@role:tunnus")',
            "asks for several roles of the recipient",
        ),
        (
            'g(r2.to, "role:tunnus", r2.org + "@"',
            'g(r2.to, "role:tunnus", "1.2@"',
            "asks for a role of the recipient elsewhere",
        ),
        (
            'r2.org + "@" + r2.day + "@role:tunnus"',
            'r2.org + "@2026-02-01@role:tunnus"',
            "asks for a role of the recipient elsewhere",
        ),
        (
            "r2.sub != r2.to",
            'g(r2.sub, "role:tunnus", r2.org + "@" + r2.day + "@role:tunnus")',
            "asks for more of who acts than the line's role today",
        ),
        (
            GRANT,
            f'{GRANT} && g(r2.sub, p2.sub, "1.2@" + r2.day + "@" + p2.sub)',
            "asks for more of who acts than the line's role today",
        ),
        (
            GRANT,
            'g(r2.sub, p2.sub, r2.org + "@2026-02-01@" + p2.sub)',
            "asks for more of who acts than the line's role today",
        ),
        ("r2.role == p2.role", 'r2.day >= "2027-01-01"', "not known here (`r2.day"),
        ("r2.role == p2.role", 'r2.day == "2027-01-01"', "not known here (`r2.day"),
        ("r2.role == p2.role", "g2(p2.mode, r2.day)", "not known here (`g2("),
        ("r2.sub != r2.to", 'g3(r2.sub, "chosen")', "not known here (`g3(r2.sub"),
        (" && r2.sub != r2.to", "", "lets people grant to themselves"),
    ],
)
def test_model_of_which_nothing_is_claimed(old: str, new: str, reason: str) -> None:
    """It is refused, with the part that keeps it from being analysed."""
    snapshot = world(changed=remodelled(old, new))
    assert reason in why_not_analysed(snapshot.evaluator)
    with pytest.raises(ModelError, match="cannot be told"):
        Reachable.of(snapshot, DAY)


def test_model_that_compares_organisations_with_lines() -> None:
    """What a line names is told apart."""
    changed = remodelled("r2.sub != r2.to", "r2.sub != r2.to && r2.org != p2.mode")
    assert why_not_analysed(world(changed=changed).evaluator) == ""
    power = "p2, role:vastuukayttaja, role:ehoks-kayttaja, {}, active\n"
    said = Only("ehoks-kayttaja", "ehoks-paakayttaja")
    snapshot = world(power.format("1.2.1"), changed)
    # the mode must be inherited as well, so that no place is left but those below it
    assert chain(snapshot, said) is None
    assert chain(world(power.format("*"), changed), said) is not None


def test_policy_without_a_catalogue_has_no_words_to_imagine() -> None:
    """Nor has one without a root anything to hang an organisation below."""
    snapshot = world()
    assert with_organisations(snapshot) is not snapshot
    for silent in (
        replace(snapshot, catalogue=None),
        Snapshot.build(model(), (), catalogue=snapshot.catalogue),
    ):
        assert with_organisations(silent) is silent


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (At(mode="integraatio"), True),
        (At(mode="syottoliittyma"), False),
        (At(mode="none"), False),
        (At(status="active"), True),
        (At(status="passive"), False),
        (At(mode="integraatio", level="oppilaitos"), True),
        (At(level="toimipiste"), False),
        (None, True),
    ],
)
def test_organisations_that_a_statement_means(at: At | None, *, expected: bool) -> None:
    """What is said of mode, level and status must all be so."""
    reachable = Reachable.of(world(), DAY, ())
    assert reachable.places(at)("1.2.1") is expected


def test_power_that_needs_no_grant() -> None:
    """Whoever comes may use it, and nobody need hold anything."""
    changed = remodelled(GRANT, f'({GRANT} || r2.role == "role:tallentaja")')
    snapshot = of_few_sorts(
        world("p2, role:tallentaja, role:tallentaja, *, *\n", changed)
    )
    found = chain(snapshot, Only("tallentaja", "tallentajan-paakayttaja"))
    assert found is not None
    (link,) = found.links
    assert (link.holding, link.by, link.slot.kind) == (None, "person:?1", "person")
    (text,) = tell_chain(snapshot, found)
    assert text.startswith("person A grants `tallentaja` at ")
    assert chain(snapshot, Cannot("ehoks-kayttaja", ANY)) is not None
    held = chain(snapshot, NeverOutside("vastuukayttaja"))
    assert held is not None


def test_model_that_asks_not_for_whom_a_role_is() -> None:
    """Then it is granted to others too, and that is noticed."""
    changed = remodelled(" && g3(r2.role, r2.kind)", "")
    found = chain(world(changed=changed), Never("palvelukayttaja", "person"))
    assert found is not None
    assert found.links[-1].slot.kind == "person"
    by = find_paths(world(changed=changed), "palvelukayttaja", "1.2", DAY, most=50)
    assert {each.links[-1].slot.kind for each in by.chains} == {"person", "system"}


def test_role_that_a_line_asks_of_the_recipient() -> None:
    """Also where the matcher names another role elsewhere."""
    changed = remodelled(
        '(r2.kind != "system" || '
        'g(r2.to, "role:tunnus", r2.org + "@" + r2.day + "@role:tunnus"))',
        'r2.role != "role:tunnus" && '
        '(p2.status == "*" '
        '|| g(r2.to, p2.status, r2.org + "@" + r2.day + "@" + p2.status))',
    )
    changed = parse_model(
        changed.text.replace(
            '(p2.status == "*" || p2.status == "active" '
            '&& !g2(r2.org, "status:passive"))',
            "p2.status != p2.mode",
        ),
        "model.conf",
    )
    power = "p2, role:ehoks-kayttaja, role:tallentaja, *, role:vastuukayttaja\n"
    more = "g, person:k, role:ehoks-kayttaja, 1.2@2026-01-01..2026-12-31\n"
    snapshot = world(power + more, changed)
    assert why_not_analysed(snapshot.evaluator) == ""
    found = chain(snapshot, Only("tallentaja", "tallentajan-paakayttaja"))
    assert found is not None
    assert found.holder == "person:vilma"


def test_what_only_some_of_those_alike_can_be_given() -> None:
    """Of institutions alike, one below a provider can be registered there."""
    snapshot = world(
        "p2, role:ehoks-paakayttaja, role:palvelukayttaja, *, *\n"
        "g2, 1.1, 1.2.246.562.10.00000000001\ng4, 1.1, level:oppilaitos\n"
        "g2, 1.1, mode:integraatio\n"
    )
    gone = Line("g4", ("level:oppilaitos", "role:tunnus"))
    by_hand = Line("p2", ("role:vastuukayttaja", "role:palvelukayttaja", *REST))
    # the one below no provider comes first
    first = [each for each in snapshot.facts.lines() if each.values[0] == "1.1"]
    lines = dict.fromkeys([*first, *snapshot.facts.lines()])
    kept = [each for each in lines if each not in (gone, by_hand)]
    rebuilt = Snapshot.build(model(), kept, catalogue=snapshot.catalogue)
    assert find_paths(rebuilt, "palvelukayttaja", "1.1", DAY).chains == ()
    assert find_paths(rebuilt, "palvelukayttaja", "1.2.1", DAY).chains


def test_holders_who_act_for_each_other() -> None:
    """Two credentials give each other what neither can give to itself."""
    snapshot = world("p2, role:tunnus, role:palvelukayttaja, *, *\n")
    found = chain(snapshot, Cannot("tunnus", "palvelukayttaja"))
    assert found is not None
    (text,) = tell_chain(snapshot, found)
    assert text.startswith("any system (`tunnus` at ")
    assert " to another system, by " in text


def test_credential_of_no_kind() -> None:
    """What is for nobody cannot be registered."""
    snapshot = world()
    lines = [
        each
        for each in (*snapshot.facts.lines(), Line("g2", (" x", "1.2")))
        if each != Line("g3", ("role:tunnus", "system"))
    ]
    rebuilt = Snapshot.build(model(), lines, catalogue=snapshot.catalogue)
    reachable = Reachable.of(rebuilt, DAY)
    assert not any(slot.role == "role:tunnus" for slot in reachable.spread.slots())
    assert " x" not in reachable.asked.classes.of
    assert find_paths(rebuilt, "palvelukayttaja", "1.2", DAY).chains == ()


def test_both_of_a_credential() -> None:
    """A system is registered once: both rights must lie below that place."""
    more = (
        "g3, role:tallentaja, system\n"
        "p2, role:vastuukayttaja, role:tallentaja, *, active\n"
    )
    snapshot = world(more)
    found = chain(snapshot, NeverBoth(("palvelukayttaja",), ("tallentaja",)))
    assert found is not None
    assert [link.verb.value for link in found.links] == ["registers"] + ["grants"] * 2
    spread_ = Reachable.of(snapshot, DAY).spread
    apart = (
        Slot("system", "role:palvelukayttaja", "1.2"),
        Slot("system", "role:tallentaja", "1.3"),
    )
    assert shortest_to_both(spread_, *apart) is None
    granted = world(more + "p2, role:vastuukayttaja, role:tunnus, *, *\n")
    spread_ = Reachable.of(granted, DAY).spread
    beside = (apart[0], Slot("system", "role:tallentaja", "1.2.1"))
    assert shortest_to_both(spread_, *beside) is not None


def test_both_of_a_credential_that_is_there() -> None:
    """It may get another right, and is not registered once more."""
    rows = (
        f"g, system:{name}, role:{role}, 1.2@2026-01-01..2026-12-31\n"
        for name in ("a", "b", "c", "d")
        for role in ("palvelukayttaja", "tunnus")
        if name == "d" or role == "tunnus"
    )
    more = (
        "g3, role:tallentaja, system\n"
        "p2, role:vastuukayttaja, role:tallentaja, *, active\n"
    )
    snapshot = world(more + "".join(rows))
    found = chain(snapshot, NeverBoth(("palvelukayttaja",), ("tallentaja",)))
    assert found is not None
    assert (found.holder, len(found.links)) == ("system:d", 1)
    bare = "g, system:e, role:palvelukayttaja, 1.2@2026-01-01..2026-12-31\n"
    found = chain(world(bare), NeverBoth(("palvelukayttaja",), ("tunnus",)))
    assert found is not None
    assert found.holder != "system:e"


def test_registered_by_those_who_are_registered() -> None:
    """Who must be registered and cannot be is looked at by name."""
    text = """\
g3, role:tallentaja, system
g3, role:tallentajan-paakayttaja, system
g, system:one, role:tallentajan-paakayttaja, 1.3@2026-01-01..2026-12-31
g, system:one, role:tunnus, 1.3@2026-01-01..2026-12-31
"""
    said = Never("tallentaja", "system")
    only = [
        Grant.parse(Line("g", tuple(row.split(", ")[1:])))
        for row in text.splitlines()
        if row.startswith("g, ")
    ]
    invariant = Invariant(said, ("A",), "why", "file", 1)
    # nobody else is registered, and it cannot grant to itself
    assert broken_invariants(world(text), [invariant], DAY, only)[0] == ()
    other = "g, system:two, role:tunnus, 1.3@2026-01-01..2026-12-31\n"
    both = [*only, Grant.parse(Line("g", tuple(other.strip().split(", ")[1:])))]
    (broken,), _ = broken_invariants(world(text + other), [invariant], DAY, both)
    assert (broken.chain.holder, broken.chain.people) == ("system:two", 2)


def test_powers_in_a_circle() -> None:
    """Chains that rest on themselves are none."""
    power = "p2, role:ehoks-kayttaja, role:ehoks-paakayttaja, *, *\n"
    found = find_paths(world(power), "ehoks-kayttaja", "1.2.1", DAY, most=50)
    assert len(found.chains[0].links) == 2
    assert all(len(each.links) < 7 for each in found.chains)


def test_rights_that_begin_later_or_do_not_count() -> None:
    """In force is what has begun; of first grants also what is to come."""
    snapshot = world()
    start = Reachable.of(snapshot, DAY).start
    assert Slot("person", "role:vastuukayttaja", "1.2") in start
    assert Slot("person", "role:ehoks-kayttaja", "1.2") not in start
    assert Slot("person", "role:palvelukayttaja", "1.2") not in start
    late = Grant(
        "person:late",
        "role:ehoks-kayttaja",
        "1.2",
        Span(date(2027, 1, 1), date(2027, 12, 31)),
    )
    start = Reachable.of(snapshot, DAY, [late]).start
    assert [*start] == [Slot("person", "role:ehoks-kayttaja", "1.2")]
    assert Reachable.of(snapshot, date(2028, 1, 1), [late]).start == {}


def test_what_is_held_already_needs_no_act() -> None:
    """A statement is broken by who holds it; for `never_granted` somebody must give."""
    snapshot = world()
    found = chain(snapshot, Never("vastuukayttaja"))
    assert found is not None
    assert found.links == ()
    assert [*tell_chain(snapshot, found)] == [
        "`person:vilma` holds `vastuukayttaja` at `1.2` already"
    ]
    found = chain(snapshot, Never("vastuukayttaja", granted=True))
    assert found is not None
    assert len(found.links) == 1
    assert chain(snapshot, Never("opetushallitus", granted=True)) is None


def test_both_held_already() -> None:
    """By one subject, or by one who can get the other."""
    said = NeverBoth(("ehoks-paakayttaja",), ("tallentaja",), "koulutustoimija")
    assert chain(world(), said) is None
    held = "g, person:old, role:tallentaja, 1.2@2026-01-01..2026-12-31\n"
    snapshot = world(held)
    found = chain(snapshot, said)
    assert found is not None
    # who typed data in before the mode changed is appointed now
    assert (found.holder, len(found.links)) == ("person:old", 1)
    anywhere = NeverBoth(("ehoks-paakayttaja",), ("tallentaja",))
    assert chain(snapshot, anywhere) == found
    both = held + "g, person:old, role:ehoks-paakayttaja, 1.2@2026-01-01..2026-12-31\n"
    found = chain(world(both), said)
    assert found is not None
    assert (found.holder, found.links) == ("person:old", ())
    assert len([*tell_chain(world(both), found)]) == 1


def test_both_of_no_chain_short_enough() -> None:
    """A bound on the acts is held."""
    reachable = Reachable.of(world(), DAY)
    one = Slot("person", "role:ehoks-paakayttaja", "1.2")
    other = Slot("person", "role:ehoks-kayttaja", "1.2")
    assert shortest_to_both(reachable.spread, one, other, 1) is None
    found = shortest_to_both(reachable.spread, one, other)
    assert found is not None
    assert len(found.links) == 3
    nowhere = Slot("person", "role:ehoks-kayttaja", "1.3")
    assert shortest_to_both(reachable.spread, one, nowhere) is None
    assert shortest(reachable.spread, [nowhere]) is None


def test_from_nothing_nothing_comes() -> None:
    """Without holders no act is possible."""
    reachable = Reachable.of(world(), DAY)
    assert spread(reachable.asked, {}).rounds == {}


def test_no_statement_needs_no_model() -> None:
    """A policy without invariants is not analysed."""
    snapshot = world(changed=remodelled(GRANT, f"!{GRANT}"))
    assert broken_invariants(snapshot, (), DAY) == ((), snapshot)


def test_ways_to_a_right() -> None:
    """The shortest first; from a subject or a role they begin with that."""
    snapshot = world()
    found = find_paths(snapshot, "ehoks-kayttaja", "1.2.1", DAY)
    assert [len(each.links) for each in found.chains] == [2, 3]
    assert (found.role, found.organisation) == ("role:ehoks-kayttaja", "1.2.1")
    one = find_paths(snapshot, "role:ehoks-kayttaja", "1.2.1", DAY, most=1)
    assert len(one.chains) == 1
    by_role = find_paths(
        snapshot, "ehoks-kayttaja", "1.2.1", DAY, start="opetushallitus"
    )
    assert [len(each.links) for each in by_role.chains] == [3]
    for start in ("role:vastuukayttaja", "person:vilma"):
        some = find_paths(snapshot, "ehoks-kayttaja", "1.2.1", DAY, start=start)
        assert [each.links[0].by for each in some.chains] == ["person:vilma"]
    none = find_paths(snapshot, "tallentaja", "1.3", DAY, start="person:vilma")
    assert none.chains == ()
    held = find_paths(snapshot, "vastuukayttaja", "1.2", DAY, start="person:vilma")
    assert [each.links for each in held.chains] == [()]
    system = find_paths(snapshot, "palvelukayttaja", "1.2.1", DAY)
    assert [link.to for link in system.chains[0].links] == ["system:?1", "system:?1"]
    told = [*tell_chain(snapshot, system.chains[0])]
    assert "registers `tunnus` at `1.2.1` to system A" in told[0]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (
            ("boss", "1.2", None),
            "unknown role `boss`, expected one of `opetushallitus`",
        ),
        (("tallentaja", "9.9", None), "organisation `9.9` is not in the register"),
        (("talentaja", "1.2", None), "did you mean `tallentaja`"),
        (("tallentaja", "1.2", "boss"), "unknown role `boss`"),
        (("tallentaja", "1.2", "role:boss"), "unknown role `boss`"),
        (("tallentaja", "1.2", "person:no"), "`person:no` holds no right"),
    ],
)
def test_ways_to_what_is_unknown(asked: tuple[str, str, str | None], text: str) -> None:
    """It is said what, and what was expected."""
    role, place, start = asked
    with pytest.raises(RequestError, match=text):
        find_paths(world(), role, place, DAY, start=start)


def test_search_that_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is broken stays so: the best chain is told, or that there is one."""
    snapshot = world()
    known = Reachable.of(snapshot, DAY).spread
    one = Slot("person", "role:ehoks-paakayttaja", "1.2")
    other = Slot("person", "role:ehoks-kayttaja", "1.2")
    found = shortest(known, [other], effort=Effort(0))
    assert found == Chain((), (other,), "", 0, is_shortest=False)
    (text,) = tell_chain(snapshot, found)
    assert text.startswith("somebody can come to `ehoks-kayttaja` at `1.2`, by a chain")
    both = shortest_to_both(known, one, other, effort=Effort(0))
    assert both == Chain((), (one, other), "", 0, is_shortest=False)
    for steps, said in (
        (3, Only("ehoks-kayttaja", "vastuukayttaja")),
        (3, NeverBoth(("ehoks-paakayttaja", "ehoks-kayttaja"))),
    ):
        monkeypatch.setattr(Effort.__init__, "__defaults__", (steps,))
        unknown = chain(snapshot, said)
        assert unknown is not None
        assert not unknown.is_shortest


def test_chain_that_may_not_be_the_shortest() -> None:
    """It is told with that."""
    snapshot = world()
    slot = Slot("person", "role:ehoks-kayttaja", "1.2")
    found = shortest(Reachable.of(snapshot, DAY).spread, [slot])
    assert found is not None
    told = [*tell_chain(snapshot, replace(found, is_shortest=False))]
    assert told[0] == "there may be a shorter chain than this one"
    assert told[1:] == [*tell_chain(snapshot, found)]


def test_best_that_was_found_when_the_effort_was_spent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between too few choices for any chain and enough for the shortest."""
    power = "p2, role:ehoks-kayttaja, role:tallentaja, *, *\n"
    both = power + power.replace("ehoks-kayttaja", "ehoks-paakayttaja")
    snapshot = of_few_sorts(world(both))
    found = []
    for steps in range(60):
        monkeypatch.setattr(Effort.__init__, "__defaults__", (steps,))
        told = chain(snapshot, Only("tallentaja", "tallentajan-paakayttaja"))
        assert told is not None
        found.append((bool(told.links), told.is_shortest))
    assert (False, False) in found
    assert (True, False) in found
    assert found[-1] == (True, True)


def test_catalogue_that_says_nothing_of_credentials() -> None:
    """Then nobody registers any."""
    snapshot = world()
    catalogue = snapshot.catalogue
    assert catalogue is not None
    silent = replace(snapshot, catalogue=replace(catalogue, registration=None))
    assert find_paths(silent, "palvelukayttaja", "1.2", DAY).chains == ()
