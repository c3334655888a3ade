"""Slips of the pen in a file of cases: words that neither policy nor world knows.

A misspelt word is refused for the wrong reason, and would pass a `cannot`. Where a case
is about such words, it says `unknown-words: true`; only what it expects to be refused
may use them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...errors import Problem
from ...policy.catalogue import Catalogue
from ...policy.model import Model
from ...policy.yaml_source import Document
from .cases import ANSWERS, MAY_NOT_REVOKE, MAY_REVOKE, ROOT

FREE = "unknown-words"
"""The key of a case that asks about words that nobody knows."""

_OF_REVOKING = (MAY_REVOKE, MAY_NOT_REVOKE)


def slips(document: Document, catalogue: Catalogue, model: Model) -> Iterator[Problem]:
    """Say which words of a file of cases are unknown, and which grants cannot be."""
    world = document.value["world"]
    organisations = world.get("organisations", {})
    for name, organisation in organisations.items():
        for text in _in_organisation(organisation, {ROOT, *organisations}, catalogue):
            yield document.problem(text, "world", "organisations", name)
    for position, grant in enumerate(world.get("grants", ())):
        for text in _in_grant(grant, {ROOT, *organisations}, catalogue):
            yield document.problem(text, "world", "grants", position)
    for position, case in enumerate(document.value["cases"]):
        if "m3" not in model.matchers and not {*case}.isdisjoint(_OF_REVOKING):
            text = (
                "the model does not say who may revoke, expected `m3` in its matchers"
            )
            yield document.problem(text, "cases", position)
        for key, number, asked in _asked(case):
            known = _known(asked, {ROOT, *organisations}, catalogue)
            for text in _in_question(asked, known, model):
                yield document.problem(text, "cases", position, key, number)


def _asked(case: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """The questions of a case in which a word must be known, and where they stand."""
    for key, allowed in ANSWERS.items():
        if allowed or not case.get(FREE, False):
            for number, asked in enumerate(case.get(key, ())):
                yield key, number, asked


def _in_organisation(
    organisation: Mapping[str, Any], places: set[str], catalogue: Catalogue
) -> Iterator[str]:
    known: Mapping[str, Collection[str]] = {
        "parent": places,
        "mode": catalogue.modes,
        "status": catalogue.statuses,
    }
    for what, words in known.items():
        if what in organisation and organisation[what] not in words:
            yield f"unknown {what} `{organisation[what]}`"
    for level in organisation.get("levels", ()):
        if level not in catalogue.levels:
            yield f"unknown level `{level}`"


def _in_grant(
    grant: Mapping[str, str], places: set[str], catalogue: Catalogue
) -> Iterator[str]:
    if grant["role"] not in catalogue.roles:
        yield f"unknown role `{grant['role']}`"
    if grant["organisation"] not in places:
        yield f"unknown organisation `{grant['organisation']}`"
    if grant["until"] < grant["from"]:
        yield "ends before it begins"


def _known(
    asked: Mapping[str, Any], places: set[str], catalogue: Catalogue
) -> Mapping[str, set[str]]:
    """The words that a question may use, by its keys."""
    resource = catalogue.resources.get(asked.get("resource", ""))
    return {
        "organisation": places,
        "role": {*catalogue.roles},
        "resource": {*catalogue.resources},
        "action": {*resource.actions} if resource else set(),
    }


def _in_question(
    asked: Mapping[str, Any], known: Mapping[str, set[str]], model: Model
) -> Iterator[str]:
    for what, word in asked.items():
        if what in known and word not in known[what]:
            yield (
                f"unknown {what} `{word}`, expected `{FREE}: true` in a case that is "
                "about such words"
            )
    for name in asked.get("attributes", {}):
        if name not in model.attributes:
            yield f"the model has no attribute `{name}`"
