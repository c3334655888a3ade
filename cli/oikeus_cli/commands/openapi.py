"""`openapi`: the document of what the service answers."""

from __future__ import annotations

import click

from ..context import example, global_options
from ..extras import service_module
from ..output import result


@click.command(epilog=example("openapi"))
@global_options
def openapi() -> None:
    """Print the document of the service's API.

    It is OpenAPI 3.1, as JSON, and the same for every deployment of this version; a
    service gives it at /openapi.json. It takes the extra `service`.
    """
    result(service_module("openapi").document_text().rstrip("\n"))
