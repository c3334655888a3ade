"""Applying for roles (R12): who may wish for what, and who decides it, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from oikeus import (
    Application,
    ApplicationState,
    ApplicationStep,
    Change,
    DelegationError,
    Grant,
    Line,
    RefusedError,
    RequestError,
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
    ROOT,
    SCHOOL,
    USER,
    VASTUU,
    Desk,
)

MODES = ("integraatio", "syottoliittyma")
LAST = date(2026, 4, 29)
REQUESTED, GRANTED, REJECTED, WITHDRAWN, LAPSED = ApplicationState
CLERK = "role:ehoks-kayttaja"
POWER = "p2, role:ehoks-paakayttaja, role:ehoks-kayttaja, mode:integraatio, active"
SYSTEM = "system:keuda-tiedonsiirto"


def wish(desk: Desk, subject: str = NEW, place: str = SCHOOL) -> int:
    """An application to use eHOKS, which PAA can decide."""
    return desk.point.request(subject, "ehoks-kayttaja", place).application.id


def refusal(desk: Desk, *wished: str) -> str:
    """Why an application is refused; nothing was written."""
    before = desk.store.head()
    with pytest.raises(RefusedError) as refused:
        desk.point.request(*wished)
    assert desk.store.head() == before
    return str(refused.value)


def test_an_application_is_a_version_that_gives_nothing(desk: Desk) -> None:
    """It says who can grant it, and is open for as long as the catalogue has it."""
    made = desk.point.request(NEW, "ehoks-kayttaja", SCHOOL, reason=" new here ")
    last = desk.last()
    assert made.application == Application(
        5, NEW, CLERK, SCHOOL, REQUESTED, last.time, LAST, "new here"
    )
    assert (made.granters, made.apply_to) == (("ehoks-paakayttaja",), None)
    assert (last.origin, last.actor, last.granter) == ("application", "os:tester", None)
    assert (last.message, last.power) == ("new here", None)
    assert last.application == ApplicationStep(
        REQUESTED, NEW, CLERK, SCHOOL, LAST, "new here"
    )
    assert desk.held(NEW) == []
    assert not desk.allows(NEW, "read", SCHOOL)
    assert verify(desk.store).clean


def test_the_contact_of_the_catalogue_is_told(desk: Desk) -> None:
    """R12: tallentajan-paakayttaja is applied for by e-mail as well."""
    made = desk.point.request(NEW, "tallentajan-paakayttaja", ENTRY_PLACE)
    assert made.apply_to == "ehoks@opintopolku.fi"
    assert made.granters == ("opetushallitus",)
    assert desk.last().message == f"request tallentajan-paakayttaja at {ENTRY_PLACE}"


def test_what_nobody_could_grant_is_refused_when_it_is_asked_for(desk: Desk) -> None:
    """With what stands in the way, so that nobody waits for what cannot be."""
    assert refusal(desk, NEW, "kayttaja", SCHOOL) == (
        "refused: unknown role `kayttaja`, expected one of `opetushallitus`, "
        "`vastuukayttaja`, `ehoks-paakayttaja`, `ehoks-kayttaja`, `palvelukayttaja`, "
        "`tunnus`, `tallentajan-paakayttaja`, `tallentaja`"
    )
    assert refusal(desk, NEW, "ehoks-kayttaja", "1.2.3") == (
        "refused: organisation `1.2.3` is not in the register"
    )
    assert refusal(desk, NEW, "opetushallitus", ROOT) == (
        "refused: no power gives `opetushallitus`: it comes from the policy files only"
    )
    assert refusal(desk, NEW, "palvelukayttaja", KEUDA) == (
        "refused: `palvelukayttaja` is for a system, not for a person"
    )
    assert refusal(desk, SYSTEM, "ehoks-kayttaja", SCHOOL) == (
        "refused: `ehoks-kayttaja` is for a person, not for a system"
    )
    assert refusal(desk, NEW, "vastuukayttaja", SCHOOL).startswith(
        f"refused: `vastuukayttaja` cannot be held at `{SCHOOL}` ("
    )
    assert refusal(desk, NEW, "ehoks-paakayttaja", ROOT) == (
        "refused: nobody can grant the role at this organisation"
    )
    assert "has the transfer mode `syottoliittyma`; expected `integraatio`" in (
        refusal(desk, NEW, "ehoks-kayttaja", ENTRY_PLACE)
    )
    assert "is `passive`: no new grants there or below" in (
        refusal(desk, NEW, "ehoks-kayttaja", CLOSED)
    )


def test_a_system_applies_where_it_is_registered(desk: Desk) -> None:
    """J: anywhere else it could not be granted anything."""
    assert refusal(desk, SYSTEM, "palvelukayttaja", HELSINKI).startswith(
        "refused: the recipient is not registered as a credential at "
    )
    desk.point.create_credential("uusi", KEUDA, granter=VASTUU)
    made = desk.point.request("system:uusi", "palvelukayttaja", KEUDA)
    assert made.granters == ("vastuukayttaja",)
    desk.point.approve(made.application.id, granter=VASTUU)
    assert desk.allows("system:uusi", "transfer", SCHOOL)


def test_a_blocked_subject_does_not_apply(desk: Desk) -> None:
    """N: until the block is lifted."""
    desk.point.grant(NEW, "ehoks-kayttaja", OFFICE, granter=PAA)
    desk.point.block(NEW, granter=PAA, reason="left")
    assert refusal(desk, NEW, "ehoks-kayttaja", SCHOOL) == (
        f"refused: `{NEW}` is blocked, expected the block to be lifted first"
    )


def test_one_application_is_open_at_a_time(desk: Desk) -> None:
    """For the same role at the same place; when it has lapsed, it can be made again."""
    assert wish(desk) == 5
    assert refusal(desk, NEW, "ehoks-kayttaja", SCHOOL) == (
        "refused: application 5 is the same and open until 2026-04-29, expected its "
        "decision"
    )
    assert wish(desk, place=OFFICE) == 6
    desk.day = LAST + timedelta(days=1)
    assert wish(desk) == 7


def test_what_is_held_for_longer_is_not_applied_for(desk: Desk) -> None:
    """Above it, too; what ends before a decision would be due is applied for again."""
    name = desk.store.load().names[SCHOOL].best
    assert refusal(desk, USER, "ehoks-kayttaja", OFFICE) == (
        f"refused: `ehoks-kayttaja` is held already, at `{SCHOOL}` ({name}) until "
        "2099-12-31, expected one that ends before 2026-04-29"
    )
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=LAST)
    assert "until 2026-04-29" in refusal(desk, NEW, "ehoks-kayttaja", SCHOOL)
    desk.day = DAY + timedelta(days=1)
    application = wish(desk)
    done = desk.point.approve(application, granter=PAA)
    assert done.granted.replaced == Grant(NEW, CLERK, SCHOOL, Span(DAY, LAST))
    assert done.granted.grant.span == Span(desk.day, date(2027, 3, 1))


def test_to_approve_is_to_grant(desk: Desk) -> None:
    """One version brings the grant and the decision, on the power of the approver."""
    application = wish(desk)
    desk.day = DAY + timedelta(days=9)
    done = desk.point.approve(application, granter=PAA, reason=" known ")
    last = desk.last()
    span = Span(date(2026, 3, 10), date(2027, 3, 9))
    assert done.granted.grant == Grant(NEW, CLERK, SCHOOL, span)
    assert (done.granted.version, done.granted.changed) == (6, True)
    found = done.application
    assert (found.state, found.version, found.decided) == (GRANTED, 6, last.time)
    assert (found.decided_by, found.decision) == (PAA, "known")
    assert (last.origin, last.granter, last.power) == ("grant", PAA, POWER)
    assert (last.message, last.added) == ("known", 1)
    assert desk.allows(NEW, "read", OFFICE)
    assert verify(desk.store).clean


def test_an_approver_says_the_days_as_when_granting(desk: Desk) -> None:
    """H: and no others."""
    application = wish(desk)
    with pytest.raises(RefusedError, match="expected 2027-02-28 or earlier"):
        desk.point.approve(application, granter=PAA, last=date(2027, 3, 1))
    first, last = date(2026, 8, 1), date(2026, 12, 31)
    done = desk.point.approve(application, granter=PAA, first=first, last=last)
    assert done.granted.grant.span == Span(first, last)
    assert desk.last().message == f"approve ehoks-kayttaja at {SCHOOL}"


def test_an_application_is_granted_also_when_the_right_was_given_meanwhile(
    desk: Desk,
) -> None:
    """By another way; the decision is a version all the same."""
    application = wish(desk)
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    done = desk.point.approve(application, granter=PAA)
    assert (done.granted.changed, done.application.version) == (False, 7)
    assert len(desk.held(NEW)) == 1


def test_the_rules_of_the_day_decide_and_not_those_of_the_request(desk: Desk) -> None:
    """A place that has another mode by now takes no grant, and can be rejected for."""
    application = wish(desk)
    old, new = (Line("g2", (KEUDA, f"mode:{mode}")) for mode in MODES)
    with desk.store.writing() as writer:
        writer.commit(Change("casbin", "os:me", "why", add=(new,), remove=(old,)))
    before = desk.store.head()
    with pytest.raises(RefusedError, match="has the transfer mode `syottoliittyma`"):
        desk.point.approve(application, granter=PAA)
    assert desk.store.head() == before
    assert [each.id for each in desk.point.applications(to=PAA)] == [application]
    found = desk.point.reject(application, granter=PAA, reason="typed by now")
    assert (found.state, found.decided_by) == (REJECTED, PAA)
    assert (found.decision, desk.last().power) == ("typed by now", POWER)
    assert (desk.last().origin, desk.last().message) == ("application", "typed by now")


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_only_a_power_decides(desk: Desk, act: str) -> None:
    """E: neither the power over it nor a role that it would give itself."""
    application = wish(desk)
    for granter in (USER, VASTUU, OPH, ENTRY):
        with pytest.raises(RefusedError) as refused:
            _decide(desk, act, application, granter)
        assert refused.value.granters == ("ehoks-paakayttaja",)
        assert "the granter has no power over `ehoks-kayttaja` at" in str(refused.value)
    assert desk.store.head() == application


def _decide(desk: Desk, act: str, application: int, granter: str) -> None:
    if act == "approve":
        desk.point.approve(application, granter=granter)
    else:
        desk.point.reject(application, granter=granter, reason="no")


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_nobody_decides_their_own(desk: Desk, act: str) -> None:
    """Not with the power over it either; another one does."""
    application = desk.point.request(OPH, "tallentajan-paakayttaja", ENTRY_PLACE)
    with pytest.raises(RefusedError) as refused:
        _decide(desk, act, application.application.id, OPH)
    assert str(refused.value) == (
        "refused: nobody decides an application of their own, and 5 is, expected "
        "another approver, or `oikeus withdraw`"
    )
    assert desk.point.applications(to=OPH) == ()
    assert len(desk.point.applications(to=OPH_TOO)) == 1
    _decide(desk, act, 5, OPH_TOO)


def test_an_application_is_decided_once(desk: Desk) -> None:
    """Who comes later and could have is told who decided and how; no other is."""
    application = wish(desk)
    desk.point.reject(application, granter=PAA, reason="unknown")
    told = f"refused: application 5 was rejected already, by {PAA} in version 6"
    for act in ("approve", "reject"):
        with pytest.raises(RefusedError) as refused:
            _decide(desk, act, application, PAA)
        assert str(refused.value) == told
        with pytest.raises(RefusedError, match="has no power over") as refused:
            _decide(desk, act, application, VASTUU)
        assert PAA not in str(refused.value)
    with pytest.raises(RefusedError) as refused:
        desk.point.withdraw(application, subject=NEW)
    assert str(refused.value) == told
    assert desk.store.head() == 6


def test_an_application_lapses_after_its_last_day(desk: Desk) -> None:
    """No version says so, and nothing decides it any more."""
    application = wish(desk)
    desk.day = LAST + timedelta(days=1)
    told = (
        "refused: application 5 has lapsed: it could be decided until 2026-04-29, "
        "expected a new one"
    )
    for act in ("approve", "reject"):
        with pytest.raises(RefusedError) as refused:
            _decide(desk, act, application, PAA)
        assert str(refused.value) == told
    with pytest.raises(RefusedError) as refused:
        desk.point.withdraw(application, subject=NEW)
    assert str(refused.value) == told
    assert [each.state for each in desk.point.applications()] == [LAPSED]
    assert desk.point.applications(to=PAA) == ()
    desk.day = LAST
    desk.point.approve(application, granter=PAA)


def test_an_applicant_takes_it_back(desk: Desk) -> None:
    """Nobody else does, whatever power they hold."""
    application = wish(desk)
    with pytest.raises(RefusedError) as refused:
        desk.point.withdraw(application, subject=PAA)
    assert str(refused.value) == (
        "refused: application 5 is another subject's, expected its applicant, or "
        "`oikeus reject`"
    )
    found = desk.point.withdraw(application, subject=NEW)
    assert (found.state, found.decided_by, found.decision) == (WITHDRAWN, NEW, "")
    last = desk.last()
    assert (last.origin, last.granter, last.power) == ("application", None, None)
    assert last.message == f"withdraw ehoks-kayttaja at {SCHOOL}"
    with pytest.raises(RefusedError) as refused:
        desk.point.approve(application, granter=PAA)
    assert str(refused.value) == (
        f"refused: application 5 was withdrawn already, by {NEW} in version 6"
    )


def test_a_blocked_applicant_takes_nothing_back(desk: Desk) -> None:
    """N: they are denied everything, until the block is lifted."""
    application = wish(desk)
    desk.point.grant(NEW, "ehoks-kayttaja", OFFICE, granter=PAA)
    desk.point.block(NEW, granter=PAA, reason="left")
    with pytest.raises(RefusedError) as refused:
        desk.point.withdraw(application, subject=NEW)
    assert str(refused.value) == (
        f"refused: `{NEW}` is blocked, expected the block to be lifted first"
    )


def test_rejecting_needs_a_reason(desk: Desk) -> None:
    """The applicant is to know why."""
    application = wish(desk)
    with pytest.raises(DelegationError) as refused:
        desk.point.reject(application, granter=PAA, reason=" ")
    assert str(refused.value) == (
        "no reason given, expected why the application is rejected"
    )


def test_what_is_no_application_is_an_error(desk: Desk) -> None:
    """A version that is none among them; nothing is judged then."""
    expected = "there is no application {}, expected one of `oikeus requests`"
    for number in (1, 99, 0, 10**30):
        with pytest.raises(RequestError) as wrong:
            desk.point.approve(number, granter=PAA)
        assert str(wrong.value) == expected.format(number)
    with pytest.raises(RequestError, match="is of no known kind"):
        desk.point.approve(wish(desk), granter="robot:x")
    with pytest.raises(RequestError, match="is of no known kind"):
        desk.point.request("robot:x", "ehoks-kayttaja", SCHOOL)
    with pytest.raises(DelegationError, match="the reason is not text"):
        desk.point.request(NEW, "tallentaja", SCHOOL, reason=None)  # type: ignore[arg-type]


def test_the_inbox_of_an_approver_is_what_the_powers_say(desk: Desk) -> None:
    """Computed today, for those open; a right that is lost takes it away."""
    school, office = wish(desk), wish(desk, place=OFFICE)
    entry = desk.point.request(NEW, "tallentajan-paakayttaja", ENTRY_PLACE)
    boss = desk.point.request(NEW, "ehoks-paakayttaja", KEUDA)
    desk.point.withdraw(wish(desk, VASTUU), subject=VASTUU)

    def inbox(approver: str, by: str | None = None) -> list[int]:
        return [each.id for each in desk.point.applications(to=approver, by=by)]

    assert inbox(PAA) == [school, office]
    assert inbox(PAA, by=USER) == []
    assert inbox(OPH) == [entry.application.id]
    assert inbox(VASTUU) == [boss.application.id]
    assert inbox(NEW) == inbox(USER) == inbox("person:nobody") == []
    everything = desk.point.applications(to=PAA, states=ApplicationState)
    assert [each.id for each in everything] == [school, office]
    assert desk.point.applications(to=PAA, states=[WITHDRAWN]) == ()
    desk.point.block(PAA, granter=VASTUU, reason="left")
    assert inbox(PAA) == []


def test_applications_are_listed_for_whom_they_are_of(desk: Desk) -> None:
    """And by what became of them."""
    first, second = wish(desk), wish(desk, VASTUU)
    desk.point.withdraw(first, subject=NEW)
    assert [each.id for each in desk.point.applications()] == [first, second]
    assert [each.id for each in desk.point.applications(by=NEW)] == [first]
    found = desk.point.applications(states=[REQUESTED, LAPSED])
    assert [each.id for each in found] == [second]


def test_who_is_no_subject_has_no_applications(desk: Desk) -> None:
    """A misspelt one would look like an empty inbox."""
    for word in ("anna", "", "person:"):
        with pytest.raises(RequestError):
            desk.point.applications(to=word)
        with pytest.raises(RequestError):
            desk.point.applications(by=word)
    with pytest.raises(RequestError, match="is of no known kind"):
        desk.point.applications(to="robot:x")


def test_states_can_be_texts_and_must_be_states(desk: Desk) -> None:
    """A service has them from a query."""
    made = desk.point.request(NEW, "ehoks-kayttaja", SCHOOL).application
    desk.point.withdraw(made.id, subject=NEW)
    texts: list[Any] = ["withdrawn"]
    (found,) = desk.point.applications(states=texts)
    assert found.state is WITHDRAWN
    wrong: tuple[Any, ...] = ("withdrawn", ["gone"], 5)
    for states in wrong:
        with pytest.raises(RequestError, match="expected some of requested, granted"):
            desk.point.applications(states=states)
