"""`import kayttooikeus` and `import cas`: rights that national services give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

import click

import oikeus

from ..context import Settings, actor, example, global_options
from ..output import result, talk, working, write_json
from ..parameters import Day
from ..views import bare_role, grant_view, so_many
from .imports import files_argument, text_of

Command = TypeVar("Command", bound=Callable[..., Any])


class _Told(TypedDict):
    """What every import of rights can be told."""

    dry_run: bool
    prune: bool
    first: date | None
    last: date | None


_dry_run = click.option(
    "--dry-run", is_flag=True, help="Print the plan, write nothing."
)
_prune = click.option(
    "--prune",
    is_flag=True,
    help="Remove what earlier imports brought and FILES no longer give.",
)
_first = click.option(
    "--from", "first", type=Day(), help="The first day; today by default."
)
_last = click.option(
    "--until", "last", type=Day(), help="The last day; by default that of the role."
)


def _options(command: Command) -> Command:
    """Let a command take what every import of rights can be told."""
    return files_argument(_dry_run(_prune(_first(_last(global_options(command))))))


@click.command(
    epilog=example("import kayttooikeus examples/kayttooikeus.json --dry-run")
)
@_options
@click.pass_obj
def kayttooikeus(
    settings: Settings, /, files: tuple[Path, ...], **options: Unpack[_Told]
) -> None:
    """Import FILES of the national user-rights service (JSON).

    The catalogue says which role each right means; what means none is reported. Refused
    whole if any right is at a level that its role does not have. Whoever an earlier
    import gave a right that FILES do not give is listed, and loses it with --prune.
    """
    _import(settings, oikeus.RightsSource.KAYTTOOIKEUS, files, **options)


@click.command(epilog=example("import cas examples/cas.json --dry-run"))
@_options
@click.pass_obj
def cas(
    settings: Settings, /, files: tuple[Path, ...], **options: Unpack[_Told]
) -> None:
    """Import FILES of user details of CAS (JSON).

    Their roles are read whole: ROLE_APP_SERVICE_RIGHT_ORGANISATION. All else is as with
    `import kayttooikeus`.
    """
    _import(settings, oikeus.RightsSource.CAS, files, **options)


def _import(
    settings: Settings,
    source: oikeus.RightsSource,
    files: tuple[Path, ...],
    **told: Unpack[_Told],
) -> None:
    texts = {str(path): text_of(path) for path in files}
    dry_run = told["dry_run"]
    wanted = oikeus.RightsImport(
        source, texts, told["prune"], told["first"], told["last"]
    )
    with settings.store() as store, working("importing"):
        if dry_run:
            done = oikeus.preview_rights(store, wanted)
        else:
            done = oikeus.import_rights(store, wanted, actor=actor())
    if settings.json:
        write_json(_view(done, dry_run=dry_run))
        return
    for word, notes in (("warning", done.warnings), ("reported", done.reported)):
        for text in _folded(notes):
            talk(f"{word}: {text}")
    _say(done, dry_run=dry_run)


def _view(done: oikeus.ImportedRights, *, dry_run: bool) -> dict[str, Any]:
    """What an import did, for programs."""
    return {
        "version": done.version,
        "dry_run": dry_run,
        "added": [grant_view(grant) for grant in done.plan.added],
        "registered": [grant_view(grant) for grant in done.plan.registered],
        "unchanged": done.plan.unchanged,
        "vanished": [grant_view(grant) for grant in done.plan.vanished],
        "absent": [grant_view(grant) for grant in done.plan.absent],
        "pruned": done.pruned,
        "ignored": done.ignored,
        "reported": [str(note) for note in done.reported],
        "warnings": [str(note) for note in done.warnings],
    }


def _folded(notes: Iterable[oikeus.Note]) -> Iterable[str]:
    """Notes that say the same as one, with a count: there may be thousands."""
    found: dict[str, list[oikeus.Note]] = {}
    for note in notes:
        found.setdefault(note.text, []).append(note)
    for first, *others in found.values():
        yield (
            f"{first} (and at {so_many(len(others), 'more place')})"
            if others
            else (str(first))
        )


def _say(done: oikeus.ImportedRights, *, dry_run: bool) -> None:
    """What an import did, for people: the grants one by one, then counts."""
    plan, gone = done.plan, "removed" if done.pruned else "vanished"
    if dry_run:
        _list("added", plan.added, result)
        _list("registered", plan.registered, result)
    # listed always, but the result only where the plan is
    say = result if dry_run else talk
    _list(gone, plan.vanished, say)
    _list(f"{gone}, of a holder in no file", plan.absent, say)
    changes = (
        f"{so_many(len(plan.added), 'grant')} added, "
        f"{so_many(len(plan.registered), 'credential')} registered, "
        f"{so_many(len(done.removed), 'grant')} removed, {plan.unchanged:,} unchanged"
    )
    if dry_run:
        result(f"dry run, nothing was written: {changes}")
    elif done.added or done.removed:
        result(f"version {done.version}: {changes}")
    else:
        result(f"no change: version {done.version}, {plan.unchanged:,} unchanged")
    left = {
        "vanished and kept": 0 if done.pruned else len(plan.vanished + plan.absent),
        "ignored (of other services, or at no organisation)": done.ignored,
        "reported and not imported": len(done.reported),
    }
    if any(left.values()):
        talk(", ".join(f"{count:,} {what}" for what, count in left.items() if count))


def _list(
    what: str, grants: Iterable[oikeus.Grant], say: Callable[[str], None]
) -> None:
    for grant in grants:
        say(f"{what}: {_grant_text(grant)}")


def _grant_text(grant: oikeus.Grant) -> str:
    return (
        f"{grant.subject} {bare_role(grant.role)} at {grant.organisation}, "
        f"{grant.span.first} until {grant.span.last}"
    )
