"""`replay`: recorded decisions, made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import oikeus

from ..context import Exit, Settings, example, global_options
from ..output import result, talk, working, write_json


@click.command(
    epilog=example(
        "decide --batch examples/requests.jsonl --record replay.jsonl &&",
        "oikeus replay replay.jsonl",
    )
)
@click.argument("decisions", type=click.Path(exists=True, dir_okay=False))
@global_options
@click.pass_context
def replay(ctx: click.Context, decisions: str) -> None:
    """Decide again what DECISIONS records, by the same versions.

    Lists each record that says another decision, rule or grant than its version does.
    Ends with 0 when all are the same, with 3 when some differ, and with 1 when a line
    cannot be read or decided again.
    """
    settings = ctx.ensure_object(Settings)
    try:
        with (
            settings.store() as store,
            Path(decisions).open("rb") as file,
            working("deciding again"),
        ):
            done = oikeus.replay(store, file, decisions)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or 'no such file'}".lower()
        raise oikeus.RecordError([oikeus.Problem(decisions, 0, problem)]) from error
    for each in done.problems:
        talk(str(each))
    if settings.json:
        write_json(_view(done))
    else:
        for differing in done.different:
            result(f"{decisions}:{differing.line}: {_difference(differing)}")
        result(
            f"{done.same} the same, {len(done.different)} different, "
            f"{len(done.problems)} problems"
        )
    if done.problems:
        ctx.exit(Exit.ERROR)
    ctx.exit(Exit.NO if done.different else Exit.YES)


def _difference(differing: oikeus.Differing) -> str:
    recorded, found = differing.recorded, differing.recomputed
    parts = {
        "decision": (recorded.effect.value, found.effect.value),
        "rule": (_shown(recorded.rule), _shown(found.rule)),
        "grant": (_shown(recorded.grant), _shown(found.grant)),
    }
    told = (
        f"{name} {parts[name][0]} was recorded, version {found.version} has "
        f"{parts[name][1]}"
        for name in differing.parts
    )
    return f"{recorded.id}: {'; '.join(told)}"


def _shown(line: oikeus.Line | None) -> str:
    return "none" if line is None else f"`{line}`"


def _view(done: oikeus.Replayed) -> dict[str, Any]:
    return {
        "same": done.same,
        "different": [
            {
                "line": each.line,
                "parts": list(each.parts),
                "recorded": json.loads(each.recorded.to_json()),
                "recomputed": json.loads(each.recomputed.to_json()),
            }
            for each in done.different
        ],
        "problems": [
            {"file": each.file, "line": each.line, "text": each.text}
            for each in done.problems
        ],
    }
