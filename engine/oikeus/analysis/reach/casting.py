"""The people of a chain: as few as it takes.

Nobody grants to themselves, nor registers what is there: besides that anybody may take
any part that suits their kind. Two people who take turns can go a long way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .slots import Made, Slot, Verb
from .spreading import Holders

NEW = "?"
"""How the name of somebody begins who is nobody in particular."""

_FEW = 3
"""How many of those who hold a right at the beginning are tried."""


@dataclass(frozen=True, slots=True)
class Step:
    """An act of a chain, and the steps before it that it rests on, by number.

    Attributes:
        made: the act.
        by: the step that gave whoever does it their right; none where they hold it at
            the beginning.
        needs: the step that gave whoever gets it what they need, likewise.
        is_goal: whether it is for whoever the chain is for.
    """

    made: Made
    by: int | None = None
    needs: int | None = None
    is_goal: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does each act, and who gets what it brings about."""

    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Everybody, in the order in which they come."""
        pairs = zip(self.by, self.to, strict=True)
        return [*dict.fromkeys(name for pair in pairs for name in pair)]


def cast(
    start: Holders, steps: Sequence[Step], holder: str | None = None
) -> Cast | None:
    """Find people for all parts.

    Args:
        start: who holds what at the beginning.
        steps: the acts, each after those that it rests on.
        holder: for whom the chain is; anybody where it is nobody.

    Returns:
        the people; nothing where none fit, since somebody would have to grant to
        themselves.
    """
    for most in range(2 * len(steps) + 1):
        found = next(_Casting(start, steps, most).find(Cast(), holder), None)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Casting:
    """Looks for people, of whom at most so many are new."""

    start: Holders
    steps: Sequence[Step]
    most: int

    def find(self, so_far: Cast, holder: str | None) -> Iterator[Cast]:
        """Each way to fill the parts that are left."""
        number = len(so_far.to)
        if number < len(self.steps):
            yield from self._next(number, so_far, holder)
        else:
            yield so_far

    def _next(self, number: int, so_far: Cast, holder: str | None) -> Iterator[Cast]:
        step, names = self.steps[number], so_far.names()
        for by in self._by(step, so_far, names):
            there = [*dict.fromkeys((*names, by))]
            for to in self._to(step, so_far, there, holder):
                new = {name for name in (*there, to) if _is_new(name)}
                if to == by or self._has_it(step, so_far, to):
                    continue
                if len(new) <= self.most:
                    filled = Cast((*so_far.by, by), (*so_far.to, to))
                    yield from self.find(filled, to if step.is_goal else holder)

    def _has_it(self, step: Step, so_far: Cast, name: str) -> bool:
        """Whether somebody holds already what a step would give them."""
        slot = step.made.slot
        return name in self.start.get(slot, ()) or any(
            before.made.slot == slot and to == name
            for before, to in zip(self.steps, so_far.to, strict=False)
        )

    def _by(self, step: Step, so_far: Cast, names: Sequence[str]) -> Iterator[str]:
        if step.made.by is None:
            yield from _anybody(step.made.option.source.kind, names)
        else:
            yield from self._holders(step.made.by, step.by, so_far)

    def _to(
        self, step: Step, so_far: Cast, names: Sequence[str], holder: str | None
    ) -> Iterator[str]:
        made = step.made
        is_theirs = step.is_goal and holder is not None
        if made.option.verb is Verb.REGISTER:
            found: Iterator[str] = iter([_newcomer(made.slot.kind, names)])
        elif made.needs is not None:
            some = None if not is_theirs else holder
            found = self._holders(made.needs, step.needs, so_far, some)
        elif is_theirs and holder is not None:
            found = iter([holder])  # who may not have taken part so far
        else:
            found = _anybody(made.slot.kind, names)
        yield from (name for name in found if not is_theirs or name == holder)

    def _holders(
        self, slot: Slot, step: int | None, so_far: Cast, wanted: str | None = None
    ) -> Iterator[str]:
        if step is not None:
            yield so_far.to[step]
        elif wanted is not None and wanted in self.start[slot]:
            yield wanted
        else:
            yield from self.start[slot][:_FEW]


def _anybody(kind: str, names: Sequence[str]) -> Iterator[str]:
    """Those who take part already, then somebody new."""
    for name in names:
        if name.partition(":")[0] == kind:
            yield name
    yield _newcomer(kind, names)


def _newcomer(kind: str, names: Sequence[str]) -> str:
    number = sum(_is_new(name) and not name.endswith(":?0") for name in names) + 1
    return f"{kind}:{NEW}{number}"


def _is_new(name: str) -> bool:
    return name.partition(":")[2].startswith(NEW)
