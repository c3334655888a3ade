"""Grants that an earlier import brought and the source no longer gives."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from oikeus import Model, RegisterError, RightsSource, Store, apply_policies

from .conftest import Take, at, grants, holder

Commit = Callable[..., int]

READER = holder("9", at("1.1", "READ"), at("1.1.1", "READ"))
LESS = holder("9", at("1.1", "READ"))
OTHER = holder("8", at("1.1", "READ"))
MOVER = holder("7", at("1.1", "MOVE"), type="SERVICE")
IDLE = holder("7", type="SERVICE")
YEAR = "2026-03-01..2027-02-28"
AGES = "2026-03-01..2099-12-31"
RIGHTS = [
    f"person:9, role:clerk, 1.1@{YEAR}",
    f"person:9, role:clerk, 1.1.1@{YEAR}",
    f"person:8, role:clerk, 1.1@{YEAR}",
]


def test_vanished_grants_are_listed_and_kept(loaded: Store, take: Take) -> None:
    """Those of holders in no document apart: it may be a part of the source."""
    take([READER, OTHER])
    done = take([LESS])
    assert [str(grant.line) for grant in done.plan.vanished] == [f"g, {RIGHTS[1]}"]
    assert [str(grant.line) for grant in done.plan.absent] == [f"g, {RIGHTS[2]}"]
    assert (done.version, done.removed, grants(loaded)) == (3, (), RIGHTS)


def test_vanished_grants_are_removed_when_asked_for(loaded: Store, take: Take) -> None:
    """In the version that adds what is new; a dry run only says so."""
    take([READER, OTHER])
    new = holder("6", at("1.1", "READ"))
    planned = take([LESS, new], prune=True, dry=True)
    assert (planned.pruned, len(planned.removed), grants(loaded)) == (True, 2, RIGHTS)
    done = take([LESS, new], prune=True)
    assert (done.version, done.plan) == (4, planned.plan)
    assert grants(loaded) == [RIGHTS[0], f"person:6, role:clerk, 1.1@{YEAR}"]
    version = loaded.versions()[-1]
    assert (version.added, version.removed) == (1, 2)
    assert take([LESS, new], prune=True).version == 4


def test_grants_of_another_way_are_never_pruned(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """By hand, or by another source, whatever this one gives or gave."""
    commit(loaded, add=(("g", "person:9", "role:clerk", f"1.1@{YEAR}"),))
    cas = {
        "oid": "8",
        "kayttajaTyyppi": "OFFICIAL",
        "roles": ["ROLE_APP_FILES_READ_1.1"],
    }
    take([cas], source=RightsSource.CAS)
    take([READER, OTHER])
    before = grants(loaded)
    done = take([holder("9"), holder("8")], prune=True)
    assert [str(grant.line) for grant in done.removed] == [f"g, {RIGHTS[1]}"]
    assert grants(loaded) == [row for row in before if row != RIGHTS[1]]


def test_grant_that_a_file_holds_now_is_never_pruned(
    loaded: Store, take: Take, folder: Path, model: Model
) -> None:
    """It belongs to the policy files, although an import brought it."""
    take([LESS])
    path = folder / "first.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\ng, {RIGHTS[0]}\n", encoding="utf-8")
    apply_policies(loaded, model, folder, actor="os:tester")
    done = take([holder("9")], prune=True)
    assert (done.plan.vanished, done.removed) == ((), ())


def test_grant_that_somebody_gave_again_is_never_pruned(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """What counts is who brought the line last."""
    take([LESS])
    row = ("g", "person:9", "role:clerk", f"1.1@{YEAR}")
    commit(loaded, remove=(row,))
    commit(loaded, add=(row,))
    assert take([holder("9")], prune=True).removed == ()


def test_holder_of_no_known_kind_loses_nothing(loaded: Store, take: Take) -> None:
    """Their rights are given still; nobody can tell which are not."""
    take([READER, MOVER])
    before = grants(loaded)
    typeless = [holder(oid, at("1.1", "READ"), type=None) for oid in ("9", "7")]
    done = take(typeless, prune=True)
    assert (done.plan.vanished, done.plan.absent) == ((), ())
    assert grants(loaded) == before
    # who has no right at all needs no type to lose what they had
    assert len(take([holder("9", type=None)], prune=True).removed) == 4


def test_holder_whose_type_changes_loses_what_the_other_kind_had(take: Take) -> None:
    """They stand in the documents, so that nothing of theirs is absent."""
    take([holder("7", at("1.1", "READ"))])
    done = take([MOVER])
    assert [grant.subject for grant in done.plan.vanished] == ["person:7"]
    assert done.plan.absent == ()


def test_grant_that_has_ended_has_not_vanished(take: Take) -> None:
    """It decides nothing, and stays for whoever looks back."""
    take([READER])
    assert take([holder("9")], today=date(2027, 3, 1), prune=True).removed == ()
    assert len(take([holder("9")], today=date(2027, 2, 28), prune=True).removed) == 2


def test_registration_goes_with_the_last_right_of_a_credential(
    loaded: Store, take: Take
) -> None:
    """It came with the right, and nothing needs it any more."""
    take([MOVER])
    done = take([IDLE], prune=True)
    assert [grant.role for grant in done.removed] == ["role:robot", "role:tunnus"]
    assert grants(loaded) == []


def test_registration_that_is_still_needed_is_never_pruned(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """Whoever gave the right that needs it, there or below."""
    take([MOVER])
    row = ("g", "system:7", "role:robot", "1.1.9@2026-01-01..2026-12-31")
    commit(loaded, add=(row,))
    done = take([IDLE], prune=True)
    assert [grant.role for grant in done.removed] == ["role:robot"]
    assert take([IDLE], prune=True).plan.vanished == ()
    # once that has ended, nothing needs it
    done = take([IDLE], prune=True, today=date(2027, 1, 1))
    assert [grant.role for grant in done.removed] == ["role:tunnus"]


def test_right_elsewhere_needs_another_registration(take: Take) -> None:
    """What stands beside does not keep it; what is new below does."""
    take([MOVER])
    beside = holder("7", at("1.2", "MOVE"), type="SERVICE")
    done = take([beside], prune=True)
    assert [str(grant.line) for grant in done.added] == [
        f"g, system:7, role:robot, 1.2@{AGES}",
        f"g, system:7, role:tunnus, 1.2@{AGES}",
    ]
    assert {grant.organisation for grant in done.removed} == {"1.1"}


def test_new_right_below_keeps_the_registration(take: Take) -> None:
    """It is registered there already."""
    take([MOVER])
    below = holder("7", at("1.1.9", "MOVE"), type="SERVICE")
    done = take([below], prune=True)
    assert [grant.role for grant in done.added] == ["role:robot"]
    assert [grant.role for grant in done.removed] == ["role:robot"]


def test_nobody_in_the_documents_prunes_nothing(loaded: Store, take: Take) -> None:
    """An empty answer of a service must not take everybody's rights away."""
    take([READER])
    before = loaded.load()
    with pytest.raises(RegisterError) as refusal:
        take([], prune=True)
    assert str(refusal.value) == (
        "a.json: names nobody, expected at least one holder of rights to prune by"
    )
    assert loaded.load() == before
    assert len(take([]).plan.absent) == 2
