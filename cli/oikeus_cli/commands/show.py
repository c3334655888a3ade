"""`show`: what is in force, as tables."""

from __future__ import annotations

import click

import oikeus

from ..context import Settings, example, global_options
from ..output import result, write_json, write_json_list
from ..parameters import VersionNumber, number_at, shown_as_of_option
from ..version_views import (
    details_view,
    recorded_line,
    recorded_view,
    version_head,
    version_rest,
)
from ..views import bare_role
from .show_lists import grants, organisations, write_rows


@click.group(epilog=example("show roles"))
def show() -> None:
    """Show what is in force, and how it decides."""


show.add_command(grants)
show.add_command(organisations)


@show.command(epilog=example("show roles"))
@shown_as_of_option
@global_options
@click.pass_obj
def roles(settings: Settings, as_of: oikeus.Moment | None) -> None:
    """Show each role and what it may do.

    Besides: the kind of holder, the levels, who grants it, and how long it lasts.
    """
    with settings.point(as_of) as point:
        snapshot = point.snapshot
    rows = [_role_row(snapshot, role) for role in snapshot.roles]
    headings = ("role", "label", "holder", "levels", "granted by", "may", "longest")
    write_rows(settings, headings, rows)


_NOT = {oikeus.Effect.ALLOW.value: "", oikeus.Effect.DENY.value: "not: "}


def _role_row(snapshot: oikeus.Snapshot, role: str) -> tuple[str, ...]:
    model, facts = snapshot.model, snapshot.facts
    words = (
        snapshot.catalogue.roles.get(bare_role(role)) if snapshot.catalogue else None
    )
    levels = [level for level, held in facts.links["g4"].items() if role in held]
    granters = [
        model.value(line, "sub")
        for line in facts.rules["p2"]
        if model.value(line, "role") == role
    ]
    actions = [
        f"{_NOT[model.value(line, 'eft')]}{model.value(line, 'act')} "
        f"{model.value(line, 'obj')}"
        for line in facts.rules["p"]
        if model.value(line, "sub") == role
    ]
    return (
        bare_role(role),
        words.label.fi if words else "",
        ", ".join(facts.linked("g3", role)),
        ", ".join(level.removeprefix("level:") for level in levels),
        ", ".join(map(bare_role, granters)) or _no_granter(snapshot, role),
        ", ".join(actions),
        str(words.validity.longest) if words else "",
    )


def _no_granter(snapshot: oikeus.Snapshot, role: str) -> str:
    """Where a role comes from that no power gives."""
    credential = snapshot.catalogue.credential if snapshot.catalogue else None
    return "registration" if bare_role(role) == credential else "policy files only"


@show.command(epilog=example("show rules"))
@shown_as_of_option
@global_options
@click.pass_obj
def rules(settings: Settings, as_of: oikeus.Moment | None) -> None:
    """Show each rule and power with its place and its reason."""
    with settings.point(as_of) as point:
        facts = point.snapshot.facts
    rows = [
        (
            str(line),
            str(line.source or ""),
            ", ".join(line.source.rules) if line.source else "",
            line.source.comment if line.source else "",
        )
        for ptype in ("p", "p2")
        for line in facts.rules[ptype]
    ]
    write_rows(settings, ("line", "written", "rules", "because"), rows)


@show.command(epilog=example("show invariants --as-of 3"))
@shown_as_of_option
@global_options
@click.pass_obj
def invariants(settings: Settings, as_of: oikeus.Moment | None) -> None:
    """Show what no delegation may ever lead to.

    Each statement of the policy, with the rules that it follows from and its reason.
    """
    with settings.store() as store, store.reading(number_at(store, as_of)) as reader:
        found = oikeus.invariants_of(reader.invariants, reader.catalogue or "")
    rows = [(str(each.statement), ", ".join(each.rules), each.why) for each in found]
    write_rows(settings, ("statement", "rules", "because"), rows)


@show.command(epilog=example("show plan"))
@shown_as_of_option
@global_options
@click.pass_obj
def plan(settings: Settings, as_of: oikeus.Moment | None) -> None:
    """Show how the loaded model decides.

    What is looked up and what is tried, in the order in which it is done.
    """
    with settings.point(as_of) as point:
        found = point.snapshot.plan()
    if settings.json:
        write_json(found)
        return
    for name, lines in found.items():
        result(f"{name}: {_ASKS[name]}")
        for line in lines:
            result(f"  {line}")


_ASKS = {
    "m": "may a subject do this?",
    "m2": "may a subject grant this role?",
    "m3": "may a subject revoke this role?",
}


@show.command(epilog=example("show blocks --format json"))
@shown_as_of_option
@global_options
@click.pass_obj
def blocks(settings: Settings, as_of: oikeus.Moment | None) -> None:
    """Show who is blocked.

    Each subject comes with the number of grants that it holds.
    """
    with settings.point(as_of) as point:
        facts = point.snapshot.facts
    rows = [
        (subject, str(len(facts.of(subject))))
        for subject, words in sorted(facts.links["g3"].items())
        if "blocked" in words
    ]
    write_rows(settings, ("subject", "grants"), rows)


@show.command(epilog=example("show version head"))
@click.argument("version", type=VersionNumber(), metavar="VERSION")
@global_options
@click.pass_obj
def version(settings: Settings, version: int | None) -> None:
    """Show all that VERSION did: a number, or `head`.

    Each line with `+` that came, `-` that went, `~` that is written elsewhere now, and
    the names, definitions and catalogue that it changed.
    """
    with settings.store() as store, store.details(version) as details:
        if settings.json:
            changes = map(recorded_view, details.changes())
            write_json_list(changes, within=details_view(details), name="changes")
            return
        for text in version_head(details):
            result(text)
        for recorded in details.changes():
            result(recorded_line(recorded))
        for text in version_rest(details):
            result(text)
