"""The program: runs the parts, each in a process of its own, and shows what they found.

A process of its own, so that no part finds the memory or the caches of another, and the
peak of a process that loads is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console

from .administration import administration
from .assurance import assurance
from .database import database
from .decisions import decisions
from .difference import difference
from .enforcer import enforcer
from .figures import RUNS, Findings, Run
from .machine import machine
from .memory import memory
from .report import LATEST, Report
from .reverse import reverse
from .service import service
from .versions import versions
from .worlds import ROOT, SEED

PARTS: dict[str, Callable[[Run], Findings]] = {
    "decisions": decisions,
    "enforcer": enforcer,
    "database": database,
    "reverse": reverse,
    "difference": difference,
    "memory": memory,
    "versions": versions,
    "administration": administration,
    "service": service,
    "assurance": assurance,
}
_PASSING = ROOT / "build" / "benchmarks.json"
_HUGE = "10 M"


@click.command()
@click.option("--only", type=click.Choice([*PARTS]), help="one part of all")
@click.option("--run", "name", type=click.Choice([*RUNS]), default="full")
@click.option("--huge", is_flag=True, help="decisions at 10 M grants too: takes 20 GB")
@click.option("--output", type=click.Path(path_type=Path), help="the JSON file")
@click.option("--part", type=click.Choice([*PARTS]), hidden=True)
def main(
    only: str | None, name: str, *, huge: bool, output: Path | None, part: str | None
) -> None:
    """Measure, print the tables and write JSON.

    A full run writes benchmarks/latest.json; any other one build/benchmarks.json.
    """
    run = replace(RUNS[name], huge=_HUGE) if huge else RUNS[name]
    if part is not None and output is not None:
        Report({}, {}, PARTS[part](run)).save(output)
        return
    found = Findings()
    options = ["--run", name, *(["--huge"] if huge else [])]
    for each in [only] if only else PARTS:
        click.secho(f"measuring: {each}", err=True)
        found += _in_child(each, options)
    asked = {"run": name, "seed": str(SEED), **_texts(run)}
    report = Report(asked, machine(), found)
    whole = name == "full" and only is None
    kept = output or (LATEST if whole else _PASSING)
    report.save(kept)
    report.show(Console(width=None if sys.stdout.isatty() else 200))
    click.secho(f"written: {kept.name}", err=True)


def _in_child(part: str, options: list[str]) -> Findings:
    with tempfile.TemporaryDirectory(prefix="oikeus-bench-") as scratch:
        path = Path(scratch) / "found.json"
        command = [sys.executable, "-m", "benchmarks", "--part", part]
        command += [*options, "--output", str(path)]
        done = subprocess.run(command, check=False, cwd=ROOT)  # noqa: S603
        if done.returncode != 0:
            message = f"the part {part} failed, see above"
            raise click.ClickException(message)
        return Report.load(path).findings


def _texts(run: Run) -> dict[str, str]:
    return {name: json.dumps(value).strip('"') for name, value in asdict(run).items()}


if __name__ == "__main__":
    main(prog_name="benchmarks")
