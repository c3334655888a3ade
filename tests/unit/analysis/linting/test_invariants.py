"""The check of invariants: files that are wrong, and models that cannot be analysed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from oikeus import LintFinding, lint_policies

HOME = Path(__file__).resolve().parents[4]


def found(place: Path, invariants: str, *changed: tuple[str, str]) -> list[LintFinding]:
    """What the check finds in the shipped policy with other invariants."""
    shutil.copytree(HOME / "policies", place / "policies", dirs_exist_ok=True)
    (place / "policies" / "invariants.yaml").write_text(invariants, encoding="utf-8")
    model = (HOME / "model.conf").read_text(encoding="utf-8")
    for old, new in changed:
        before, name, rest = model.partition("\nm2 = ")
        assert old in rest
        model = f"{before}{name}{rest.replace(old, new, 1)}"
    (place / "model.conf").write_text(model, encoding="utf-8")
    linted = lint_policies(place / "policies", today=lambda: date(2026, 3, 1))
    return [one for one in linted.findings if one.check == "broken-invariant"]


GOOD = "invariants: [{rule: [R9], why: so, cannot: {role: ehoks-kayttaja, reach: any}}]"


def test_model_that_cannot_be_analysed(tmp_path: Path) -> None:
    """Nothing is claimed of it: that is a finding, and no silence."""
    grant = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'
    (one,) = found(tmp_path, GOOD, (grant, f"!{grant}"))
    assert "what delegation can reach cannot be told" in one.reason
    assert found(tmp_path, GOOD) == []
