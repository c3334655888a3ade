"""Importing grants (ruling M): all or nothing, and everything wrong at once."""

import gc
from collections.abc import Callable, Sequence

import pytest

from oikeus import (
    Grant,
    ImportedGrants,
    PolicyError,
    Problem,
    Store,
    StoreError,
    import_grants,
)

Import = Callable[..., ImportedGrants]
Commit = Callable[..., int]

HEADER = "subject,role,organisation,from,until"
DAYS = "2026-01-01,2026-12-31"
LATER = "2027-01-01,2027-12-31"
FOREVER = "2026-01-01,2099-12-31"


@pytest.fixture
def take(loaded: Store) -> Import:
    """Import rows as one file, with the header above them."""

    def load(*rows: str) -> ImportedGrants:
        text = "\n".join((HEADER, *rows, ""))
        return import_grants(loaded, [("a.csv", text)], actor="os:tester")

    return load


def grants(store: Store) -> list[str]:
    """The grants in force that came by import, as they are written."""
    return [
        str(line)
        for line in store.load().lines
        if line.ptype == "g" and line.source is None
    ]


def written(found: Sequence[Grant]) -> list[str]:
    """Grants as they are written."""
    return [str(grant.line) for grant in found]


def test_rows_become_grants_of_one_version(loaded: Store, take: Import) -> None:
    """A person's role comes without its type, or with it."""
    done = take(f"person:a,clerk,1.1,{DAYS}", f"person:b,role:head,1.1,{LATER}")
    expected = [
        "g, person:a, role:clerk, 1.1@2026-01-01..2026-12-31",
        "g, person:b, role:head, 1.1@2027-01-01..2027-12-31",
    ]
    assert written(done.added) == grants(loaded) == expected
    assert (done.version, done.registered, done.unchanged, done.warnings) == (
        3,
        (),
        0,
        (),
    )
    version = loaded.versions()[-1]
    assert (version.origin, version.actor, version.message, version.added) == (
        "grants",
        "os:tester",
        "import grants a.csv",
        2,
    )


def test_second_import_changes_nothing(loaded: Store, take: Import) -> None:
    """What is in force already is counted and left alone, a credential too."""
    rows = (f"person:a,clerk,1.1,{DAYS}", f"system:s,robot,1.1,{FOREVER}")
    take(*rows)
    before = loaded.load()
    done = take(*rows)
    assert (done.version, done.added, done.registered, done.unchanged) == (
        3,
        (),
        (),
        2,
    )
    assert loaded.load() == before


def test_new_rows_among_old_ones_are_added(loaded: Store, take: Import) -> None:
    """An import adds and never removes: what a file no longer holds stays."""
    take(f"person:a,clerk,1.1,{DAYS}")
    done = take(f"person:b,clerk,1.1,{DAYS}")
    assert (written(done.added), done.unchanged) == (
        ["g, person:b, role:clerk, 1.1@2026-01-01..2026-12-31"],
        0,
    )
    assert len(grants(loaded)) == 2


def test_files_are_imported_together(loaded: Store) -> None:
    """Several files are one version, which names them all."""
    files = [
        ("a.csv", f"{HEADER}\nperson:a,clerk,1.1,{DAYS}\n"),
        ("b.csv", f"{HEADER}\nperson:b,clerk,1.1,{DAYS}"),
    ]
    assert import_grants(loaded, files, actor="os:tester").version == 3
    assert loaded.versions()[-1].message == "import grants a.csv, b.csv"
    assert len(grants(loaded)) == 2


def test_next_year_of_the_same_right_is_no_overlap(take: Import) -> None:
    """Spans that follow each other are grants of their own."""
    done = take(f"person:a,clerk,1.1,{DAYS}", f"person:a,clerk,1.1,{LATER}")
    assert len(done.added) == 2


