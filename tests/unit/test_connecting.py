"""What `connect` needs to ask a service."""

import sys
from typing import Any

import pytest

from oikeus import RequestError, ServiceError, connect


def test_service_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "oikeus.remote.pool", None)
    with pytest.raises(ServiceError, match=r"pip install \"oikeus\[client\]\""):
        connect("https://oikeus.example", token=None)


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        ("ca_file", "", "cannot read ``: no such file, expected certificates in PEM"),
        ("ca_file", 5, "cannot read `5`: no such file, expected certificates in PEM"),
        ("patience", 5, "the patience is none, expected oikeus.Patience("),
    ],
)
def test_option_that_says_nothing_is_not_passed_over(
    option: str,
    value: Any,  # noqa: ANN401 # whatever is given
    text: str,
) -> None:
    """Others would be trusted than was meant."""
    with pytest.raises(RequestError) as refused:
        connect("https://oikeus.example", token=None, **{option: value})
    assert str(refused.value).startswith(text)


@pytest.mark.parametrize("url", ["oikeus.example", "localhost:8080", "sqlite://"])
def test_token_is_for_a_service(url: str) -> None:
    """An address without https:// is not taken for a database's."""
    with pytest.raises(RequestError) as refused:
        connect(url, token="secret")  # noqa: S106 # none
    told = "a token is for a service, expected its address: https://HOST"
    assert str(refused.value) == told
