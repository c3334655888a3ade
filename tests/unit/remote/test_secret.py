"""The token, which nothing shows."""

import pytest

from oikeus import RequestError
from oikeus.remote.secret import Secret


def test_token_is_sent_and_not_shown(token: str) -> None:
    """In one header, and nowhere else."""
    secret = Secret(token)
    assert secret.headers() == {"Authorization": f"Bearer {token}"}
    assert token not in repr(secret) + str(secret)
    assert not hasattr(secret, "__dict__")


def test_nobody_sends_no_token() -> None:
    """A service may ask nobody who they are."""
    secret = Secret(None)
    assert secret.headers() == {}
    assert secret.hidden(b"all") == b"all"


def test_token_that_comes_back_is_taken_out(token: str) -> None:
    """An answer may repeat what was sent."""
    echoed = f"unknown token {token}, {token}".encode()
    assert Secret(token).hidden(echoed) == "unknown token …, …".encode()


@pytest.mark.parametrize(
    "token",
    ["", " ", "a b", "a\nb", "a\r\nX: b", "\xe4", "a\n", "=", "x" * 8193, 17, b"a"],
)
def test_what_cannot_be_a_token_is_refused_and_not_repeated(token: str) -> None:
    """A line of it would be another header."""
    with pytest.raises(RequestError) as refused:
        Secret(token)
    assert str(refused.value) == (
        "the token is none, expected one line as `oikeus token` writes it"
    )
