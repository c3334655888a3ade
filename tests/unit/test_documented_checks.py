"""The checks: each has a page in its form, and a row in the index."""

from pathlib import Path

import pytest

from oikeus import CHECKS, Check

DOCS = Path(__file__).parents[2] / "docs"
IDS = [check.id for check in CHECKS]


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_check_has_a_page_in_the_form(check: Check) -> None:
    """What it finds, what to avoid, what to prefer, and why."""
    text = (DOCS / "checks" / f"{check.id}.md").read_text(encoding="utf-8")
    first, *sections = text.split("\n## ")
    assert first == f"# {check.id}\n"
    assert [each.partition("\n")[0] for each in sections] == [
        "Finds",
        "Avoid",
        "Prefer",
        "Why",
    ]
    assert all(each.partition("\n")[2].strip() for each in sections)


def test_every_page_is_of_a_check() -> None:
    """A check that is taken away takes its page along."""
    assert sorted(path.stem for path in (DOCS / "checks").iterdir()) == IDS


def test_index_lists_the_checks() -> None:
    """As the command lists them."""
    text = (DOCS / "checks.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    assert rows == [
        f"| [{check.id}](checks/{check.id}.md) | {check.severity.value} | "
        f"{check.title} |"
        for check in CHECKS
    ]
