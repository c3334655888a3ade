"""A folder of policies is read whole, or refused with everything that is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oikeus.errors import PolicyError
from oikeus.policy.file_texts import LONGEST_FILE
from oikeus.policy.folder import Policies, judge_texts, load_policies, texts_of
from oikeus.policy.model import Model
from oikeus.terms import Line, Source

from .conftest import MakeLines

CATALOGUE = """\
kinds: {person: {fi: a, sv: b, en: c}}
levels: {root: {label: {fi: a, sv: b, en: c}}}
modes: {}
statuses: {active: {label: {fi: a, sv: b, en: c}, register: [AKTIIVINEN]}}
resources:
  plan:
    label: {fi: a, sv: b, en: c}
    actions: {read: {fi: a, sv: b, en: c}}
roles:
  reader:
    label: {fi: a, sv: b, en: c}
    validity: {default: P1Y, longest: P1Y}
"""
LINES = """\
# A: for a person, at the root
g3, role:reader, person
g4, level:root, role:reader
"""
ROOT = "g4, root, level:root\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound folder of two CSV files and a catalogue."""
    path = tmp_path / "policies"
    path.mkdir()
    (path / "b.csv").write_text(LINES, encoding="utf-8")
    (path / "a.csv").write_text(ROOT, encoding="utf-8")
    (path / "words.yaml").write_text(CATALOGUE, encoding="utf-8")
    return path


def refusal(folder: Path, model: Model) -> list[str]:
    """What is said of a folder that is refused."""
    with pytest.raises(PolicyError) as caught:
        load_policies(folder, model)
    return [str(problem) for problem in caught.value.problems]


def files_of(policies: Policies) -> list[str]:
    """The place of every line."""
    return [str(line.source) for line in policies.lines]


def test_a_folder_is_read_file_by_file_in_the_order_of_names(
    folder: Path, model: Model
) -> None:
    """Lines know the folder's own name, and the catalogue's text is kept."""
    policies = load_policies(folder, model)
    assert files_of(policies) == [
        "policies/a.csv:1",
        "policies/b.csv:2",
        "policies/b.csv:3",
    ]
    assert policies.lines[1].source == Source(
        "policies/b.csv", 2, "A: for a person, at the root"
    )
    assert list(policies.catalogue.roles) == ["reader"]
    assert policies.catalogue_text == CATALOGUE
    assert policies.warnings == ()


