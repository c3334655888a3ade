"""`check`: policy files, judged and not loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

import oikeus

from ..context import (
    Exit,
    Settings,
    example,
    folder_argument,
    global_options,
    model_option,
)
from ..output import counted, result, talk, write_json
from ..views import so_many


def _load_model(folder: Path, model: Path | None) -> oikeus.Model:
    return oikeus.load_model(model or folder.resolve().parent / "model.conf")


@click.command(epilog=example("check policies/"))
@folder_argument
@model_option
@global_options
@click.pass_context
def check(ctx: click.Context, folder: Path, model: Path | None) -> None:
    """Say everything that is wrong in the files of FOLDER.

    Nothing is loaded. The files are judged together with what the database holds,
    where there is one. Ends with 3 when something is wrong.
    """
    settings = ctx.ensure_object(Settings)
    parsed = _load_model(folder, model)
    wrong: tuple[oikeus.Problem, ...] = ()
    warnings: tuple[oikeus.Problem, ...] = ()
    count = 0
    try:
        files = oikeus.check_policies(parsed, folder, _in_force(settings))
    except oikeus.PolicyError as error:
        wrong = error.problems
    else:
        warnings, count = files.warnings, len(files.lines)
    if settings.json:
        write_json({"errors": _views(wrong), "warnings": _views(warnings)})
    else:
        for problem in wrong:
            result(str(problem))
        for warning in warnings:
            talk(f"warning: {warning}")
        if not wrong:
            result(f"{so_many(count, 'line')}, nothing wrong")
    if wrong:
        talk(counted(wrong))
    ctx.exit(Exit.NO if wrong else Exit.YES)


def _in_force(settings: Settings) -> oikeus.Contents | None:
    try:
        with settings.store() as store:
            return store.load()
    except oikeus.StoreError as error:
        talk(f"note: judged by the files alone, {error}")
        return None


def _views(problems: Iterable[oikeus.Problem]) -> list[dict[str, str | int]]:
    return [
        {"file": problem.file, "line": problem.line, "text": problem.text}
        for problem in problems
    ]
