"""The id that a caller gives a request."""

import pytest

from oikeus.service.request_ids import request_id


@pytest.mark.parametrize(
    "value",
    [b"", b"a\nb", "ä".encode(), b"\x7f", b"x" * 129, b"a\n"],
    ids=repr,
)
def test_what_is_no_plain_text_is_none(value: bytes) -> None:
    """It could be more than one header, or say something of its own in a log."""
    assert request_id([(b"x-request-id", value)]) is None


def test_id_is_plain_text() -> None:
    """The first one counts; a request may have none."""
    headers = [(b"host", b"a"), (b"x-request-id", b" ~" * 64), (b"x-request-id", b"b")]
    assert request_id(headers) == b" ~" * 64
    assert request_id(headers[:1]) is None
