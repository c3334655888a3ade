"""A small policy of a library, with cases of its own, for tests of what tests them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from oikeus.analysis.testing.suite import CaseSuite, load_suite
from oikeus.policy.model import Model, load_model

REPOSITORY = Path(__file__).resolve().parents[4]

RULES = """\
# R1: people lend and run the desk
g3, role:chief, person
g3, role:clerk, person
# R2: a gate is a machine
g3, role:gate, system
# A: where
g4, level:root, role:chief
g4, level:branch, role:clerk
g4, level:desk, role:clerk
g4, level:branch, role:gate
g4, town, level:root
# R1: a clerk lends
p, role:clerk, book, lend, allow
p, role:clerk, book, read, allow
# R2: a gate counts
p, role:gate, door, count, allow
# B: the chief appoints
p2, role:chief, role:clerk, mode:paper, active
"""

WORDS = """\
kinds:
  person: {fi: h, sv: p, en: person}
  system: {fi: j, sv: s, en: system}
levels:
  root: {label: {fi: r, sv: r, en: root}}
  branch: {label: {fi: k, sv: s, en: branch}, types: [organisaatiotyyppi_02]}
  desk: {label: {fi: t, sv: k, en: desk}, types: [organisaatiotyyppi_03]}
modes:
  paper: {fi: p, sv: p, en: paper}
  screen: {fi: n, sv: s, en: screen}
statuses:
  active: {label: {fi: a, sv: a, en: active}, register: [AKTIIVINEN]}
  passive: {label: {fi: p, sv: p, en: passive}, register: [PASSIIVINEN]}
resources:
  book:
    label: {fi: k, sv: b, en: book}
    actions:
      lend: {fi: l, sv: l, en: lend}
      read: {fi: r, sv: r, en: read}
  door:
    label: {fi: o, sv: d, en: door}
    actions:
      count: {fi: l, sv: r, en: count}
roles:
  chief:
    label: {fi: j, sv: c, en: chief}
    validity: {default: P1Y, longest: P1Y}
  clerk:
    label: {fi: v, sv: k, en: clerk}
    validity: {default: P1Y, longest: P1Y}
  gate:
    label: {fi: p, sv: g, en: gate}
    validity: {default: P1Y, longest: P1Y}
"""

CASES = """\
rule-set: lending
world:
  organisations:
    north: {levels: [branch], mode: paper}
    north-desk: {parent: north, levels: [desk]}
  grants:
    - {subject: person:chris, role: chief, organisation: root,
       from: 2026-01-01, until: 2026-12-31}
    - {subject: person:kim, role: clerk, organisation: north-desk,
       from: 2026-01-01, until: 2026-12-31}
    - {subject: system:gate, role: gate, organisation: north,
       from: 2026-01-01, until: 2026-12-31}
day: 2026-03-01
cases:
  - rule: [R1]
    why: a clerk lends at the desk
    subject: person:kim
    can:
      - {action: lend, resource: book, organisation: north-desk}
    cannot:
      - {action: lend, resource: book, organisation: north}
  - rule: [B]
    why: the chief appoints clerks
    subject: person:chris
    may grant:
      - {role: clerk, to: person:new, organisation: north}
"""


def write_files(folder: Path, cases: Mapping[str, str] | None = None) -> Path:
    """Write the policy and files of cases; the folder of the policy."""
    policies = folder / "policies"
    (policies / "tests").mkdir(parents=True)
    (policies / "rules.csv").write_text(RULES, encoding="utf-8")
    (policies / "words.yaml").write_text(WORDS, encoding="utf-8")
    for name, text in (cases or {"lending.yaml": CASES}).items():
        (policies / "tests" / name).write_text(text, encoding="utf-8")
    return policies


@cache
def model() -> Model:
    """The shipped model, which is about no policy in particular."""
    return load_model(REPOSITORY / "model.conf")


def load(folder: Path, *changes: tuple[str, str], rules: str = RULES) -> CaseSuite:
    """Read the suite, with pieces of its cases put otherwise."""
    text = CASES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    policies = write_files(folder, {"lending.yaml": text})
    (policies / "rules.csv").write_text(rules, encoding="utf-8")
    return load_suite(policies, model())
