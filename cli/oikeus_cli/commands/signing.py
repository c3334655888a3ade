"""`sign`: a second person approves a plan."""

from __future__ import annotations

from pathlib import Path

import click

import oikeus

from .. import plan_files
from ..context import Settings, example, global_options
from ..output import result, talk, write_file, write_json

SUFFIX = ".sig"
"""What the file of a signature is called after the plan's."""


@click.command(
    epilog=example("sign change.plan --key private.pem --out change.plan.sig")
)
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your private key, in PEM.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the signature goes; PLAN.sig by default.",
)
@global_options
@click.pass_obj
def sign(settings: Settings, plan: Path, key: Path, out: Path | None) -> None:
    """Approve PLAN by your key.

    PLAN is a file of `oikeus plan --out`. What you sign is the digest of all that it
    says, which is shown before.
    """
    found = oikeus.read_plan(plan)
    for warning in plan_files.warnings(found):
        talk(f"warning: {warning}")
    for text in plan_files.said(plan_files.read(settings, found, None)):
        talk(text)
    approval = oikeus.sign_plan(found, oikeus.SigningKey.load(key))
    place = out or plan.with_name(plan.name + SUFFIX)
    write_file(place, f"{approval.text}\n")
    if settings.json:
        write_json(
            {
                "plan": approval.plan,
                "key": approval.signature.key,
                "signature": approval.signature.text,
                "file": str(place),
            }
        )
    else:
        result(f"plan {approval.plan} signed by key {approval.signature.key}: {place}")