JUDGED = {
    "unknown role": (f"person:a,nobody,1.1,{DAYS}", "unknown role `role:nobody`"),
    "unknown organisation": (
        f"person:a,clerk,9.9,{DAYS}",
        "organisation `9.9` is not in the register",
    ),
    "unknown kind": (
        f"dog:a,clerk,1.1,{DAYS}",
        "`role:clerk` is for a person, not for a dog",
    ),
    "no kind": (
        f"a,clerk,1.1,{DAYS}",
        "`role:clerk` is for a person, not for a subject without a kind",
    ),
    "service right of a person": (
        f"person:a,robot,1.1,{DAYS}",
        "`role:robot` is for a system, not for a person",
    ),
    "level": (
        f"person:a,head,1.1.1,{DAYS}",
        "`role:head` cannot be held at `1.1.1`, whose levels are: level:office",
    ),
    "no mode": (
        f"person:a,clerk,1.2,{DAYS}",
        "`1.2` has the transfer mode none; expected `paper`",
    ),
    "policy files only": (
        f"person:a,chief,1.0,{DAYS}",
        "no power gives `chief`: it comes from the policy files only",
    ),
}


@pytest.mark.parametrize(("row", "text"), JUDGED.values(), ids=JUDGED)
def test_row_that_the_policy_bars_is_refused(
    loaded: Store, take: Import, row: str, text: str
) -> None:
    """Kind, level, mode and where a role comes from bind; nothing is written."""
    before = loaded.load()
    with pytest.raises(PolicyError) as refusal:
        take(f"person:good,clerk,1.1,{DAYS}", row)
    assert refusal.value.problems == (Problem("a.csv", 3, text),)
    assert loaded.load() == before


def test_other_mode_is_refused(take: Import, loaded: Store, commit: Commit) -> None:
    """A role of the other group cannot be brought in (ruling D)."""
    commit(loaded, add=(("g2", "1.2", "mode:screen"),))
    with pytest.raises(PolicyError) as refusal:
        take(f"person:a,clerk,1.2,{DAYS}")
    text = "`1.2` has the transfer mode `screen`; expected `paper`"
    assert refusal.value.problems == (Problem("a.csv", 2, text),)


def test_passive_organisation_is_a_warning(loaded: Store, take: Import) -> None:
    """An import restates rights that exist; the grant decides (ruling M)."""
    done = take(f"person:a,clerk,1.1.9,{DAYS}")
    text = "`1.1.9` is `passive`: no new grants there or below"
    assert done.warnings == (Problem("a.csv", 2, text),)
    assert grants(loaded) == ["g, person:a, role:clerk, 1.1.9@2026-01-01..2026-12-31"]


def test_everything_wrong_is_told_at_once(loaded: Store, take: Import) -> None:
    """Rows that cannot be read and rows that the policy bars, in one refusal."""
    before = loaded.load()
    with pytest.raises(PolicyError) as refusal:
        take(
            f"person:a,clerk,1.1,{DAYS}",
            f"person:a,clerk,1.1,{DAYS}",
            "person:b,clerk,1.1,soon,later",
            f"person:c,nobody,9.9,{DAYS}",
            "person:a,clerk,1.1,2026-12-31,2027-12-31",
        )
    assert str(refusal.value).splitlines() == [
        "a.csv:3: repeats line 2 of a.csv, expected it once",
        "a.csv:4: from `soon` is no day, expected the form 2026-03-01",
        "a.csv:4: until `later` is no day, expected the form 2026-03-01",
        "a.csv:5: unknown role `role:nobody`",
        (
            "a.csv:6: overlaps line 2 of a.csv, expected days that do not: make one "
            "row of both, or let one end before the other begins"
        ),
    ]
    assert loaded.load() == before


def test_row_that_another_file_holds_is_refused(loaded: Store) -> None:
    """Files of one import are one list."""
    text = f"{HEADER}\nperson:a,clerk,1.1,{DAYS}\n"
    with pytest.raises(PolicyError) as refusal:
        import_grants(loaded, [("a.csv", text), ("b.csv", text)], actor="os:tester")
    assert str(refusal.value) == "b.csv:2: repeats line 2 of a.csv, expected it once"


def test_overlap_with_a_grant_in_force_is_refused(loaded: Store, take: Import) -> None:
    """Two spans of one right that share a day would hide when it ends."""
    take(f"person:a,clerk,1.1,{DAYS}")
    with pytest.raises(PolicyError) as refusal:
        take("person:a,clerk,1.1,2026-12-31,2027-06-30")
    assert str(refusal.value) == (
        "a.csv:2: overlaps the same right in force from 2026-01-01 until 2026-12-31, "
        "expected days that do not: leave the row out, and give that right another "
        "last day by `oikeus renew`"
    )
    assert len(grants(loaded)) == 1


