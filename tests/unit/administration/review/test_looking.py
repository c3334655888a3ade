"""Which grants are to be looked at, why, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from oikeus import (
    Change,
    Grant,
    Matter,
    Model,
    RequestError,
    Review,
    Span,
    Store,
    review,
)

from .conftest import CHIEF, CLERK, DAY, HEAD, LASTING, SOON, Give, Say, soon, today

Remove = Callable[..., None]

HEAD_OF_ALL = Grant("person:all", "role:chief", "1.0", LASTING)
PAPER = ("g2", "1.1", "mode:paper")
SCREEN = ("g2", "1.1", "mode:screen")


def found(store: Store, **options: str) -> Review:
    """What there is to look at."""
    return review(store, today=today, **options)


def remarks(store: Store, subject: str = "person:clerk") -> list[tuple[str, str]]:
    """What is said of what somebody holds."""
    return [
        (remark.matter.value, remark.text)
        for each in found(store).found
        if each.grant.subject == subject
        for remark in each.remarks
    ]


def test_grant_that_lasts_and_is_allowed_needs_no_look(
    loaded: Store, give: Give
) -> None:
    """Nobody is bothered with it."""
    give(HEAD, CLERK)
    seen = found(loaded)
    assert (seen.found, seen.looked_at, seen.day) == ((), 3, DAY)
    assert [*seen.by_approver()] == []


def test_grant_that_ends_soon_stands_under_each_who_may_revoke_it(
    loaded: Store, give: Give
) -> None:
    """As the model says; its holder is none of them, though they may give it up."""
    second = replace(HEAD, subject="person:second")
    give(HEAD, second, soon(CLERK), soon(replace(HEAD, subject="person:third")))
    seen = found(loaded)
    assert [
        (approver, [each.grant.subject for each in theirs])
        for approver, theirs in seen.by_approver()
    ] == [
        (CHIEF, ["person:third"]),
        ("person:head", ["person:clerk"]),
        ("person:second", ["person:clerk"]),
        # today it still is a power
        ("person:third", ["person:clerk"]),
    ]
    assert remarks(loaded) == [("ends", "ends on 2026-04-15")]
    only = found(loaded, approver="person:head")
    assert [(who, len(theirs)) for who, theirs in only.by_approver()] == [
        ("person:head", 1)
    ]
    assert only.looked_at == seen.looked_at


def test_days_before_a_grant_ends_are_said_by_the_catalogue(
    loaded: Store, give: Give, say: Say
) -> None:
    """Sixty where it says nothing; where another grant goes on there is no end."""
    give(HEAD, soon(CLERK))
    say("review: {ends-within: P10D}\n")
    assert remarks(loaded) == []
    say("")
    assert remarks(loaded) == [("ends", "ends on 2026-04-15")]
    give(replace(CLERK, span=Span(date(2026, 4, 16), date(2026, 12, 31))))
    assert remarks(loaded) == []


def test_grant_that_ended_is_not_looked_at(loaded: Store, give: Give) -> None:
    """It decides nothing."""
    give(replace(CLERK, span=Span(date(2025, 1, 1), date(2026, 2, 28))))
    assert found(loaded).looked_at == 1


def test_grant_that_no_rule_would_allow_is_told_with_the_reason(
    loaded: Store, give: Give, remove: Remove, say: Say
) -> None:
    """Unless the catalogue says of the case that it stays."""
    give(CLERK, granter="person:gone")
    remove(PAPER, add=(SCREEN,))
    text = "`1.1` has the transfer mode `screen`; expected `paper`"
    assert remarks(loaded) == [("barred", f"no rule would allow it: {text}")]
    say("circumstances: {mode: stay}\n")
    # nor is anything said of who gave it: nobody could
    assert remarks(loaded) == []


def test_grant_whose_granter_no_longer_could_is_told(loaded: Store, give: Give) -> None:
    """By the model, on the day; where they still could there is nothing to say."""
    give(HEAD)
    give(CLERK, granter="person:head")
    give(replace(CLERK, subject="person:other"), granter="person:gone")
    assert remarks(loaded) == []
    assert remarks(loaded, "person:other") == [
        ("granter", "given by person:gone, who no longer could")
    ]
    (other,) = found(loaded).found
    assert other.granter == "person:gone"


def test_roles_that_only_files_give_are_barred_elsewhere(
    loaded: Store, give: Give, remove: Remove
) -> None:
    """A credential is registered by an act of its own, and nobody gives it."""
    give(Grant("system:x", "role:tunnus", "1.1", LASTING), HEAD)
    give(Grant("person:other", "role:chief", "1.0", LASTING))
    assert remarks(loaded, CHIEF) == remarks(loaded, "system:x") == []
    text = "no power gives `chief`: it comes from the policy files only"
    barred = [("barred", f"no rule would allow it: {text}")]
    assert remarks(loaded, "person:other") == barred
    remove(("g4", "level:root", "role:chief"))
    ((matter, text),) = remarks(loaded, CHIEF)
    assert matter == "barred"
    assert text.endswith(
        "`role:chief` cannot be held at `1.0`, whose levels are: level:root"
    )


def test_roles_that_conflict_are_told_of_each_grant(loaded: Store, give: Give) -> None:
    """Below one organisation of the level, on a day that both have."""
    head = replace(HEAD, subject="person:clerk")
    office = replace(CLERK, organisation="1.1.1")
    elsewhere = replace(CLERK, organisation="1.2", subject="person:head")
    later = replace(HEAD, subject="person:a", span=Span(date(2031, 1, 1), date.max))
    give(HEAD, head, CLERK, office, elsewhere)
    give(later, replace(CLERK, subject="person:a"))
    # a role of no group conflicts with none
    give(HEAD_OF_ALL, replace(CLERK, subject="person:all"))
    assert remarks(loaded) == [
        (
            "conflict",
            "its holder has `head` at `1.1`, too",
        ),
        (
            "conflict",
            "its holder has `clerk` at `1.1` and `clerk` at `1.1.1`, too",
        ),
        (
            "conflict",
            "its holder has `head` at `1.1`, too",
        ),
    ]
    assert [text for matter, text in remarks(loaded, "person:head")] == [
        "no rule would allow it: `1.2` has the transfer mode none; expected `paper`"
    ]
    assert remarks(loaded, "person:a") == []
    assert "conflict" not in {matter for matter, _ in remarks(loaded, "person:all")}


def test_grants_nobody_has_power_over_come_last(
    loaded: Store, give: Give, model: Model
) -> None:
    """They are for whoever changes the policy files; so are all without an m3."""
    give(HEAD, soon(CLERK), soon(Grant("person:x", "role:chief", "1.0", LASTING)))
    *_, (approver, theirs) = found(loaded).by_approver()
    assert (approver, [each.grant.subject for each in theirs]) == (None, ["person:x"])
    text = model.text.partition("# Who may revoke")[0]
    assert "m3" not in text.partition("[matchers]")[2]
    with loaded.writing() as writer:
        writer.commit(Change("casbin", "os:t", "m", model=text))
    assert [approver for approver, _ in found(loaded).by_approver()] == [None]


def test_row_that_no_question_can_name_is_under_nobodys_power(
    loaded: Store, give: Give
) -> None:
    """However it came into the database."""
    give(HEAD, Grant("person:x", "role:a@b", "1.1", SOON))
    (seen,) = found(loaded).found
    assert seen.approvers == ()
    assert [remark.matter for remark in seen.remarks] == [Matter.ENDS, Matter.BARRED]


def test_one_organisation_is_looked_at_with_those_below(
    loaded: Store, give: Give
) -> None:
    """In the order of the tree."""
    office = replace(soon(CLERK), organisation="1.1.1")
    give(HEAD, office, soon(CLERK), replace(office, organisation="1.2"))
    seen = found(loaded, organisation="1.1")
    assert [each.grant.organisation for each in seen.found] == ["1.1", "1.1.1"]
    assert seen.looked_at == 3
    with pytest.raises(RequestError, match=r"`9\.9` is not in the register"):
        found(loaded, organisation="9.9")


@pytest.mark.parametrize("approver", ["", "nobody", "role:head"])
def test_approver_who_is_no_subject_is_refused(loaded: Store, approver: str) -> None:
    """Nothing would be found."""
    with pytest.raises(RequestError):
        found(loaded, approver=approver)


def test_first_grant_is_told_with_the_file_that_says_it(
    loaded: Store, give: Give
) -> None:
    """It is changed there."""
    give()
    seen = review(loaded, today=lambda: date(2026, 12, 1))
    (first,) = seen.found
    assert (first.grant.subject, str(first.source)) == (CHIEF, "policies/first.csv:2")
    assert seen.names == {}
