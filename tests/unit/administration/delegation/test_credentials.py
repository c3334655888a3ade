"""Credentials: registered by one act, given a right by another, never a person's."""

from __future__ import annotations

from datetime import date

import pytest

from oikeus import Change, Line, RefusedError, RequestError

from .conftest import HELSINKI, KEUDA, OFFICE, PAA, ROOT, SCHOOL, VASTUU, Desk

UUSI = "system:uusi"


def test_creating_and_granting_are_two_acts(desk: Desk) -> None:
    """J: registered it can do nothing; with the right it transfers."""
    done = desk.point.create_credential("uusi", SCHOOL, granter=VASTUU)
    assert str(done.grant.line) == (
        f"g, {UUSI}, role:tunnus, {SCHOOL}@2026-03-01..2099-12-31"
    )
    assert str(done.power) == (
        "p, role:vastuukayttaja, tiedonsiirtotunnus, create, allow"
    )
    assert (desk.last().origin, desk.last().granter) == ("credential", VASTUU)
    assert not desk.allows(UUSI, "transfer", SCHOOL)
    given = desk.point.grant(UUSI, "palvelukayttaja", SCHOOL, granter=VASTUU)
    assert given.grant.span.last == date(2099, 12, 31)
    assert desk.allows(UUSI, "transfer", SCHOOL)


def test_a_credential_has_rights_where_it_is_registered_and_below(desk: Desk) -> None:
    """J: not above it."""
    desk.point.create_credential(UUSI, SCHOOL, granter=VASTUU)
    with pytest.raises(RefusedError) as refused:
        desk.point.grant(UUSI, "palvelukayttaja", KEUDA, granter=VASTUU)
    assert "is not registered as a credential" in refused.value.reason


def test_only_who_may_create_one_registers_it(desk: Desk) -> None:
    """R7: a plain permission, with what would be needed."""
    with pytest.raises(RefusedError) as refused:
        desk.point.create_credential("uusi", SCHOOL, granter=PAA)
    error = refused.value
    assert error.reason == (
        "what is held here (`ehoks-paakayttaja`) does not give `create` on "
        "`tiedonsiirtotunnus`"
    )
    assert error.granters == ("vastuukayttaja",)
    assert error.rules[0].startswith("`p, role:vastuukayttaja, tiedonsiirtotunnus, ")
    with pytest.raises(RefusedError):
        desk.point.create_credential("uusi", HELSINKI, granter=VASTUU)
    assert desk.store.head() == 4


def test_a_name_is_taken_once(desk: Desk) -> None:
    """Whoever registered another's credential would have power over it."""
    for name in ("keuda-tiedonsiirto", "system:keuda-tiedonsiirto"):
        with pytest.raises(RefusedError) as refused:
            desk.point.create_credential(name, SCHOOL, granter=VASTUU)
        assert refused.value.reason == (
            "`system:keuda-tiedonsiirto` is registered already, here or elsewhere: "
            "grant it the right if it is yours, or take another name"
        )


@pytest.mark.parametrize("name", ["", "a@b", "person:1", "a:b", "a..b", "role:tunnus"])
def test_a_name_that_no_system_can_have_is_refused(desk: Desk, name: str) -> None:
    """A person is never registered, nor anything that is no id."""
    with pytest.raises(RequestError):
        desk.point.create_credential(name, SCHOOL, granter=VASTUU)
    assert desk.store.head() == 4


def test_a_level_that_has_no_credentials_is_refused(desk: Desk) -> None:
    """A: an office has none."""
    with pytest.raises(RefusedError) as refused:
        desk.point.create_credential("uusi", OFFICE, granter=VASTUU)
    assert refused.value.reason == (
        f"`role:tunnus` cannot be held at `{OFFICE}`, whose levels are: "
        "level:toimipiste"
    )
    with pytest.raises(RefusedError):
        desk.point.create_credential("uusi", ROOT, granter=VASTUU)


def test_a_catalogue_that_does_not_say_how_registers_nothing(desk: Desk) -> None:
    """Catalogues of earlier versions do not."""
    text = desk.store.load().catalogue or ""
    line = "registration: {action: create, resource: tiedonsiirtotunnus}"
    with desk.store.writing() as writer:
        older = text.replace(line, "")
        writer.commit(Change("policy", "os:tester", "older", catalogue=older))
    with pytest.raises(RefusedError) as refused:
        desk.point.create_credential("uusi", SCHOOL, granter=VASTUU)
    assert refused.value.reason == (
        "the catalogue does not say what it takes to register a credential, expected "
        "`registration: {action: …, resource: …}`"
    )


class Written(str):
    """A text that is written otherwise than it reads, as members of an `Enum` are."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return "Place.KEUDA"

    def __str__(self) -> str:
        return "Place.KEUDA"

    def removeprefix(self, _: str) -> str:
        """Give another name."""
        return "another"


def test_what_is_registered_is_what_was_checked(desk: Desk) -> None:
    """A text of another type is the text that it holds, for every part."""
    done = desk.point.create_credential(
        Written("uusi"), Written(KEUDA), granter=Written(VASTUU)
    )
    assert (done.grant.subject, done.grant.organisation) == (UUSI, KEUDA)
    assert (type(done.grant.subject), type(done.grant.organisation)) == (str, str)
    assert desk.last().granter == VASTUU


def test_a_credential_is_removed_when_it_has_no_right_left(desk: Desk) -> None:
    """By whoever may register one; the name can be used again."""
    desk.point.create_credential("uusi", KEUDA, granter=VASTUU)
    desk.point.grant(UUSI, "palvelukayttaja", SCHOOL, granter=VASTUU)
    with pytest.raises(RefusedError) as refused:
        desk.point.remove_credential("uusi", KEUDA, granter=VASTUU)
    assert refused.value.reason == (
        f"`{UUSI}` holds `palvelukayttaja` at `{SCHOOL}`, expected its rights revoked "
        "first"
    )
    desk.point.revoke(UUSI, "palvelukayttaja", SCHOOL, granter=VASTUU)
    with pytest.raises(RefusedError):
        desk.point.remove_credential(UUSI, KEUDA, granter=PAA)
    done = desk.point.remove_credential(UUSI, KEUDA, granter=VASTUU, reason="a slip")
    assert [grant.organisation for grant in done.grants] == [KEUDA]
    assert (desk.last().origin, desk.last().message) == ("credential", "a slip")
    assert desk.last().power == str(done.power)
    assert desk.held(UUSI) == []
    with pytest.raises(RefusedError, match="there is no such grant to revoke"):
        desk.point.remove_credential(UUSI, KEUDA, granter=VASTUU)
    desk.point.create_credential("uusi", SCHOOL, granter=VASTUU)


def test_a_right_elsewhere_does_not_keep_a_credential_here(desk: Desk) -> None:
    """What stands beside it rests on another registration."""
    days = f"{HELSINKI}@2026-01-01..2099-12-31"
    lines = (
        Line("g", (UUSI, "role:tunnus", days)),
        Line("g", (UUSI, "role:palvelukayttaja", days)),
        Line("g", (UUSI, "role:tunnus", days.replace(HELSINKI, KEUDA))),
    )
    with desk.store.writing() as writer:
        writer.commit(Change("grants", "os:tester", "both", add=lines))
    desk.point.remove_credential(UUSI, KEUDA, granter=VASTUU)
    assert len(desk.held(UUSI)) == 2
    assert desk.last().message == f"remove a credential from {KEUDA}"
