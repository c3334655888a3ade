"""Where a service is, and where a token is never sent."""

import pytest

from oikeus import RequestError
from oikeus.remote.address import Address, is_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example", Address("https", "a.example", 443)),
        ("HTTPS://A.example/", Address("https", "a.example", 443)),
        (
            "https://a.example:8443/oikeus/",
            Address("https", "a.example", 8443, "/oikeus"),
        ),
        ("https://[2001:db8::1]:1", Address("https", "2001:db8::1", 1)),
        ("http://127.0.0.1:8080", Address("http", "127.0.0.1", 8080)),
        ("http://127.8.9.1", Address("http", "127.8.9.1", 80)),
        ("http://[::1]", Address("http", "::1", 80)),
        ("http://localhost", Address("http", "localhost", 80)),
    ],
)
def test_address_is_read(url: str, address: Address) -> None:
    """With the port and the path that it names."""
    assert is_address(url)
    assert Address.parse(url) == address


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://a.example:8443/oikeus", "https://a.example:8443/oikeus"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
    ],
)
def test_address_is_written_as_it_is_named(url: str, text: str) -> None:
    """Without what goes without saying."""
    assert str(Address.parse(url)) == text


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.example",
        "http://[fe80::1]",
    ],
)
def test_nothing_is_sent_in_the_clear_over_a_network(url: str) -> None:
    """Whoever listens would have the token."""
    with pytest.raises(RequestError) as refused:
        Address.parse(url)
    assert str(refused.value) == (
        "http:// would show the token to the network, expected https://, or an "
        "address of this machine such as http://127.0.0.1:8080"
    )


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://", "is none"),
        ("https:///path", "is none"),
        ("https://a.example:0", "is none"),
        ("https://a b.example", "is none"),
        ("https://\xe4.example", "is none"),
        ("https://a.example/\n", "is none"),
        ("ftp://a.example", "is none"),
        ("https://a.example:port", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("https://anna:secret@a.example", "holds more than an address"),
        ("https://a.example?token=secret", "holds more than an address"),
        ("https://a.example#secret", "holds more than an address"),
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(url: str, what: str) -> None:
    """It may hold a password."""
    with pytest.raises(RequestError) as refused:
        Address.parse(url)
    assert str(refused.value) == (
        f"the address of the service {what}, expected the form https://HOST, with a "
        "port and a path perhaps"
    )


@pytest.mark.parametrize("url", ["sqlite:///oikeus.db", "postgresql://h/d", "", None])
def test_database_is_no_service(url: object) -> None:
    """They are told from each other by how their addresses begin."""
    assert not is_address(url)
