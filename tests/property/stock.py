"""Stock Casbin on the same model and lines, as anybody else would run it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import casbin
from casbin.model import Model as CasbinModel
from casbin.persist import Adapter

from oikeus.policy.model import Model
from oikeus.terms import Line, kind_of

from .worlds import MODEL, Question


class Lines(Adapter):  # type: ignore[misc]
    """Gives Casbin lines as they are, without the text that its own adapter parses."""

    def __init__(self, lines: Iterable[Line], own: Model) -> None:
        self.lines = [*lines]
        self.widths = own.widths

    def load_policy(self, model: CasbinModel) -> None:
        """Put the lines into a model, those that it has a definition of."""
        for line in self.lines:
            # on another width stock Casbin raises, or cuts the values silently
            if len(line.values) == self.widths.get(line.ptype):
                model[line.ptype[0]][line.ptype].policy.append([*line.values])


def enforcer(lines: Iterable[Line], model: Model = MODEL) -> casbin.Enforcer:
    """A stock enforcer, not prepared."""
    read = CasbinModel()
    read.load_model_from_text(model.text)
    return casbin.Enforcer(read, Lines(lines, model))


def allows(stock: casbin.Enforcer, question: Question) -> bool:
    """Ask about access."""
    who, act, obj, place, day = question
    found = stock.enforce(who, kind_of(who), place, day.isoformat(), obj, act)
    return bool(found)


def allows_sent(
    stock: casbin.Enforcer, model: Model, question: Question, sent: Mapping[str, str]
) -> bool:
    """Ask about access, in the order that the model's `r` says."""
    who, act, obj, place, day = question
    values = {"sub": who, "kind": kind_of(who), "obj": obj, "act": act, "org": place}
    values |= {"day": day.isoformat(), **sent}
    return bool(stock.enforce(*(values[name] for name in model.fields["r"])))


def may_grant(stock: casbin.Enforcer, question: Question) -> bool:
    """Ask about a power."""
    return _asked(stock, question, "m2")


def may_revoke(stock: casbin.Enforcer, question: Question) -> bool:
    """Ask about taking away what a power gives."""
    return _asked(stock, question, "m3")


def _asked(stock: casbin.Enforcer, question: Question, matcher: str) -> bool:
    who, to, role, place, day = question
    context = stock.new_enforce_context("2")
    context.mtype = matcher
    kinds = kind_of(who), to, kind_of(to)
    found = stock.enforce(context, who, *kinds, place, day.isoformat(), role)
    return bool(found)
