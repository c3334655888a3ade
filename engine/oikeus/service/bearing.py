"""What a request brings to show who it comes from: one bearer token, in one place.

That place is the header `Authorization` (RFC 6750, section 2.1); a token in a query or
a form would end up in logs, and is not looked for.

INVARIANT: a token is neither repeated nor logged, and a refusal is the same whatever
was wrong with it.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from starlette.datastructures import Headers

from .callers import REALM
from .problems import HttpError

LONGEST = 8192
"""How long a token may be; one of a provider holds claims and a signature."""

# the scheme in any case, one blank, and the letters that RFC 6750 gives a token
_CREDENTIALS = re.compile(rb"(?i:bearer) ([A-Za-z0-9._~+/-]{1,%d}=*)" % LONGEST)
_LONGEST_HEADER = len(b"bearer ") + LONGEST
_DETAIL = "it is not known who asks, expected a bearer token that is good"


def bearer_text(headers: Headers) -> str:
    """The token of a request.

    Raises:
        HttpError: 401, when there is none: no header, or two, or of another form.
    """
    found = [value for name, value in headers.raw if name == b"authorization"]
    # two headers: what stands before this service may have looked at the other one
    if len(found) != 1 or len(found[0]) > _LONGEST_HEADER:
        raise nobody()
    credentials = _CREDENTIALS.fullmatch(found[0])
    if credentials is None:
        raise nobody()
    return credentials[1].decode()


def nobody() -> HttpError:
    """The answer to who brings no token."""
    return HttpError(HTTPStatus.UNAUTHORIZED, _DETAIL, {"WWW-Authenticate": REALM})


def no_good() -> HttpError:
    """The answer to who brings one that is not good, whatever is wrong with it."""
    challenge = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
    return HttpError(HTTPStatus.UNAUTHORIZED, _DETAIL, challenge)
