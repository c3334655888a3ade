"""Granting and renewing: by a power held today, for the days that are allowed."""

from __future__ import annotations

from datetime import date

import pytest

from oikeus import (
    Allowance,
    Change,
    ConflictError,
    DelegationError,
    Grant,
    Line,
    RefusedError,
    RequestError,
    Source,
    Span,
    verify,
)

from .conftest import (
    CLOSED,
    DAY,
    ENTRY,
    ENTRY_PLACE,
    HELSINKI,
    KEUDA,
    NEW,
    OFFICE,
    OPH,
    OPH_TOO,
    PAA,
    SCHOOL,
    USER,
    VASTUU,
    Desk,
)

POWER = "p2, role:ehoks-paakayttaja, role:ehoks-kayttaja, mode:integraatio, active"


def days(first: str, last: str) -> Span:
    """A span as texts."""
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def test_a_grant_rests_on_a_power_and_is_one_version(desk: Desk) -> None:
    """It acts at once; actor, granter, power and reason are in the version."""
    done = desk.point.grant(
        NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, reason=" new teacher "
    )
    span = days("2026-03-01", "2027-02-28")
    assert done.grant == Grant(NEW, "role:ehoks-kayttaja", SCHOOL, span)
    assert (done.version, done.changed, done.replaced) == (5, True, None)
    assert str(done.power) == POWER
    assert done.warnings == ()
    assert desk.allows(NEW, "read", OFFICE)
    last = desk.last()
    assert (last.number, last.actor, last.granter) == (5, "os:tester", PAA)
    assert (last.origin, last.message, last.power) == ("grant", "new teacher", POWER)
    assert verify(desk.store).clean


def test_the_actor_can_be_another_for_each_act(desk: Desk) -> None:
    """A service acts for many; what is loaded is shared."""
    other = desk.point.acting("person:1")
    other.grant(NEW, "role:ehoks-kayttaja", SCHOOL, granter=PAA)
    assert desk.last().actor == "person:1"
    assert desk.last().message == f"grant ehoks-kayttaja at {SCHOOL}"


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (None, None, ("2026-03-01", "2027-02-28")),
        ("2026-04-01", None, ("2026-04-01", "2027-03-31")),
        (None, "2026-03-01", ("2026-03-01", "2026-03-01")),
        ("2026-09-01", "2026-12-31", ("2026-09-01", "2026-12-31")),
    ],
)
def test_days_are_inclusive_and_a_year_by_default(
    desk: Desk, first: str | None, last: str | None, span: tuple[str, str]
) -> None:
    """H: from today or later, for persons a year at most."""
    given = desk.point.grant(
        NEW,
        "ehoks-kayttaja",
        SCHOOL,
        granter=PAA,
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
    )
    assert given.grant.span == days(*span)


@pytest.mark.parametrize(
    ("first", "last", "reason", "rules"),
    [
        (
            "2026-02-28",
            None,
            "begins on 2026-02-28, expected 2026-03-01 (today) or later",
            (),
        ),
        (
            None,
            "2026-02-28",
            "ends on 2026-02-28, before it begins on 2026-03-01",
            (),
        ),
        (
            None,
            "2027-03-01",
            "ends on 2027-03-01, expected 2027-02-28 or earlier",
            ("`ehoks-kayttaja` lasts P1Y at most (catalogue)",),
        ),
    ],
)
def test_other_days_are_refused(
    desk: Desk, first: str | None, last: str | None, reason: str, rules: tuple[str, ...]
) -> None:
    """H: with what is expected instead."""
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(
            NEW,
            "ehoks-kayttaja",
            SCHOOL,
            granter=PAA,
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
        )
    assert (refused.value.reason, refused.value.rules) == (reason, rules)
    assert desk.store.head() == 4


