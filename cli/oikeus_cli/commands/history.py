"""`log` and `blame`: what was done to the policy, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from typing import Any, TypeVar

import click

import oikeus

from ..context import Settings, example, global_options
from ..options import service_options
from ..output import listing, talk, write_json, write_json_list
from ..parameters import Day
from ..unknown import refuse_unknown
from ..version_views import (
    blamed_view,
    changed_text,
    changed_view,
    local_time,
    message_with_step,
    version_view,
)
from ..views import bare_role

_LOGGED = (
    *("version", "time", "actor", "granter", "origin"),
    *("+", "-", "commit", "message"),
)
FEW = 4
"""Of how many lines a version may be for its grants to be told in the list."""

_BLAMED = (
    *("line", "version", "time", "actor"),
    *("granter", "origin", "why", "written"),
)

Command = TypeVar("Command", bound=Callable[..., Any])


def _line_options(command: Command) -> Command:
    """The options that say which lines are asked for."""
    for option in (
        click.option("--below", is_flag=True, help="Organisations below it as well."),
        click.option("--organisation", help="Lines about this organisation."),
        click.option("--role", help="Rules, powers and grants of this role."),
        click.option("--subject", help="Grants and blocks of this subject."),
    ):
        command = option(command)
    return command


def _lines(
    store: oikeus.Store, asked: oikeus.LogFilter, kinds: tuple[str, ...] | None = None
) -> oikeus.LineFilter:
    """Which lines are asked for; below an organisation as the tree is now."""
    places: tuple[str, ...] | None = None
    if asked.organisation is not None:
        places = (asked.organisation,)
    if asked.below and asked.organisation is not None:
        with store.reading() as reader:
            tree = oikeus.Tree.from_lines(reader.of_kind("g2"))
        places = tree.below(asked.organisation)
    return oikeus.LineFilter(
        subject=asked.subject,
        role=None if asked.role is None else f"role:{bare_role(asked.role)}",
        organisations=places,
        kinds=kinds,
    )


def _logged(
    store: oikeus.Store,
    asked: oikeus.LogFilter,
    *,
    most: int,
    text: str | None = None,
) -> oikeus.Logged:
    only = oikeus.VersionFilter(
        asked.actor,
        asked.granter,
        asked.origin,
        asked.since,
        asked.until,
        _lines(store, asked),
        text=text,
    )
    return store.log(only, most=most)


def _refuse_unknown(store: oikeus.Store, asked: oikeus.LogFilter) -> None:
    """Refuse names of which no version knows anything, where nothing was found."""
    with store.reading() as reader:
        words = [line.values[0] for line in reader.of_kind("g3")]
    refuse_unknown(
        asked,
        lambda alone: bool(_logged(store, alone, most=1).versions),
        [word for word in words if word.startswith("role:")],
    )


def _check_below(asked: oikeus.LogFilter) -> None:
    if asked.below and asked.organisation is None:
        message = "--below needs an organisation, expected --organisation ID"
        raise click.UsageError(message)


@click.command(epilog=example("log --origin grants --since 2026-01-01"))
@click.option("--actor", help="Made by this actor.")
@click.option("--granter", help="On this subject's power.")
@click.option("--origin", help="Of this sort: policy, organisations, grants, block …")
@click.option("--since", type=Day(), help="Made on this day or later.")
@click.option("--until", type=Day(), help="Made on this day or before.")
@click.option(
    "--text",
    type=click.Choice(["model", "catalogue", "invariants"]),
    help="That brought another one; `show version` tells what it changed there.",
)
@_line_options
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=50,
    show_default=True,
    help="How many versions at most.",
)
@service_options
@click.pass_obj
def log(
    settings: Settings,
    actor: str | None,
    granter: str | None,
    origin: str | None,
    since: date | None,
    until: date | None,
    text: str | None,
    subject: str | None,
    role: str | None,
    organisation: str | None,
    below: bool,
    limit: int,
) -> None:
    """List the versions, the newest first.

    With --subject, --role and --organisation: those that changed such a line, or took a
    step of such an application or token. Days and times are those of Europe/Helsinki;
    JSON has times as the log has them, in UTC.
    """
    asked = oikeus.LogFilter(
        actor=actor,
        granter=granter,
        origin=origin,
        since=since,
        until=until,
        subject=subject,
        role=role,
        organisation=organisation,
        below=below,
    )
    _check_below(asked)
    if settings.server is not None:
        if text is not None:
            message = "--text asks a database, expected no --server"
            raise click.UsageError(message)
        with settings.service() as point:
            there = point.administration
            logged = there.log(asked, most=limit)
            if not logged.versions:
                refuse_unknown(asked, lambda one: bool(there.log(one, most=1).versions))
            changed = _grants_there(there, logged.versions)
    else:
        with settings.store() as store:
            logged = _logged(store, asked, most=limit, text=text)
            if not logged.versions and text is None:
                _refuse_unknown(store, asked)
            changed = _grants(store, logged.versions)
    if settings.json:
        write_json(
            [
                version_view(version)
                | {"grants": [changed_view(one) for one in changed[version.number]]}
                for version in logged.versions
            ]
        )
    else:
        rows = (_row(version, changed[version.number]) for version in logged.versions)
        listing(_LOGGED, rows)
    if logged.earlier:
        talk(f"{logged.earlier} more before these: --limit shows them")


def _grants(
    store: oikeus.Store, versions: Iterable[oikeus.Version]
) -> defaultdict[int, list[oikeus.Recorded]]:
    """The grants that acts gave or took; of many, `show version` tells."""
    few = [each.number for each in versions if 0 < each.added + each.removed <= FEW]
    found: defaultdict[int, list[oikeus.Recorded]] = defaultdict(list)
    for number, changed in store.changes_of_each(few).items():
        found[number] = [each for each in changed if each.line.ptype == "g"]
    return found


def _grants_there(
    administration: oikeus.RemoteAdministration, versions: Iterable[oikeus.Version]
) -> defaultdict[int, list[oikeus.Recorded]]:
    """The same, of a service: it is asked about each of these versions."""
    found: defaultdict[int, list[oikeus.Recorded]] = defaultdict(list)
    for each in versions:
        if 0 < each.added + each.removed <= FEW:
            changes = administration.changes(each.number)
            found[each.number] = [one for one in changes if one.line.ptype == "g"]
    return found


def _row(
    version: oikeus.Version, changed: Iterable[oikeus.Recorded]
) -> tuple[str, ...]:
    return (
        str(version.number),
        local_time(version.time),
        version.actor,
        version.granter or "",
        version.origin,
        str(version.added),
        str(version.removed),
        version.git_commit or "",
        "; ".join((message_with_step(version), *map(changed_text, changed))),
    )


@click.command(epilog=example("blame --subject person:1.2.246.562.24.90100000003"))
@_line_options
@click.option(
    "--kind",
    type=click.Choice(["p", "p2", "g", "g2", "g3", "g4"]),
    multiple=True,
    help="Lines of this kind; can be given again.",
)
@click.option("--rules", is_flag=True, help="Rules and powers only: kinds p and p2.")
@click.option("--grants", is_flag=True, help="Grants only: kind g.")
@global_options
@click.pass_obj
def blame(
    settings: Settings,
    subject: str | None,
    role: str | None,
    organisation: str | None,
    below: bool,
    kind: tuple[str, ...],
    rules: bool,
    grants: bool,
) -> None:
    """List what is in force, and what brought it.

    The version of each line, when that was, who did it, on whose power and why, and
    where the line is written.
    One that came into the database past the log has no version. Names people: it is
    for the owner.
    """
    chosen = (*kind, *(("p", "p2") if rules else ()), *(("g",) if grants else ()))
    asked = oikeus.LogFilter(
        subject=subject, role=role, organisation=organisation, below=below
    )
    _check_below(asked)
    with settings.store() as store:
        lines = _lines(store, asked, tuple(dict.fromkeys(chosen)) or None)
        with store.blame(lines) as blamed:
            first = next(blamed, None)
            if first is None:
                _refuse_unknown(store, asked)
            found = chain(() if first is None else (first,), blamed)
            if settings.json:
                write_json_list(map(blamed_view, found))
            else:
                listing(_BLAMED, map(_blamed_row, found))


def _blamed_row(found: oikeus.Blamed) -> tuple[str, ...]:
    source = found.line.source
    return (
        str(found.line),
        "no version" if found.version is None else str(found.version),
        local_time(found.time) if found.time else "",
        found.actor,
        found.granter or "",
        found.origin,
        (source.comment if source else "") or found.message,
        str(source or ""),
    )