def test_row_is_held_against_each_of_the_same_right(take: Import) -> None:
    """Whichever of the days it shares, and whichever of them are the same."""
    with pytest.raises(PolicyError) as refusal:
        take(
            f"person:a,clerk,1.1,{LATER}",
            f"person:a,clerk,1.1,{DAYS}",
            "person:a,clerk,1.1,2026-12-31,2026-12-31",
            f"person:a,clerk,1.1,{LATER}",
        )
    assert [
        str(each).partition(", expected")[0] for each in refusal.value.problems
    ] == [
        "a.csv:4: overlaps line 3 of a.csv",
        "a.csv:5: repeats line 2 of a.csv",
    ]


def test_holder_of_other_rights_gets_a_new_one(loaded: Store, take: Import) -> None:
    """What a subject holds elsewhere, or on other days, is no hindrance."""
    take(f"person:a,clerk,1.1,{DAYS}")
    done = take(
        f"person:a,clerk,1.1,{DAYS}",
        f"person:a,clerk,1.1,{LATER}",
        f"person:a,clerk,1.1.1,{DAYS}",
    )
    assert (len(done.added), done.unchanged) == (2, 1)
    assert len(grants(loaded)) == 3


def test_import_is_not_capped(take: Import) -> None:
    """How long a role may last binds who grants it, and no import (ruling H)."""
    done = take(f"person:a,clerk,1.1,{FOREVER}")
    assert written(done.added) == [
        "g, person:a, role:clerk, 1.1@2026-01-01..2099-12-31"
    ]
    assert done.warnings == ()


def test_cycles_are_looked_for_again_afterwards(take: Import) -> None:
    """What is off for as long as an import lasts is on after it, refused or not."""
    assert gc.isenabled()
    with pytest.raises(PolicyError):
        take("person:a,nobody,1.1,2026-01-01,2026-12-31")
    assert gc.isenabled()


def test_system_is_registered_where_its_right_is(loaded: Store, take: Import) -> None:
    """As a credential, from the right's first day on (ruling M)."""
    done = take(f"system:s,robot,1.1,{DAYS}", f"person:a,clerk,1.1,{DAYS}")
    assert written(done.registered) == [
        "g, system:s, role:tunnus, 1.1@2026-01-01..2099-12-31"
    ]
    assert len(done.added) == 2
    assert loaded.versions()[-1].added == 3
    assert grants(loaded) == [*written(done.added), *written(done.registered)]


def test_credential_can_be_imported_itself(loaded: Store, take: Import) -> None:
    """No power gives a registration, and an import may bring it all the same."""
    done = take(f"system:s,tunnus,1.1,{FOREVER}", f"system:s,robot,1.1,{DAYS}")
    assert (len(done.added), done.registered) == (2, ())
    assert len(grants(loaded)) == 2


def test_credential_at_a_wrong_level_is_refused(take: Import) -> None:
    """That no power is needed does not lift what binds every grant (ruling K)."""
    with pytest.raises(PolicyError) as refusal:
        take(f"system:s,tunnus,1.1.1,{FOREVER}")
    text = "`role:tunnus` cannot be held at `1.1.1`, whose levels are: level:office"
    assert str(refusal.value) == f"a.csv:2: {text}"


def test_right_without_its_credential_gets_it(
    loaded: Store, take: Import, commit: Commit
) -> None:
    """It came another way, and is registered when an import restates it."""
    commit(loaded, add=(("g", "system:s", "role:robot", "1.1@2026-01-01..2026-12-31"),))
    done = take(f"system:s,robot,1.1,{DAYS}")
    assert (done.version, done.added, done.unchanged) == (4, (), 1)
    assert written(done.registered) == [
        "g, system:s, role:tunnus, 1.1@2026-01-01..2099-12-31"
    ]


def test_database_without_a_policy_is_an_error(store: Store) -> None:
    """There is nothing to judge the rows by."""
    with pytest.raises(StoreError) as refusal:
        import_grants(store, [("a.csv", HEADER)], actor="os:tester")
    assert str(refusal.value) == (
        "the database holds no policy, load one with `oikeus apply policies/`"
    )
