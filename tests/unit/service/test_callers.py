"""What a caller may ask for and about, and how it is told that it may not."""

from http import HTTPStatus

import pytest

from oikeus import Line, Scope, Tree
from oikeus.service.callers import Caller, needs, needs_reach, needs_subject
from oikeus.service.problems import HttpError

TREE = Tree.from_lines(
    Line("g2", pair) for pair in (("1.1", "1.0"), ("1.1.1", "1.1"), ("1.2", "1.0"))
)


def test_a_caller_gets_what_its_scopes_name() -> None:
    """And nothing is said when it does."""
    needs(Caller("token:3", "person:a", frozenset({Scope.SEARCH})), Scope.SEARCH)


@pytest.mark.parametrize("scope", Scope)
def test_a_caller_without_a_scope_is_told_which(scope: Scope) -> None:
    """As RFC 6750 says it, so that a client can ask for another token."""
    caller = Caller("token:3", "person:a", frozenset(Scope) - {scope})
    with pytest.raises(HttpError) as raised:
        needs(caller, scope)
    assert raised.value.status is HTTPStatus.FORBIDDEN
    assert raised.value.detail == f"the caller lacks the scope `{scope.value}`"
    assert raised.value.headers["WWW-Authenticate"] == (
        f'Bearer realm="oikeus", error="insufficient_scope", scope="{scope.value}"'
    )


@pytest.mark.parametrize(
    ("organisations", "reached"),
    [
        ((), {"1.0", "1.1", "1.1.1", "1.2", "unknown"}),
        (("1.1",), {"1.1", "1.1.1"}),
        (("1.1.1", "1.2"), {"1.1.1", "1.2"}),
    ],
)
def test_a_caller_asks_about_its_organisations_and_those_below(
    organisations: tuple[str, ...], reached: set[str]
) -> None:
    """Of others it is told nothing, not even whether they are known."""
    caller = Caller("token:3", "person:a", frozenset(), organisations)
    for asked in ("1.0", "1.1", "1.1.1", "1.2", "unknown"):
        if asked in reached:
            needs_reach(caller, asked, TREE)
            continue
        with pytest.raises(HttpError) as raised:
            needs_reach(caller, asked, TREE)
        assert raised.value.status is HTTPStatus.FORBIDDEN
        assert asked not in raised.value.detail
        challenge = 'Bearer realm="oikeus", error="insufficient_scope"'
        assert raised.value.headers["WWW-Authenticate"] == challenge


def test_acts_need_somebody() -> None:
    """Who is not known has no powers."""
    assert needs_subject(Caller("token:3", "person:a", frozenset())) == "person:a"
    with pytest.raises(HttpError) as raised:
        needs_subject(Caller("anyone", None, frozenset(Scope)))
    assert raised.value.status is HTTPStatus.FORBIDDEN
