"""`who-could` and `what-could`: who could do what in a period, and by whose act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import click

import oikeus

from ..context import Exit, Settings, example, global_options
from ..history_views import interval_text, interval_view, local_time
from ..output import loading, result, talk, write_json
from ..parameters import Day
from ..unknown import unknown
from ..views import places

_from_option = click.option(
    "--from",
    "first",
    type=Day(),
    required=True,
    help="The first day of the period, in Helsinki.",
)
_until_option = click.option(
    "--until",
    "last",
    type=Day(),
    required=True,
    help="Its last day, inclusive.",
)


@click.command(
    name="who-could",
    epilog=example(
        "who-could transfer hoks 1.2.246.562.10.90101000000",
        "--from 2026-11-01 --until 2030-12-31",
    ),
)
@click.argument("action")
@click.argument("resource")
@click.argument("organisation")
@_from_option
@_until_option
@global_options
@click.pass_context
def who_could(
    ctx: click.Context,
    action: str,
    resource: str,
    organisation: str,
    first: date,
    last: date,
) -> None:
    """List who could do something in a period.

    That is ACTION on RESOURCE at ORGANISATION. Each comes with the time from when until
    when, and what opened and closed it: a version, or a day on which a grant began or
    had ended; and whose act that was. At any time the version in force then decides.
    Ends with 3 when nobody could.
    """
    settings = ctx.ensure_object(Settings)
    period = _Period(settings, first, last)
    with settings.store() as store:
        found = oikeus.who_could(
            store,
            action,
            resource,
            organisation,
            first=first,
            last=last,
            progress=loading,
        )
        known = period.known(store)
    lines = [interval_text(each, each.subject) for each in found]
    if not found:
        deed = (action, resource)
        why = period.why(known, deed=deed, organisation=organisation)
        talk(": ".join(("nobody", *why)))
    _answer(ctx, settings, found, lines)


@click.command(
    name="what-could",
    epilog=example(
        "what-could system:keuda-tiedonsiirto",
        "--from 2026-11-01 --until 2030-12-31",
    ),
)
@click.argument("subject")
@click.option("--organisation", help="Only at this organisation.")
@_from_option
@_until_option
@global_options
@click.pass_context
def what_could(
    ctx: click.Context,
    subject: str,
    organisation: str | None,
    first: date,
    last: date,
) -> None:
    """List what SUBJECT could do in a period, and where.

    Each with the time from when until when, and what opened and closed it. Ends with 3
    when that is nothing.
    """
    settings = ctx.ensure_object(Settings)
    period = _Period(settings, first, last)
    with settings.store() as store:
        found = oikeus.what_could(
            store, subject, organisation, first=first, last=last, progress=loading
        )
        known = period.known(store)
    lines = []
    if found and not settings.json:
        with settings.point(known) as point:
            lines = [
                interval_text(each, f"{each.action} {each.resource} at {where}")
                for each in found
                for where in places(point.snapshot, each.organisations)
            ]
    if not found:
        why = period.why(known, subject=subject, organisation=organisation)
        talk(": ".join(("nothing", *why)))
    _answer(ctx, settings, found, lines)


class _Period:
    """The days asked about, and what was known in them."""

    def __init__(self, settings: Settings, first: date, last: date) -> None:
        self._settings = settings
        self._first = first
        self._last = last

    def known(self, store: oikeus.Store) -> int:
        """The last version of the period, 0 for none; says what is not known of it."""
        end = oikeus.instant_of(self._last)
        number = store.version_at(end)
        head = store.head()
        if head:
            begin = datetime.fromisoformat(store.version(1).time)
            if begin > oikeus.instant_of(self._first - timedelta(days=1)):
                talk(
                    f"the first version is of {local_time(begin)}: nothing is recorded "
                    "before"
                )
        if end > datetime.now(UTC):
            talk(
                "the period is not over: what is still to come is decided by version "
                f"{head}, which is what is known now"
            )
        return number

    def why(
        self,
        known: int,
        *,
        deed: tuple[str, str] | None = None,
        subject: str | None = None,
        organisation: str | None = None,
    ) -> tuple[str, ...]:
        """What of the question no line was about at the end; probably misspelt."""
        if not known:
            return ("there was no version yet",)
        with self._settings.point(known) as point:
            return unknown(
                point.snapshot, deed=deed, subject=subject, organisation=organisation
            )


def _answer(
    ctx: click.Context,
    settings: Settings,
    found: Sequence[oikeus.Interval],
    lines: Sequence[str],
) -> None:
    if settings.json:
        write_json([interval_view(each) for each in found])
    for line in lines if not settings.json else ():
        result(line)
    ctx.exit(Exit.YES if found else Exit.NO)
