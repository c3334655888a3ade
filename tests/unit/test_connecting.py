"""What `connect` needs to ask a service."""

import sys

import pytest

from oikeus import ServiceError, connect


def test_service_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "oikeus.remote.pool", None)
    with pytest.raises(ServiceError, match=r"pip install \"oikeus\[client\]\""):
        connect("https://oikeus.example", token=None)
