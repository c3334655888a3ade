"""The documents: whole, in their form, and true where that can be run."""

import re
from collections.abc import Iterator
from pathlib import Path

import casbin
import pytest

import oikeus.errors

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("*.md"))
ERRORS = {
    name
    for name, value in vars(oikeus.errors).items()
    if isinstance(value, type) and issubclass(value, oikeus.errors.OikeusError)
}
MADE = {".git", ".venv", "build", "dist", "__pycache__", ".hypothesis"}
CACHES = {".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache"}
DATA = re.compile(r"\.coverage.*|.*\.db(-.*)?")

WORLD = """
g4, ROOT, level:root
g2, PROVIDER, ROOT
g4, PROVIDER, level:koulutustoimija
g2, PROVIDER, mode:integraatio
g2, SCHOOL, PROVIDER
g4, SCHOOL, level:oppilaitos
g, person:head, role:ehoks-paakayttaja, PROVIDER@2026-01-01..2026-12-31
g, person:user, role:ehoks-kayttaja, SCHOOL@2026-01-01..2026-12-31
g, person:high, role:ehoks-kayttaja, ROOT@2026-01-01..2026-12-31
g, person:link, role:linked, SCHOOL@2026-01-01..2026-12-31
g, person:ever, role:ehoks-kayttaja, SCHOOL@2026-01-01..never
g, role:linked, role:ehoks-kayttaja, SCHOOL@2026-01-01..2026-12-31
g3, role:linked, person
"""


def files() -> Iterator[Path]:
    """Every file of the repository that somebody wrote."""
    for path in ROOT.rglob("*"):
        parts = set(path.relative_to(ROOT).parts)
        if parts & (MADE | CACHES) or DATA.fullmatch(path.name):
            continue
        if path.is_file():
            yield path


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page, without heads and rules."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    tables = [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("|") and "|---" not in line + below
    ]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in tables]


def blocks(page: str) -> list[str]:
    """The Python examples of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_every_error_is_documented() -> None:
    """Whoever meets an error finds when it is raised and what to do."""
    documented = [cells[0].strip("`") for cells in rows("errors.md")]
    assert sorted(documented) == sorted(ERRORS)
    assert all(len(cells) == 3 and all(cells) for cells in rows("errors.md"))


def test_glossary_has_one_entry_for_each_word() -> None:
    """The glossary is the authority only while it says each thing once."""
    entries = [cells[0] for cells in rows("glossary.md") if len(cells) == 3]
    words = [
        word
        for entry in entries
        if not entry.startswith("`")
        for word in entry.split(", ")
    ]
    assert [word for word in words if words.count(word) > 1] == []
    assert {"subject", "power", "version", "inert row", "nearest miss"} <= set(words)


def test_glossary_explains_every_name_in_the_model() -> None:
    """Whoever reads model.conf finds each of its names."""
    model = (ROOT / "model.conf").read_text(encoding="utf-8")
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    definitions = dict(re.findall(r"^([rpg]\d?) = (.+)$", model, re.MULTILINE))
    assert set(definitions) == {"r", "r2", "p", "p2", "g", "g2", "g3", "g4"}
    columns = {
        column.strip()
        for name, value in definitions.items()
        if not name.startswith("g")
        for column in value.split(",")
    }
    kinds = {cells[0].strip("`") for cells in rows("glossary.md")}
    assert {name for name in definitions if not name.startswith("r")} <= kinds
    spelt_out = {"day", "role", "mode", "status"}
    assert [
        column for column in columns - spelt_out if f"`{column}` " not in glossary
    ] == []
    assert spelt_out <= kinds


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_architecture_decision_has_the_form(path: Path) -> None:
    """Five headings in their order, on about one page."""
    text = path.read_text(encoding="utf-8")
    number, _, title = path.stem.partition("-")
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", path.stem), title
    assert text.startswith(f"# {int(number)}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Status",
        "Context",
        "Options",
        "Decision",
        "Consequences",
    ]
    assert len(text.splitlines()) <= 70


def test_architecture_decisions_are_numbered_without_gaps() -> None:
    """A number is never used twice and none is lost."""
    assert [int(path.stem[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))
    assert len(ADRS) >= 3


def test_changelog_has_an_unreleased_section_and_explains_its_star() -> None:
    """Users find what comes next, and what can change a decision."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    intro, found, unreleased = text.partition("\n## Unreleased\n")
    assert found
    assert "★" in intro
    assert re.search(r"^- ★ ", unreleased, re.MULTILINE)


def test_no_file_names_a_machine_or_an_index() -> None:
    """What is written here holds on every machine, and with every package index."""
    forbidden = re.compile(
        r"(?<![\w.$}~/-])/(?:root|home|Users|work|opt|tmp|var)/\w"
        r"|(?i:pypi\.org|python[h]osted|[a]rtifactory)"
        r"|--(?:extra-)?index-url[ =]|--find-links[ =]|--trusted-host[ =]"
    )
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), 1)
            if forbidden.search(line)
        ]
    assert found == []


def test_documented_function_makes_stock_casbin_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example of docs/casbin.md is run as it stands there."""
    policy = (ROOT / "policies" / "ehoks.csv").read_text(encoding="utf-8")
    (tmp_path / "lines.csv").write_text(policy + WORLD, encoding="utf-8")
    model = (ROOT / "model.conf").read_text(encoding="utf-8")
    (tmp_path / "model.conf").write_text(model, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec("\n".join(blocks("casbin.md")), names)  # noqa: S102 - the page is ours
    enforcer = names["enforcer"]
    assert isinstance(enforcer, casbin.Enforcer)

    def reads(subject: str, place: str, day: str = "2026-06-01") -> bool:
        return bool(enforcer.enforce(subject, "person", place, day, "hoks", "read"))

    def grants(subject: str, place: str) -> bool:
        words = (subject, "person", "person:new", "person", place, "2026-06-01")
        powers = enforcer.new_enforce_context("2")
        return bool(enforcer.enforce(powers, *words, "role:ehoks-kayttaja"))

    assert reads("person:user", "SCHOOL")
    assert reads("person:head", "SCHOOL")
    assert not reads("person:user", "PROVIDER")
    assert not reads("person:user", "SCHOOL", "2027-01-01")
    assert not reads("person:high", "SCHOOL")
    assert not reads("person:link", "SCHOOL")
    assert not reads("person:ever", "SCHOOL")
    assert grants("person:head", "SCHOOL")
    assert not grants("person:user", "SCHOOL")

    plain = casbin.Enforcer("model.conf", "lines.csv")
    question = ("person:user", "person", "SCHOOL", "2026-06-01", "hoks", "read")
    assert not plain.enforce(*question)
