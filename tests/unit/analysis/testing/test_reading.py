"""A file of cases is read with its lines, and a slip of the pen in it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from oikeus.analysis.testing.cases import CaseFile
from oikeus.analysis.testing.reading import read_cases
from oikeus.analysis.testing.running import run_case
from oikeus.analysis.testing.suite import CaseSuite
from oikeus.analysis.testing.world import World
from oikeus.errors import PolicyError, PolicySyntaxError
from oikeus.policy.model import parse_model
from oikeus.terms import Line

from ...policy_cases import shipped_model, shipped_policies

OF_WORLD = "expected one of the world of these cases"
UNKNOWN = "; a case that is about unknown words says `unknown-words: true`"
ROLES = (
    "opetushallitus, vastuukayttaja, ehoks-paakayttaja, ehoks-kayttaja, "
    "palvelukayttaja, tunnus, tallentajan-paakayttaja or tallentaja"
)

SMALL = """\
rule-set: a small one
world:
  organisations:
    kt: {levels: [koulutustoimija], mode: integraatio}
    ol: {parent: kt, levels: [oppilaitos], status: passive}
  grants:
    - {subject: person:a, role: ehoks-kayttaja, organisation: kt,
       from: 2026-01-01, until: 2026-12-31}
  blocked: [person:b]
day: 2026-03-01
cases:
  - rule: [R9]
    why: they read
    subject: person:a
    can:
      - {action: read, resource: hoks, organisation: ol}
    may not grant:
      - {role: ehoks-kayttaja, to: person:b, organisation: root}
"""


def small(*changes: tuple[str, str]) -> CaseFile:
    """The small file of cases, with pieces of it put otherwise."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_cases(text, "a.yaml", shipped_policies(), shipped_model())


def world_of(file: CaseFile) -> World:
    """The world of a file, under the shipped rules."""
    suite = CaseSuite(shipped_model(), shipped_policies(), (file,))
    (world,) = suite.worlds
    return world


def failures_of(file: CaseFile) -> list[str]:
    """What fails of the one case of a file."""
    (case,) = file.cases
    return [str(failure) for failure in run_case(world_of(file), case).failures]


def test_a_world_becomes_lines() -> None:
    """Each fact of a world is one Casbin line; the root has its real id."""
    root = "1.2.246.562.10.00000000001"
    assert [str(line) for line in small().world] == [
        f"g2, kt, {root}",
        "g4, kt, level:koulutustoimija",
        "g2, kt, mode:integraatio",
        "g2, ol, kt",
        "g4, ol, level:oppilaitos",
        "g2, ol, status:passive",
        "g, person:a, role:ehoks-kayttaja, kt@2026-01-01..2026-12-31",
        "g3, person:b, blocked",
    ]


def test_an_organisation_of_the_policy_stands_where_the_policy_says() -> None:
    """A world that names it need not say so again, and may say otherwise."""
    shipped = shipped_policies()
    lines = (*shipped.lines, Line("g2", ("ol", "north")), Line("g2", ("kt", "north")))
    policies = replace(shipped, lines=lines)
    found = read_cases(SMALL, "a.yaml", policies, shipped_model()).world
    assert [str(line) for line in found if line.ptype == "g2"] == [
        "g2, kt, north",
        "g2, kt, mode:integraatio",
        "g2, ol, kt",
        "g2, ol, status:passive",
    ]


def test_a_world_holds_none_of_the_shipped_grants() -> None:
    """Cases rest on their own world, and not on who is appointed today."""
    grants = [
        line for line in world_of(small()).snapshot.facts.lines() if line.ptype == "g"
    ]
    assert [str(grant) for grant in grants] == [
        "g, person:a, role:ehoks-kayttaja, kt@2026-01-01..2026-12-31"
    ]


