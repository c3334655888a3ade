"""A plan: files against the head, and nothing else is carried out than it says."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from oikeus import (
    Change,
    Line,
    Model,
    Plan,
    PlanError,
    PolicyError,
    PolicyFiles,
    Source,
    StaleVersionError,
    Store,
    TamperedError,
    apply_plan,
    check_inert,
    find_astray,
    import_grants,
    make_plan,
    parse_plan,
    plan_digest,
    plan_text,
    preview,
    preview_plan,
    preview_rollback,
    read_files,
    read_plan,
    restore,
    roll_back,
)
from oikeus.administration import plan_files
from oikeus.administration.drift import NO_DRIFT
from oikeus.canonical import digest_of
from oikeus.store import Mark

Commit = Callable[..., int]
Files = Callable[[], PolicyFiles]

GRANT = Line("g", ("person:a", "role:clerk", "1.1@2026-01-01..2026-12-31"))
CSV = "subject,role,organisation,from,until\nperson:a,clerk,1.1,2026-01-01,2026-12-31\n"
RULE = "p, role:clerk, file, read, allow"
LEVEL = "g4, level:school, role:clerk\n"


@pytest.fixture
def files(model: Model, folder: Path) -> Files:
    """Read the folder as it stands."""
    path = folder.parent / "model.conf"
    path.write_text(model.text, encoding="utf-8")
    return lambda: read_files(folder)


def edit(folder: Path, old: str, new: str) -> None:
    """Change the rules at the one place that reads so."""
    path = folder / "rules.csv"
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1
    path.write_text(before.replace(old, new), encoding="utf-8")


def insert(store: Store, *values: str) -> None:
    """Put a rule into the table, past everything that checks it."""
    statement = "INSERT INTO casbin_rule (ptype, v0, v1, v2, v3) VALUES "
    with store.database.engine.begin() as connection:
        connection.execute(text(f"{statement}{values}"))


def texts(found: tuple[Line, ...]) -> list[str]:
    """Lines as they are written."""
    return [str(line) for line in found]


def test_plan_of_what_is_in_force_is_empty(loaded: Store, files: Files) -> None:
    """Whatever else the database holds."""
    plan = make_plan(loaded, files())
    assert not plan
    assert (plan.base, plan.drift) == (loaded.head_mark(), NO_DRIFT)


def test_plan_says_lines_texts_and_message(
    loaded: Store, files: Files, folder: Path
) -> None:
    """And what would be in force after it."""
    edit(folder, RULE, RULE.replace("read", "move"))
    (folder / "words.yaml").write_text(
        (folder / "words.yaml").read_text().replace("en: office", "en: bureau")
    )
    found = preview(loaded, files())
    plan = found.plan
    assert texts(plan.add) == [RULE.replace("read", "move")]
    assert texts(plan.remove) == [RULE]
    assert (plan.move, plan.model) == ((), None)
    assert plan.catalogue is not None
    assert "bureau" in plan.catalogue
    assert (plan.message, plan.name) == ("apply policies", "policies")
    done = apply_plan(loaded, plan, actor="os:t")
    contents = loaded.load()
    assert (done.version, done.texts) == (3, ("catalogue",))
    assert contents.lines == found.after.contents.lines
    assert not make_plan(loaded, files())


def test_plan_made_earlier_comes_to_what_it_came_to(
    loaded: Store, files: Files, folder: Path
) -> None:
    """Whatever the files say by now."""
    edit(folder, RULE, RULE.replace("read", "move"))
    found = preview(loaded, files())
    edit(folder, RULE.replace("read", "move"), RULE)
    again = preview_plan(loaded, parse_plan(plan_text(found.plan).encode()))
    assert again.plan == found.plan
    assert again.before.contents == found.before.contents
    assert again.after.contents == found.after.contents
    assert again.after.snapshot.facts.rules == found.after.snapshot.facts.rules
    assert loaded.head() == 2


def test_plan_without_a_database_is_against_nothing(store: Store, files: Files) -> None:
    """It fits a database that has no version yet."""
    plan = make_plan(None, files())
    assert plan.base == Mark(0)
    assert apply_plan(store, plan, actor="os:t").version == 1


def test_drift_is_what_no_load_brought(
    loaded: Store, files: Files, commit: Commit
) -> None:
    """Rows that were inserted, versions of other programs, and what went so."""
    insert(loaded, "p", "role:clerk", "file", "move", "allow")
    commit(
        loaded,
        add=(("g3", "role:clerk", "system"), ("g2", "1.2", "status:passive")),
        remove=(("p", "role:clerk", "file", "read", "allow"),),
    )
    plan = make_plan(loaded, files())
    assert texts(plan.drift.added) == [
        "p, role:clerk, file, move, allow",
        "g3, role:clerk, system",
    ]
    assert texts(plan.drift.removed) == [RULE]
    assert texts(plan.remove) == texts(plan.drift.added)
    apply_plan(loaded, plan, actor="os:t")
    assert not make_plan(loaded, files()).drift


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [("r.act == p.act", "r.act == p.act && true", ["m"]), ("# ", "# x ", [])],
)
def test_drift_of_the_model_is_told_by_definitions(
    loaded: Store, files: Files, old: str, new: str, keys: list[str]
) -> None:
    """What was, and what is now; of one that cannot be read, what is gone."""
    model = (loaded.load().model or "").replace(old, new, 1)
    with loaded.writing() as writer:
        writer.commit(_texts(model))
    drift = make_plan(loaded, files()).drift
    assert [each.key for each in drift.model] == keys
    with loaded.writing() as writer:
        writer.commit(_texts("none"))
    drift = make_plan(loaded, files()).drift
    assert {(bool(each.before), each.after) for each in drift.model} == {(True, "")}


def test_drift_from_a_model_that_cannot_be_read_is_not_told(
    loaded: Store, files: Files
) -> None:
    """Another release of this program may have loaded it."""
    with loaded.writing() as writer:
        writer.commit(Change("policy", "os:t", "", model="none"))
    with loaded.writing() as writer:
        writer.commit(_texts("other"))
    assert make_plan(loaded, files()).drift.model == ()


def _texts(model: str) -> Change:
    return Change("casbin", "os:t", "", model=model)


def test_stale_plan_is_refused(loaded: Store, files: Files, commit: Commit) -> None:
    """By number, by digest, and by what was changed behind the log."""
    plan = make_plan(loaded, files())
    other = replace(plan, base=Mark(2, "0" * 64))
    with pytest.raises(StaleVersionError, match="another version 2: make another"):
        apply_plan(loaded, other, actor="os:t")
    insert(loaded, "p", "role:clerk", "file", "move", "allow")
    with pytest.raises(StaleVersionError, match="behind it since"):
        apply_plan(loaded, plan, actor="os:t")
    commit(loaded, add=(("g2", "1.2", "status:passive"),))
    with pytest.raises(StaleVersionError, match="the head is version 3 now"):
        preview_plan(loaded, plan)
    with pytest.raises(StaleVersionError, match="the head is version 3 now"):
        apply_plan(loaded, plan, actor="os:t")


SOURCE = Source("policies/x.csv", 1)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"origin": "rollback"}, PlanError),
        ({"add": (Line("p", ("role:clerk", "file", "x", "allow"), SOURCE),)}, None),
        ({"add": (Line("g2", ("1.3", "1.0")),)}, PlanError),
        ({"add": (Line("g3", ("person:a", "blocked"), SOURCE),)}, PlanError),
        ({"remove": (Line("g2", ("1.1", "1.0")),)}, PlanError),
        ({"remove": (Line("g3", ("role:clerk", "person")),)}, PolicyError),
    ],
)
def test_plan_that_does_what_files_cannot_is_refused(
    loaded: Store,
    files: Files,
    changed: dict[str, Any],
    error: type[Exception] | None,
) -> None:
    """Even with a right digest: anybody can make one."""
    plan = replace(make_plan(loaded, files()), **changed)
    with pytest.raises(error or PolicyError):
        preview_plan(loaded, plan)
    with pytest.raises(error or PolicyError):
        apply_plan(loaded, plan, actor="os:t")
    assert loaded.head() == 2


def test_plan_moves_only_what_is_in_force_and_adds_only_what_is_not(
    loaded: Store, files: Files
) -> None:
    """What moves is not judged as what is new is: it could bring anything."""
    plan, there = make_plan(loaded, files()), loaded.load().lines
    source = Source("p/a.csv", 1, "R1: why")
    evil = Line("p", ("role:clerk", "file", "burn", "allow"), source)
    (known, *_) = (line for line in there if line.ptype == "p")
    known = replace(known, source=source)
    for forged, problem in (
        (replace(plan, move=(evil,)), "`, which is not in force"),
        (
            replace(plan, add=(known,)),
            "`, which is in force already: make another plan",
        ),
    ):
        with pytest.raises(PlanError, match=problem):
            apply_plan(loaded, forged, actor="os:t")
    assert loaded.load().lines == there


def test_rollback_judges_first_grants_as_a_load_does(
    loaded: Store, files: Files, folder: Path, commit: Commit
) -> None:
    """What barred one since bars it when rules are restored, too."""
    office = f"{GRANT}".replace("1.1@", "1.1.1@")
    (folder / "more.csv").write_text(f"# R2: first\n{office}\n", encoding="utf-8")
    given = _apply(loaded, files)
    (folder / "more.csv").unlink()
    assert _apply(loaded, files) == given + 1
    # the office comes under a school without a mode
    commit(loaded, remove=(("g2", "1.1.1", "1.1"),))
    commit(loaded, add=(("g2", "1.1.1", "1.2"),))
    with pytest.raises(PolicyError, match="transfer mode"):
        preview_rollback(loaded, given)


def test_rollback_restores_nothing_that_no_file_could_bring(
    loaded: Store, commit: Commit
) -> None:
    """Rules that came past the files are judged by the words, too."""
    odd = ("p", "role:clerk", "file", "burn", "allow")
    number = commit(loaded, add=(odd,))
    commit(loaded, remove=(odd,))
    with pytest.raises(PolicyError, match="burn"):
        preview_rollback(loaded, number)


def test_plan_without_texts_makes_no_policy(store: Store) -> None:
    """A database needs a model and a catalogue."""
    with pytest.raises(PlanError, match="no model or no catalogue"):
        apply_plan(store, Plan("policy", Mark(0), "x", "m"), actor="os:t")


def test_plan_file_gives_the_plan_again(
    loaded: Store, files: Files, folder: Path, tmp_path: Path, commit: Commit
) -> None:
    """All of it, with drift and warnings."""
    edit(folder, RULE, RULE.replace("read", "move"))
    commit(loaded, add=(("g3", "role:clerk", "system"),))
    (folder / "places.csv").write_text(
        (folder / "places.csv").read_text() + "g2, 1.77, mode:paper\n"
    )
    with loaded.writing() as writer:
        model = (folder.parent / "model.conf").read_text()
        writer.commit(_texts(model.replace("r.act == p.act", "r.act == p.act && true")))
    plan = make_plan(loaded, files())
    assert plan.warnings
    assert plan.drift.model
    path = tmp_path / "a.plan"
    path.write_text(plan_text(plan), encoding="utf-8")
    assert read_plan(path) == plan
    assert plan_digest(read_plan(path)) == json.loads(path.read_text())["digest"]


def test_plan_file_that_cannot_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, or more bytes than a plan has."""
    with pytest.raises(PlanError, match="cannot be read"):
        read_plan(tmp_path)
    path = tmp_path / "long.plan"
    path.write_bytes(b"x" * 11)
    with pytest.raises(PlanError, match="is no plan"):
        read_plan(path)
    monkeypatch.setattr(plan_files, "LONGEST_PLAN", 10)
    with pytest.raises(PlanError, match="is longer than 10 bytes"):
        read_plan(path)


