"""`decide`, `explain` and `may-grant`: one question, or a batch of them."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

import click

import oikeus

from ..batch import decide_batch
from ..context import Exit, Settings, example
from ..history_views import Past, past_view
from ..options import service_options
from ..output import answer, result, talk, write_json
from ..parameters import as_of_option, at_option, attribute_option
from ..recording import recording
from ..views import bare_role, decision_view, explanation

_HINT = "expected SUBJECT ACTION RESOURCE ORGANISATION, or --batch FILE"
_IN_LINES = "a batch has its attributes in its lines, expected no --attribute"


@click.command(
    epilog=example(
        "decide person:1.2.246.562.24.90100000003 read hoks",
        "1.2.246.562.10.90101000000 --at 2026-11-02",
    )
)
@click.argument("question", nargs=-1, metavar="[SUBJECT ACTION RESOURCE ORGANISATION]")
@attribute_option
@at_option
@as_of_option
@click.option(
    "--batch",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="A file of requests as JSON lines, or - for standard input.",
)
@click.option(
    "--record",
    type=click.Path(dir_okay=False),
    help="A file to which each decision is added, for `oikeus replay`.",
)
@service_options
@click.pass_context
def decide(
    ctx: click.Context,
    question: tuple[str, ...],
    attributes: oikeus.Attributes,
    at: date | None,
    as_of: oikeus.Moment | None,
    batch: str | None,
    record: str | None,
) -> None:
    """Decide one request, or a batch of them.

    Ends with 0 for allow and 3 for deny. A batch takes JSON lines with subject, action,
    resource, organisation and perhaps at and attributes (an object), and gives them
    back in order with decision and reason; a bad line gives error, does not stop the
    rest, and makes the end 1.
    """
    settings = ctx.ensure_object(Settings)
    if record is not None and settings.server is not None:
        message = "a service records its decisions itself, expected no --record"
        raise click.UsageError(message)
    if (batch is None) == (not question) or len(question) not in (0, 4):
        raise click.UsageError(_HINT)
    if batch is not None:
        if attributes:
            raise click.UsageError(_IN_LINES)
        with settings.asking(as_of) as point, recording(record) as tell:
            whole = decide_batch(point, batch, at, tell)
        ctx.exit(Exit.YES if whole else Exit.ERROR)
    request = oikeus.Request(*question, attributes=attributes)
    with settings.asking(as_of) as point, recording(record) as tell:
        decision = point.decide(request, at)
        tell(decision)
    if settings.json:
        write_json(decision_view(decision))
    else:
        answer(allowed=decision.allowed, reason=decision.reason)
    ctx.exit(Exit.YES if decision else Exit.NO)


@click.command(
    epilog=example(
        "explain person:1.2.246.562.24.90100000003 update hoks",
        "1.2.246.562.10.90101000000 --at 2026-11-02",
    )
)
@click.argument("subject")
@click.argument("action")
@click.argument("resource")
@click.argument("organisation")
@attribute_option
@at_option
@as_of_option
@service_options
@click.pass_context
def explain(
    ctx: click.Context,
    subject: str,
    action: str,
    resource: str,
    organisation: str,
    attributes: oikeus.Attributes,
    at: date | None,
    as_of: oikeus.Moment | None,
) -> None:
    """Say why a request is allowed or denied.

    A deny says which roles would give what is asked, and who could grant those. Ends
    with 0 for allow and 3 for deny. Names people: it is for the owner.
    """
    settings = ctx.ensure_object(Settings)
    request = oikeus.Request(
        subject, action, resource, organisation, attributes=attributes
    )
    with settings.asking(as_of) as point:
        decision = point.decide(request, at)
        people = _granters(point, decision, subject, organisation)
    past = None if as_of is None else _past(settings, decision)
    if settings.json:
        write_json(decision_view(decision, people) | past_view(past))
    else:
        answer(allowed=decision.allowed, reason=decision.reason)
        for line in explanation(decision, people, past):
            result(line)
    ctx.exit(Exit.YES if decision else Exit.NO)


def _granters(
    point: oikeus.Decides, decision: oikeus.Decision, subject: str, organisation: str
) -> dict[str, tuple[str, ...]]:
    """Who could give each of the roles that would help, as far as one may know."""
    try:
        return {
            role: point.who_may_grant(subject, role, organisation, decision.at)
            for role in decision.roles
        }
    except oikeus.ServiceError as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
        talk("note: the token may not search, so nobody is named who could grant")
        return {}


def _past(settings: Settings, decision: oikeus.Decision) -> Past:
    """Which version decided, and which ones had brought what it decided by."""
    number = decision.version
    with settings.store() as store:

        def brought(line: oikeus.Line | None) -> oikeus.Version | None:
            found = store.brought_by(line, number) if line else None
            return store.version(found) if found else None

        grant = decision.grant.line if decision.grant else None
        return Past(store.version(number), brought(grant), brought(decision.rule))


@click.command(
    name="may-grant",
    epilog=example(
        "may-grant person:1.2.246.562.24.90100000002 ehoks-kayttaja",
        "1.2.246.562.10.90101000000 --to person:1.2.246.562.24.90100000009",
        "--at 2026-11-02",
    ),
)
@click.argument("granter")
@click.argument("role")
@click.argument("organisation")
@click.option("--to", "recipient", required=True, help="Who would hold the role.")
@at_option
@as_of_option
@service_options
@click.pass_context
def may_grant(
    ctx: click.Context,
    granter: str,
    role: str,
    organisation: str,
    recipient: str,
    at: date | None,
    as_of: oikeus.Moment | None,
) -> None:
    """Decide whether GRANTER may give ROLE at ORGANISATION.

    Ends with 0 for yes and 3 for no.
    """
    settings = ctx.ensure_object(Settings)
    with settings.asking(as_of) as point:
        decision = point.may_grant(granter, recipient, role, organisation, at)
    if settings.json:
        write_json(decision_view(decision))
    else:
        answer(allowed=decision.allowed, reason=decision.reason)
        if decision.granters:
            roles = ", ".join(map(bare_role, decision.granters))
            talk(f"could be granted by a holder of: {roles}")
    ctx.exit(Exit.YES if decision else Exit.NO)
