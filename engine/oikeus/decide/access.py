"""Decides access from the grants of who asks: the path that services take.

The answers are those of `Evaluator.ask`. What is looked up was checked and folded when
it was loaded: which subjects can be decided so, and which holders a rule is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from types import FunctionType
from typing import Any, Self

from ..errors import RequestError
from ..ids import is_plain
from ..terms import Request, check_parts, check_subject, kind_of
from ..texts import text_of
from .evaluator import Evaluator
from .live import Live
from .matcher.deciding import ASKING, Behind, Decide, bind
from .register import Register
from .scope import Scope
from .tables import Tables


class Access:
    """Decides questions about access against one version.

    Attributes:
        code: `decide` with a clock, for `Allowing`.
        looked_up: what the code looks questions up in; what it asks else comes last.
        is_folded: whether it looks anything up; otherwise it evaluates the matcher.
        form: how rules are looked up (`deciding.FORMS`); nothing where they are not.
    """

    def __init__(  # noqa: PLR0913, PLR0917 # what it decides by, and what is known of it
        self,
        evaluator: Evaluator,
        register: Register,
        kinds: Collection[str],
        scope: Scope | None = None,
        live: Live | None = None,
        tables: Tables | None = None,
    ) -> None:
        self._evaluator = evaluator
        self._register = register
        self._kinds = kinds
        self._scope = scope
        decider = evaluator.matchers["m"].decider
        if decider is not None and live is None:
            live = Live.of(decider, evaluator, kinds)
        self._live = live
        self._tables = tables
        self.is_folded = live is not None
        self.form: str | None = None
        self.code: FunctionType = ASKING
        self.looked_up: tuple[Any, ...] = (self._evaluate,)
        if decider is None or live is None:
            return
        if tables is None:
            tables = Tables.of(decider, evaluator, register, kinds, scope)
            self._tables = tables
        functions = [evaluator.functions[name] for name in decider.functions]
        self.form = tables.form
        held = live.held
        found = held.base, held.later, tables.rules, tables.above
        self.looked_up = (*found, *functions, self._miss)
        self.code = decider.allows[tables.form]

    @cached_property
    def decide(self) -> Decide:
        """Answers a subject, action, resource, organisation and day (an ordinal).

        It raises `RequestError` for what no request can have, and `ModelError` where
        the matcher failed.
        """
        decider, tables = self._evaluator.matchers["m"].decider, self._tables
        if not self.is_folded or decider is None or tables is None:
            return self._evaluate
        decide: Decide = bind(
            decider.decide[tables.form], {**self.seen(), "looked_up": self.looked_up}
        )
        return decide

    @cached_property
    def behind(self) -> Behind:
        """Answers as `decide` does, and says which holder is allowed it."""
        decider, tables = self._evaluator.matchers["m"].decider, self._tables
        if not self.is_folded or decider is None or tables is None:
            return self._evaluate
        behind: Behind = bind(
            decider.behind[tables.form], {**self.seen(), "looked_up": self.looked_up}
        )
        return behind

    def seen(self) -> dict[str, object]:
        """What the code sees besides."""
        matcher = self._evaluator.matchers["m"]
        return {
            "check_parts": check_parts,
            "kind_of": kind_of,
            "text_of": text_of,
            "day_text": _day_text,
            "search": matcher.decider and matcher.decider.rest,
            "settle": matcher.settle,
            "effect": matcher.effect,
        }

    def following(
        self, evaluator: Evaluator, register: Register, subjects: Iterable[str]
    ) -> Self:
        """The same for the next version, in which these subjects hold something else.

        The kinds of subject must be the same.
        """
        live = self._live and self._live.following(evaluator, subjects)
        facts, before = evaluator.facts, self._evaluator.facts
        is_same = facts.rules["p"] is before.rules["p"] and all(
            facts.links[ptype] is links for ptype, links in before.links.items()
        )
        tables = self._tables if is_same else None
        return type(self)(evaluator, register, self._kinds, self._scope, live, tables)

    def _miss(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        day: int,
        *attributes: str,
    ) -> bool:
        """Decide a question of which a part is not in the tables; each is a `str`."""
        kind, _, name = subject.partition(":")
        # at first sight; `_checked` takes ten times as long to say the same
        is_well = (
            kind in self._kinds
            and all((name, action, resource, organisation))
            and ":" not in organisation
            and is_plain(subject + action + resource + organisation)
        )
        if not is_well:
            self._checked(subject, action, resource, organisation)
        elif self._scope is not None:
            self._scope.check(organisation)
        live, tables = self._live, self._tables
        if (
            live is None
            or tables is None
            or subject in live.aside
            # to Casbin a role can be held at a place of its own name
            or (organisation in tables.roles and organisation not in tables.above)
        ):
            return self._evaluate(
                subject, action, resource, organisation, day, *attributes
            )
        return False

    def _evaluate(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        day: int,
        *attributes: str,
    ) -> bool:
        """Decide a question by the matcher as it is written."""
        request = self._checked(subject, action, resource, organisation, attributes)
        return self._evaluator.ask(request, date.fromordinal(day)).allowed

    def _checked(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        attributes: tuple[str, ...] = (),
    ) -> Request:
        names = self._evaluator.model.attributes
        sent = tuple(zip(names, attributes, strict=True)) if attributes else ()
        request = Request(subject, action, resource, organisation, attributes=sent)
        check_kind(self._kinds, request.subject)
        if self._scope is not None:
            self._scope.check(request.organisation)
        return request


def check_kind(kinds: Collection[str], subject: str) -> None:
    """Refuse a subject of a kind that the policy does not know.

    Raises:
        RequestError: naming the kinds that it knows.
    """
    check_subject("subject", subject)
    if kind_of(subject) not in kinds:
        known = " or ".join(f"{kind}:ID" for kind in sorted(kinds))
        message = f"`{subject}` is of no known kind, expected {known or 'a policy'}"
        raise RequestError(message)


def _day_text(day: int) -> str:
    return date.fromordinal(day).isoformat()
