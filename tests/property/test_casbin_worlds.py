"""The random worlds are of every sort that Casbin knows, and often enough of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from .casbin_values import BY_SUBJECT, PATTERNED
from .casbin_worlds import World, WorldMaker
from .test_enforcer import FIRST

LOOKED_AT = 2000
LEAST = 10
SORTS = {
    "domains": r"\ng = _, _, _",
    "roles of resources": r"\ng2 = _, _",
    "no subject": r"\nr = (obj, )?act\n",
    "no object": r"\nr = sub(, act)?\n",
    "superuser": r'== "root"',
    "deny-override": r"e = .*allow\)\) && !some",
    "allow unless denied": r"e = !some",
    "implicit priority": r"p = (?!.*priority)(.|\n)*e = priority",
    "explicit priority": r"p = .*priority(.|\n)*e = priority",
    "priority of subjects": re.escape(f"e = {BY_SUBJECT}"),
    "priority of subjects in domains": r"\ng = _, _, _(.|\n)*"
    + re.escape(f"e = {BY_SUBJECT}"),
    "attributes": r"r2?\.\w+\.(age|owner)",
    "rules in rules": r"eval\(",
    "in": r"r\.\w+ in ",
    "several sections": r"\nr2 =(.|\n)*\np2 =(.|\n)*\ne2 =(.|\n)*\nm2 =",
    "another context": r"enforce_ex \('r', 'p2', |enforce_ex \('r2', 'p', ",
    "batches": r"batch_enforce",
    "patterned roles": r"\nmatching roles\n",
    "patterned domains": r"\ng = _, _, _(.|\n)*\nmatching roles and domains",
    "matching domains": r"\nmatching domains of g by key_match",
    "chains in matching domains": r"\nlist.append\(\['\w+', '(\w+)', '[^']+'\],\)"
    r"(.|\n)*\nlist.append\(\['\1', '\w+', '[^']+'\],\)"
    r"(.|\n)*\nmatching domains of g by ",
    "matching domains of resources": r"\nmatching domains of g2 by ",
    "domains that do not match themselves": r"\nmatching domains of g by begins_alike",
    "functions of domains that raise": r"\nmatching domains of g by raises_or_tells",
    "changes between questions in matching domains": r"\nmatching domains of g by "
    r"(.|\n)*\nenforce(.|\n)*\n(add|remove)_named_grouping(.|\n)*\nenforce",
    "unknown domains": r"\nmatching domains of g by (.|\n)*"
    r"\nenforce_ex \('r', 'p', 'm'\) \[.*'(unknown|d3)'",
    "another role manager": r"role manager of",
    "filtered policies": r"\nadapter\n(.|\n)*\nload_filtered_policy",
    "loading": r"\nadapter\n(.|\n)*\nload_policy",
    "saving": r"\nadapter\n(.|\n)*\nsave_policy",
    "own functions": r"custom\((.|\n)*functions \['custom'\]",
    "other functions": r"keyMatch\((.|\n)*functions \['keyMatch'\]",
    "edited rules": r"\nedit #",
    "edited lists": r"\nlist\.(insert|pop|reverse)",
    "swapped rules": r"\nswap\n",
    "one rule twice": r"\ndouble\n",
    "exchanged lists": r"\nsorted\n",
    "cleared policies": r"\nclear_policy",
    "exchanged matchers": r"\nmatcher ",
    "exchanged effects": r"\neffect ",
    "roles asked for": r"\nget_(implicit_)?(roles|users)",
    "roles changed": r"\n(add_role|delete_role)",
    "values that are no text": r"enforce_ex \(.*\) \[.*(Person|Word|Everything|Odd)?\(",
} | {name: rf"{name}\(" for name in (*PATTERNED, "regexMatch", "globMatch", "ipMatch")}


def _told(world: World) -> str:
    done = (step.name for step in (*world.setup, *world.steps))
    return "\n".join([world.text, *done, ""])


def _sorts(told: str) -> Iterator[str]:
    return (sort for sort, pattern in SORTS.items() if re.search(pattern, told))


@pytest.fixture(scope="module")
def found() -> Counter[str]:
    """In how many worlds there is each sort."""
    counts: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + LOOKED_AT):
        counts.update(_sorts(_told(WorldMaker(seed).world())))
    return counts


@pytest.mark.parametrize("sort", SORTS)
def test_worlds_are_of_every_sort(sort: str, found: Counter[str]) -> None:
    """What no world has, no comparison with stock Casbin has seen."""
    assert found[sort] >= LEAST
