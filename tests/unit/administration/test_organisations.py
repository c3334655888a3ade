"""Importing extracts of the register: an update, as one version or none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oikeus import (
    ImportedOrganisations,
    Line,
    Model,
    Names,
    RegisterError,
    Store,
    StoreError,
    Words,
    apply_policies,
    import_organisations,
    load_policies,
    snapshot_of,
)
from oikeus.administration import organisations
from oikeus.administration.organisations import words_of
from oikeus.administration.register import read_registers

Import = Callable[..., ImportedOrganisations]
Commit = Callable[..., int]

ROOT = "1.0"


def organisation(oid: str, parent: str = ROOT, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """An active school under the root, but for what is said."""
    fields = {
        "oid": oid,
        "parentOid": parent,
        "nimi": {"fi": f"Koulu {oid}"},
        "status": "AKTIIVINEN",
        "tyypit": ["organisaatiotyyppi_02"],
    }
    return fields | changes


@pytest.fixture
def ruled(store: Store, model: Model, folder: Path) -> Store:
    """A database with the policy alone, version 1."""
    apply_policies(store, model, folder, actor="os:tester")
    return store


@pytest.fixture
def words(model: Model, folder: Path) -> Words:
    """The words of the folder of policies."""
    return Words(load_policies(folder, model).catalogue, ROOT)


def bring(
    store: Store,
    *organisations: dict[str, Any],
    accept_moves: bool = False,
    words: Words | None = None,
) -> ImportedOrganisations:
    """Import organisations as one document."""
    return import_organisations(
        store,
        {"a.json": json.dumps(organisations)},
        actor="os:tester",
        accept_moves=accept_moves,
        words=lambda: words,
    )


def lines(store: Store, organisation: str) -> set[str]:
    """What is said of an organisation."""
    every = store.load().lines
    return {str(line) for line in every if line.values[0] == organisation}


def test_organisations_become_lines_and_names_of_one_version(ruled: Store) -> None:
    """Where it stands, its level and status, and what it is called."""
    done = bring(
        ruled,
        organisation("1.5"),
        organisation("1.5.1", "1.5", status="PASSIIVINEN", tyypit=[]),
    )
    assert (done.version, [each.organisation for each in done.placement.added]) == (
        2,
        ["1.5", "1.5.1"],
    )
    assert lines(ruled, "1.5") == {"g2, 1.5, 1.0", "g4, 1.5, level:school"}
    assert lines(ruled, "1.5.1") == {"g2, 1.5.1, 1.5", "g2, 1.5.1, status:passive"}
    assert ruled.load().names["1.5"] == Names(fi="Koulu 1.5")
    version = ruled.versions()[-1]
    assert (version.origin, version.actor, version.message) == (
        "organisations",
        "os:tester",
        "import organisations a.json",
    )


def test_second_import_changes_nothing(ruled: Store) -> None:
    """The head stays as it was."""
    bring(ruled, organisation("1.5"))
    before = ruled.load()
    done = bring(ruled, organisation("1.5"))
    assert (done.version, done.placement.changes_nothing) == (2, True)
    assert ruled.load() == before


def test_absent_organisations_stay(ruled: Store) -> None:
    """An extract never deletes."""
    bring(ruled, organisation("1.5"), organisation("1.6"))
    bring(ruled, organisation("1.6", nimi={"fi": "Uusi"}))
    assert lines(ruled, "1.5")
    assert ruled.load().names["1.6"] == Names(fi="Uusi")
    assert len(ruled.versions()) == 3


def test_move_needs_to_be_accepted(ruled: Store) -> None:
    """Rights below it would change hands with it."""
    bring(ruled, organisation("1.5"), organisation("1.6"))
    before = ruled.load()
    with pytest.raises(RegisterError) as refusal:
        bring(ruled, organisation("1.6", "1.5"))
    assert str(refusal.value) == (
        "a.json: $[0]: `1.6` moves from `1.0` to `1.5`, which needs to be accepted "
        "with --accept-moves"
    )
    assert ruled.load() == before
    done = bring(ruled, organisation("1.6", "1.5"), accept_moves=True)
    assert [str(each) for each in done.placement.moved] == ["1.6 Koulu 1.6: 1.0 -> 1.5"]
    assert lines(ruled, "1.6") == {"g2, 1.6, 1.5", "g4, 1.6, level:school"}


def test_everything_wrong_in_all_files_is_told_and_nothing_imported(
    ruled: Store,
) -> None:
    """One document with a fault keeps all of them out."""
    texts = {
        "a.json": json.dumps([organisation("1.5")]),
        "b.json": json.dumps([organisation("1.6", status="X"), {"oid": 5}]),
        "c.json": "{",
    }
    before = ruled.load()
    with pytest.raises(RegisterError) as refusal:
        import_organisations(ruled, texts, actor="os:tester")
    assert {problem.file for problem in refusal.value.problems} == {"b.json", "c.json"}
    assert len(refusal.value.problems) > 3
    assert ruled.load() == before


def test_names_of_all_files_are_in_the_message(ruled: Store) -> None:
    """Several documents are one version."""
    texts = {
        "a.json": json.dumps([organisation("1.5.1", "1.5")]),
        "b.json": json.dumps([organisation("1.5")]),
    }
    assert import_organisations(ruled, texts, actor="os:tester").version == 2
    assert ruled.versions()[-1].message == "import organisations a.json, b.json"


def test_register_before_policy_takes_the_words_that_are_given(
    store: Store, words: Words, model: Model, folder: Path
) -> None:
    """And the policy that comes later finds its organisations there."""
    assert bring(store, organisation("1.1"), words=words).version == 1
    # a second extract before the policy is an update too
    done = bring(store, organisation("1.1"), organisation("1.2"), words=words)
    assert (done.version, done.placement.unchanged) == (2, 1)
    applied = apply_policies(store, model, folder, actor="os:tester")
    assert (applied.version, applied.warnings) == (3, ())
    assert snapshot_of(store.load()).tree.inherited("1.1", "mode:") == ("mode:paper",)
    # nothing of the register went with the load
    assert lines(store, "1.2") == {"g2, 1.2, 1.0", "g4, 1.2, level:school"}


def test_words_of_the_database_come_first(ruled: Store, words: Words) -> None:
    """What is in force names the root, not a folder that happens to lie about."""
    other = Words(words.catalogue, "9.9")
    assert bring(ruled, organisation("1.5"), words=other).version == 2


def test_without_any_words_nothing_can_be_read(store: Store) -> None:
    """Nobody says which organisation is the root and which type gives which level."""
    with pytest.raises(StoreError) as refusal:
        bring(store, organisation("1.5"))
    assert str(refusal.value) == (
        "the database holds no policy, which names the root and the levels: load one "
        "with `oikeus apply policies/`, or name one with --policies"
    )
    assert store.head() == 0


def test_words_are_asked_for_only_where_they_are_needed(ruled: Store) -> None:
    """A folder of policies that is wrong is no reason to refuse a register then."""

    def fail() -> Words:
        pytest.fail("the database holds a policy")

    texts = {"a.json": json.dumps([organisation("1.5")])}
    done = import_organisations(ruled, texts, actor="os:tester", words=fail)
    assert done.version == 2


def test_nobody_need_be_asked_for_words(store: Store) -> None:
    """That there are none is an error all the same."""
    with pytest.raises(StoreError):
        import_organisations(store, {"a.json": "[]"}, actor="os:tester")


def test_database_with_two_roots_is_refused(ruled: Store, commit: Commit) -> None:
    """Rows can reach a database past the files."""
    commit(ruled, add=(("g4", "2.0", "level:root"),))
    with pytest.raises(StoreError) as refusal:
        bring(ruled, organisation("1.5"))
    assert str(refusal.value) == (
        "the database has 2 roots, expected one `g4, …, level:root`"
    )


def test_words_are_those_of_the_policy_in_force(ruled: Store) -> None:
    """The catalogue and the root."""
    found = words_of(ruled.load())
    assert found is not None
    assert (found.root, found.catalogue.credential) == (ROOT, "tunnus")


def test_empty_database_has_no_words(store: Store) -> None:
    """There is nothing to take them from."""
    assert words_of(store.load()) is None


def test_line_of_a_policy_file_stays_the_files(
    ruled: Store, model: Model, folder: Path
) -> None:
    """An import restates it without taking it over."""
    path = folder / "places.csv"
    text = path.read_text(encoding="utf-8") + "# B: kept here\ng2, 1.8, 1.0\n"
    path.write_text(text, encoding="utf-8")
    apply_policies(ruled, model, folder, actor="os:tester")
    bring(ruled, organisation("1.8"))
    line = next(each for each in ruled.load().lines if each.values == ("1.8", "1.0"))
    assert line == Line("g2", ("1.8", "1.0"))
    assert line.source is not None
    assert line.source.comment == "B: kept here"


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done in which order: documents are read, the database is locked."""
    begun: list[str] = []
    writing = Store.writing

    def reading(*given: Any) -> Any:  # noqa: ANN401
        begun.append("read")
        return read_registers(*given)

    def lock(store: Store) -> Any:  # noqa: ANN401
        begun.append("lock")
        return writing(store)

    monkeypatch.setattr(organisations, "read_registers", reading)
    monkeypatch.setattr(Store, "writing", lock)
    return begun


def test_documents_are_read_before_the_database_is_locked(
    ruled: Store, locked: list[str]
) -> None:
    """A long one keeps nobody from writing."""
    bring(ruled, organisation("1.5"))
    assert locked == ["read", "lock"]


def test_documents_are_read_again_where_the_words_changed_meanwhile(
    ruled: Store,
    model: Model,
    folder: Path,
    locked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The words that are in force when the import is, count."""
    before = ruled.load()
    path = folder / "words.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("types: [organisaatiotyyppi_02]", "types: [other]").replace(
            "types: [organisaatiotyyppi_03]", "types: [organisaatiotyyppi_02]"
        ),
        encoding="utf-8",
    )
    apply_policies(ruled, model, folder, actor="os:tester")
    locked.clear()
    monkeypatch.setattr(ruled, "load", lambda: before)
    bring(ruled, organisation("1.5"))
    monkeypatch.undo()
    assert locked == ["read", "lock", "read"]
    assert lines(ruled, "1.5") == {"g2, 1.5, 1.0", "g4, 1.5, level:office"}
