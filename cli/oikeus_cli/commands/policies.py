"""`check`: policy files, judged and not loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

import oikeus

from ..context import Exit, Settings, db_option, example, format_option
from ..output import result, table, talk, write_json
from ..parameters import folder_argument, model_option
from ..sarif import sarif
from ..views import so_many

_COUNTED = {
    oikeus.Severity.ERROR: ("error", "errors"),
    oikeus.Severity.WARNING: ("warning", "warnings"),
    oikeus.Severity.ADVICE: ("piece of advice", "pieces of advice"),
}


def _list_checks(
    ctx: click.Context,
    _: click.Parameter,
    wanted: bool,  # as click calls it
) -> None:
    """List the checks, and do nothing else."""
    if not wanted or ctx.resilient_parsing:
        return
    if ctx.ensure_object(Settings).json:
        write_json([_check_view(check) for check in oikeus.CHECKS])
    else:
        rows = (
            (check.id, check.severity.value, check.title) for check in oikeus.CHECKS
        )
        table(("check", "severity", "finds"), rows)
    ctx.exit(Exit.YES)


@click.command(epilog=example("check policies/"))
@folder_argument
@model_option
@click.option(
    "--severity",
    type=click.Choice([each.value for each in oikeus.Severity]),
    default=oikeus.Severity.WARNING.value,
    show_default=True,
    help="The least grave finding for which the command ends with 3.",
)
@format_option("text", "json", "sarif")
@db_option
@click.option(
    "--list",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_list_checks,
    help="List the checks, and end.",
)
@click.pass_context
def check(ctx: click.Context, folder: Path, model: Path | None, severity: str) -> None:
    """Say everything that is wrong in the files of FOLDER.

    And what looks wrong. Nothing is loaded. The files are judged together with what
    the database holds, where there is one. Ends with 3 when there is an error or a
    warning; advice only advises. A comment `# oikeus: allow ID: why` above a line
    allows a finding on it.

    sarif is what code scanning reads (pip install "oikeus[ci]").
    """
    settings = ctx.ensure_object(Settings)
    found = oikeus.lint_policies(folder, model=model, contents=_in_force(settings))
    if settings.json:
        write_json(_view(found))
    elif settings.format == "sarif":
        result(sarif(found))
    else:
        _tell(found)
    threshold = oikeus.Severity(severity)
    ctx.exit(Exit.NO if found.reaching(threshold) else Exit.YES)


def _in_force(settings: Settings) -> oikeus.Contents | None:
    try:
        with settings.store() as store:
            return store.load()
    except oikeus.StoreError as error:
        talk(f"note: judged by the files alone, {error}")
        return None


def _tell(found: oikeus.Linted) -> None:
    """Write what was found for people, file by file."""
    by_file = groupby(found.findings, key=lambda one: one.file)
    for number, (_, findings) in enumerate(by_file):
        if number:
            result("")
        for one in findings:
            reason = f"{one.reason}:" if one.steps else one.reason
            result(f"{one.place}: {one.severity.value} {one.check}: {reason}")
            for step in one.steps:
                result(f"  {step}")
            if one.fix:
                result(f"  fix: {one.fix}")
    allowed = f"{len(found.suppressed)} suppressed" if found.suppressed else ""
    if found.findings:
        talk(", ".join(filter(None, (*_counts(found.findings), allowed))))
    else:
        counted = f"{so_many(found.lines, 'line')}, nothing wrong"
        result(", ".join(filter(None, (counted, allowed))))


def _counts(findings: Sequence[oikeus.LintFinding]) -> Iterator[str]:
    """How many findings there are of each severity."""
    many = Counter(one.severity for one in findings)
    for severity, words in _COUNTED.items():
        if many[severity]:
            yield so_many(many[severity], *words)


def _view(found: oikeus.Linted) -> dict[str, Any]:
    return {
        "lines": found.lines,
        "findings": [_finding_view(one) for one in found.findings],
        "suppressed": [
            _finding_view(one.finding) | {"why": one.why} for one in found.suppressed
        ],
    }


def _finding_view(one: oikeus.LintFinding) -> dict[str, Any]:
    return {
        "id": one.check,
        "severity": one.severity.value,
        "file": one.file,
        "line": one.line,
        "reason": one.reason,
        "steps": list(one.steps),
        "fix": one.fix,
    }


def _check_view(check: oikeus.Check) -> dict[str, str]:
    return {
        "id": check.id,
        "severity": check.severity.value,
        "finds": check.title,
    }