@pytest.mark.parametrize(
    ("subject", "role", "place", "granter", "reason"),
    [
        (PAA, "ehoks-kayttaja", SCHOOL, PAA, "nobody can grant a role to themselves"),
        (OPH, "vastuukayttaja", KEUDA, OPH, "nobody can grant a role to themselves"),
        (
            OPH_TOO,
            "opetushallitus",
            KEUDA,
            OPH,
            "no power gives `opetushallitus`: it comes from the policy files only",
        ),
        (
            NEW,
            "palvelukayttaja",
            KEUDA,
            VASTUU,
            "`palvelukayttaja` is for a system, not for a person",
        ),
        (
            NEW,
            "ehoks-kayttaja",
            "1.2.3",
            PAA,
            "organisation `1.2.3` is not in the register",
        ),
        (
            NEW,
            "ehoks-kayttaja",
            HELSINKI,
            PAA,
            (
                "`ehoks-paakayttaja` is held at `1.2.246.562.10.90100000000` "
                "(Keski-Uudenmaan koulutuskuntayhtymä), not at or above "
                "`1.2.246.562.10.90200000000` (Helsingin kaupunki)"
            ),
        ),
    ],
)
def test_what_the_model_does_not_allow_is_refused(  # noqa: PLR0913, PLR0917
    desk: Desk, subject: str, role: str, place: str, granter: str, reason: str
) -> None:
    """Nothing is written, and no version is made."""
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(subject, role, place, granter=granter)
    assert refused.value.reason == reason
    assert desk.store.head() == 4
    assert verify(desk.store).clean


def test_a_refusal_says_what_refused_what_is_allowed_and_who_could(desk: Desk) -> None:
    """Lines with their rules, levels and places, roles."""
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(NEW, "ehoks-paakayttaja", SCHOOL, granter=PAA)
    error = refused.value
    (rule,) = error.rules
    assert rule.startswith(
        "`p2, role:vastuukayttaja, role:ehoks-paakayttaja, mode:integraatio, active` "
        "(policies/ehoks.csv:"
    )
    assert rule.endswith("; R6, R1, D)")
    levels = ("koulutustoimija", "oppilaitos", "toimipiste")
    assert error.allowed == (Allowance("ehoks-kayttaja", levels, (KEUDA,)),)
    assert error.granters == ("vastuukayttaja",)
    assert str(error) == (
        f"refused: {error.reason}; by {rule}; allowed are ehoks-kayttaja at "
        f"koulutustoimija, oppilaitos, toimipiste in {KEUDA}; "
        "could be done by a holder of vastuukayttaja"
    )


def test_many_places_are_counted(desk: Desk) -> None:
    """A sentence names some of them; the error has them all."""
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(NEW, "tallentaja", ENTRY_PLACE, granter=OPH)
    first, _ = refused.value.allowed
    assert len(first.organisations) == 9
    assert str(first).endswith(" and 4 more")


def test_a_level_that_bars_names_the_lines_of_the_role(desk: Desk) -> None:
    """A: where it can be held; nobody could do it here."""
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(NEW, "vastuukayttaja", SCHOOL, granter=OPH)
    (rule,) = refused.value.rules
    assert rule.startswith("`g4, level:koulutustoimija, role:vastuukayttaja` (")
    assert rule.endswith("; A)")
    assert refused.value.granters == ()


def test_a_passive_organisation_bars_all_but_first_grants(desk: Desk) -> None:
    """I: renewals as well; what was given can be revoked."""
    helsinki = "person:1.2.246.562.24.90200000001"
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(NEW, "ehoks-paakayttaja", CLOSED, granter=helsinki)
    assert "no new grants there or below" in refused.value.reason


