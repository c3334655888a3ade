"""Decisions of a review: each judged by the policy, all of them carried out or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oikeus import (
    AppliedReview,
    DelegationError,
    Grant,
    Model,
    RefusedReviewError,
    RequestError,
    ReviewError,
    Span,
    Store,
    apply_policies,
    apply_review,
    verify,
)
from oikeus.administration.review.sheets import COLUMNS

from .conftest import CHIEF, CLERK, DAY, HEAD, LASTING, Give, soon, today

OTHER = replace(CLERK, subject="person:other")
POWER = "p2, role:head, role:clerk, mode:paper, active"

Decide = Callable[..., AppliedReview]


def row(grant: Grant, decision: str, reason: str = "") -> str:
    """A row of the sheet."""
    days = f"{grant.span.first},{grant.span.last}"
    role = grant.role.removeprefix("role:")
    cells = f"{grant.subject},{role},{grant.organisation},,{days},,"
    return f"{cells},{decision},{reason}"


def sheet(*rows: str) -> str:
    """A whole sheet."""
    return "\n".join([",".join(COLUMNS), *rows])


@pytest.fixture
def decide(loaded: Store) -> Decide:
    """Carry out rows on somebody's power."""

    def carry_out(*rows: str, granter: str = "person:head") -> AppliedReview:
        return apply_review(
            loaded,
            "a.csv",
            sheet(*rows),
            granter=granter,
            actor="os:t",
            today=today,
        )

    return carry_out


def lines(store: Store) -> set[str]:
    """What is in force."""
    return {str(line) for line in store.load().lines}


def test_decisions_are_one_version_with_granter_power_and_reasons(
    loaded: Store, give: Give, decide: Decide
) -> None:
    """What is renewed begins where it did, and lasts as a grant of today would."""
    third = replace(CLERK, subject="person:third")
    give(HEAD, soon(CLERK), OTHER, third)
    before = loaded.head()
    done = decide(
        row(soon(CLERK), "renew", "stays"),
        row(OTHER, "revoke", "left us"),
        row(third, "keep"),
        row(HEAD, ""),
    )
    renewed = replace(CLERK, span=Span(DAY, date(2027, 2, 28)))
    assert done.version == before + 1
    assert (done.kept, done.revoked) == ((third,), (OTHER,))
    (new,) = done.renewed
    assert new.span.last == renewed.span.last
    assert str(OTHER.line) not in lines(loaded)
    assert {str(new.line), str(third.line)} <= lines(loaded)
    assert str(soon(CLERK).line) not in lines(loaded)
    version = loaded.versions()[-1]
    assert (version.origin, version.actor, version.granter, version.power) == (
        "review",
        "os:t",
        "person:head",
        POWER,
    )
    assert version.message.splitlines() == [
        "1 renewed, 1 revoked, 1 kept",
        "renew: clerk of person:clerk at 1.1, 2026-01-01 until 2026-04-15: stays",
        "revoke: clerk of person:other at 1.1, 2026-01-01 until 2030-12-31: left us",
        "keep: clerk of person:third at 1.1, 2026-01-01 until 2030-12-31",
    ]


def test_decisions_that_keep_all_are_a_version_too(
    loaded: Store, give: Give, decide: Decide
) -> None:
    """That somebody looked, and left all as it is, is what an auditor asks for."""
    year = replace(CLERK, span=Span(DAY, date(2027, 2, 28)))
    give(HEAD, CLERK, replace(year, subject="person:year"))
    before = loaded.load()
    done = decide(
        row(CLERK, "keep"), row(replace(year, subject="person:year"), "renew")
    )
    assert (done.version, done.changed, len(done.kept)) == (5, True, 2)
    assert loaded.load().lines == before.lines
    version = loaded.version(5)
    assert (version.granter, version.added, version.removed) == ("person:head", 0, 0)
    assert version.power == POWER
    assert version.message.startswith("1 renewed, 1 kept\nkeep: clerk of person:clerk")
    assert verify(loaded).clean


def test_sheet_without_a_decision_changes_nothing(
    loaded: Store, give: Give, decide: Decide
) -> None:
    """Nobody has looked at it yet."""
    give(HEAD, CLERK)
    before = loaded.head()
    assert decide(row(CLERK, "")) == AppliedReview(
        before, changed=False, kept=(), renewed=(), revoked=(), warnings=()
    )
    assert loaded.head() == before


def refusals(decide: Decide, *rows: str, **options: str) -> list[str]:
    """What is refused, all of it."""
    with pytest.raises(RefusedReviewError) as refused:
        decide(*rows, **options)
    return [str(problem) for problem in refused.value.problems]