def test_a_case_knows_its_place_its_day_and_what_it_shows() -> None:
    """The day of the file counts where a case has none."""
    (case,) = small().cases
    assert (case.file, case.line, case.day) == ("a.yaml", 12, date(2026, 3, 1))
    assert case.shows == ("allowed", "refused")
    (other,) = small(("    why:", "    day: 2027-01-01\n    why:")).cases
    assert other.day == date(2027, 1, 1)


def test_a_failure_says_what_was_decided_and_why() -> None:
    """Who reads a failure need not ask again for the reason."""
    ended = small(("    why:", "    day: 2027-01-01\n    why:"))
    assert failures_of(ended) == [
        (
            "person:a may do: read hoks at ol, but it was refused: "
            "`ehoks-kayttaja` ended on 2026-12-31"
        )
    ]
    turned = small(("    can:", "    cannot:"))
    (failure,) = failures_of(turned)
    assert failure.startswith(
        "person:a may not do: read hoks at ol, but it was allowed: "
        "`ehoks-kayttaja` at `kt` until 2026-12-31, by `p, role:ehoks-kayttaja, hoks, "
        "read, allow` (policies/ehoks.csv:"
    )


def test_what_is_refused_at_the_door_is_refused() -> None:
    """A subject of an unknown kind has no right, and the refusal says so."""
    robot = small(("subject: person:a\n    can", "subject: robot:a\n    can"))
    (failure,) = failures_of(robot)
    assert "robot:a" in failure
    assert "but it was refused: `robot:a` is of no known kind" in failure


def twice(text: str) -> str:
    """The text with its key `day` repeated."""
    return text.replace("day: 2026-03-01", "day: 2026-03-01\nday: 2026-03-01")


def without_why(text: str) -> str:
    """The text without a reason."""
    return text.replace("    why: they read\n", "")


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (twice, PolicySyntaxError, "a.yaml:11: repeats the key `day`"),
        (without_why, PolicyError, "a.yaml:12: `cases[0]` has no key `why`"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_line(
    spoil: Callable[[str], str], error: type[PolicyError], message: str
) -> None:
    """A file that violates the schema fails, and runs no case."""
    with pytest.raises(error) as caught:
        read_cases(spoil(SMALL), "a.yaml", shipped_policies(), shipped_model())
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "parent: kt",
            "parent: tk",
            f"a.yaml:5: unknown parent `tk`, {OF_WORLD}",
        ),
        (
            "mode: integraatio",
            "mode: x",
            "a.yaml:4: unknown mode `x`, expected integraatio or syottoliittyma",
        ),
        (
            "status: passive",
            "status: x",
            "a.yaml:5: unknown status `x`, expected active or passive",
        ),
        (
            "levels: [oppilaitos]",
            "levels: [x]",
            (
                "a.yaml:5: unknown level `x`, expected root, koulutustoimija, "
                "oppilaitos or toimipiste"
            ),
        ),
        (
            "role: ehoks-kayttaja, organisation",
            "role: x, organisation",
            f"a.yaml:7: unknown role `x`, expected {ROLES}",
        ),
        (
            "organisation: kt,\n",
            "organisation: tk,\n",
            f"a.yaml:7: unknown organisation `tk`, {OF_WORLD}",
        ),
        (
            "until: 2026-12-31",
            "until: 2025-12-31",
            "a.yaml:7: ends on 2025-12-31, before it begins on 2026-01-01",
        ),
        (
            "organisation: ol}",
            "organisation: lo}",
            f"a.yaml:16: unknown organisation `lo`, {OF_WORLD}",
        ),
        (
            "action: read",
            "action: raed",
            (
                "a.yaml:16: unknown action `raed`, expected read, share, create, "
                "update or transfer (did you mean `read`?)"
            ),
        ),
        (
            "role: ehoks-kayttaja, to",
            "role: x, to",
            f"a.yaml:18: unknown role `x`, expected {ROLES}{UNKNOWN}",
        ),
        (
            "organisation: ol}",
            "organisation: ol, attributes: {purpose: care}}",
            "a.yaml:16: the model has no attribute `purpose`",
        ),
    ],
)
def test_a_word_that_nothing_knows_is_a_slip(old: str, new: str, message: str) -> None:
    """A misspelt word is denied for the wrong reason, and would pass a `cannot`."""
    with pytest.raises(PolicyError) as caught:
        small((old, new))
    assert str(caught.value) == message