def test_nobody_grants_by_the_matcher_alone(desk: Desk) -> None:
    """E: what no line could change is the model's own."""
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(PAA, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert refused.value.rules == ("the matcher `m2` of the model",)


@pytest.mark.parametrize("reason", [None, 7, b"x"])
def test_a_reason_that_is_no_text_is_an_error(desk: Desk, reason: object) -> None:
    """And nothing is written."""
    with pytest.raises(DelegationError):
        desk.point.grant(
            NEW,
            "ehoks-kayttaja",
            SCHOOL,
            granter=PAA,
            reason=reason,  # type: ignore[arg-type]
        )
    assert desk.store.head() == 4


@pytest.mark.parametrize(
    ("subject", "granter", "role"),
    [
        ("anna", PAA, "ehoks-kayttaja"),
        ("robot:a", PAA, "ehoks-kayttaja"),
        (NEW, "role:opetushallitus", "ehoks-kayttaja"),
        (NEW, PAA, ""),
        (NEW, PAA, "a@b"),
    ],
)
def test_parts_that_no_request_can_have_are_errors(
    desk: Desk, subject: str, granter: str, role: str
) -> None:
    """They are no question, so there is no answer."""
    with pytest.raises(RequestError):
        desk.point.grant(subject, role, SCHOOL, granter=granter)
    with pytest.raises(RequestError):
        desk.point.revoke(subject, role, SCHOOL, granter=granter)


def test_a_day_with_a_time_is_an_error(desk: Desk) -> None:
    """Days are dates."""
    with pytest.raises(RequestError, match="the first day is no day, expected a date"):
        desk.point.grant(
            NEW,
            "ehoks-kayttaja",
            SCHOOL,
            granter=PAA,
            first="2026-03-01",  # type: ignore[arg-type]
        )


def test_a_blocked_recipient_is_warned_of(desk: Desk) -> None:
    """N: the grant works when the block is lifted."""
    desk.point.block(USER, granter=PAA, reason="lost phone")
    done = desk.point.grant(USER, "ehoks-kayttaja", KEUDA, granter=PAA)
    assert done.warnings == (
        "the subject is blocked: the grant works when the block is lifted",
    )
    assert not desk.allows(USER, "read", KEUDA)


def test_the_same_grant_again_changes_nothing(desk: Desk) -> None:
    """No version is made."""
    first = desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    again = desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert (again.changed, again.version, again.replaced) == (False, 5, None)
    assert again.grant == first.grant


def test_an_equal_grant_is_renewed_and_not_doubled(desk: Desk) -> None:
    """It begins anew today, so that no line lasts longer than could be given."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    desk.day = date(2026, 9, 1)
    done = desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert done.grant.span == days("2026-09-01", "2027-08-31")
    assert done.replaced is not None
    assert done.replaced.span == days("2026-03-01", "2027-02-28")
    assert desk.held(NEW) == [str(done.grant.line)]
    assert verify(desk.store).clean


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-09-01", "2026-10-01"), (None, "2026-12-31"), ("2026-09-01", "2027-08-31")],
)
def test_equal_grants_that_overlap_are_refused(
    desk: Desk, first: str | None, last: str
) -> None:
    """They would be two; the refusal says what to do."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    with pytest.raises(ConflictError) as refused:
        desk.point.grant(
            NEW,
            "ehoks-kayttaja",
            SCHOOL,
            granter=PAA,
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last),
        )
    assert refused.value.reason == (
        "overlaps the same right from 2026-03-01 until 2027-02-28, expected days "
        "that do not: `oikeus renew` gives it another last day"
    )


def test_a_grant_after_an_equal_one_stands_beside_it(desk: Desk) -> None:
    """Their days do not overlap; a renewal over both is refused."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2026, 6, 30))
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, first=date(2026, 8, 1))
    assert len(desk.held(NEW)) == 2
    with pytest.raises(RefusedError, match="overlaps the same right"):
        desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    with pytest.raises(RefusedError) as refused:
        desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert refused.value.reason == (
        "overlaps the same right from 2026-08-01 until 2027-07-31, expected a last "
        "day before that"
    )
    done = desk.point.renew(
        NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2026, 7, 31)
    )
    assert done.grant.span == days("2026-03-01", "2026-07-31")


def test_a_renewal_is_judged_as_a_new_grant(desk: Desk) -> None:
    """For longer, for shorter, and not past a year from today."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert not desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA).changed
    desk.day = date(2026, 10, 1)
    done = desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, reason="stays")
    assert done.grant.span == days("2026-10-01", "2027-09-30")
    assert (desk.last().origin, desk.last().message) == ("renew", "stays")
    shorter = desk.point.renew(
        NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2026, 12, 31)
    )
    assert shorter.grant.span == days("2026-10-01", "2026-12-31")
    with pytest.raises(RefusedError, match="expected 2027-09-30 or earlier"):
        desk.point.renew(
            NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2027, 10, 1)
        )
    with pytest.raises(RefusedError, match="has no power"):
        desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=ENTRY)