def test_all_is_refused_where_anything_is_with_every_line(
    loaded: Store, give: Give, decide: Decide
) -> None:
    """Nothing is written; each is judged as if it were made alone."""
    give(HEAD, CLERK, OTHER)
    before = loaded.load()
    no_power = "the granter has no power over"
    found = refusals(decide, row(CLERK, "revoke"), row(HEAD, "renew"))
    assert [each.partition(";")[0] for each in found] == [
        f"a.csv:3: {no_power} `head` at `1.1`"
    ]
    asked = row(CLERK, "revoke"), row(HEAD, "keep")
    assert refusals(decide, *asked, granter="person:other") == [
        f"a.csv:2: {no_power} `clerk` at `1.1`",
        f"a.csv:3: {no_power} `head` at `1.1`",
    ]
    assert loaded.load() == before


def test_grant_that_was_changed_since_is_refused(
    loaded: Store, give: Give, decide: Decide
) -> None:
    """Whoever decided saw another one."""
    give(HEAD, CLERK)
    changed = "the grant is not in force as written here: it was changed since"
    assert refusals(decide, row(soon(CLERK), "keep"), row(OTHER, "revoke")) == [
        f"a.csv:2: {changed}",
        f"a.csv:3: {changed}",
    ]
    assert loaded.head()


def test_grant_that_has_ended_is_refused(give: Give, decide: Decide) -> None:
    """There is nothing left to decide."""
    old = replace(CLERK, span=Span(date(2025, 1, 1), date(2026, 2, 28)))
    give(HEAD, old, CLERK)
    assert refusals(decide, row(old, "revoke")) == [
        "a.csv:2: the grant ended on 2026-02-28"
    ]


def test_nobody_decides_on_their_own_right_but_to_give_it_up(
    give: Give, decide: Decide
) -> None:
    """The latter by the model (ruling E)."""
    give(HEAD, CLERK)
    assert refusals(decide, row(HEAD, "keep")) == [
        "a.csv:2: nobody decides to keep their own right"
    ]
    assert len(refusals(decide, row(HEAD, "renew"))) == 1
    assert decide(row(HEAD, "revoke")).revoked == (HEAD,)


def test_revoking_takes_the_grant_of_the_row_and_no_other(
    loaded: Store, give: Give, decide: Decide
) -> None:
    """One of the same right has a row of its own; it is renewed in its turn."""
    later = replace(CLERK, span=Span(date(2031, 1, 1), date(2031, 2, 1)))
    first = replace(CLERK, span=Span(CLERK.span.first, date(2026, 12, 31)))
    give(HEAD, first, later)
    assert refusals(decide, row(later, "renew")) == [
        "a.csv:2: another grant of the same right comes first: decide on that one"
    ]
    assert decide(row(later, "revoke")).revoked == (later,)
    assert str(first.line) in lines(loaded)


def test_first_grant_that_is_revoked_is_warned_of(
    loaded: Store, model: Model, folder: Path, decide: Decide
) -> None:
    """The files say it still."""
    head = Grant("person:f", "role:head", "1.1", LASTING)
    (folder / "more.csv").write_text(f"{head.line}\n")
    apply_policies(loaded, model, folder, actor="os:t", today=today)
    done = decide(row(head, "revoke"), granter=CHIEF)
    assert done.warnings == (
        (
            "the policy files say it too: take it out, or the next `oikeus apply` "
            "gives it again (policies/more.csv:1)"
        ),
    )


def test_grant_that_no_question_can_name_is_refused(give: Give, decide: Decide) -> None:
    """However it came into the database."""
    odd = Grant("person:x", "role:a@b", "1.1", LASTING)
    give(HEAD, odd)
    (found,) = refusals(decide, row(odd, "revoke"))
    assert found.startswith("a.csv:2: the role ")


def test_what_cannot_be_read_is_told_before_anything_is_judged(
    loaded: Store, decide: Decide
) -> None:
    """All of it."""
    before = loaded.head()
    with pytest.raises(ReviewError) as wrong:
        decide(row(CLERK, "revke"), row(OTHER, "kep"))
    assert [problem.line for problem in wrong.value.problems] == [2, 3]
    assert loaded.head() == before


@pytest.mark.parametrize("granter", ["", "nobody", "role:head", "alien:1"])
def test_granter_who_is_no_subject_is_refused(decide: Decide, granter: str) -> None:
    """Nobody of that name can be asked about."""
    with pytest.raises(RequestError):
        decide(row(CLERK, "keep"), granter=granter)


def test_actor_who_is_no_text_is_refused(loaded: Store) -> None:
    """It would be written into the log."""
    with pytest.raises(DelegationError):
        apply_review(
            loaded,
            "a.csv",
            sheet(),
            granter=CHIEF,
            actor=1,  # type: ignore[arg-type]
            today=today,
        )
