"""Requirements on deciding by policy files."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.decide.files import load_snapshot
from oikeus.errors import PolicyError

from .small_world import DAY, SHIPPED, TREE, held, row, without, written

LABEL = "{fi: a, sv: b, en: c}"
ROLE = f"{{label: {LABEL}, validity: {{default: P1Y, longest: P1Y}}}}"
CATALOGUE = f"""\
kinds: {{person: {LABEL}}}
levels:
  root: {{label: {LABEL}}}
  provider: {{label: {LABEL}, types: ["1"]}}
  school: {{label: {LABEL}, types: ["2"]}}
modes: {{auto: {LABEL}, hand: {LABEL}}}
statuses: {{active: {{label: {LABEL}, register: [A]}}}}
resources: {{plan: {{label: {LABEL}, actions: {{read: {LABEL}}}}}}}
roles: {{boss: {ROLE}, user: {ROLE}}}
"""
LINES = """\
# R3: users read
g3, role:boss, person
g4, level:provider, role:boss
g3, role:user, person
g4, level:provider, role:user
p, role:user, plan, read, allow
p2, role:boss, role:user, mode:auto, active
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of policies, with the tree beside it."""
    found = tmp_path / "policies"
    found.mkdir()
    (found / "words.yaml").write_text(CATALOGUE, encoding="utf-8")
    (found / "rules.csv").write_text(LINES, encoding="utf-8")
    (tmp_path / "tree.csv").write_text(TREE, encoding="utf-8")
    return found


def test_files_are_read_and_indexed_with_what_else_is_in_force(folder: Path) -> None:
    """A line of both is taken once, and the words come with the snapshot."""
    tree = folder.parent / "tree.csv"
    earlier = [row(held("person:1", "user", "north")), row("g3, role:user, person")]
    policies, snapshot = load_snapshot(folder, SHIPPED, more=[tree], context=earlier)
    assert snapshot.catalogue is policies.catalogue
    assert tuple(snapshot.facts.lines()).count(row("g3, role:user, person")) == 1
    assert earlier[0] in tuple(snapshot.facts.lines())
    assert earlier[0] not in policies.lines
    assert snapshot.facts.of("person:1")[0].span.first.year == DAY.year


def test_a_grant_that_nobody_could_give_is_refused_with_file_and_line(
    folder: Path,
) -> None:
    """The mode binds policy files too (ruling M)."""
    tree = folder.parent / "tree.csv"
    grants = folder / "grants.csv"
    barred = held("person:1", "user", "south")
    grants.write_text(f"# first\n{barred}\n", encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_snapshot(folder, SHIPPED, more=[tree])
    text = "`south` has the transfer mode `hand`; expected `auto`"
    assert str(refused.value) == f"policies/grants.csv:2: {text}"
    policies, _ = load_snapshot(folder, SHIPPED, more=[tree], given=[row(barred)])
    assert [found.text for found in policies.warnings] == [text]


def test_a_model_that_needs_no_grant_is_warned_of(folder: Path) -> None:
    """Where the files are loaded, and not only where they are checked."""
    model = written(*without("r.sub != p.sub"))
    policies, _ = load_snapshot(folder, model, more=[folder.parent / "tree.csv"])
    (warning,) = policies.warnings
    assert str(warning).startswith(
        f"{model.places['m']}: `m` can allow without a grant: "
    )