PLAN = Plan("policy", Mark(1, "d"), "policies", "m", add=(Line("p", ("a",), SOURCE),))


DRIFT = {"added": [], "removed": [], "model": [], "catalogue": False}


def _forged(**parts: object) -> bytes:
    form = json.loads(plan_text(PLAN))
    form |= parts
    del form["digest"]
    return json.dumps({**form, "digest": digest_of(form)}).encode()


def test_forging_nothing_gives_the_plan() -> None:
    """So that the next test tests what it says."""
    assert parse_plan(_forged()) == PLAN


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format": "oikeus-plan-1", "a": "\\ud800", "digest": ""}',
        b'{"format": "oikeus-plan-1", "format": "oikeus-plan-1"}',
        plan_text(PLAN).replace('"m"', '"n"').encode(),
        _forged(format="oikeus-plan-2"),
        _forged(origin="rollback"),
        _forged(base=None),
        _forged(base={"number": "1", "digest": "d"}),
        _forged(base={"number": True, "digest": "d"}),
        _forged(message=None),
        _forged(model=1),
        _forged(add={}),
        _forged(add=[{"line": [], "source": None}]),
        _forged(add=[{"line": ["p", 1], "source": None}]),
        _forged(add=[{"line": ["p"], "source": ["a", 1]}]),
        _forged(
            drift={"added": [], "removed": [], "model": [["a"]], "catalogue": False}
        ),
        _forged(drift={"added": [], "removed": [], "model": [], "catalogue": 0}),
        _forged(warnings=[["a", "b", "c"]]),
        _forged(more=1),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes) -> None:
    """Whatever digest it has."""
    with pytest.raises(PlanError):
        parse_plan(data)


