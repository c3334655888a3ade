"""Loading a folder of policies: files own the rules, and nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import text

from oikeus import (
    Applied,
    Line,
    Model,
    ModelChange,
    PolicyError,
    Source,
    Store,
    StoreError,
    apply_policies,
    import_grants,
)
from oikeus.administration import policies
from oikeus.administration.files import PolicyFiles, files_of
from oikeus.administration.ownership import owned_by_files
from oikeus.policy.model import parse_model
from oikeus.store import Op
from oikeus.store.writing import Writer

Apply = Callable[..., Applied]
Commit = Callable[..., int]

HEADER = "subject,role,organisation,from,until\n"
GRANT = Line("g", ("person:a", "role:clerk", "1.1@2026-01-01..2026-12-31"))
FIRST = Line("g", ("person:chief", "role:chief", "1.0@2026-01-01..2026-12-31"))


@pytest.fixture
def apply(model: Model, folder: Path) -> Apply:
    """Load the folder as it stands."""

    def load(store: Store, *, message: str = "", model: Model = model) -> Applied:
        return apply_policies(store, model, folder, actor="os:tester", message=message)

    return load


@pytest.fixture
def clerk(loaded: Store) -> Store:
    """A database in which somebody was granted a role by an import, as version 3."""
    row = "person:a,clerk,1.1,2026-01-01,2026-12-31\n"
    import_grants(loaded, [("grants.csv", HEADER + row)], actor="os:tester")
    return loaded


def edit(file: Path, old: str, new: str) -> None:
    """Change a file at the one place that reads so."""
    before = file.read_text(encoding="utf-8")
    assert before.count(old) == 1
    file.write_text(before.replace(old, new), encoding="utf-8")


def lines(store: Store) -> set[Line]:
    """What is in force."""
    return set(store.load().lines)


def texts(found: tuple[Line, ...]) -> list[str]:
    """Lines as they are written."""
    return [str(line) for line in found]


def test_first_load_brings_lines_sources_model_and_catalogue(
    store: Store, apply: Apply, model: Model, folder: Path
) -> None:
    """One version holds all that the files say, and where each line stands."""
    done = apply(store)
    contents = store.load()
    assert (done.version, done.changed, done.removed, done.moved, done.texts) == (
        1,
        True,
        (),
        (),
        (),
    )
    assert done.added == contents.lines
    assert done.definitions == ()
    assert contents.model == model.text
    assert contents.catalogue == (folder / "words.yaml").read_text(encoding="utf-8")
    first = next(line for line in contents.lines if line == FIRST)
    assert first.source == Source("policies/first.csv", 2, "B: the first one")
    (version,) = store.versions()
    assert (version.origin, version.actor, version.message) == (
        "policy",
        "os:tester",
        "apply policies",
    )


def test_message_of_the_owner_is_kept(store: Store, apply: Apply) -> None:
    """The history says why, in the words of whoever did it."""
    apply(store, message="ticket 12")
    assert store.versions()[0].message == "ticket 12"


def test_second_load_changes_nothing(clerk: Store, apply: Apply) -> None:
    """What is so already makes no version."""
    before = clerk.load()
    done = apply(clerk)
    assert (done.version, done.changed) == (3, False)
    assert (done.added, done.removed, done.moved, done.texts) == ((), (), (), ())
    assert clerk.load() == before
    assert len(clerk.versions()) == 3


def test_removed_line_goes_and_new_line_comes(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """The rules in force become those of the files."""
    old = "p, role:clerk, file, read, allow"
    edit(folder / "rules.csv", old, "p, role:head, file, read, allow")
    done = apply(clerk)
    assert (done.version, done.changed) == (4, True)
    assert texts(done.removed) == [old]
    assert texts(done.added) == ["p, role:head, file, read, allow"]
    # the new line took the place of the old one: nothing else moved
    assert done.moved == ()
    assert not {str(line) for line in lines(clerk)} & {old}


def test_imported_grants_and_organisations_stay(clerk: Store, apply: Apply) -> None:
    """What came another way is never touched, though no file holds it."""
    before = {line for line in lines(clerk) if not owned_by_files(line)}
    assert GRANT in before
    assert len(before) == 10
    assert apply(clerk).removed == ()
    assert before <= lines(clerk)


def test_moved_line_is_noted_and_not_written_again(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """A line that stands elsewhere now keeps its row, and the log says where to."""
    path = folder / "places.csv"
    path.write_text("\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = apply(clerk)
    assert (done.changed, done.added, done.removed) == (True, (), ())
    assert texts(done.moved) == ["g4, 1.0, level:root", "g2, 1.1, mode:paper"]
    assert [(each.op, str(each.line)) for each in clerk.changes(4)] == [
        (Op.MOVED, "g4, 1.0, level:root"),
        (Op.MOVED, "g2, 1.1, mode:paper"),
    ]
    mode = next(
        line for line in clerk.load().lines if line.values[1:] == ("mode:paper",)
    )
    assert mode.source == Source("policies/places.csv", 5, "D: on paper")


def test_new_comment_counts_as_a_move(clerk: Store, apply: Apply, folder: Path) -> None:
    """The reason of a line is part of its source."""
    edit(folder / "rules.csv", "# R3: moves", "# R3: carries")
    assert texts(apply(clerk).moved) == ["p, role:robot, file, move, allow"]


def test_rule_that_was_put_there_past_the_files_goes(
    clerk: Store, apply: Apply, commit: Commit
) -> None:
    """Drift ends with the next load, however the row came into the table."""
    insert = "INSERT INTO casbin_rule (ptype, v0, v1, v2, v3) VALUES "
    rule = "('p', 'role:clerk', 'file', 'shred', 'allow')"
    with clerk.database.engine.begin() as connection:
        connection.execute(text(insert + rule))
    commit(clerk, add=(("g3", "role:clerk", "system"), ("g2", "1.2", "mode:paper")))
    assert texts(apply(clerk).removed) == [
        "p, role:clerk, file, shred, allow",
        "g3, role:clerk, system",
        "g2, 1.2, mode:paper",
    ]


def test_first_grant_goes_when_its_file_no_longer_holds_it(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """A grant that came from a file is the file's; an imported one is not."""
    (folder / "first.csv").unlink()
    assert apply(clerk).removed == (FIRST,)
    assert GRANT in lines(clerk)


