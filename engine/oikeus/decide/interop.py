"""Any stock Casbin decides as this engine does, given one domain matching function.

It needs our model, our lines and `prepare`; without it no grant matches, and everything
is denied. What a stock enforcer then still lacks is what the engine is for: it keeps a
trace of every name asked about, scans all domains for each new one, and is not to be
asked while it is changed.
"""

from __future__ import annotations

import casbin
from casbin.model import Assertion
from casbin.rbac.default_role_manager import RoleManager

from ..errors import ModelError
from ..policy.model import POLICY_FIELDS, REQUEST_FIELDS, ROLE_WIDTHS
from ..terms import Grant, Line
from .enforcer.asking import asker
from .facts import CHAINS

DIRECT = 2
"""The longest chain of `g` in words, a subject and its role: no role leads further."""

LONGEST = 100
"""The longest chain of the tree in words: far above what a register needs, and below
the depth at which Casbin's recursion fails on a cycle. Untold, Casbin takes ten."""


def prepare(enforcer: casbin.Enforcer) -> None:
    """Register the domain matching function, and how long chains may be.

    Call it once, before or after the policy is loaded; reloading the policy keeps it.
    Stock Casbin remembers what it found for a domain: after single `g2` or `g4` lines
    were added or removed in place, call `enforcer.build_role_links()`.

    Args:
        enforcer: a stock enforcer, or an `oikeus.Enforcer`, with our model.

    Raises:
        ModelError: the enforcer's model is not one that our lines are for.
    """
    _check_shape(enforcer)
    for ptype in ROLE_WIDTHS:
        longest = DIRECT if ptype == "g" else CHAINS[ptype] or LONGEST
        enforcer.get_named_role_manager(ptype).max_hierarchy_level = longest

    def covers(asked: str, held: str) -> bool:
        """Compare ORGANISATION@DAY@ROLE with ORGANISATION@FIRST-DAY..LAST-DAY.

        Raises:
            ValueError: a domain of another form; Casbin takes any exception for a no.
        """
        organisation, day, role = asked.split("@")
        grant = Grant.parse(Line("g", ("", role, held)))
        return (
            grant.span.first.isoformat() <= day <= grant.span.last.isoformat()
            and _linked(enforcer, "g2", organisation, grant.organisation)
            and _linked(enforcer, "g4", grant.organisation, role)
        )

    enforcer.add_named_domain_matching_func("g", covers)


def _linked(enforcer: casbin.Enforcer, ptype: str, first: str, second: str) -> bool:
    # the manager is looked up each time, because an enforcer can be given another
    manager = enforcer.get_named_role_manager(ptype)
    # asked itself, it would keep every organisation that anybody asks about
    ask = asker(manager) if type(manager) is RoleManager else manager.has_link
    return bool(ask(first, second))


def _check_shape(enforcer: casbin.Enforcer) -> None:
    """Refuse a model in which the lines would mean something else."""
    for key, required in (*REQUEST_FIELDS.items(), *POLICY_FIELDS.items()):
        found = _definition(enforcer, key)
        names = set(found.tokens) if found else set()
        missing = sorted(name for name in required if f"{key}_{name}" not in names)
        if missing:
            message = f"the model's `{key}` lacks {', '.join(missing)}"
            raise ModelError(message)
    for key, width in ROLE_WIDTHS.items():
        found = _definition(enforcer, key)
        if found is None or found.value.count("_") != width:
            message = f"the model's `{key}` is not of {width} columns, written as `_`"
            raise ModelError(message)


def _definition(enforcer: casbin.Enforcer, key: str) -> Assertion | None:
    """What the model says of `r`, `p2`, `g` …; nothing where it says nothing."""
    section = enforcer.get_model()[key[0]] or {}
    found: Assertion | None = section.get(key)
    return found
