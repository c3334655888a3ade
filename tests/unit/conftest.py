"""A small world of its own for the rooms that write: a policy, a register, a store."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from oikeus import Change, Line, Model, Store, apply_policies, load_model
from oikeus.store import recording

MODEL = Path(__file__).resolve().parents[2] / "model.conf"

FILES: Mapping[str, str] = {
    "rules.csv": """\
# B: from files alone
g3, role:chief, person
g4, level:root, role:chief
# R1: runs a school
g3, role:head, person
g4, level:school, role:head
# R2: works there
g3, role:clerk, person
g4, level:school, role:clerk
g4, level:office, role:clerk
# R3: a machine, and the key that registers it
g3, role:robot, system
g4, level:school, role:robot
g3, role:tunnus, system
g4, level:school, role:tunnus

# R2: reads
p, role:clerk, file, read, allow
# R3: moves
p, role:robot, file, move, allow
# B: first grants
p2, role:chief, role:head, *, *
# R1, D: on paper
p2, role:head, role:clerk, mode:paper, active
p2, role:head, role:robot, mode:paper, active
""",
    "places.csv": """\
# B: the root
g4, 1.0, level:root
# D: on paper
g2, 1.1, mode:paper
""",
    "first.csv": """\
# B: the first one
g, person:chief, role:chief, 1.0@2026-01-01..2026-12-31
""",
    "words.yaml": """\
kinds:
  person: {fi: h, sv: p, en: person}
  system: {fi: j, sv: s, en: system}
levels:
  root:
    label: {fi: r, sv: r, en: root}
  school:
    label: {fi: k, sv: s, en: school}
    types: [organisaatiotyyppi_02]
  office:
    label: {fi: t, sv: k, en: office}
    types: [organisaatiotyyppi_03]
modes:
  paper: {fi: p, sv: p, en: paper}
  screen: {fi: n, sv: s, en: screen}
statuses:
  active:
    label: {fi: a, sv: a, en: active}
    register: [AKTIIVINEN]
  passive:
    label: {fi: p, sv: p, en: passive}
    register: [PASSIIVINEN]
resources:
  file:
    label: {fi: t, sv: f, en: file}
    actions:
      read: {fi: l, sv: l, en: read}
      move: {fi: s, sv: f, en: move}
roles:
  chief:
    label: {fi: j, sv: c, en: chief}
    validity: {default: P1Y, longest: P1Y}
  head:
    label: {fi: r, sv: r, en: head}
    validity: {default: P1Y, longest: P1Y}
  clerk:
    label: {fi: v, sv: k, en: clerk}
    validity: {default: P1Y, longest: P1Y}
  robot:
    label: {fi: r, sv: r, en: robot}
    validity: {default: 2099-12-31, longest: 2099-12-31}
  tunnus:
    label: {fi: a, sv: n, en: credential}
    validity: {default: 2099-12-31, longest: 2099-12-31}
credential: tunnus
""",
}

REGISTER = (
    # a school on paper, with an office; one without a mode, and one that is closed
    *(("g2", "1.1", "1.0"), ("g4", "1.1", "level:school")),
    *(("g2", "1.1.1", "1.1"), ("g4", "1.1.1", "level:office")),
    *(("g2", "1.2", "1.0"), ("g4", "1.2", "level:school")),
    *(("g2", "1.1.9", "1.1"), ("g4", "1.1.9", "level:school")),
    ("g2", "1.1.9", "status:passive"),
)

Commit = Callable[..., int]


@pytest.fixture
def model() -> Model:
    """The model of the repository."""
    return load_model(MODEL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of policies, to be changed at will."""
    policies = tmp_path / "policies"
    policies.mkdir()
    for name, text in FILES.items():
        (policies / name).write_text(text, encoding="utf-8")
    return policies


@pytest.fixture
def store() -> Iterator[Store]:
    """A database in memory, without a policy."""
    with Store.open("sqlite://") as opened:
        yield opened


@pytest.fixture
def commit() -> Commit:
    """Write a version past all that checks it."""

    def write(
        store: Store,
        add: tuple[tuple[str, ...], ...] = (),
        remove: tuple[tuple[str, ...], ...] = (),
    ) -> int:
        change = Change(
            "casbin",
            "os:tester",
            "as the test wants",
            add=tuple(Line(ptype, tuple(rest)) for ptype, *rest in add),
            remove=tuple(Line(ptype, tuple(rest)) for ptype, *rest in remove),
        )
        with store.writing() as writer:
            return writer.commit(change)

    return write


@pytest.fixture
def register(commit: Commit) -> Callable[[Store], int]:
    """Bring in the organisations, without a document of a register."""
    return lambda store: commit(store, add=REGISTER)


@pytest.fixture
def loaded(
    store: Store, model: Model, folder: Path, register: Callable[[Store], int]
) -> Store:
    """A database with the policy (version 1) and the organisations (version 2)."""
    apply_policies(store, model, folder, actor="os:tester")
    register(store)
    return store


@pytest.fixture
def policy(store: Store, model: Model, folder: Path) -> Callable[[], object]:
    """Bring the policy into the database."""
    return lambda: apply_policies(store, model, folder, actor="os:tester")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the database's clock, so that versions have the times that a test wants."""

    def set_clock(time: str) -> None:
        monkeypatch.setattr(recording, "_CLOCKS", {"sqlite": f"'{time}'"})

    return set_clock
