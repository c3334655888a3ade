"""Cerbos among the contenders: its own server, which answers from what a request says.

Cerbos keeps policies and no data: whoever asks sends what the subject holds and which
organisations stand above the resource. It is given its best case: these are looked up
and written beforehand, grants at a level that the role does not have are left out, a
subject has its grants by role, and nobody is authenticated. A derived role is held by
whoever has a grant of it here today; the shipped rules are rules about derived roles.

`make bench` installs the npm package `cerbos`, which brings the server's binary, into
build/cerbos; where npm is not there, Cerbos takes no part.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from oikeus.terms import kind_of

from .cedar import attribute, held_by_role
from .http_servers import post
from .questions import Question
from .worlds import ROOT, TOP, World, policies

DECISION = '"EFFECT_(ALLOW|DENY)"'
NOT_INSTALLED = "npm, or its package cerbos, is not installed"
_PACKAGES = ROOT / "build" / "cerbos" / "node_modules" / "@cerbos"
_API = "api.cerbos.dev/v1"
_VERSION = "default"
_HOLDERS = "holders"

Document: TypeAlias = dict[str, Any]


def binary() -> Path | None:
    """The server's program, where it is installed."""
    return next(iter(sorted(_PACKAGES.glob("cerbos-*/cerbos-*"))), None)


def command(program: Path, folder: Path, port: int, other: int) -> list[str]:
    """Write the policies and the configuration, and say how the server is run.

    Args:
        program: the server.
        folder: where all is written.
        port: for HTTP.
        other: for gRPC, which Cerbos cannot do without.
    """
    kept = folder / "policies"
    kept.mkdir()
    for name, document in documents().items():
        (kept / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    server = {
        "httpListenAddr": f"127.0.0.1:{port}",
        "grpcListenAddr": f"127.0.0.1:{other}",
    }
    disk = {"directory": str(kept), "watchForChanges": False}
    configuration = {
        "server": server,
        "storage": {"driver": "disk", "disk": disk},
        "telemetry": {"disabled": True},
    }
    path = folder / "cerbos.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    return [str(program), "server", f"--config={path}", "--log-level=error"]


def documents() -> dict[str, Document]:
    """The shipped rules as policies: derived roles, and a policy for each resource."""
    lines = policies().lines
    kinds = {line.values[0]: line.values[1] for line in lines if line.ptype == "g3"}
    deeds: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        if line.ptype == "p":
            role, resource, action, _ = line.values
            deeds.setdefault(resource, {}).setdefault(action, []).append(role)
    roles = {
        role for named in deeds.values() for each in named.values() for role in each
    }
    derived = {
        "apiVersion": _API,
        "derivedRoles": {
            "name": _HOLDERS,
            "definitions": [_definition(role, kinds[role]) for role in sorted(roles)],
        },
    }
    found = {resource: _rules(resource, named) for resource, named in deeds.items()}
    return {_HOLDERS: derived, **found}


def _definition(role: str, kind: str) -> Document:
    held = f"P.attr.held.{attribute(role)}"
    today = "g.first <= P.attr.day && P.attr.day <= g.last"
    holds = f"has({held}) && {held}.exists(g, {today} && g.at in R.attr.above)"
    return {
        "name": attribute(role),
        "parentRoles": [kind],
        "condition": {"match": {"expr": holds}},
    }


def _rules(resource: str, deeds: dict[str, list[str]]) -> Document:
    blocked = {
        "actions": ["*"],
        "effect": "EFFECT_DENY",
        "roles": ["*"],
        "condition": {"match": {"expr": "P.attr.blocked"}},
    }
    allowed = [
        {
            "actions": [action],
            "effect": "EFFECT_ALLOW",
            "derivedRoles": sorted(map(attribute, roles)),
        }
        for action, roles in deeds.items()
    ]
    policy = {
        "version": _VERSION,
        "resource": resource,
        "importDerivedRoles": [_HOLDERS],
        "rules": [blocked, *allowed],
    }
    return {"apiVersion": _API, "resourcePolicy": policy}


def requests(
    world: World, questions: Sequence[Question], expected: Sequence[bool]
) -> list[tuple[str, list[str]]]:
    """The questions as they are sent, each with the decision that is right."""
    held = held_by_role(world, every_day=True)
    above: dict[str, list[str]] = {TOP: [TOP]}
    for place in world.places:
        above[place.oid] = [place.oid, *above[place.parent]]
    blocked, day = frozenset(world.blocked), world.today.toordinal()

    def request(question: Question) -> str:
        subject, action, resource, organisation = question
        grants = {
            role: [
                {
                    "at": grant.organisation,
                    "first": grant.days.first.toordinal(),
                    "last": grant.days.last.toordinal(),
                }
                for grant in found
            ]
            for role, found in held.get(subject, {}).items()
        }
        principal = {
            "id": subject,
            "roles": [kind_of(subject)],
            "attr": {"blocked": subject in blocked, "day": day, "held": grants},
        }
        there = {"above": above.get(organisation, [organisation])}
        asked = {
            "resource": {"kind": resource, "id": organisation, "attr": there},
            "actions": [action],
        }
        body = {"principal": principal, "resources": [asked]}
        return post("/api/check/resources", body)

    words = {True: "ALLOW", False: "DENY"}
    return [
        (request(question), [words[right]])
        for question, right in zip(questions, expected, strict=True)
    ]
