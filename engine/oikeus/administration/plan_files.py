"""Plan files: a plan as canonical JSON, with a digest over all that it says.

Reading is strict. A file that anybody has touched, that another release has written, or
that says something else than a plan does is refused whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from ..analysis.lines import LineDifference
from ..canonical import digest_of
from ..errors import PlanError, Problem
from ..policy.model_changes import ModelChange
from ..policy.wording import shown
from ..store import Mark
from ..terms import Line, Source
from .plans import POLICY, Plan

FORMAT: Final = "oikeus-plan-1"
"""Names the form; another one would get another name."""

LONGEST_PLAN = 256 * 2**20
"""How many bytes a plan file may have."""

_EXPECTED = "expected a file that `oikeus plan --out` wrote"

Item = TypeVar("Item")
Form = dict[str, Any]


def plan_digest(plan: Plan) -> str:
    """The digest of a plan, over all that it says."""
    return digest_of(_form(plan))


def plan_text(plan: Plan) -> str:
    """A plan as its file has it."""
    form = _form(plan)
    whole = {**form, "digest": digest_of(form)}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def read_plan(path: Path | str) -> Plan:
    """Read a plan file.

    Raises:
        PlanError: it cannot be read, or is not as it was written.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LONGEST_PLAN + 1)
    except (OSError, ValueError) as error:
        message = f"the plan `{path}` cannot be read, {_EXPECTED}"
        raise PlanError(message) from error
    if len(data) > LONGEST_PLAN:
        message = f"the plan `{path}` is longer than {LONGEST_PLAN} bytes, {_EXPECTED}"
        raise PlanError(message)
    try:
        return parse_plan(data)
    except PlanError as error:
        message = f"the plan `{path}` {error}"
        raise PlanError(message) from error


def parse_plan(data: bytes) -> Plan:
    """Read the bytes of a plan file.

    Raises:
        PlanError: they are not as they were written.
    """
    try:
        form = _mapping(json.loads(data.decode("utf-8"), object_pairs_hook=_once))
        name, digest = form.get("format"), form.pop("digest", None)
        if name != FORMAT:
            message = f"has the format {shown(name)}, expected `{FORMAT}`: {_EXPECTED}"
            raise PlanError(message)
        if digest != digest_of(form):
            message = "has another digest than it says: it was changed after it was "
            raise PlanError(message + "made, make another one with `oikeus plan`")
        plan = _plan(form)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        message = f"is no plan, {_EXPECTED}"
        raise PlanError(message) from error
    # whatever else it holds, even under the right digest, is no plan of ours
    if _form(plan) != form:
        message = f"says more than a plan does, {_EXPECTED}"
        raise PlanError(message)
    return plan


def _form(plan: Plan) -> Form:
    return {
        "format": FORMAT,
        "origin": plan.origin,
        "base": {"number": plan.base.number, "digest": plan.base.digest},
        "name": plan.name,
        "message": plan.message,
        "git_commit": plan.git_commit,
        "add": [_line_form(line) for line in plan.add],
        "move": [_line_form(line) for line in plan.move],
        "remove": [_line_form(line) for line in plan.remove],
        "revoke": [_line_form(line) for line in plan.revoke],
        "model": plan.model,
        "catalogue": plan.catalogue,
        "invariants": plan.invariants,
        "drift": {
            "added": [_line_form(line) for line in plan.drift.added],
            "removed": [_line_form(line) for line in plan.drift.removed],
            "model": [
                [each.section, each.key, each.before, each.after]
                for each in plan.drift.model
            ],
            "catalogue": plan.drift.catalogue_changed,
            "invariants": plan.drift.invariants_changed,
        },
        "warnings": [[each.file, each.line, each.text] for each in plan.warnings],
    }


def _line_form(line: Line) -> Form:
    source = line.source
    return {
        "line": [line.ptype, *line.values],
        "source": None
        if source is None
        else [source.file, source.line, source.comment],
    }


def _plan(form: Form) -> Plan:
    """Read the form of a plan.

    Raises:
        KeyError: a part is missing.
        TypeError: a part is of another sort than it should be.
    """
    base, drift = _mapping(form["base"]), _mapping(form["drift"])
    if _text(form["origin"]) != POLICY:
        raise TypeError
    return Plan(
        POLICY,
        Mark(_number(base["number"]), _text(base["digest"])),
        _text(form["name"]),
        _text(form["message"]),
        add=_each(_line, form["add"]),
        move=_each(_line, form["move"]),
        remove=_each(_line, form["remove"]),
        revoke=_each(_line, form["revoke"]),
        model=_text_or_none(form["model"]),
        catalogue=_text_or_none(form["catalogue"]),
        invariants=_text_or_none(form["invariants"]),
        git_commit=_text_or_none(form["git_commit"]),
        drift=LineDifference(
            removed=_each(_line, drift["removed"]),
            added=_each(_line, drift["added"]),
            moved=(),
            model=_each(lambda each: ModelChange(*_texts(each, 4)), drift["model"]),
            catalogue_changed=_truth(drift["catalogue"]),
            invariants_changed=_truth(drift["invariants"]),
        ),
        warnings=_each(_problem, form["warnings"]),
    )


def _line(value: object) -> Line:
    form = _mapping(value)
    ptype, *values = _each(_text, form["line"])
    source = form["source"]
    return Line(ptype, tuple(values), None if source is None else _source(source))


def _source(form: object) -> Source:
    return Source(*_place(form))


def _problem(form: object) -> Problem:
    return Problem(*_place(form))


def _place(form: object) -> tuple[str, int, str]:
    """A file, a line of it, and what is said of that."""
    file, line, said = _each(_same, form)
    return _text(file), _number(line), _text(said)


def _same(value: object) -> object:
    return value


def _each(read: Callable[[Any], Item], form: object) -> tuple[Item, ...]:
    if not isinstance(form, list):
        raise TypeError
    return tuple(read(each) for each in form)


def _mapping(value: object) -> Form:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _texts(form: object, count: int) -> tuple[str, ...]:
    found = _each(_text, form)
    if len(found) != count:
        raise ValueError
    return found


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _once(pairs: Iterable[tuple[str, object]]) -> Form:
    """An object, whose keys each stand there once."""
    found: Form = {}
    for key, value in pairs:
        if key in found:
            raise ValueError
        found[key] = value
    return found
