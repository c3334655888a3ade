"""Gets the keys of an OpenID provider from where they are published.

It waits for the network, and is for a thread of its own. How much comes, and how long
that takes, is bounded whatever the other end sends.
"""

from __future__ import annotations

import os
import time

import urllib3

from ..errors import SettingsError
from ..privacy import is_anybodys
from .jwt_settings import JwtSettings
from .key_sets import LARGEST

_SILENCE = 5.0
"""Seconds for which the other end may say nothing."""

_DEADLINE = 20.0
_PIECE = 1 << 14
_OK = 200
_HEADERS = {
    "Accept": "application/jwk-set+json, application/json",
    # what was packed small could be unpacked to anything
    "Accept-Encoding": "identity",
}


def document_of(settings: JwtSettings) -> bytes:
    """What is published now; of too much of it, enough to see that.

    Raises:
        SettingsError: the other end answered something else, or takes too long; or
            everybody can write the file, and so let anybody in.
        OSError: the file cannot be read.
        HTTPError: of urllib3, when nothing came.
    """
    if settings.file is not None:
        with settings.file.open("rb") as file:
            if is_anybodys(os.fstat(file.fileno()).st_mode):
                message = (
                    f"everybody can write the keys in `{settings.file}`, expected "
                    "`chmod o-w` on it"
                )
                raise SettingsError(message)
            return file.read(LARGEST + 1)
    with urllib3.PoolManager(retries=False, timeout=_SILENCE) as pool:
        answer = pool.request(
            "GET",
            settings.keys,
            headers=_HEADERS,
            # elsewhere might be where others can put keys
            redirect=False,
            preload_content=False,
        )
        try:
            return _body(answer)
        finally:
            answer.close()


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    if answer.status != _OK:
        message = f"the provider answered {answer.status}, expected {_OK}"
        raise SettingsError(message)
    ends = time.monotonic() + _DEADLINE
    body = bytearray()
    while len(body) <= LARGEST:
        piece = answer.read1(_PIECE, decode_content=False)
        if not piece:
            break
        body += piece
        if time.monotonic() > ends:
            message = f"the provider took longer than {_DEADLINE:.0f} seconds"
            raise SettingsError(message)
    return bytes(body)
