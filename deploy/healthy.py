"""Ends with 0 when the node in this container is ready, else with 1.

It asks over TLS where the node speaks that. Whose certificate it is does not matter:
nothing is told to the node, and this is the node's own machine.
"""

from __future__ import annotations

import ssl
import sys
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

PORT: Final = 8080
PATIENCE: Final = 1.0
"""How many seconds a node may take: two tries fit into the three of the image."""


def is_ready(node: HTTPConnection) -> bool:
    """Whether a node says that it is ready.

    Raises:
        OSError: nothing is reached there.
        HTTPException: it speaks something else.
    """
    with closing(node):
        node.request("GET", "/health/ready")
        return node.getresponse().status == HTTPStatus.OK


def main(port: int) -> bool:
    """Whether the node at a port of this machine is ready."""
    anybodys = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybodys.check_hostname = False
    anybodys.verify_mode = ssl.CERT_NONE
    place = "127.0.0.1"
    for node in (
        HTTPConnection(place, port, timeout=PATIENCE),
        HTTPSConnection(place, port, timeout=PATIENCE, context=anybodys),
    ):
        try:
            return is_ready(node)
        except (OSError, HTTPException):
            continue
    return False


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if sys.argv[1:] else PORT))
