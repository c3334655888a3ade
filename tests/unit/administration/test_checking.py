"""Checking a folder: what keeps it from being loaded, or else what checks find."""

from pathlib import Path

import pytest

from oikeus import ModelError, Severity, lint_policies

RULE = "p, role:clerk, file, move, allow\n"


@pytest.fixture
def place(folder: Path) -> Path:
    """The folder with the model of the repository beside it."""
    text = Path(__file__).resolve().parents[3].joinpath("model.conf")
    folder.with_name("model.conf").write_bytes(text.read_bytes())
    return folder


def test_folder_that_loads_is_checked(place: Path) -> None:
    """Nothing but that it has no cases, and a line without a reason in another."""
    (untested,) = lint_policies(place).findings
    assert untested.check == "rule-without-test"
    (place / "tests").mkdir()
    (empty,) = lint_policies(place).findings
    assert (empty.file, empty.reason) == (untested.file, untested.reason)
    (place / "more.csv").write_text(RULE, encoding="utf-8")
    found = lint_policies(place, model=place.with_name("model.conf"))
    assert [one.place for one in found.findings] == [
        "policies/more.csv:1",
        "policies/more.csv:1",
    ]
    assert found.reaching(Severity.ERROR) == ()
    assert found.reaching(Severity.WARNING) == found.findings


def test_folder_that_does_not_load_has_errors_only(place: Path) -> None:
    """No check could be asked."""
    text = RULE + RULE.replace("clerk", "x")
    (place / "more.csv").write_text(text, encoding="utf-8")
    found = lint_policies(place)
    assert found.lines == 0
    assert [(one.check, one.severity) for one in found.findings] == [
        ("load-error", Severity.ERROR)
    ]


def test_model_that_cannot_be_decided_with_is_a_finding(place: Path) -> None:
    """With its place; a file that is not there has none, and is an error."""
    model = place.with_name("model.conf")
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace("e2 = ", "e3 = "), encoding="utf-8")
    (one,) = lint_policies(place).findings
    assert (one.check, one.file, one.line) == ("load-error", "model.conf", 41)
    assert "`e3` is unknown" in one.reason
    model.unlink()
    with pytest.raises(ModelError, match="cannot read") as caught:
        lint_policies(place)
    assert caught.value.problem is None
