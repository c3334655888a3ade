"""Code that decides a question from the grants of its subject.

Three forms, from the quickest: no rule denies; some do; rules must be tried one by one.
A question of which a part is not known to the tables goes to `miss`, which alone checks
what it was given: whatever is in a table was checked when it was put there. Only `str`
itself is looked up: what has an equality or a hash of its own is not asked for them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final, Protocol, Self

from .compiling import Matches, Value, called, compile_search, compile_value, run
from .folding import Folding, conjunction, fold
from .knowledge import Knowledge
from .meaning import NAMES
from .plan import Plan
from .planning import Layout
from .writing import Writer


class Decide(Protocol):
    """Decides a question."""

    def __call__(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        today: int,
        /,
        *attributes: str,
    ) -> bool:
        """Decide a question.

        Args:
            subject: as it was given, like the next three.
            action: what is to be done.
            resource: on what.
            organisation: where.
            today: the day, as an ordinal.
            attributes: a value for each that the model declares, in its order, checked;
                or none at all, where all are blank.
        """


class Behind(Protocol):
    """Decides a question, and says by whom: as `Decide`, with the same arguments."""

    def __call__(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        today: int,
        /,
        *attributes: str,
    ) -> str | bool:
        """Decide a question of which each part is a plain `str`, not a kind of it.

        Returns:
            the holder that is allowed it, KIND:ROLE; true where something else than a
            table allowed it; false where it is denied.
        """


_DECIDE = """
def decide(subject, action, resource, organisation, today{parameters}):
"""
_BEHIND = """
def behind(subject, action, resource, organisation, today{parameters}):
"""
_ALLOWS = """
def allows(subject, action, resource, organisation, at=None):
    if at is None:
        today, begins, ends = page
        if not begins <= time() < ends:
            today = turn_page()
    else:
        today = ordinal(at)
"""
_LOOK_UP = """
    live, later, table, places, {functions}miss = looked_up
{texts}
    try:
        found = table{key}
        above = places.get(organisation)
        grant = later[subject] if later and subject in later else live.get(subject)
    except LookUpError:
        grant = None
    if grant is None or above is None:
        return miss(subject, action, resource, organisation, today{sent})
"""
_TEXT = """
    if type({part}) is not str:
        {part} = text_of("{part}", {part})
"""
_CHECK = """
    check_parts({part}={part})
"""
_TEXTS = """
    {asked} = subject, action, resource, organisation
    {kind} = kind_of(subject)
    {day} = day_text(today)
"""
_UNSENT = """
    {attribute} = ""
"""
_CONDITION = """
    if not TEST:
        return False
"""
_ALLOWING = """
    while grant is not None:
        place, holder, first, last, grant = grant
        if holder in found and place in above and first <= today <= last \\
                and holder in above[place]:
            return {yes}
    return False
"""
_DENYING = """
    allowing, denying = found
    allowed = False
    while grant is not None:
        place, holder, first, last, grant = grant
        if place in above and first <= today <= last and holder in above[place]:
            if holder in denying:
                return False
            if holder in allowing:
                allowed = allowed or {yes}
    return allowed
"""
_TRYING = """
    rows = []
    while grant is not None:
        place, holder, first, last, grant = grant
        if holder in found and place in above and first <= today <= last \\
                and holder in above[place]:
            rows += found[holder]
    return settle(search({arguments}), effect)[0]
"""
_ASKING = """
    (miss,) = looked_up
    return miss(subject, action, resource, organisation, today)
