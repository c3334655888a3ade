"""`replay`: recorded decisions, made again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
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
@click.argument(
    "files",
    metavar="FILES...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False),
)
@click.option(
    "--ids-key",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="The key that hid ids in the records, where one did.",
)
@global_options
@click.pass_context
def replay(ctx: click.Context, files: tuple[str, ...], ids_key: str | None) -> None:
    """Decide again what FILES record, by the same versions.

    Lists each record that says another decision, rule or grant than its version does,
    and each line that says which decisions have no record. Ends with 0 when all are the
    same, with 3 when some differ or have no record, and with 1 when a line cannot be
    read or decided again.
    """
    settings = ctx.ensure_object(Settings)
    pseudonyms = None if ids_key is None else oikeus.Pseudonyms.from_file(ids_key)
    with settings.store() as store, working("deciding again"):
        done = {file: _replayed(store, file, pseudonyms) for file in files}
    for each in done.values():
        for problem in each.problems:
            talk(str(problem))
    if settings.json:
        write_json(_view(done))
    else:
        for file, each in done.items():
            for line, text in sorted(_findings(each).items()):
                result(f"{file}:{line}: {text}")
        result(_summary(done.values()))
    if any(each.problems for each in done.values()):
        ctx.exit(Exit.ERROR)
    ctx.exit(Exit.NO if any(map(_findings, done.values())) else Exit.YES)


def _replayed(
    store: oikeus.Store, file: str, pseudonyms: oikeus.Pseudonyms | None
) -> oikeus.Replayed:
    try:
        with Path(file).open("rb") as lines:
            return oikeus.replay(store, lines, file, pseudonyms=pseudonyms)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or 'no such file'}".lower()
        raise oikeus.RecordError([oikeus.Problem(file, 0, problem)]) from error


def _findings(done: oikeus.Replayed) -> dict[int, str]:
    """What there is to say of lines, by their numbers."""
    differing = {each.line: _difference(each) for each in done.different}
    return differing | {line: str(each) for line, each in done.dropped.items()}


def _summary(done: Collection[oikeus.Replayed]) -> str:
    text = (
        f"{sum(each.same for each in done)} the same, "
        f"{sum(len(each.different) for each in done)} different, "
        f"{sum(len(each.problems) for each in done)} problems"
    )
    missing = sum(gap.count for each in done for gap in each.dropped.values())
    return f"{text}, {missing} without a record" if missing else text


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


def _view(done: Mapping[str, oikeus.Replayed]) -> dict[str, Any]:
    return {
        "same": sum(each.same for each in done.values()),
        "different": [
            {
                "file": file,
                "line": each.line,
                "parts": list(each.parts),
                "recorded": json.loads(each.recorded.to_json()),
                "recomputed": json.loads(each.recomputed.to_json()),
            }
            for file, replayed in done.items()
            for each in replayed.different
        ],
        "problems": [
            {"file": each.file, "line": each.line, "text": each.text}
            for replayed in done.values()
            for each in replayed.problems
        ],
        "dropped": [
            {"file": file, "line": line, **json.loads(each.to_json())}
            for file, replayed in done.items()
            for line, each in sorted(replayed.dropped.items())
        ],
    }
