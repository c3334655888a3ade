"""A decision point at a moment: what was known then, and for which day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from oikeus import (
    Model,
    Moment,
    RequestError,
    Store,
    StoreError,
    apply_policies,
    block,
    parse_moment,
    recall,
)

Commit = Callable[..., int]

QUESTION = ("person:a", "read", "file", "1.1")
GRANT = ("g", "person:a", "role:clerk", "1.1@2026-03-29..2026-10-25")


@pytest.fixture
def history(
    store: Store,
    policy: Callable[[], object],
    register: Callable[[Store], int],
    commit: Commit,
    at: Callable[[str], None],
) -> Store:
    """Policy, register, a grant and a block; the last of them at the same time."""
    at("2026-03-28T21:59:59.999999Z")
    policy()
    at("2026-03-28T22:00:00.000000Z")
    register(store)
    at("2026-10-25T00:30:00.000000Z")
    commit(store, add=(GRANT,))
    block(store, "person:a", reason="leaked", actor="os:tester")
    commit(store, remove=(("g3", "person:a", "blocked"),))
    return store


@pytest.mark.parametrize(
    ("text", "version", "day"),
    [
        ("3", 3, "2026-10-25"),
        ("2026-03-28", 1, "2026-03-28"),
        ("2026-03-29", 2, "2026-03-29"),
        ("2026-03-29T00:00:00+02:00", 2, "2026-03-29"),
        # the hour that there are two of when clocks are put back
        ("2026-10-25T03:29:59+03:00", 2, "2026-10-25"),
        ("2026-10-25T03:30:00+03:00", 5, "2026-10-25"),
        ("2026-10-25T03:30:00+02:00", 5, "2026-10-25"),
        ("2030-01-01", 5, "2030-01-01"),
    ],
)
def test_moment_tells_the_version_and_the_day(
    history: Store, text: str, version: int, day: str
) -> None:
    """The last version whose time is not after it; of equal times, the last."""
    point = recall(history, parse_moment(text))
    assert (point.version, point.known.number) == (version, version)
    assert point.day.isoformat() == day
    assert point.known == history.version(version)


def test_what_was_known_is_apart_from_the_day_decided(history: Store) -> None:
    """A question without a day is of the moment's."""
    assert recall(history, 3).allows(*QUESTION)
    assert recall(history, 3).allows(*QUESTION, at=date(2026, 3, 29))
    assert not recall(history, 3).allows(*QUESTION, at=date(2026, 3, 28))
    assert not recall(history, 4).allows(*QUESTION)
    assert recall(history, date(2026, 10, 25)).allows(*QUESTION)
    assert not recall(history, date(2026, 10, 26)).allows(*QUESTION)
    assert recall(history, 5).who_can(*QUESTION[1:]) == ("person:a",)


def test_part_of_the_tree_can_be_recalled(history: Store) -> None:
    """As it can be loaded."""
    point = recall(history, 5, under="1.1")
    assert point.allows(*QUESTION)
    with pytest.raises(RequestError):
        point.allows(*QUESTION[:-1], "1.2")


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        (6, "there is no version 6, expected one of `oikeus log`"),
        (0, "there is no version of that number, expected 1 or a later one"),
        (
            date(2026, 3, 27),
            "there was no version yet at 2026-03-27T21:59:59+00:00",
        ),
    ],
)
def test_moment_without_a_version_is_an_error(
    history: Store, moment: Moment, problem: str
) -> None:
    """It is not answered by another one."""
    with pytest.raises(StoreError) as caught:
        recall(history, moment)
    rest = ", the first one is of 2026-03-28T21:59:59.999999Z"
    assert str(caught.value).removesuffix(rest) == problem


def test_database_without_versions_knew_nothing(store: Store) -> None:
    """Whenever is asked about."""
    with pytest.raises(StoreError) as caught:
        recall(store, date(2026, 1, 1))
    assert str(caught.value).endswith(
        "+00:00, load a policy with `oikeus apply policies/`"
    )


def test_url_is_opened_for_as_long_as_it_takes(
    tmp_path: Path, model: Model, folder: Path
) -> None:
    """The point needs the database no more."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    with Store.open(url) as made:
        apply_policies(made, model, folder, actor="os:tester")
    point: Any = recall(url, 1)
    (tmp_path / "oikeus.db").unlink()
    assert not point.allows(*QUESTION)
    with pytest.raises(StoreError):
        recall(url, 1)
