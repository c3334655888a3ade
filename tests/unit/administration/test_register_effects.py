"""What an import of organisations does to grants: refused, or told of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oikeus import (
    Model,
    RegisterError,
    Store,
    apply_policies,
    import_organisations,
)

Commit = Callable[..., int]
Bring = Callable[..., list[str]]
State = Callable[..., None]

DAYS = "2026-01-01..2026-12-31"
SCHOOL = ("organisaatiotyyppi_02",)
OFFICE = ("organisaatiotyyppi_03",)


@pytest.fixture
def bring(loaded: Store) -> Bring:
    """Import one organisation, and return the warnings."""

    def load(
        oid: str, parent: str, types: tuple[str, ...], status: str = "AKTIIVINEN"
    ) -> list[str]:
        entry = {"oid": oid, "parentOid": parent, "status": status, "tyypit": types}
        done = import_organisations(
            loaded, {"a.json": json.dumps(entry)}, actor="os:tester", accept_moves=True
        )
        return [str(warning) for warning in done.warnings]

    return load


@pytest.fixture
def state(loaded: Store, model: Model, folder: Path) -> State:
    """Load the folder with these lines in a file of their own."""

    def load(*lines: str) -> None:
        (folder / "more.csv").write_text("\n".join(lines), encoding="utf-8")
        apply_policies(loaded, model, folder, actor="os:tester")

    return load


@pytest.mark.parametrize(
    ("role", "entry", "reason"),
    [
        (
            "clerk",
            ("1.3", "1.2", SCHOOL),
            "`1.3` has the transfer mode none; expected `paper`",
        ),
        (
            "head",
            ("1.3", "1.1", OFFICE),
            "`role:head` cannot be held at `1.3`, whose levels are: level:office",
        ),
    ],
)
def test_first_grant_is_judged_when_its_organisation_comes(  # noqa: PLR0913, PLR0917
    loaded: Store,
    state: State,
    bring: Bring,
    role: str,
    entry: tuple[str, str, tuple[str, ...]],
    reason: str,
) -> None:
    """As it is where the register comes first (ruling M)."""
    state(f"g, person:a, role:{role}, 1.3@{DAYS}")
    before = loaded.load()
    with pytest.raises(RegisterError) as refusal:
        bring(*entry)
    place = "at `1.3`, which the import makes known"
    assert str(refusal.value) == f"policies/more.csv:1: {place}: {reason}"
    assert loaded.load() == before


def test_first_grant_that_may_be_there_begins_to_decide(
    state: State, bring: Bring
) -> None:
    """It is told, with its place in the files."""
    line = f"g, person:a, role:clerk, 1.3@{DAYS}"
    state(line)
    assert bring("1.3", "1.1", SCHOOL) == [
        f"policies/more.csv:1: now decides: `{line}`"
    ]


def test_role_of_the_files_alone_may_wait_for_its_organisation(
    state: State, bring: Bring
) -> None:
    """No power gives it, and files need none (ruling B)."""
    line = f"g, system:s, role:tunnus, 1.3@{DAYS}"
    state(line)
    assert bring("1.3", "1.1", SCHOOL) == [
        f"policies/more.csv:1: now decides: `{line}`"
    ]


def test_passive_organisation_is_a_warning(state: State, bring: Bring) -> None:
    """What a register restates exists there already (ruling M)."""
    state(f"g, person:a, role:clerk, 1.3@{DAYS}")
    first, _ = bring("1.3", "1.1", SCHOOL, "PASSIIVINEN")
    assert first == (
        "policies/more.csv:1: at `1.3`, which the import makes known: `1.3` is "
        "`passive`: no new grants there or below"
    )


def test_grant_in_force_goes_on_where_its_organisation_moves(
    loaded: Store, state: State, bring: Bring
) -> None:
    """It decides until it is reviewed, whatever the mode is there (ruling D)."""
    state(f"g, person:a, role:clerk, 1.1.9@{DAYS}")
    assert bring("1.1.9", "1.2", SCHOOL) == []
    assert len(loaded.versions()) == 4


def test_rows_that_begin_and_cease_to_decide_are_told(
    loaded: Store, bring: Bring, commit: Commit
) -> None:
    """A level came or went; rows past every check begin to decide without a word."""
    head, clerk = (
        ("g", "person:h", "role:head", f"1.1.1@{DAYS}"),
        ("g", "person:c", "role:clerk", f"1.1.1@{DAYS}"),
    )
    commit(
        loaded,
        add=(
            *(head, clerk),
            # rows that are none of a grant, or of elsewhere
            ("g", "person:x", "role:clerk", "1.1.1@never"),
            ("g", "person:x"),
            ("g", "person:c", "role:clerk", f"1.1@{DAYS}"),
        ),
    )
    told = [f"`{', '.join(line)}`" for line in (head, clerk)]
    assert bring("1.1.1", "1.1", SCHOOL) == [f"{told[0]}: now decides: {told[0]}"]
    assert bring("1.1.1", "1.1", ()) == [
        (
            f"{line}: no longer decides: {line}, `role:{role}` cannot be held at "
            "`1.1.1`, whose levels are: none"
        )
        for line, role in zip(told, ("head", "clerk"), strict=True)
    ]