@pytest.fixture
def clerk(loaded: Store) -> Store:
    """A database in which somebody was granted a role by an import, as version 3."""
    import_grants(loaded, [("grants.csv", CSV)], actor="os:t")
    return loaded


def _apply(store: Store, files: Files) -> int:
    return apply_plan(store, make_plan(store, files()), actor="os:t").version


def test_rollback_restores_what_files_owned_and_nothing_else(
    clerk: Store, files: Files, folder: Path, commit: Commit
) -> None:
    """Blocks, imported grants and the register stay as they are."""
    old = {*clerk.load().lines}
    edit(folder, RULE, RULE.replace("read", "move"))
    assert _apply(clerk, files) == 4
    commit(clerk, add=(("g3", "person:b", "blocked"), ("g2", "1.5", "1.0")))
    commit(clerk, add=(("p", "role:clerk", "file", "burn", "allow"),))
    found = preview_rollback(clerk, 3)
    done = roll_back(clerk, found, actor="os:t")
    assert done.version == 7
    new = {Line("g3", ("person:b", "blocked")), Line("g2", ("1.5", "1.0"))}
    assert {*clerk.load().lines} == old | new
    version = clerk.versions()[-1]
    assert (version.origin, version.message) == ("rollback", "roll back to version 3")
    edit(folder, RULE.replace("read", "move"), RULE)
    assert not make_plan(clerk, files())
    assert not preview_rollback(clerk, 1).plan


