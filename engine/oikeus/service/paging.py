"""Pages of what a search found.

A token says after which result the next page begins, and for which question it is good.
Results are sorted, so that pages go on where they were also when a version came between
them; each page says by which version it was found.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256

from msgspec import UNSET, UnsetType

from .bodies import FoundPage, Page
from .questions import refused
from .settings import Settings

_FORM = b"\x01"
"""Begins each token: one of another form is refused, and not misread."""

_DIGEST = 16
_LONGEST = 1_000


def cut(
    found: Sequence[str], question: bytes, page: Page | UnsetType, settings: Settings
) -> tuple[Sequence[str], FoundPage]:
    """One page.

    Args:
        found: all results, sorted.
        question: what was asked, so that a token for another one is refused.
        page: which one is wanted; the first, where nothing is said.
        settings: how long pages are.

    Raises:
        HttpError: 400, when there is no such page.
    """
    token = "" if page is UNSET else page.token
    limit = settings.page if page is UNSET or page.limit is UNSET else page.limit
    if limit < 1:
        detail = "page.limit is too small, expected 1 or more"
        raise refused(detail)
    digest = sha256(question).digest()[:_DIGEST]
    begin = bisect_right(found, _after(token, digest)) if token else 0
    results = found[begin : begin + min(limit, settings.longest_page)]
    end = begin + len(results)
    following = _token(digest, results[-1]) if end < len(found) else ""
    return results, FoundPage(following, len(results), len(found))


def _token(digest: bytes, after: str) -> str:
    return urlsafe_b64encode(_FORM + digest + after.encode()).decode().rstrip("=")


def _after(token: str, digest: bytes) -> str:
    """After which result a page begins.

    Raises:
        HttpError: 400, when the token is for another question, or none.
    """
    try:
        padded = token[:_LONGEST] + "=" * (-len(token) % 4)
        read = urlsafe_b64decode(padded.encode("ascii"))
        begun, after = read[: 1 + _DIGEST], read[1 + _DIGEST :].decode()
    except ValueError:
        begun, after = b"", ""
    if begun != _FORM + digest:
        detail = "page.token is not for this question, ask for its first page again"
        raise refused(detail)
    return after
