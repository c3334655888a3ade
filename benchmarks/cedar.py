"""Cedar among the contenders, through cedarpy, with the same rules in its own form.

It is given its best case. Policies and entities, those of the whole world, are parsed
once before the clock runs, and requests are made before it runs, as dictionaries, which
cedarpy takes in faster than text. (Entities limited to those that a question needs were
no faster when they were parsed beforehand. Parsed for each question they are slower;
yet only so can a grant change without parsing all of them anew.)

What each role is for, levels and blocks are checked as everybody checks them. Cedar
cannot look through a set of grants for one that holds today, so that days come in two
forms:

- checked: a subject has its grants of a role as numbered attributes, with their days,
  and a policy asks about each number; the same checks as all others do;
- beforehand: a subject has only what holds today, worked out each morning, so that
  Cedar has less to check than all others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

from .questions import Question
from .worlds import TOP, Held, World, policies

Attributes: TypeAlias = dict[str, object]
Request: TypeAlias = dict[str, Any]
_KINDS = {"person": "Person", "system": "System"}


def installed() -> bool:
    """Whether cedarpy is there; it is needed for nothing else."""
    return find_spec("cedarpy") is not None


class Cedar:
    """Answers by Cedar policies.

    Attributes:
        days: whether Cedar checks the days.
    """

    def __init__(self, world: World, *, days: bool) -> None:
        self._cedar = import_module("cedarpy")
        self.days = days
        self._today = world.today.toordinal()
        held = held_by_role(world, every_day=days)
        slots = max(len(found) for roles in held.values() for found in roles.values())
        text = policy_text(slots if days else 0)
        self._policies = self._cedar.PolicySet.from_str(text)
        blocked = frozenset(world.blocked)
        self._known = {
            subject: _entity(
                _principal(subject),
                {"blocked": subject in blocked}
                | {role: self._places(grants) for role, grants in roles.items()},
            )
            for subject, roles in held.items()
        }
        self._known[TOP] = _entity(_id("Organisation", TOP), {})
        self._above: dict[str, list[str]] = {TOP: []}
        for place in world.places:
            uid = _id("Organisation", place.oid)
            self._known[place.oid] = _entity(uid, {}, place.parent)
            self._above[place.oid] = [place.parent, *self._above[place.parent]]
        self._entities = self._parsed([*self._known.values()])

    def asked(self, questions: Sequence[Question]) -> list[Request]:
        """The questions as cedarpy takes them in fastest."""
        context = {"context": json.dumps({"day": self._today})} if self.days else {}
        return [
            {
                "principal": _principal(subject),
                "action": _id("Action", f"{resource}:{action}"),
                "resource": _id("Organisation", organisation),
                **context,
            }
            for subject, action, resource, organisation in questions
        ]

    def one_by_one(self, requests: Sequence[Request]) -> list[bool]:
        """Ask about each."""
        ask, rules, entities = self._cedar.is_authorized, self._policies, self._entities
        return [ask(request, rules, entities).allowed for request in requests]

    def with_its_own(self, requests: Sequence[Request]) -> list[bool]:
        """Ask about each with its own entities: its subject, its organisations."""
        return [
            self._cedar.is_authorized(
                request, self._policies, self._needed(request)
            ).allowed
            for request in requests
        ]

    def together(self, requests: Sequence[Request]) -> list[bool]:
        """Ask about all at once."""
        given = self._cedar.is_authorized_batch(
            requests, self._policies, self._entities
        )
        return [each.allowed for each in given]

    def _needed(self, request: Request) -> object:
        place = request["resource"]["id"]
        names = (request["principal"]["id"], place, *self._above.get(place, ()))
        return self._parsed(
            [self._known[name] for name in names if name in self._known]
        )

    def _parsed(self, entities: Sequence[Attributes]) -> object:
        return self._cedar.Entities.from_json_str(json.dumps(entities))

    def _places(self, grants: Sequence[Held]) -> object:
        if not self.days:
            return [_reference(grant) for grant in grants]
        return {
            f"g{number}": {
                "at": _reference(grant),
                "first": grant.days.first.toordinal(),
                "last": grant.days.last.toordinal(),
            }
            for number, grant in enumerate(grants)
        }


def policy_text(slots: int) -> str:
    """The shipped rules as Cedar policies: one for each role, and one for blocks.

    Args:
        slots: how many grants of a role a subject has at most; none where subjects
            have only what holds today.
    """
    lines = policies().lines
    kinds = {line.values[0]: line.values[1] for line in lines if line.ptype == "g3"}
    deeds: dict[str, list[str]] = {}
    for line in lines:
        if line.ptype == "p":
            role, resource, action, _ = line.values
            deeds.setdefault(role, []).append(f'Action::"{resource}:{action}"')
    texts = ["forbid(principal, action, resource) when { principal.blocked };"]
    for role, named in deeds.items():
        held = f"principal.{attribute(role)}"
        where = " || ".join(_slot(held, number) for number in range(slots))
        texts.append(
            f"permit(principal is {_KINDS[kinds[role]]}, "
            f"action in [{', '.join(named)}], resource is Organisation)\n"
            f"when {{ principal has {attribute(role)} && "
            f"({where or f'resource in {held}'}) }};"
        )
    return "\n".join(texts)


def _slot(held: str, number: int) -> str:
    grant = f"{held}.g{number}"
    return (
        f"({held} has g{number} && {grant}.first <= context.day && "
        f"context.day <= {grant}.last && resource in {grant}.at)"
    )


def held_by_role(world: World, *, every_day: bool) -> dict[str, dict[str, list[Held]]]:
    """The grants of each subject, by role, at a level that the role has."""
    levels = {line.values for line in policies().lines if line.ptype == "g4"}
    level_of = {place.oid: f"level:{place.level}" for place in world.places}
    held: dict[str, dict[str, list[Held]]] = {}
    for grant in world.grants:
        known = held.setdefault(grant.subject, {})
        at_level = (level_of[grant.organisation], grant.role) in levels
        if at_level and (every_day or world.today in grant.days):
            known.setdefault(attribute(grant.role), []).append(grant)
    return held


def attribute(role: str) -> str:
    """The name of a role where no `-` may stand."""
    return role.removeprefix("role:").replace("-", "_")


def _principal(subject: str) -> dict[str, str]:
    kind, _, _ = subject.partition(":")
    return _id(_KINDS[kind], subject)


def _id(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _reference(grant: Held) -> dict[str, object]:
    return {"__entity": _id("Organisation", grant.organisation)}


def _entity(uid: dict[str, str], attributes: Attributes, *above: str) -> Attributes:
    parents = [_id("Organisation", place) for place in above]
    return {"uid": uid, "attrs": attributes, "parents": parents}
