"""What can be said of a provider, and what would not be safe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oikeus import Scope, SettingsError
from oikeus.service.jwt_settings import ALGORITHMS, JwtSettings

from ...openid import settings


def test_what_nobody_says_is_the_careful_choice() -> None:
    """Both halves of no key here, and no acts on powers."""
    made = settings()
    assert made.algorithms == ALGORITHMS == ("RS256", "PS256", "ES256", "EdDSA")
    assert made.scopes == {Scope.EVALUATE, Scope.SEARCH}
    assert (made.subject_claim, made.kind) == ("sub", "person")
    assert made.file is None


@pytest.mark.parametrize(
    "keys",
    [
        *("https://login.example/keys", "https://login.example:8443/a?b=c"),
        *("http://127.0.0.1:8080/keys", "http://localhost/keys", "http://[::1]/keys"),
    ],
)
def test_keys_are_fetched_where_nobody_is_in_between(keys: str) -> None:
    """Over TLS, or on this machine."""
    assert settings(keys=keys).file is None


def test_keys_may_be_in_a_file() -> None:
    """Whatever is no address is the name of one."""
    assert settings(keys="keys.json").file == Path("keys.json")


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no issuer": ({"issuer": ""}, "blank, expected all three"),
    "no audience": ({"audience": ""}, "blank, expected all three"),
    "no keys": ({"keys": ""}, "blank, expected all three"),
    "no algorithm": ({"algorithms": ()}, "expected some of RS256, PS256"),
    "no signature": ({"algorithms": ("none",)}, "unknown algorithm"),
    "a shared secret": ({"algorithms": ("ES256", "HS256")}, "unknown algorithm"),
    "roles": ({"kind": "role"}, "`role` is no kind"),
    "no kind": ({"kind": ""}, "`` is no kind"),
    "two kinds": ({"kind": "a:b"}, "`a:b` is no kind"),
    "no claim": ({"subject_claim": ""}, "the name of a claim is blank"),
    "no claim of places": ({"organisations_claim": ""}, "the name of a claim is blank"),
    "a clock that is behind": ({"leeway": timedelta(-1)}, "expected 0 to 5 minutes"),
    "an hour of leeway": ({"leeway": timedelta(hours=1)}, "expected 0 to 5 minutes"),
    "no time": ({"longest": timedelta(0)}, "expected some time"),
    "plain HTTP": ({"keys": "http://login.example/keys"}, "begins with https"),
    "a file as an address": ({"keys": "file://keys"}, "begins with https"),
    "no host": ({"keys": "https:///keys"}, "begins with https"),
    "no port": ({"keys": "https://login.example:x/keys"}, "begins with https"),
    "a password": ({"keys": "https://a:b@login.example/keys"}, "begins with https"),
    "a part of a page": ({"keys": "https://login.example/#keys"}, "begins with https"),
    "a host that begins so": ({"keys": "http://localhost.example/"}, "with https"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_would_not_be_safe_is_refused(name: str) -> None:
    """With what was expected."""
    said, expected = BAD[name]
    with pytest.raises(SettingsError, match=expected):
        settings(**said)


def test_settings_are_a_value() -> None:
    """Two that say the same are the same."""
    assert settings() == settings()
    assert isinstance(settings(), JwtSettings)
