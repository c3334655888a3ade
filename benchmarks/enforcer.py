"""`oikeus.Enforcer` against stock, on Casbin's own shapes and in its management."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

import oikeus

from .figures import Figure, Findings, Measurement, Run

Row: TypeAlias = tuple[str, float, float]
"""What was compared, and the medians of stock and ours, in microseconds."""

_SHAPES = f"{__package__}.enforcer_shapes"
_FASTER, _NOT_SLOWER, _SAME = 10, 1, 1.0
_MANY = "10,000"
_SECONDS = 0.05
"""Of a run's seconds, for each of some forty rows and each of the two."""


def enforcer(run: Run) -> Findings:
    """Compare on every shape, then in management and in the first question after."""
    found = Findings()
    if not hasattr(oikeus, "Enforcer") or find_spec(_SHAPES) is None:
        name = "oikeus.Enforcer to stock, on Casbin's shapes"
        found.figures.append(
            Figure(name, None, _FASTER, at_most=False, note="not there")
        )
        return found
    shapes: Any = import_module(_SHAPES)
    seconds = run.seconds * _SECONDS
    _compare("shape", shapes.shape_rows(seconds), found, lambda _: _FASTER)
    _compare("management", shapes.management_rows(seconds), found, _bar)
    return found


def _bar(name: str) -> float:
    """None slower; many times faster where there are many rules."""
    return _FASTER if _MANY in name else _NOT_SLOWER


def _compare(
    what: str, rows: Iterable[Row], found: Findings, bar: Callable[[str], float]
) -> None:
    for name, stock, ours in rows:
        ratio = stock / ours
        found.figures.append(
            Figure(f"Enforcer, {what}: {name}", ratio, bar(name), at_most=False)
        )
        found.measurements += [
            Measurement(what, name, "casbin.Enforcer", stock * 1e3, ratio=ratio),
            Measurement(what, name, "oikeus.Enforcer", ours * 1e3, ratio=_SAME),
        ]
