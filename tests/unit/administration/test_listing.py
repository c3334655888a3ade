"""Lists of what is in force: grants with what keeps them from deciding, and places."""

from __future__ import annotations

from pathlib import Path

from oikeus import (
    Change,
    Line,
    ListedOrganisation,
    Store,
    list_grants,
    list_organisations,
    snapshot_of,
)

KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
CLOSED_OFFICE = "1.2.246.562.10.90202010000"
DAYS = f"{SCHOOL}@2026-01-01..2026-12-31"
ODD = ("role:vastuukayttaja", DAYS)


def test_grants_are_listed_with_what_keeps_them_from_deciding(
    made_world: Path, tmp_path: Path
) -> None:
    """A block of the holder, and what is wrong with the row; the days are no matter."""
    path = tmp_path / "world.db"
    path.write_bytes(made_world.read_bytes())
    with Store.open(f"sqlite:///{path}", create=False) as store:
        with store.writing() as writer:
            lines = (
                Line("g", ("person:x", *ODD)),
                Line("g", ("person:x", "role:ehoks-kayttaja", DAYS)),
                Line("g3", ("person:x", "blocked")),
            )
            writer.commit(Change("grants", "os:tester", "odd", add=lines))
        snapshot = snapshot_of(store.load())
    found = list_grants(snapshot)
    assert [each.grant for each in found] == sorted(each.grant for each in found)
    assert len(found) == sum(map(len, snapshot.facts.grants.values()))
    sound, odd = list_grants(snapshot, subject="person:x")
    assert (sound.is_blocked, sound.inert) == (True, None)
    assert odd.inert == (
        f"`role:vastuukayttaja` cannot be held at `{SCHOOL}`, whose levels are: "
        "level:oppilaitos"
    )
    assert [each for each in found if each.is_blocked] == [sound, odd]
    for role in ("vastuukayttaja", "role:vastuukayttaja"):
        assert list_grants(snapshot, role=role, organisation=SCHOOL) == (odd,)
        at = list_grants(snapshot, role=role, organisation=KEUDA)
        assert {odd.grant} < {each.grant for each in at}
    assert list_grants(snapshot, organisation="1.9") == ()


def test_organisations_are_listed_with_what_they_inherit(made_world: Path) -> None:
    """Each after what is above it; a word that is inherited twice is said once."""
    with Store.open(f"sqlite:///{made_world}", create=False) as store:
        snapshot = snapshot_of(store.load())
    found = {each.id: each for each in list_organisations(snapshot)}
    assert [*found] == [*snapshot.tree]
    assert found[CLOSED_OFFICE] == ListedOrganisation(
        CLOSED_OFFICE,
        "Helsingin tekniikan alan oppilaitos, Kallio",
        ("1.2.246.562.10.90202000000",),
        ("toimipiste",),
        ("integraatio",),
        ("passive",),
    )
    root = next(iter(found.values()))
    assert (root.parents, root.levels, root.modes) == ((), ("root",), ())