def test_rollback_is_refused_while_the_lines_are_not_those_of_the_log(
    clerk: Store, files: Files, folder: Path
) -> None:
    """Nobody knows then what is to be restored."""
    edit(folder, RULE, RULE.replace("read", "move"))
    assert _apply(clerk, files) == 4
    insert(clerk, "p", "role:clerk", "file", "burn", "allow")
    with pytest.raises(TamperedError, match="`oikeus restore`"):
        preview_rollback(clerk, 3)
    restore(clerk, find_astray(clerk), actor="os:t")
    assert roll_back(clerk, preview_rollback(clerk, 3), actor="os:t").version == 6


def test_what_is_restored_is_what_somebody_saw(clerk: Store) -> None:
    """What came astray meanwhile is for another look."""
    insert(clerk, "p", "role:clerk", "file", "burn", "allow")
    seen = find_astray(clerk)
    insert(clerk, "p", "role:clerk", "file", "eat", "allow")
    with pytest.raises(StaleVersionError, match="look again"):
        restore(clerk, seen, actor="os:t")
    assert restore(clerk, find_astray(clerk), actor="os:t") == 4
    assert restore(clerk, find_astray(clerk), actor="os:t") is None


def test_rollback_leaves_a_grant_that_was_imported_then(
    clerk: Store, files: Files, folder: Path
) -> None:
    """Though a file took it up later."""
    (folder / "more.csv").write_text(f"# R2: kept\n{GRANT}\n", encoding="utf-8")
    assert _apply(clerk, files) == 4
    roll_back(clerk, preview_rollback(clerk, 3), actor="os:t")
    assert GRANT in clerk.load().lines


def test_rollback_restores_a_model_and_a_catalogue(clerk: Store) -> None:
    """Whatever became of them, readable or not."""
    before = clerk.load()
    with clerk.writing() as writer:
        writer.commit(Change("casbin", "os:t", "", model="none", catalogue="none"))
    done = roll_back(clerk, preview_rollback(clerk, 3), actor="os:t")
    assert done.texts == ("model", "catalogue")
    after = clerk.load()
    assert (after.model, after.catalogue) == (before.model, before.catalogue)


def test_rollback_that_makes_grants_inert_names_them(
    clerk: Store, files: Files, folder: Path
) -> None:
    """And goes on only where that is allowed."""
    edit(folder, LEVEL, "")
    _apply(clerk, files)
    edit(
        folder,
        "g4, level:office, role:clerk\n",
        f"g4, level:office, role:clerk\n{LEVEL}",
    )
    _apply(clerk, files)
    found = preview_rollback(clerk, 4)
    with pytest.raises(PlanError, match=r"--allow-inert: `g, person:a"):
        roll_back(clerk, found, actor="os:t")
    check_inert(found, allow_inert=True)
    assert roll_back(clerk, found, actor="os:t", allow_inert=True).version == 6


def test_rollback_to_before_any_policy_is_refused(store: Store, commit: Commit) -> None:
    """There are no rules of that version."""
    commit(store, add=(("g2", "1.1", "1.0"),))
    with pytest.raises(PlanError, match="held no policy"):
        preview_rollback(store, 1)
