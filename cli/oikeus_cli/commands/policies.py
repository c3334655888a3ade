"""`apply` and `check`: policy files, loaded or only read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

import oikeus

from ..context import Exit, Settings, actor, example, global_options
from ..output import counted, result, talk, working, write_json
from ..views import applied, definition_view

_folder = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
_model = click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The model; model.conf beside the folder by default.",
)


def _load_model(folder: Path, model: Path | None) -> oikeus.Model:
    return oikeus.load_model(model or folder.resolve().parent / "model.conf")


@click.command(epilog=example("apply policies/ --message 'ticket 1234'"))
@_folder
@_model
@click.option("--message", default="", help="Why, for the history.")
@global_options
@click.pass_obj
def apply(settings: Settings, folder: Path, model: Path | None, message: str) -> None:
    """Load the policies of FOLDER, all or nothing, as one version.

    Files own the rules: what they no longer hold goes. Grants and organisations that
    were imported stay. A new SQLite file is created.
    """
    parsed = _load_model(folder, model)
    _judge_before_it_is_made(settings, parsed, folder)
    with settings.store(create=True) as store, working("loading"):
        done = oikeus.apply_policies(
            store, parsed, folder, actor=actor(), message=message
        )
    for warning in done.warnings:
        talk(f"warning: {warning}")
    for row in done.inert:
        talk(f"inert: `{row.line}`: {row.reason}")
    if settings.json:
        write_json(
            {
                "version": done.version,
                "changed": done.changed,
                "added": [str(line) for line in done.added],
                "removed": [str(line) for line in done.removed],
                "moved": [str(line) for line in done.moved],
                "texts": list(done.texts),
                "definitions": [definition_view(each) for each in done.definitions],
                "warnings": [str(warning) for warning in done.warnings],
                "inert": [str(row.line) for row in done.inert],
            }
        )
    elif not done.changed:
        result(f"no change: version {done.version} says what the files say")
    else:
        for text in applied(done):
            talk(text)
        parts = [
            f"{len(done.added)} lines added",
            f"{len(done.removed)} removed",
            *([f"{len(done.moved)} moved in their files"] if done.moved else []),
            *(_changed(name, done) for name in done.texts),
        ]
        result(f"version {done.version}: {', '.join(parts)}")


def _changed(name: str, done: oikeus.Applied) -> str:
    if name == "model" and not done.definitions:
        return "the comments of the model changed"
    return f"the {name} changed"


@click.command(epilog=example("check policies/"))
@_folder
@_model
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
            result(f"{count} lines, nothing wrong")
    if wrong:
        talk(counted(wrong))
    ctx.exit(Exit.NO if wrong else Exit.YES)


def _judge_before_it_is_made(
    settings: Settings, model: oikeus.Model, folder: Path
) -> None:
    """Let policies that are refused leave no empty database behind."""
    try:
        with settings.store():
            return
    except oikeus.StoreError:
        oikeus.check_policies(model, folder, None)


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