def test_imported_grant_that_a_file_takes_up_is_the_files_from_then_on(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """Noted as moved into the file, and gone when it is taken out of it again."""
    path = folder / "more.csv"
    path.write_text(f"# R2: kept\n{GRANT}\n", encoding="utf-8")
    done = apply(clerk)
    assert (done.added, texts(done.moved)) == ((), [str(GRANT)])
    path.unlink()
    assert apply(clerk).removed == (GRANT,)


def test_changed_model_is_a_version_of_its_own(
    clerk: Store, apply: Apply, model: Model
) -> None:
    """A comment in model.conf is reason enough: the text is what is recorded."""
    done = apply(clerk, model=parse_model(f"# changed\n{model.text}"))
    assert (done.version, done.changed, done.texts) == (4, True, ("model",))
    assert (done.added, done.removed, done.moved) == ((), (), ())
    assert done.definitions == ()
    loaded = clerk.load().model
    assert loaded is not None
    assert loaded.startswith("# changed\n")


def test_definitions_of_the_model_that_changed_are_told(
    clerk: Store, apply: Apply, model: Model
) -> None:
    """With what they were, so that nobody changes a decision unseen."""
    effect = "some(where (p.eft == allow)) && !some(where (p.eft == deny))"
    weaker = "some(where (p.eft == allow))"
    done = apply(clerk, model=parse_model(model.text.replace(effect, weaker)))
    assert done.texts == ("model",)
    assert done.definitions == (ModelChange("policy_effect", "e", effect, weaker),)


def test_changed_catalogue_is_a_version_of_its_own(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """Labels decide nothing, and are part of a version all the same."""
    edit(folder / "words.yaml", "en: office}", "en: bureau}")
    done = apply(clerk)
    assert (done.version, done.changed, done.texts) == (4, True, ("catalogue",))


def test_organisations_that_the_register_has_not_brought_warn_and_take_effect_later(
    store: Store, apply: Apply, folder: Path, register: Callable[[Store], int]
) -> None:
    """Policy and register may come in either order."""
    grant = "g, person:h, role:head, 1.1@2026-01-01..2026-12-31"
    (folder / "heads.csv").write_text(f"# R1: first\n{grant}\n", encoding="utf-8")
    done = apply(store)
    later = "is not in the register yet; the line takes effect when it is imported"
    assert [str(warning) for warning in done.warnings] == [
        f"policies/heads.csv:2: organisation `1.1` {later}",
        f"policies/places.csv:4: organisation `1.1` {later}",
    ]
    assert texts(tuple(row.line for row in done.inert)) == [grant]
    register(store)
    again = apply(store)
    assert (again.changed, again.warnings, again.inert) == (False, (), ())


def test_register_before_policy_needs_no_second_load(
    store: Store, apply: Apply, register: Callable[[Store], int]
) -> None:
    """What the register brought is known to the files from the first load on."""
    register(store)
    done = apply(store)
    assert (done.version, done.warnings, done.inert) == (2, (), ())


def test_everything_wrong_is_told_and_nothing_is_loaded(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """One fault in one file keeps all files out, with every fault named."""
    before = clerk.load()
    edit(folder / "rules.csv", "file, move, allow", "file, mvoe, alow")
    (folder / "more.csv").write_text(
        "g, person:a, role:nobody, 1.1@2026-01-01..2026-12-31\n"
        "g, system:s, role:head, 1.1@2026-01-01..2026-12-31\n",
        encoding="utf-8",
    )
    with pytest.raises(PolicyError) as refusal:
        apply(clerk)
    assert [(each.file, each.line) for each in refusal.value.problems] == [
        ("policies/more.csv", 1),
        ("policies/more.csv", 2),
        ("policies/rules.csv", 20),
        ("policies/rules.csv", 20),
    ]
    assert clerk.load() == before
    assert len(clerk.versions()) == 3


def test_rows_that_decide_nothing_under_the_new_rules_are_told(
    clerk: Store, apply: Apply, folder: Path
) -> None:
    """A grant stays when its role loses a level, and is reported as inert."""
    edit(folder / "rules.csv", "g4, level:school, role:clerk\n", "")
    assert texts(tuple(row.line for row in apply(clerk).inert)) == [str(GRANT)]
    assert GRANT in lines(clerk)


def test_database_that_cannot_be_written_is_an_error(
    store: Store, apply: Apply, unguard: Callable[[Store], None]
) -> None:
    """The error of the store comes through as it is."""
    unguard(store)
    with store.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM oikeus_head"))
    with pytest.raises(StoreError):
        apply(store)


def test_block_outlives_every_load(
    clerk: Store, apply: Apply, folder: Path, commit: Commit
) -> None:
    """Nor can a file state it, so that the next load without the line would lift it."""
    block = Line("g3", ("person:a", "blocked"))
    commit(clerk, add=((block.ptype, *block.values),))
    path = folder / "blocks.csv"
    path.write_text(f"{block}\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="blocks are not written in files"):
        apply(clerk)
    path.unlink()
    assert apply(clerk).removed == ()
    assert block in lines(clerk)


def test_files_are_read_before_the_database_is_locked(
    clerk: Store, apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is slow to read keeps nobody from writing."""
    begun: list[str] = []
    writing = clerk.writing

    def read(folder: Path, model: Model) -> PolicyFiles:
        begun.append("read")
        return files_of(folder, model)

    def lock() -> AbstractContextManager[Writer]:
        begun.append("lock")
        return writing()

    monkeypatch.setattr(policies, "files_of", read)
    monkeypatch.setattr(clerk, "writing", lock)
    apply(clerk)
    assert begun == ["read", "lock"]
