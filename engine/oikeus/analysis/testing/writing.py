"""Writes the case that is missing as YAML, ready to be pasted into its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ...decide.facts import RULES
from ...terms import Grant
from .cases import ROOT
from .missing import MissingCase
from .mutants import Mutant, Slip

NO_RULE = "X"
"""The rule that a case cites where the line cites none: to be replaced by hand."""

_PLAIN = re.compile(r"[a-z][a-z0-9-]*(:[a-z][a-z0-9-]*)?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_TEXT = frozenset({"true", "false", "null"})
_INHERITED = ("mode", "status")


def case_text(missing: MissingCase) -> str:
    """The lines to add to a file of cases, in parts; a comment says where to."""
    parts = {
        "world: organisations:": [*_organisations(missing)],
        "world: grants:": [*_grants(missing)],
        "cases:": [*_case(missing)],
    }
    return "\n".join(
        line
        for place, lines in parts.items()
        if lines
        for line in (f"# {missing.file}, {place}", *lines)
    )


def _organisations(missing: MissingCase) -> Iterator[str]:
    placed = (line.values[0] for line in missing.world if line.ptype == "g2")
    for name in dict.fromkeys(placed):
        words = [line.values[1] for line in missing.world if line.values[0] == name]
        said: dict[str, object] = {}
        levels: list[str] = []
        for word in words:
            prefix, _, bare = word.partition(":")
            if prefix == "level":
                levels.append(bare)
                said["levels"] = levels
            elif prefix in _INHERITED:
                said[prefix] = bare
        yield f"    {_flow(name)}: {_flow(said)}"


def _grants(missing: MissingCase) -> Iterator[str]:
    for line in missing.world:
        if line.ptype == "g":
            grant = Grant.parse(line)
            place = ROOT if grant.organisation == missing.root else grant.organisation
            said = {
                "subject": grant.subject,
                "role": grant.role.removeprefix("role:"),
                "organisation": place,
                "from": grant.span.first.isoformat(),
                "until": grant.span.last.isoformat(),
            }
            yield f"    - {_flow(said)}"


def _case(missing: MissingCase) -> Iterator[str]:
    # what a rule or a power gives reads better than whose kind and level that takes
    mutant = min(missing.mutants, key=lambda each: each.line.ptype not in RULES)
    source = mutant.line.source
    rules = (source.rules if source else ()) or (NO_RULE,)
    expectation = missing.expectation
    asked: dict[str, object] = {**expectation.asked}
    if expectation.attributes:
        asked["attributes"] = {**expectation.attributes}
    yield f"  - rule: [{', '.join(rules)}]"
    yield f"    why: {_quoted(_why(mutant))}"
    yield f"    day: {missing.day.isoformat()}"
    yield f"    subject: {_flow(expectation.subject)}"
    yield f"    {expectation.key}:"
    yield f"      - {_flow(asked)}"


def _why(mutant: Mutant) -> str:
    """Why the answer must be so, as far as the lines can say it."""
    match mutant.slip:
        case Slip.DROPPED:
            return f"`{mutant.line}` is needed"
        case Slip.SWAPPED:
            return f"it is `{mutant.line}`, and not `{mutant.other}`"
        case _:
            return f"there is no `{mutant.other}`"


def _flow(value: object) -> str:
    """A value in one line; what could be read as something else is in quotes."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_flow(k)}: {_flow(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and text not in _NOT_TEXT
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
