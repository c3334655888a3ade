"""`verify`, `checkpoint` and `key`: whether the history is as it was written."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import click

import oikeus

from ..context import Exit, Settings, example, global_options
from ..output import loading, result, talk, write_json

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=example("verify"))
@click.option(
    "--checkpoint",
    "vouched",
    type=_FILE,
    metavar="FILE",
    help="A signed head that was kept elsewhere, to hold the history against.",
)
@click.option(
    "--key", type=_FILE, metavar="PUBLIC.pem", help="The key that vouches for it."
)
@global_options
@click.pass_context
def verify(ctx: click.Context, vouched: Path | None, key: Path | None) -> None:
    """Hold the database against its history.

    Computes the chain of all versions again and replays it against the lines in force.
    Any row that was edited, removed, inserted or moved is named. That the end was cut
    off, or everything was written anew, only a checkpoint shows. Ends with 3 when
    anything disagrees.
    """
    if (vouched is None) is not (key is None):
        message = "--checkpoint and --key belong together, expected both"
        raise click.UsageError(message)
    settings = ctx.ensure_object(Settings)
    held = None
    unfit: tuple[oikeus.Finding, ...] = ()
    if vouched is not None and key is not None:
        try:
            held = oikeus.Checkpoint.load(vouched, oikeus.VerifyingKey.load(key))
        except oikeus.UnfitSignatureError as error:
            unfit = (oikeus.Finding(None, str(vouched), "", str(error)),)
    with settings.store() as store:
        found = oikeus.verify(store, checkpoint=held, progress=loading)
    found = replace(found, findings=(*unfit, *found.findings))
    if settings.json:
        write_json(asdict(found))
    else:
        for finding in found.findings:
            result(str(finding))
        result(_summary(found, held))
    if not found.clean:
        talk("do not write to this database until it is known who did that")
        ctx.exit(Exit.NO)


def _summary(found: oikeus.Verification, held: oikeus.Checkpoint | None) -> str:
    if not found.clean:
        count = len(found.findings)
        return f"{count} finding{'s' * (count > 1)}, the first one first"
    against = (
        "no checkpoint was given"
        if held is None
        else f"as in the checkpoint of version {held.version}, by key {held.key}"
    )
    return (
        f"clean: version {found.mark.number}, {found.changes} changes, "
        f"{found.lines} lines in force; {against}"
    )


@click.command(
    epilog=example(
        "key create checkpoints.pem && oikeus checkpoint --key checkpoints.pem"
    )
)
@click.option(
    "--key",
    type=_FILE,
    metavar="PRIVATE.pem",
    required=True,
    help="The private key; keep it away from the host of the database.",
)
@click.option("--out", type=_FILE, metavar="FILE", help="Write it to this file.")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it there as checkpoint-VERSION.json; for a daily timer.",
)
@click.option(
    "--command",
    "program",
    metavar="CMD",
    help="Give it to this program on standard input; no shell is used.",
)
@click.option(
    "--unverified",
    is_flag=True,
    help="Sign the head without holding the database against its history first.",
)
@global_options
@click.pass_context
def checkpoint(
    ctx: click.Context,
    key: Path,
    out: Path | None,
    directory: Path | None,
    program: str | None,
    unverified: bool,
) -> None:
    """Sign the head of the history, which is verified first.

    To be kept where the database is not; without an option it is written to standard
    output. `oikeus verify --checkpoint` tells later whether the history still holds
    that version, as it was. A file that is there is never overwritten. Ends with 3 when
    the history does not hold, or the file has another digest of the same version. The
    passphrase of the key, if it has one, is taken from OIKEUS_KEY_PASSPHRASE.
    """
    if sum(each is not None for each in (out, directory, program)) > 1:
        message = "--out, --directory and --command are alternatives, expected one"
        raise click.UsageError(message)
    settings = ctx.ensure_object(Settings)
    signing = oikeus.SigningKey.load(key)
    try:
        with settings.store() as store:
            verified = None if unverified else oikeus.verify(store, progress=loading)
            if verified is not None:
                verified.require()
            mark = None if verified is None else verified.mark
            made = oikeus.checkpoint(store, signing, mark=mark)
        if directory is not None:
            out = directory / f"checkpoint-{made.version}.json"
        if program is not None:
            _give(program, made.text)
            place = f"given to {program}"
        elif out is None:
            result(made.text.rstrip("\n"))
            return
        else:
            kept = made.keep(out, signing.public)
            older = kept is not made
            place = f"kept in {out} since {kept.made}" if older else f"written to {out}"
            made = kept
    except oikeus.TamperedError as error:
        talk(f"error: {error}")
        ctx.exit(Exit.NO)
    if settings.json:
        write_json(asdict(made))
    else:
        result(f"checkpoint of version {made.version}, by key {made.key}: {place}")


def _give(program: str, text: str) -> None:
    """Run a program with the text on its standard input, or end with an error."""
    try:
        words = shlex.split(program)
        done = subprocess.run(words, input=text.encode(), check=False)  # noqa: S603 # the owner's
        code = done.returncode
    except (OSError, ValueError, IndexError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no program"
        message = f"`{program}` cannot be run: {reason}".lower()
        raise click.ClickException(message) from None
    if code:
        message = f"`{program}` ended with {code}: the checkpoint may not be kept"
        raise click.ClickException(message)


@click.group(epilog=example("key create key.pem && oikeus key show key.pub.pem"))
def key() -> None:
    """Make keys for signing, and look at them.

    They sign checkpoints and approvals. The private key lives away from the host of the
    database: whoever has both can write a history and vouch for it.
    """


@key.command(epilog=example("key create officer.pem"))
@click.argument("private", type=_FILE, metavar="PRIVATE.pem")
@global_options
@click.pass_obj
def create(settings: Settings, private: Path) -> None:
    """Make a key, in two halves.

    PRIVATE.pem is for its owner, and PRIVATE.pub.pem for everybody who verifies. With
    OIKEUS_KEY_PASSPHRASE in the environment the private one is encrypted by it. Keep it
    away from the host of the database.
    """
    public = private.with_name(f"{private.stem}.pub.pem")
    made = oikeus.make_key(private, public)
    if settings.json:
        write_json({"key": made, "private": str(private), "public": str(public)})
    else:
        result(f"key {made}: {private} is secret, {public} is for who verifies")


@key.command(epilog=example("key create shown.pem && oikeus key show shown.pub.pem"))
@click.argument("file", type=_FILE, metavar="FILE")
@global_options
@click.pass_obj
def show(settings: Settings, file: Path) -> None:
    """Say the id of a key; either half of it will do."""
    found = oikeus.key_id(file)
    if settings.json:
        write_json({"key": found})
    else:
        result(found)