def test_who_may_revoke_is_asked_with_the_holder() -> None:
    """And decided by the matcher for it."""
    old = "may not grant:\n      - {role: ehoks-kayttaja, to: person:b"
    new = "may revoke:\n      - {role: ehoks-kayttaja, from: person:a"
    file = small((old, new))
    (case,) = file.cases
    assert str(case.expectations[-1]) == (
        "person:a may revoke: ehoks-kayttaja from person:a at root"
    )
    assert failures_of(file) == []
    refused = small((old, new.replace("may", "may not")))
    assert failures_of(refused) == [
        (
            "person:a may not revoke: ehoks-kayttaja from person:a at root, but it was "
            "allowed: one may give up one's own right"
        )
    ]
    other = small((old, new.replace("person:a", "person:new")))
    assert "person:new" in other.people
    (failure,) = failures_of(other)
    assert "but it was refused: the granter has no power over `ehoks-kayt" in failure


def test_a_model_that_does_not_say_who_may_revoke_cannot_be_asked() -> None:
    """As those of earlier versions do not: it would be no answer, but an error."""
    asked = SMALL.replace("may not grant", "may not revoke").replace("to:", "from:")
    old = parse_model(shipped_model().text.partition("\nm3 = ")[0])
    with pytest.raises(PolicyError) as caught:
        read_cases(asked, "a.yaml", shipped_policies(), old)
    assert str(caught.value) == (
        "a.yaml:12: the model does not say who may revoke, expected `m3` in its "
        "matchers"
    )
    assert read_cases(SMALL, "a.yaml", shipped_policies(), old).cases


def test_of_an_unknown_resource_no_action_is_judged() -> None:
    """It is the resource that was misspelt."""
    with pytest.raises(PolicyError) as caught:
        small(("resource: hoks", "resource: hokse"))
    assert str(caught.value) == (
        "a.yaml:16: unknown resource `hokse`, expected hoks or tiedonsiirtotunnus "
        "(did you mean `hoks`?)"
    )


def test_cases_about_unknown_words_may_use_them() -> None:
    """What is unknown is refused, and a case may say so; it is never allowed."""
    free = ("    why: they read", "    why: they read\n    unknown-words: true")
    unknown = ("action: read", "action: x")
    assert failures_of(small(free, ("    can:", "    cannot:"), unknown)) == []
    with pytest.raises(PolicyError):
        small(free, unknown)
    denied = (free[0], free[1].replace("true", "false"))
    with pytest.raises(PolicyError):
        small(denied, ("    can:", "    cannot:"), unknown)


def test_attributes_are_sent_with_a_question() -> None:
    """A model may decide by what a caller says besides."""
    sent = SMALL.replace(
        "organisation: ol}", "organisation: ol, attributes: {reason: care}}"
    )
    text = shipped_model().text.replace("obj, act\n# May", "obj, act, reason\n# May")
    text = text.replace(
        "&& r.obj == p.obj", '&& r.reason == "care" && r.obj == p.obj', 1
    )
    model = parse_model(text)
    for text, count in ((sent, 0), (sent.replace("care", "ads"), 1), (SMALL, 1)):
        file = read_cases(text, "a.yaml", shipped_policies(), model)
        (world,) = CaseSuite(model, shipped_policies(), (file,)).worlds
        (case,) = file.cases
        failed = run_case(world, case).failures
        assert len(failed) == count
        for failure in failed:
            assert str(failure.expectation).startswith(
                "person:a may do: read hoks at ol"
            )
    (expectation, _) = (
        read_cases(sent, "a", shipped_policies(), model).cases[0].expectations
    )
    assert str(expectation) == "person:a may do: read hoks at ol reason=care"
