"""What goes over the wire, and how long is waited for it."""

import math

import pytest

from oikeus import Patience, RequestError
from oikeus.remote.exchange import Received


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("application/json", "application/json"),
        ("Application/JSON ; charset=utf-8", "application/json"),
        ("", ""),
    ],
)
def test_media_type_is_read_without_its_parameters(header: str, kind: str) -> None:
    """In lower case, as it is compared."""
    assert Received(200, {"content-type": header}, b"").media_type == kind
    assert Received(200, {}, b"").media_type == ""


def test_service_is_waited_for_three_and_ten_seconds() -> None:
    """Where nobody says otherwise."""
    assert Patience() == Patience(connect=3, read=10.0)


@pytest.mark.parametrize("seconds", [0, -1, math.inf, math.nan, True, "3", None, 1e9])
def test_what_is_no_time_is_refused(seconds: float) -> None:
    """Before anything is asked."""
    for patience in ({"connect": seconds}, {"read": seconds}):
        with pytest.raises(RequestError, match="is no time to wait for a service"):
            Patience(**patience)