"""
FORMS: Mapping[str, str] = {
    "allowing": _ALLOWING,
    "denying": _DENYING,
    "trying": _TRYING,
}
"""How a question ends: what is found for its key is a set of holders that are allowed;
such a set and one of those denied; or by holder the rules that must be tried."""


_ASKED: Mapping[str, str] = {
    "r_sub": "subject",
    "r_act": "action",
    "r_obj": "resource",
    "r_org": "organisation",
}
"""What the fields of a request are called where a service asks."""

_OWN = frozenset({*_ASKED, "r_kind", "r_day"})
"""The fields that every request has; the others are attributes."""

_BUILT_IN = {"LookUpError": KeyError, "str": str, "type": type}

_NAMES: Mapping[str, str] = {_DECIDE: "decide", _BEHIND: "behind", _ALLOWS: "allows"}
"""What the code is called that begins so."""

_CHECKED = frozenset({"r_act", "r_obj"})
"""The fields that may be looked up nowhere; then nothing has checked them yet."""


def write(plan: Plan, folding: Folding, form: str, head: str) -> FunctionType:
    """Make code that decides questions; `bind` gives it its tables.

    Args:
        plan: the matcher's.
        folding: its terms, sorted.
        form: one of `FORMS`.
        head: `_DECIDE`, `_BEHIND` or `_ALLOWS`.
    """
    local = plan.signature.locals
    writer = Writer(Knowledge(plan.signature, plain=True), folding.functions, plan.text)
    writer.keep_nothing()
    attributes = [local[token] for token in plan.signature.request if token not in _OWN]
    source = head + _LOOK_UP
    looked_up = {plan.signature.request[place] for place in folding.request}
    for token in sorted(_CHECKED - looked_up):
        source += _CHECK.format(part=_ASKED[token])
    if form == "trying" or folding.question:
        source += _TEXTS
        if head is _ALLOWS:
            source += "".join(_UNSENT.format(attribute=name) for name in attributes)
    if folding.question:
        source += _CONDITION
    request = (f"r{place}" for place in range(len(plan.signature.request)))
    functions = [f"f{place}" for place in range(len(folding.functions))]
    source = (source + FORMS[form]).format(
        parameters="".join(f', {name}=""' for name in attributes),
        sent="" if head is _ALLOWS else "".join(f", {name}" for name in attributes),
        asked=", ".join(local[token] for token in _ASKED),
        kind=local["r_kind"],
        day=local["r_day"],
        texts="".join(
            _TEXT.format(part=part) for part in _ASKED.values() if head is not _BEHIND
        ),
        functions="".join(f"{name}, " for name in functions),
        key="".join(
            f"[{_ASKED[plan.signature.request[place]]}]" for place in folding.request
        ),
        arguments=", ".join(("rows", *request, *functions)),
        yes="holder" if head is _BEHIND else "True",
    )
    inserts = {"TEST": writer.write(conjunction(folding.question))}
    made: FunctionType = run(source, inserts, [], _NAMES[head])
    return made


ASKING: Final[FunctionType] = run(_ALLOWS + _ASKING, {}, [], "allows")
"""`allows` of a matcher that is not folded: a clock, and all is asked of `miss`."""


def bind(code: FunctionType, space: dict[str, object]) -> Any:  # noqa: ANN401 # as the code is
    """Give code what it sees; whoever changes that changes what it decides by."""
    space |= {**NAMES, **_BUILT_IN}
    return FunctionType(code.__code__, space, code.__name__, code.__defaults__)


@dataclass(frozen=True, slots=True)
class Terms:
    """Some terms of a matcher as code for one rule."""

    value: Value
    functions: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, found: tuple[ast.expr, ...]) -> Self:
        """Compile terms; none are true."""
        tree = conjunction(found)
        functions = called(tree)
        value = compile_value(tree, plan.signature, functions, plan.text)
        return cls(value, functions)


@dataclass(frozen=True, slots=True)
class Decider:
    """A matcher that is decided from the grants of the subject.

    Attributes:
        folding: its terms, by what decides them.
        functions: those that are called when a question is decided.
        decide: the code that decides on a day, for each of `FORMS`.
        behind: the same, which says by whom.
        allows: the same with a clock, and with tables that can be exchanged.
        subject: the terms that the subject alone decides.
        kind: those that its kind and the rule decide.
        rest: tries those that are left on some rules.
    """

    folding: Folding
    functions: tuple[str, ...]
    decide: Mapping[str, FunctionType]
    behind: Mapping[str, FunctionType]
    allows: Mapping[str, FunctionType]
    subject: Terms
    kind: Terms
    rest: Matches


def make_decider(plan: Plan) -> Decider | None:
    """Compile what decides a matcher from grants; none where it cannot be folded."""
    folding = fold(plan)
    if folding is None:
        return None
    layout = Layout((), (), (), None, (), folding.rest)
    return Decider(
        folding,
        folding.functions,
        {form: write(plan, folding, form, _DECIDE) for form in FORMS},
        {form: write(plan, folding, form, _BEHIND) for form in FORMS},
        {form: write(plan, folding, form, _ALLOWS) for form in FORMS},
        Terms.of(plan, folding.subject),
        Terms.of(plan, folding.kind),
        compile_search(layout, plan.signature, folding.functions, plan.text),
    )
