"""The token, which nothing shows."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from oikeus import RequestError
from oikeus.remote.secret import HIDDEN, Secret

OURS = f"oik_17_{'0123456789abcdef' * 4}"


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
    assert secret.hidden_in(b"all") == b"all"
    assert secret.hidden("all") == "all"
    assert secret.sentence("all") == "all"


def test_token_that_comes_back_is_taken_out(token: str) -> None:
    """An answer may repeat what was sent."""
    secret = Secret(token)
    echoed = f"unknown token {token}, {token}"
    taken = "unknown token …, …"
    assert secret.hidden_in(echoed.encode()) == taken.encode()
    assert secret.hidden([echoed, 7, [echoed]]) == [taken, 7, [taken]]


DISGUISED: dict[str, Callable[[str], str]] = {
    "percent-encoded": lambda token: "".join(f"%{ord(each):02X}" for each in token),
    "twice": lambda token: quote("".join(f"%{ord(each):02x}" for each in token)),
    "on two lines": lambda token: f"{token[:20]}\n{token[20:]}",
    "with blanks": " ".join,
    "with marks": lambda token: ", ".join(f"`{each}`" for each in token),
    "with what nobody sees": "\u200b".join,
    "in part": lambda token: f"{token[:-30]}[...]",
}


@pytest.mark.parametrize("case", DISGUISED, ids=list(DISGUISED))
def test_sentence_with_the_token_in_disguise_is_not_shown(
    case: str, token: str
) -> None:
    """Whatever else it says."""
    sentence = f"unknown token {DISGUISED[case](token)}, expected another"
    assert Secret(token).sentence(sentence) == HIDDEN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the token is not in force", "the token is not in force"),
        ("one\n two \t three\x85four", "one two three four"),
        ("a\x1b[31mb\x00\x7fc\u202ed\ud800", "a\ufffd[31mb\ufffd\ufffdc\ufffdd\ufffd"),
        ("palvelukäyttäjä %41 0123456789", "palvelukäyttäjä %41 0123456789"),
        ("x" * 1000, "x" * 1000),
        ("x" * 1001, f"{'x' * 999}…"),
        ("x" * 100_000, f"{'x' * 999}…"),
    ],
)
def test_sentence_is_one_line_of_plain_characters(
    text: str, shown: str, token: str
) -> None:
    """A terminal or a log must not take it for more than that."""
    assert Secret(token).sentence(text) == shown
    assert Secret(None).sentence(text) == shown


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", " {}\t\n\n"])
def test_blanks_around_a_token_are_not_part_of_it(around: str, token: str) -> None:
    """A file ends with a line end."""
    assert Secret(around.format(token)).headers() == Secret(token).headers()


@pytest.mark.parametrize(
    "token",
    [
        *("a b", "a\nb", "a\r\nX: b", "\xe4", "a\x00", "=", "x" * 8193, 17, b"a"),
        # a password, what is named or quoted as a token, and what is not whole
        *(
            "hunter2",
            f"Bearer {OURS}",
            f'"{OURS}"',
            OURS[:-1],
            f"{OURS}0",
            OURS.upper(),
        ),
        *("oik_0_" + "0" * 64, "oik_1_" + "g" * 64, "oik_1_", "person:17"),
        *("a.b", "a.b.", "a..c", ".b.c", "a.b.c.d", "a.b.c=", "a.b.\u0661"),
        *("a.b\n.c", f"a.b.{'c' * 8192}"),
    ],
    ids=repr,
)
def test_what_cannot_be_a_token_is_refused_and_not_repeated(token: str) -> None:
    """A line of it would be another header; a password is nobody's to be sent."""
    with pytest.raises(RequestError) as refused:
        Secret(token)
    assert str(refused.value) == (
        "the token is none, expected the one line that `oikeus token create` writes, "
        "or a JWT of the provider that the service trusts"
    )


@pytest.mark.parametrize("token", [OURS, "a.b.c", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln-_"])
def test_what_can_be_a_token_is_sent(token: str) -> None:
    """Ours, or one of a provider; whether it is good is the service's to say."""
    assert Secret(token).headers() == {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("token", ["", " ", "\n"])
def test_blank_token_is_none(token: str) -> None:
    """It is not taken for a service that asks nobody."""
    with pytest.raises(RequestError, match="the token is blank"):
        Secret(token)


def test_sentence_with_percents_to_spare_is_shown(token: str) -> None:
    """However often a sentence may be encoded, only some rounds are undone."""
    assert Secret(token).sentence("100 %2525252525 of it") == "100 %2525252525 of it"
