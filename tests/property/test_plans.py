"""Laws of plans, over folders of rules in any order and with any of them left out."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus import (
    Change,
    Line,
    Store,
    apply_plan,
    line_difference,
    load_model,
    make_plan,
    parse_plan,
    plan_text,
    preview,
    preview_rollback,
    read_files,
    roll_back,
)
from oikeus.administration.applying import after_plan
from oikeus.administration.ownership import owned_by_files
from oikeus.policy.folder import judge_texts

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "policies" / "ehoks.csv"
OTHERS = (
    Line("g2", ("1.2", "1.1")),
    Line("g4", ("1.2", "level:oppilaitos")),
    Line("g3", ("person:x", "blocked")),
    Line("g", ("person:y", "role:ehoks-kayttaja", "1.2@2026-01-01..2026-12-31")),
)


def _folder(place: Path, left_out: frozenset[int], comment: str) -> Path:
    """The shipped policy without some of its permissions."""
    folder = place / "policies"
    folder.mkdir(exist_ok=True)
    for path in (ROOT / "policies").iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (place / "model.conf").write_bytes((ROOT / "model.conf").read_bytes())
    text = "\n".join([f"# {comment}", *_kept(left_out)])
    (folder / "ehoks.csv").write_text(text, encoding="utf-8")
    return folder


def _kept(left_out: frozenset[int]) -> Iterator[str]:
    rules = 0
    for line in RULES.read_text(encoding="utf-8").splitlines():
        rules += line.startswith("p, ")
        if not (line.startswith("p, ") and rules in left_out):
            yield line


FOLDERS = st.lists(
    st.tuples(
        st.frozensets(st.integers(1, 12), max_size=6), st.sampled_from(["a", "b"])
    ),
    min_size=2,
    max_size=3,
)


@settings(max_examples=20, deadline=None)
@given(folders=FOLDERS)
def test_plans_make_of_a_database_what_files_say(
    folders: list[tuple[frozenset[int], str]],
) -> None:
    """And nothing else; carried out, rolled back, or done again, they end the same."""
    with TemporaryDirectory() as scratch, Store.open("sqlite://") as store:
        place = Path(scratch)
        for number, (left_out, comment) in enumerate(folders):
            files = read_files(_folder(place, left_out, comment))
            found = preview(store, files)
            before = store.load()
            plan = parse_plan(plan_text(found.plan).encode())
            assert plan == found.plan
            # what a plan leads to is what was compared with
            after = after_plan(plan, before)
            assert not line_difference(after, found.after.contents)
            apply_plan(store, plan, actor="os:t")
            now = store.load()
            assert not line_difference(now, after)
            said = judge_texts(files.texts, load_model(place / "model.conf"))
            assert {line for line in now.lines if owned_by_files(line)} == {*said.lines}
            assert {*OTHERS} <= {*now.lines} or not number
            assert not make_plan(store, files)
            if not number:
                _add_others(store)
        first = _folder(place, *folders[0])
        roll_back(store, preview_rollback(store, 1), actor="os:t", allow_inert=True)
        assert not make_plan(store, read_files(first))
        assert {*OTHERS} <= {*store.load().lines}


def _add_others(store: Store) -> None:
    with store.writing() as writer:
        writer.commit(Change("organisations", "os:t", "", add=OTHERS))
