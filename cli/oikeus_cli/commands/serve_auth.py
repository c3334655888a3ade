"""Options of `serve` that say who may ask, and over what they reach it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

import oikeus

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OPTIONS = (
    click.option(
        "--tls-cert",
        type=_FILE,
        metavar="FILE",
        help="The certificate, and those in between, in PEM.",
    ),
    click.option(
        "--tls-key", type=_FILE, metavar="FILE", help="Its private key, in PEM."
    ),
    click.option(
        "--behind-proxy",
        is_flag=True,
        help="A proxy in front speaks TLS, and nobody else reaches the port.",
    ),
    click.option(
        "--insecure-no-auth",
        is_flag=True,
        help="Let anybody on this machine evaluate and search, without a token.",
    ),
    click.option(
        "--jwt-issuer", metavar="ISSUER", help="Take tokens of this OpenID provider."
    ),
    click.option(
        "--jwt-audience", metavar="AUDIENCE", help="For whom they must be made."
    ),
    click.option(
        "--jwt-jwks",
        metavar="URL",
        help="The provider's keys: an https address, or a file.",
    ),
    click.option(
        "--jwt-algorithm",
        "jwt_algorithms",
        type=click.Choice(["RS256", "PS256", "ES256", "EdDSA"]),
        multiple=True,
        help="With what they may be signed; can be given again, any of these without.",
    ),
    click.option(
        "--jwt-subject-claim",
        metavar="CLAIM",
        help="The claim that says whose they are, sub by default.",
    ),
    click.option(
        "--jwt-kind",
        metavar="KIND",
        help="The kind of those subjects, person by default.",
    ),
    click.option(
        "--jwt-scope",
        "jwt_scopes",
        type=click.Choice([scope.value for scope in oikeus.Scope]),
        multiple=True,
        help=(
            "What they can be good for, where they claim it too; can be given again, "
            "evaluate and search without."
        ),
    ),
    click.option(
        "--jwt-organisations-claim",
        metavar="CLAIM",
        help="The claim that says where they are good; everywhere without it.",
    ),
    click.option(
        "--jwt-access-only",
        is_flag=True,
        help="Take those alone that say at+jwt of themselves (RFC 9068).",
    ),
)
_NAMED = {
    "jwt_algorithms": "algorithms",
    "jwt_subject_claim": "subject_claim",
    "jwt_kind": "kind",
    "jwt_organisations_claim": "organisations_claim",
}


def auth_options(command: Command) -> Command:
    """Add the options; the command takes them as `**auth`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def auth_settings(host: str, auth: Mapping[str, Any]) -> Any:  # noqa: ANN401 # of the extra
    """The terms that the options say, as `oikeus.service.exposure.AuthSettings`.

    Raises:
        SettingsError: they cannot be used, or would not be safe.
    """
    exposure = import_module("oikeus.service.exposure")
    certificate, key = auth["tls_cert"], auth["tls_key"]
    if (certificate is None) != (key is None):
        message = "--tls-cert and --tls-key belong together, expected both"
        raise click.UsageError(message)
    return exposure.AuthSettings(
        host=host,
        tls=exposure.Tls(certificate, key) if certificate else None,
        behind_proxy=auth["behind_proxy"],
        insecure_no_auth=auth["insecure_no_auth"],
        jwt=_jwt_settings(auth),
    )


def _jwt_settings(auth: Mapping[str, Any]) -> Any:  # noqa: ANN401 # of the extra
    """What is said of a provider; nothing where there is none."""
    needed = (auth["jwt_issuer"], auth["jwt_audience"], auth["jwt_jwks"])
    if not all(needed):
        if any(value for name, value in auth.items() if name.startswith("jwt_")):
            message = "expected all of --jwt-issuer, --jwt-audience and --jwt-jwks"
            raise click.UsageError(message)
        return None
    jwt_settings = import_module("oikeus.service.jwt_settings")
    other = {_NAMED[name]: auth[name] for name in _NAMED if auth[name]}
    if auth["jwt_scopes"]:
        other["scopes"] = frozenset(map(oikeus.Scope, auth["jwt_scopes"]))
    if auth["jwt_access_only"]:
        other["types"] = jwt_settings.ACCESS_TYPE
    issuer, audience, keys = needed
    return jwt_settings.JwtSettings(
        issuer=issuer, audience=audience, keys=keys, **other
    )
