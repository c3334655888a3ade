"""Memory: what questions about unknown names leave behind. Nothing should be."""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Callable
from itertools import cycle

from . import casbins
from .figures import Figure, Findings, Run
from .questions import strangers
from .worlds import SIZES, make_world

Ask = Callable[[str, str, str, str], bool]
_FEW_OBJECTS = 100
"""Python itself keeps some, now and then; a million names would be far more."""
_FIRST = 1_000


def memory(run: Run) -> Findings:
    """Ask about a million subjects and organisations that nobody has heard of."""
    world = make_world(SIZES[run.middle])
    found = Findings(
        [_figure("DecisionPoint", casbins.ours(world).allows, run.strangers)]
    )
    few = make_world(SIZES["100"])
    drop_in, day = casbins.drop_in(few), few.today.isoformat()
    if drop_in is None:
        name = _name("Enforcer", run.strangers)
        missing = Figure(name, None, _FEW_OBJECTS, at_most=True, note="not there")
        found.figures.append(missing)
        return found

    def ours(subject: str, action: str, resource: str, organisation: str) -> bool:
        values = (subject, "person", organisation, day, resource, action)
        return bool(drop_in.enforce(*values))

    plain = casbins.plain_drop_in()

    def plainly(subject: str, action: str, resource: str, organisation: str) -> bool:
        return bool(plain.enforce(subject, organisation, resource, action))

    known = cycle([grant.subject for grant in few.grants])

    def from_within(_: str, action: str, resource: str, organisation: str) -> bool:
        """Ask about a subject that holds something, if not there."""
        return ours(next(known), action, resource, organisation)

    found.figures += [
        _figure("Enforcer, RBAC with domains", plainly, run.strangers),
        _figure("Enforcer, our model", ours, run.strangers),
        _figure("Enforcer, our model, known subjects", from_within, run.strangers),
    ]
    return found


def _figure(name: str, allows: Ask, count: int) -> Figure:
    _ask(allows, min(_FIRST, count))
    objects, peak = _objects(), _peak()
    _ask(allows, count)
    left = _objects() - objects
    grown = (_peak() - peak) / 1e6
    note = f"the process's peak grew by {grown:.1f} MB"
    return Figure(
        _name(name, count), max(left, 0), _FEW_OBJECTS, at_most=True, note=note
    )


def _name(name: str, count: int) -> str:
    asked = f"{count:,} questions about unknown names"
    return f"objects that {asked} leave in oikeus.{name}"


def _ask(allows: Ask, count: int) -> None:
    if any(allows(*question) for question in strangers(count)):
        message = "a stranger was allowed something"
        raise AssertionError(message)


def _objects() -> int:
    gc.collect()
    return sys.getallocatedblocks()


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