@pytest.mark.parametrize(
    ("place", "name"), [("", "."), ("policies", "."), ("policies", "../policies")]
)
def test_places_do_not_depend_on_where_the_command_is_given(
    folder: Path, model: Model, monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    """The same folder gives the same lines from within and from beside it."""
    whole = load_policies(folder, model)
    monkeypatch.chdir(folder.parent / place)
    near = load_policies(Path(name if place else "policies"), model)
    assert files_of(near) == files_of(whole)


def test_hidden_files_and_other_files_are_passed_over(
    folder: Path, model: Model
) -> None:
    """An editor's lock, a copy for safety and the invariants are no policy."""
    (folder / ".#b.csv").symlink_to("nowhere")
    (folder / "._b.csv").write_bytes(b"\x00\xff")
    (folder / ".words.yaml").write_text("nonsense", encoding="utf-8")
    (folder / "b.csv~").write_text("nonsense", encoding="utf-8")
    (folder / "tests").mkdir()
    assert len(load_policies(folder, model).lines) == 3


def test_a_suffix_in_large_letters_counts(folder: Path, model: Model) -> None:
    """A file is not passed over silently because a program wrote its name large."""
    (folder / "C.CSV").write_text("g3, role:reader, robot\n", encoding="utf-8")
    (folder / "words.yaml").rename(folder / "WORDS.YAML")
    assert refusal(folder, model) == [
        "policies/C.CSV:1: unknown kind of holder `robot`, expected person"
    ]


def test_further_files_count_as_the_folder_s_own(
    folder: Path, model: Model, tmp_path: Path
) -> None:
    """A register and grants may come in files beside the folder."""
    other = tmp_path / "world"
    other.mkdir()
    register = other / "register.csv"
    register.write_text("g2, kt, root\n", encoding="utf-8")
    policies = load_policies(folder, model, more=[register])
    assert policies.lines[-1] == Line("g2", ("kt", "root"))
    assert files_of(policies)[-1] == "world/register.csv:1"


def test_lines_in_force_are_known_and_not_loaded(
    folder: Path, model: Model, make_lines: MakeLines
) -> None:
    """What is in force elsewhere is judged with the files, and is not theirs."""
    (folder / "c.csv").write_text("g2, ol, kt\n", encoding="utf-8")
    assert refusal(folder, model) == [
        "policies/c.csv:1: unknown parent `kt`, expected an organisation of the tree"
    ]
    policies = load_policies(folder, model, context=make_lines("g2, kt, root"))
    assert Line("g2", ("kt", "root")) not in policies.lines


def test_what_takes_no_effect_yet_is_among_the_warnings(
    folder: Path, model: Model
) -> None:
    """A first grant may come before its organisation."""
    line = "g, person:x, role:reader, new@2026-01-01..2026-12-31\n"
    (folder / "grants.csv").write_text(line, encoding="utf-8")
    (warning,) = load_policies(folder, model).warnings
    assert str(warning).startswith("policies/grants.csv:1: organisation `new` is not")


def test_a_path_that_is_no_folder_is_refused(folder: Path, model: Model) -> None:
    """A missing folder and a file in its place are told apart."""
    missing = folder / "missing"
    assert refusal(missing, model) == [
        (
            f"{missing}: cannot be read (no such file or directory), "
            "expected a folder of policies"
        )
    ]
    file = folder / "a.csv"
    assert refusal(file, model) == [
        f"{file}: cannot be read (not a directory), expected a folder of policies"
    ]


def test_an_empty_folder_is_refused(tmp_path: Path, model: Model) -> None:
    """A folder without catalogue is no folder of policies."""
    assert refusal(tmp_path, model) == [
        (
            f"{tmp_path}: expected one catalogue, a .yaml file, "
            "in a folder of policies; found none"
        )
    ]


def test_two_catalogues_are_refused(folder: Path, model: Model) -> None:
    """The words of a policy stand in one place; its lines are judged all the same."""
    (folder / "more.yaml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "c.csv").write_text("g2, a, b\n", encoding="utf-8")
    assert refusal(folder, model) == [
        (
            f"{folder}: expected one catalogue, a .yaml file, in a folder of policies; "
            "found more.yaml, words.yaml"
        ),
        "policies/c.csv:1: unknown parent `b`, expected an organisation of the tree",
    ]


def test_a_file_that_cannot_be_read_hides_nothing_else(
    folder: Path, model: Model, tmp_path: Path
) -> None:
    """A folder, a dangling link and another encoding are reported with the rest."""
    (folder / "c.csv").mkdir()
    (folder / "d.csv").symlink_to("nowhere")
    (folder / "e.csv").write_bytes("# p\xe4\xe4k\xe4ytt\xe4j\xe4\n".encode("latin-1"))
    (folder / "f.csv").write_text(ROOT, encoding="utf-8")
    (folder / "g.csv").write_bytes("\ufeffg2, a, root".encode("utf-16"))
    with pytest.raises(PolicyError) as caught:
        load_policies(folder, model, more=[tmp_path / "more.csv"])
    assert [str(problem) for problem in caught.value.problems] == [
        "policies/c.csv: cannot be read (is a directory), expected a file of text",
        (
            "policies/d.csv: cannot be read (no such file or directory), "
            "expected a file of text"
        ),
        "policies/e.csv: is not UTF-8 at byte 4, expected UTF-8",
        "policies/f.csv:1: repeats policies/a.csv:1, expected each line once",
        "policies/g.csv: is not UTF-8 at byte 1, expected UTF-8",
        (
            f"{tmp_path.name}/more.csv: cannot be read (no such file or directory), "
            "expected a file of text"
        ),
    ]


def test_nothing_is_missed_that_may_stand_in_a_file_that_cannot_be_read(
    folder: Path, model: Model
) -> None:
    """Neither the root, nor the roles: one problem is told, and not what follows."""
    bad = folder / "b.csv"
    at = len(bad.read_bytes()) + 1
    bad.write_bytes(bad.read_bytes() + b"\xe4")
    (folder / "z.csv").write_text("g2, a, elsewhere\nq\n", encoding="utf-8")
    wanted = [
        f"policies/b.csv: is not UTF-8 at byte {at}, expected UTF-8",
        "policies/z.csv:2: the line has no values, expected them after commas",
        "policies/z.csv:2: unknown kind of line `q`, expected p, p2, g, g2, g3 or g4",
    ]
    assert refusal(folder, model) == wanted
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(PolicyError) as caught:
        judge_texts(texts_of("policies", files), model)
    assert [str(problem) for problem in caught.value.problems] == wanted


def test_a_catalogue_that_cannot_be_read_is_reported_once(
    folder: Path, model: Model
) -> None:
    """Nothing is said of the content of a catalogue that could not be read."""
    (folder / "words.yaml").write_bytes(b"\xff")
    assert refusal(folder, model) == [
        "policies/words.yaml: is not UTF-8 at byte 1, expected UTF-8"
    ]


def test_a_wrong_catalogue_hides_no_wrong_line(folder: Path, model: Model) -> None:
    """Problems of the catalogue, of form and of the tree come in one go."""
    text = CATALOGUE.replace("modes: {}", "modes: []")
    (folder / "words.yaml").write_text(text, encoding="utf-8")
    (folder / "c.csv").write_text("g2, a, b\np, x\nq\n", encoding="utf-8")
    assert refusal(folder, model) == [
        "policies/c.csv:1: unknown parent `b`, expected an organisation of the tree",
        "policies/c.csv:2: `p` has 1 value, expected 4: sub, obj, act, eft",
        "policies/c.csv:3: the line has no values, expected them after commas",
        "policies/c.csv:3: unknown kind of line `q`, expected p, p2, g, g2, g3 or g4",
        "policies/words.yaml:3: `modes` is a list, expected a mapping",
    ]


def test_nothing_is_loaded_while_anything_is_wrong(folder: Path, model: Model) -> None:
    """A single wrong value refuses the whole folder."""
    (folder / "c.csv").write_text("g2, a , root\n", encoding="utf-8")
    assert refusal(folder, model) == [
        "policies/c.csv:1: value 1 `a ` has a leading or trailing blank, expected none"
    ]


def test_what_could_be_read_for_ever_is_not_opened(folder: Path, model: Model) -> None:
    """A pipe that nobody writes to, and a device that never ends."""
    os.mkfifo(folder / "c.csv")
    (folder / "d.csv").symlink_to("/dev/zero")
    assert refusal(folder, model) == [
        "policies/c.csv: is no regular file, expected a file of text",
        "policies/d.csv: is no regular file, expected a file of text",
    ]


def test_a_very_long_file_is_refused(
    folder: Path, model: Model, tmp_path: Path
) -> None:
    """People write policies; grants that come in files beside them may be many."""
    longest = f"# {'x' * (LONGEST_FILE - 3)}\n"
    (folder / "c.csv").write_text(longest, encoding="utf-8")
    more = tmp_path / "more.csv"
    more.write_text(f"#{longest}", encoding="utf-8")
    assert len(load_policies(folder, model, more=[more]).lines) == 3
    (folder / "c.csv").write_text(f"#{longest}", encoding="utf-8")
    assert refusal(folder, model) == [
        "policies/c.csv: is longer than 16777216 bytes, expected a file of text"
    ]


def test_paths_may_be_text(folder: Path, model: Model, tmp_path: Path) -> None:
    """As they come from a configuration."""
    more = tmp_path / "more.csv"
    more.write_text("g2, kt, root\n", encoding="utf-8")
    assert len(load_policies(str(folder), model, more=[str(more)]).lines) == 4


@pytest.mark.parametrize("path", ["a\0b", "a/\ud800", "a\0b/c"])
def test_a_path_that_none_can_be_is_a_problem_of_one_plain_line(
    folder: Path, model: Model, path: str
) -> None:
    """A NUL, or half of a character."""
    escaped = ascii(path)[1:-1]
    with pytest.raises(PolicyError) as caught:
        load_policies(path, model)
    assert str(caught.value) == (
        f"`{escaped}`: cannot be read (no such path can be), "
        "expected a folder of policies"
    )
    with pytest.raises(PolicyError) as caught:
        load_policies(folder, model, more=[path])
    text = "cannot be read (no such path can be), expected a file of text"
    assert str(caught.value).endswith(f"`: {text}")
    assert str(caught.value).isprintable()


def test_invariants_that_would_not_be_read_are_told(folder: Path, model: Model) -> None:
    """Without a word nothing would be judged by them."""
    (folder / "other.yml").write_text("x: y\n")
    (folder / "Invariants.yml").write_text("invariants: []\n")
    (folder / "invariants.yaml").symlink_to("nowhere.yaml")
    first, second = refusal(folder, model)
    assert first.endswith(
        "Invariants.yml: would not be read, expected the name `invariants.yaml`"
    )
    assert "invariants.yaml: cannot be read (no such file" in second
