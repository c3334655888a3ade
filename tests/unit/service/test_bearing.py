"""A request brings one token, in one place and one form, or none."""

from http import HTTPStatus

import pytest
from starlette.datastructures import Headers

from oikeus.service.bearing import LONGEST, bearer_text, no_good, nobody
from oikeus.service.problems import HttpError


def headers(*values: bytes) -> Headers:
    """Headers as a server hands them over, with these for authorization."""
    raw = [(b"host", b"localhost"), *((b"authorization", each) for each in values)]
    return Headers(raw=raw)


@pytest.mark.parametrize("scheme", [b"Bearer", b"bearer", b"BEARER", b"bEaReR"])
def test_the_scheme_is_written_in_any_case(scheme: bytes) -> None:
    """As HTTP has it (RFC 9110, section 11.1)."""
    assert bearer_text(headers(scheme + b" aA0-._~+/==")) == "aA0-._~+/=="


def test_a_token_is_as_long_as_is_allowed() -> None:
    """And not longer, whatever the server in front allows."""
    longest = b"a" * LONGEST
    assert bearer_text(headers(b"Bearer " + longest)) == longest.decode()


BAD: dict[str, tuple[bytes, ...]] = {
    "no header": (),
    "two headers": (b"Bearer a", b"Bearer a"),
    "two headers, one of another scheme": (b"Basic YTpi", b"Bearer a"),
    "two tokens in one": (b"Bearer a, Bearer b",),
    "another scheme": (b"Basic YTpi",),
    "a scheme that begins so": (b"Bearers a",),
    "no scheme": (b"a",),
    "no token": (b"Bearer",),
    "a blank token": (b"Bearer ",),
    "two blanks": (b"Bearer  a",),
    "a tab": (b"Bearer\ta",),
    "blanks around": (b" Bearer a ",),
    "blank": (b"",),
    "quotes": (b'Bearer "a"',),
    "a parameter": (b"Bearer token=a",),
    "only signs of equality": (b"Bearer ==",),
    "a letter of another script": ("Bearer \u0430".encode(),),
    "a letter of Latin 1": (b"Bearer \xe4",),
    "NUL": (b"Bearer a\0",),
    "a new line": (b"Bearer a\n",),
    "another header": (b"Bearer a\r\nX-Subject: person:b",),
    "too long": (b"Bearer " + b"a" * (LONGEST + 1),),
    "far too long": (b"Bearer " + b"a" * 10_000_000,),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_token_is_told_how_to_bring_one(name: str) -> None:
    """With no word of what was wrong with it, or of what it was."""
    with pytest.raises(HttpError) as raised:
        bearer_text(headers(*BAD[name]))
    assert raised.value.status is HTTPStatus.UNAUTHORIZED
    assert raised.value.detail == nobody().detail
    assert raised.value.headers == {"WWW-Authenticate": 'Bearer realm="oikeus"'}


def test_only_a_token_that_was_brought_is_called_invalid() -> None:
    """As RFC 6750, section 3.1 asks; the text is the same."""
    assert no_good().detail == nobody().detail
    assert no_good().status is HTTPStatus.UNAUTHORIZED
    assert no_good().headers == {
        "WWW-Authenticate": 'Bearer realm="oikeus", error="invalid_token"'
    }
