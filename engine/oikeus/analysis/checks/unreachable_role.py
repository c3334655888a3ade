"""Roles that nobody can ever get: no power, no first grant and no import gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...decide.facts import gathered, reach
from ...decide.wording import bare, names
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    given = gathered(stage.ends(power) for power in examined.usable)
    got = {role for source in _sources(examined) for role in reach(given, source)}
    told: set[str] = set()
    for line in examined.lines("g3"):
        role = line.values[0]
        if role in got or role in told:
            continue
        told.add(role)
        granters = [one for one, roles in given.items() if role in roles]
        yield Noted.on(
            line,
            f"nobody can ever get `{bare(role)}`: {_why(granters)}",
            "write the power or the first grant that gives it, or take the role away",
        )


def _why(granters: Collection[str]) -> str:
    if not granters:
        return "no power, first grant or import gives it"
    return f"only {names(granters)} gives it, which nobody can get"


def _sources(examined: Examined) -> Iterator[str]:
    """The roles that people get without a power."""
    yield from (grant.role for grant in examined.first_grants)
    imports, credential = examined.catalogue.imports, examined.catalogue.credential
    if imports is not None:
        for meanings in imports.rights.values():
            yield from (f"role:{meaning.role}" for meaning in meanings.values())
    if credential is not None:
        # a system is registered by whoever may do that, and by imports
        yield f"role:{credential}"


CHECK = Check(
    "unreachable-role", Severity.WARNING, "a role that nobody can ever get", _find
)
