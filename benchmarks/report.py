"""What a run found: as JSON, as Markdown for docs/performance.md, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from .figures import Figure, Findings, Measurement
from .worlds import ROOT

LATEST = ROOT / "benchmarks" / "latest.json"
PAGE = ROOT / "docs" / "performance.md"
BEGIN = "<!-- made by `python -m benchmarks.report`, not by hand: begin -->"
END = "<!-- end -->"
_FIGURES = ("figure", "measured", "to reach", "reached", "")
_MEASUREMENTS = ("race", "grants", "contender", "median", "p99", "to ours", "")
_UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "us"), (1.0, "ns"))
_MANY, _FEW, _SMALL = 100, 10, 0.01
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Report:
    """A run as it is kept.

    Attributes:
        run: what was asked for.
        machine: what it was made on.
        findings: figures and measurements.
    """

    run: dict[str, str]
    machine: dict[str, str]
    findings: Findings

    def save(self, path: Path) -> None:
        """Write JSON."""
        found = {"run": self.run, "machine": self.machine, **asdict(self.findings)}
        for figure, row in zip(self.findings.figures, found["figures"], strict=True):
            row["reached"] = figure.reached
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Report:
        """Read what `save` wrote."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        for row in kept["figures"]:
            del row["reached"]
        findings = Findings(
            [Figure(**row) for row in kept["figures"]],
            [Measurement(**row) for row in kept["measurements"]],
        )
        return cls(kept["run"], kept["machine"], findings)

    def markdown(self) -> str:
        """The tables of the page."""
        made_on = "; ".join(f"{name} {value}" for name, value in self.machine.items())
        figures = _markdown(_FIGURES, map(_figure, self.findings.figures))
        rows = _markdown(_MEASUREMENTS, map(_measurement, self.findings.measurements))
        return f"Made on: {made_on}.\n\n{figures}\n\n{rows}"

    def show(self, console: Console) -> None:
        """Print the tables."""
        for name, value in self.machine.items():
            console.print(f"{name}: {value}", highlight=False)
        console.print(
            _terminal(_MEASUREMENTS, map(_measurement, self.findings.measurements)),
            _terminal(_FIGURES, map(_figure, self.findings.figures)),
        )


def fill(page: str, report: Report) -> str:
    """Put the tables into the page, between the two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{report.markdown()}\n\n{END}{after}"


def _figure(figure: Figure) -> tuple[str, ...]:
    reached = {True: "yes", False: "no", None: _NOTHING}[figure.reached]
    side = "at most" if figure.at_most else "at least"
    measured = _NOTHING if figure.value is None else _number(figure.value)
    bar = f"{side} {_number(figure.bar)}"
    return figure.name, measured, bar, reached, figure.note


def _measurement(row: Measurement) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else _number(row.ratio)
    times = _time(row.median), _time(row.p99)
    return row.what, row.world, row.contender, *times, ratio, row.note


def _time(nanoseconds: float | None) -> str:
    if nanoseconds is None:
        return _NOTHING
    size, unit = next((each for each in _UNITS if nanoseconds >= each[0]), _UNITS[-1])
    return f"{nanoseconds / size:.3g} {unit}" if size > 1 else f"{nanoseconds:.0f} ns"


def _number(value: float) -> str:
    if value >= _MANY or value == int(value):
        return f"{value:,.0f}"
    if value < _SMALL:
        return f"1/{1 / value:,.0f}"
    return f"{value:.2f}" if value < _FEW else f"{value:.1f}"


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _terminal(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(*heads, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*row)
    return table


def main() -> None:
    """Fill the page with the tables of the latest full run."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(fill(page, Report.load(LATEST)), encoding="utf-8")


if __name__ == "__main__":
    main()
