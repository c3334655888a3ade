"""What each role may do, before and after: a table of roles by actions.

The model is asked about a stranger who holds the one role (`decide/strangers.py`), so
that the table is the policy's and not a second reading of its rules. It is asked at an
organisation that there is nowhere: one that has every level at which the role can be
held, and stands below no other. So the table is the same whatever the register holds,
and can be made where there is none. A model may ask what an organisation inherits (a
mode, a status): then it is asked with each such word that lines name, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..decide.allowing import checked_day
from ..decide.snapshot import Snapshot
from ..decide.strangers import stranger
from ..decide.whatif import one_day
from ..ids import is_id
from ..terms import Effect, Grant, Request


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role says of an action on a resource, in two versions.

    It allows if somebody who holds this role only may do it, whatever the organisation
    inherits, and denies if a rule keeps everybody who holds it from that.

    Attributes:
        before: allow or deny; nothing where no rule of the role is about it.
        after: the same, in the second version.
    """

    role: str
    action: str
    resource: str
    before: Effect | None
    after: Effect | None

    @property
    def changed(self) -> bool:
        """Whether the versions differ in it."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Deed:
    """An action on a resource."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Roles by actions.

    Attributes:
        roles: of both versions, those of the second one first.
        deeds: what rules of either name, those of the second one first.
        cells: one for each role and each deed, by rows.
    """

    roles: tuple[str, ...]
    deeds: tuple[Deed, ...]
    cells: tuple[Cell, ...]

    @property
    def changed(self) -> tuple[Cell, ...]:
        """The cells in which the versions differ."""
        return tuple(cell for cell in self.cells if cell.changed)


def matrix(before: Snapshot, after: Snapshot, day: date) -> Matrix:
    """Ask both versions what each role may do on a day.

    Raises:
        RequestError: the day is none.
        ModelError: a matcher failed.
    """
    day = checked_day(day)
    roles = tuple(dict.fromkeys((*after.roles, *before.roles)))
    deeds = tuple(dict.fromkeys((*_deeds(after), *_deeds(before))))
    said = [
        [effect for role in roles for effect in _row(snapshot, role, deeds, day)]
        for snapshot in (before, after)
    ]
    named = [(role, deed) for role in roles for deed in deeds]
    cells = tuple(
        Cell(role, deed.action, deed.resource, old, new)
        for (role, deed), old, new in zip(named, *said, strict=True)
    )
    return Matrix(roles, deeds, cells)


def _deeds(snapshot: Snapshot) -> Iterator[Deed]:
    value = snapshot.model.value
    for rule in snapshot.facts.rules["p"]:
        action, resource = value(rule, "act"), value(rule, "obj")
        if is_id(action) and is_id(resource):
            yield Deed(action, resource)


def _row(
    snapshot: Snapshot, role: str, deeds: tuple[Deed, ...], day: date
) -> Iterator[Effect | None]:
    """What a role says of each deed."""
    facts = snapshot.facts
    place = _nowhere(snapshot)
    levels = [word for word, words in facts.links["g4"].items() if role in words]
    strangers = [stranger(snapshot, kind, role) for kind in facts.kinds(role)]
    held = (Grant(subject, role, place, one_day(day)) for subject in strangers)
    facts = facts.linking("g4", place, levels).holding(*held)
    asked = [
        snapshot.evaluator.over(facts.linking("g2", place, words))
        for words in ((), *((word,) for word in _inherited(snapshot)))
    ]
    for deed in deeds:
        answers = [
            evaluator.ask(Request(subject, deed.action, deed.resource, place), day)
            for evaluator in asked
            for subject in strangers
        ]
        if any(answers):
            yield Effect.ALLOW
        else:
            spoke = any(answer.rule is not None for answer in answers)
            yield Effect.DENY if spoke else None


def _nowhere(snapshot: Snapshot) -> str:
    """The id of an organisation that no line names."""
    links = snapshot.facts.links
    place = "?"
    named = {*links["g2"], *links["g4"]}.union(*links["g2"].values())
    while place in named:
        place += "?"
    return place


def _inherited(snapshot: Snapshot) -> list[str]:
    """The words that organisations inherit."""
    marks = snapshot.tree.marks.values()
    return [*dict.fromkeys(word for words in marks for word in words)]
