"""`import organisations` and `import grants`: extracts of other registers."""

from __future__ import annotations

from pathlib import Path

import click

import oikeus

from ..comparing import stranded, stranded_counts
from ..comparing_views import stranded_view
from ..context import Settings, actor, example, global_options, read_text
from ..output import result, talk, working, write_json
from ..views import grant_view, so_many

files_argument = click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)


@click.group(
    name="import",
    epilog=example("import organisations examples/organisations.json"),
)
def import_() -> None:
    """Bring in organisations or grants from files, all or nothing."""


@import_.command(epilog=example("import organisations examples/organisations.json"))
@files_argument
@click.option("--accept-moves", is_flag=True, help="Let organisations change parent.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
@click.option(
    "--policies",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("policies"),
    show_default=True,
    help="Gives the words while the database holds no policy.",
)
@global_options
@click.pass_obj
def organisations(
    settings: Settings,
    files: tuple[Path, ...],
    accept_moves: bool,
    dry_run: bool,
    policies: Path,
) -> None:
    """Import FILES of the national organisation register (JSON).

    They are read as they come. A second import is an update: what changed is printed.
    Organisations that an extract does not hold stay as they are. Grants that no rule
    would allow any more are listed, with what the catalogue has done to them.
    """
    texts = {str(path): text_of(path) for path in files}
    with settings.store(create=not dry_run) as store, working("importing"):
        done = oikeus.import_organisations(
            store,
            texts,
            actor=actor(),
            accept_moves=accept_moves,
            words=lambda: _words(policies),
            dry_run=dry_run,
        )
    for warning in done.warnings:
        talk(f"warning: {warning}")
    changes = {
        "added": done.placement.added,
        "renamed": done.placement.renamed,
        "moved": done.placement.moved,
        "levels": done.placement.levels,
        "status": done.placement.statuses,
    }
    if settings.json:
        write_json(
            {
                "version": done.version,
                **{
                    what: [str(one) for one in found] for what, found in changes.items()
                },
                "unchanged": done.placement.unchanged,
                "stranded": stranded_view(done.stranded),
                "dry_run": dry_run,
                "warnings": [str(warning) for warning in done.warnings],
            }
        )
        return
    for what, found in changes.items():
        for one in found:
            talk(f"{what}: {one}")
    if done.stranded:
        talk("grants that no rule would allow any more:")
    for text in stranded(done.stranded, done.placement.names, full=True):
        talk(text)
    counts = [f"{len(found)} {what}" for what, found in changes.items() if found]
    counts = counts or ["no change"]
    counts += [f"{done.placement.unchanged} unchanged", *stranded_counts(done.stranded)]
    start = "nothing was done, against version" if dry_run else "version"
    result(f"{start} {done.version}: {', '.join(counts)}")


@import_.command(epilog=example("import grants examples/grants.csv"))
@files_argument
@global_options
@click.pass_obj
def grants(settings: Settings, files: tuple[Path, ...]) -> None:
    """Import FILES of grants (CSV).

    Their header is subject,role,organisation,from,until; days are of the form
    2026-03-01. Refused whole if any line is wrong: the kind of holder, the level and
    the transfer mode bind. Systems are registered as credentials where their right is.
    """
    texts = [(str(path), text_of(path)) for path in files]
    with settings.store() as store, working("importing"):
        done = oikeus.import_grants(store, texts, actor=actor())
    for warning in done.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        write_json(
            {
                "version": done.version,
                "added": [grant_view(grant) for grant in done.added],
                "registered": [grant_view(grant) for grant in done.registered],
                "unchanged": done.unchanged,
                "warnings": [str(warning) for warning in done.warnings],
            }
        )
    elif not done.added and not done.registered:
        result(f"no change: version {done.version} holds all {done.unchanged} grants")
    else:
        result(
            f"version {done.version}: {so_many(len(done.added), 'grant')} added, "
            f"{so_many(len(done.registered), 'credential')} registered, "
            f"{done.unchanged} unchanged"
        )


def _words(policies: Path) -> oikeus.Words | None:
    """The words of a folder of policies, where there is one."""
    model = policies.resolve().parent / "model.conf"
    if not policies.is_dir() or not model.is_file():
        return None
    files = oikeus.load_policies(policies, oikeus.load_model(model))
    roots = oikeus.Tree.from_lines(files.lines).roots
    return oikeus.Words(files.catalogue, roots[0])


def text_of(path: Path) -> str:
    """The text of a document.

    Raises:
        RegisterError: it cannot be read, or is no text.
    """
    return read_text(path, oikeus.RegisterError)
