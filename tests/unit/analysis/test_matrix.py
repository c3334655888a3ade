"""Requirements on the matrix: what the model says of one role at a time."""

from __future__ import annotations

from oikeus.analysis.matrix import Cell, Deed, matrix
from oikeus.terms import Effect

from ..decide.small_world import DAY, TERMS, snapshot, written


def test_cells_are_allow_deny_or_nothing_in_both() -> None:
    """A role that a version does not have says nothing there; changes are marked."""
    more = (
        "g3, role:new, person",
        "g4, level:school, role:new",
        "p, role:new, plan, burn, allow",
        "p, role:user, plan, read, deny",
        "p, role:user, pl@n, read, allow",
    )
    found = matrix(snapshot(), snapshot(*more), DAY)
    assert found.deeds == (
        Deed("read", "plan"),
        Deed("send", "plan"),
        Deed("burn", "plan"),
    )
    assert len(found.cells) == len(found.roles) * len(found.deeds)
    assert found.changed == (
        Cell("role:user", "read", "plan", Effect.ALLOW, Effect.DENY),
        Cell("role:new", "burn", "plan", None, Effect.ALLOW),
    )
    assert Cell("role:robot", "send", "plan", Effect.ALLOW, Effect.ALLOW) in found.cells


def test_a_model_that_asks_for_a_mode_is_asked_with_it() -> None:
    """Whatever an organisation inherits, one that has it is allowed."""
    model = written(*TERMS, 'g2(r.org, "mode:auto")')
    tree = ("g2, ?, root",)
    found = matrix(snapshot(*tree), snapshot(*tree, model=model), DAY)
    assert not found.changed