def test_a_longer_grant_is_shortened_only_by_name(desk: Desk) -> None:
    """An imported one may last longer than any that can be given (H, M)."""
    with pytest.raises(RefusedError) as refused:
        desk.point.renew(USER, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert refused.value.reason == (
        "the grant lasts until 2099-12-31 already, longer than a new one would "
        "(2027-02-28): name a last day to end it sooner"
    )
    done = desk.point.renew(
        USER, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2026, 5, 31)
    )
    assert done.grant.span == days("2026-03-01", "2026-05-31")


def test_a_reason_has_a_longest_length(desk: Desk) -> None:
    """It stays in the log for ever."""
    with pytest.raises(DelegationError) as refused:
        desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, reason="x" * 2001)
    assert str(refused.value) == ("the reason has 2001 letters, expected at most 2000")
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, reason="x" * 2000)


def test_a_grant_to_come_keeps_its_first_day_when_renewed(desk: Desk) -> None:
    """It has not begun."""
    desk.point.grant(
        NEW,
        "ehoks-kayttaja",
        SCHOOL,
        granter=PAA,
        first=date(2026, 5, 1),
        last=date(2026, 6, 1),
    )
    done = desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert done.grant.span == days("2026-05-01", "2027-04-30")


def test_there_must_be_something_to_renew(desk: Desk) -> None:
    """What has ended is granted anew."""
    with pytest.raises(RefusedError) as refused:
        desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert refused.value.reason == (
        "there is no such grant to renew, expected `oikeus grant`"
    )
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=DAY)
    desk.day = date(2026, 3, 2)
    with pytest.raises(RefusedError, match="no such grant to renew"):
        desk.point.renew(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert len(desk.held(NEW)) == 2


def test_what_files_say_is_renewed_in_the_files(desk: Desk) -> None:
    """They would say the old days again."""
    days_ = f"{KEUDA}@2026-01-01..2026-05-31"
    source = Source("policies/grants.csv", 9, "B: first")
    line = Line("g", (NEW, "role:vastuukayttaja", days_), source)
    with desk.store.writing() as writer:
        writer.commit(Change("policy", "os:tester", "apply", add=(line,)))
    for act in (desk.point.renew, desk.point.grant):
        with pytest.raises(RefusedError) as refused:
            act(NEW, "vastuukayttaja", KEUDA, granter=OPH)
        assert refused.value.reason == (
            "the grant comes from policies/grants.csv:9: change it there"
        )


def test_a_power_that_has_ended_gives_nothing(desk: Desk) -> None:
    """The granter's right is that of the day of the act."""
    desk.day = date(2028, 1, 1)
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(NEW, "vastuukayttaja", KEUDA, granter=OPH)
    assert refused.value.reason == "`opetushallitus` ended on 2027-12-31"
    assert refused.value.allowed == ()


def test_what_others_wrote_meanwhile_counts(desk: Desk) -> None:
    """Each turn is decided by the head: a right that is gone gives nothing more."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    other = Desk(desk.store)
    other.point.revoke(PAA, "ehoks-paakayttaja", KEUDA, granter=VASTUU)
    with pytest.raises(RefusedError, match="no power"):
        desk.point.grant(USER, "ehoks-kayttaja", KEUDA, granter=PAA)
    assert desk.held(NEW)  # E: a grant outlives its granter's right
