"""The main job in a minute: load, import, decide, explain, in a scratch database.

Run by `make demo`. The days are fixed, so that the answers are the same every year.
"""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

import oikeus
from oikeus_cli.main import cli

HERE = Path(__file__).resolve().parent
HOME = HERE.parent


def main() -> None:
    """Run the job from the checkout's root, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="oikeus-demo-") as scratch:
        url = f"sqlite:///{scratch}/oikeus.db"
        run(url, "apply policies/ --yes", quiet=True)
        run(url, "import organisations examples/organisations.json", quiet=True)
        run(url, "import grants examples/grants.csv", quiet=True)
        refusal = decide_batch(url, HERE / "requests.jsonl")
        asked = refusal.request
        if isinstance(asked, oikeus.Request):
            parts = (asked.subject, asked.action, asked.resource, asked.organisation)
            run(url, f"explain {' '.join(parts)} --at {refusal.at}")


def run(url: str, command: str, *, quiet: bool = False) -> None:
    """Show a command as it would be typed, and run it."""
    click.secho(f"\n$ oikeus {command}", bold=True)
    words = [
        str(HOME / word) if (HOME / word).exists() else word
        for word in shlex.split(command)
    ]
    # what changed, line by line, is too much for a first reading
    talk = contextlib.redirect_stderr(io.StringIO() if quiet else sys.stderr)
    with talk:
        cli(["--db", url, *words], prog_name="oikeus", standalone_mode=False)


def decide_batch(url: str, requests: Path) -> oikeus.Decision:
    """Decide the requests, print them as a table, and pick a refusal to explain."""
    click.secho("\n$ oikeus decide --batch examples/requests.jsonl", bold=True)
    table = Table("subject", "action", "organisation", "decision", "why", box=None)
    refusals = []
    with oikeus.connect(url, every=None) as point:
        for line in requests.read_text(encoding="utf-8").splitlines():
            asked = json.loads(line)
            day = oikeus.parse_day(asked.pop("at"))
            decision = point.decide(oikeus.Request(**asked), day)
            names = point.snapshot.names.get(asked["organisation"])
            colour = "green" if decision else "red"
            table.add_row(
                asked["subject"].replace("1.2.246.562.24.", "…"),
                asked["action"],
                names.best if names else asked["organisation"],
                f"[{colour}]{decision.effect.value}[/]",
                decision.reason,
            )
            if not decision and decision.granters:
                refusals.append(decision)
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False).print(table)
    return refusals[0]


if __name__ == "__main__":
    main()
