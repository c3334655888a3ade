"""The report as it is installed: its template and its style come with the code."""

from datetime import UTC, date, datetime
from pathlib import Path

import oikeus as engine
from oikeus_cli.report import Report, ReportSide, render


def test_installed_package_can_write_a_page(policies: Path) -> None:
    """Whoever installs the wheel can make a report."""
    model = engine.load_model(policies.parent / "model.conf")
    policy, snapshot = engine.load_snapshot(policies, model)
    day = date(2026, 3, 1)
    side = ReportSide("policies/", snapshot)
    found = engine.difference(snapshot, snapshot, day)
    draft = engine.Draft(policy.lines)
    text = render(
        Report(
            "No change",
            side,
            side,
            engine.line_difference(draft, draft),
            found,
            engine.summarise(found, snapshot, snapshot),
            engine.matrix(snapshot, snapshot, day),
            (),
            engine.Kept((), (), frozenset(), snapshot),
            datetime(2026, 3, 1, tzinfo=UTC),
            engine.installed("oikeus") or "",
        )
    )
    assert "Nobody gains or loses anything." in text
    assert "@media print" in text
