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
from ...policy.wording import choice, did_you_mean
from ...policy.yaml_source import Document
from .cases import ANSWERS, MAY_NOT_REVOKE, MAY_REVOKE, ROOT

FREE = "unknown-words"
"""The key of a case that asks about words that nobody knows."""

_ABOUT_UNKNOWN = f"; a case that is about unknown words says `{FREE}: true`"
_OF_REVOKING = (MAY_REVOKE, MAY_NOT_REVOKE)


def slips(document: Document, catalogue: Catalogue, model: Model) -> Iterator[Problem]:
    """Say which words of a file of cases are unknown, and which grants cannot be."""
    world = document.value["world"]
    organisations = world.get("organisations", {})
    places = (ROOT, *organisations)
    for name, organisation in organisations.items():
        for text in _in_organisation(organisation, places, catalogue):
            yield document.problem(text, "world", "organisations", name)
    for position, grant in enumerate(world.get("grants", ())):
        for text in _in_grant(grant, places, catalogue):
            yield document.problem(text, "world", "grants", position)
    for position, case in enumerate(document.value["cases"]):
        if "m3" not in model.matchers and not {*case}.isdisjoint(_OF_REVOKING):
            text = (
                "the model does not say who may revoke, expected `m3` in its matchers"
            )
            yield document.problem(text, "cases", position)
        for key, number, asked in _asked(case):
            known = _known(asked, places, catalogue)
            for text in _in_question(asked, known, model, allowed=ANSWERS[key]):
                yield document.problem(text, "cases", position, key, number)


def _asked(case: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """The questions of a case in which a word must be known, and where they stand."""
    for key, allowed in ANSWERS.items():
        if allowed or not case.get(FREE, False):
            for number, asked in enumerate(case.get(key, ())):
                yield key, number, asked


def _in_organisation(
    organisation: Mapping[str, Any], places: Collection[str], catalogue: Catalogue
) -> Iterator[str]:
    known: Mapping[str, Collection[str]] = {
        "parent": places,
        "mode": catalogue.modes,
        "status": catalogue.statuses,
    }
    for what, words in known.items():
        if what in organisation:
            yield from _unknown(what, organisation[what], words)
    for level in organisation.get("levels", ()):
        yield from _unknown("level", level, catalogue.levels)


def _in_grant(
    grant: Mapping[str, str], places: Collection[str], catalogue: Catalogue
) -> Iterator[str]:
    yield from _unknown("role", grant["role"], catalogue.roles)
    yield from _unknown("organisation", grant["organisation"], places)
    if grant["until"] < grant["from"]:
        yield f"ends on {grant['until']}, before it begins on {grant['from']}"


def _known(
    asked: Mapping[str, Any], places: Collection[str], catalogue: Catalogue
) -> Mapping[str, Collection[str]]:
    """The words that a question may use, by its keys; those that can be judged."""
    known: dict[str, Collection[str]] = {
        "organisation": places,
        "role": catalogue.roles,
        "resource": catalogue.resources,
    }
    resource = catalogue.resources.get(asked.get("resource", ""))
    if resource is not None:
        known["action"] = resource.actions
    return known


def _in_question(
    asked: Mapping[str, Any],
    known: Mapping[str, Collection[str]],
    model: Model,
    *,
    allowed: bool,
) -> Iterator[str]:
    for what, word in asked.items():
        for text in _unknown(what, word, known.get(what, (word,))):
            yield text if allowed else f"{text}{_ABOUT_UNKNOWN}"
    for name in asked.get("attributes", {}):
        if name not in model.attributes:
            yield f"the model has no attribute `{name}`"


def _unknown(what: str, word: str, known: Collection[str]) -> Iterator[str]:
    """Say that a word is unknown, and what it may have been meant to be."""
    if word not in known:
        is_place = what in ("organisation", "parent")
        expected = "one of the world of these cases" if is_place else choice(known)
        yield f"unknown {what} `{word}`, expected {expected}{did_you_mean(word, known)}"
