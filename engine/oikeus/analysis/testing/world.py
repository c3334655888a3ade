"""The world of a file of cases, decided by the rules of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from ...decide.access import check_kind
from ...decide.decision import Decision
from ...decide.decision_point import DecisionPoint
from ...decide.evaluator import Posed
from ...decide.facts import RULES
from ...decide.snapshot import Snapshot
from ...errors import RequestError
from ...policy.catalogue import Catalogue
from ...policy.model import Model
from ...terms import Effect, Line, PowerRequest, Request, RevocationRequest
from .cases import CaseFile, Expectation


class World:
    """Answers the questions of a file of cases.

    Attributes:
        file: the cases.
        snapshot: the rules of the policy and the lines of the world.
    """

    def __init__(
        self, model: Model, rules: Iterable[Line], catalogue: Catalogue, file: CaseFile
    ) -> None:
        self.file = file
        lines = dict.fromkeys((*rules, *file.world))
        self.snapshot = Snapshot.build(model, lines, catalogue=catalogue)

    @cached_property
    def point(self) -> DecisionPoint:
        """Decides with reasons."""
        return DecisionPoint(self.snapshot)

    @cached_property
    def posed(self) -> tuple[Posed, ...]:
        """The questions of its cases: those that are answered as they expect.

        What is refused at the door is none of them: no line could change it.
        """
        return tuple(self._posed())

    @cached_property
    def ruled(self) -> tuple[Posed, ...]:
        """Those of them that it takes a rule to allow.

        One's own right may be given up whatever the rules are, so that none of them is
        shown by that.
        """
        evaluator = self.snapshot.evaluator
        nothing = evaluator.over(
            evaluator.facts.ruled_by(*map(self._about_nothing, RULES))
        )
        return tuple(each for each in self.posed if not nothing.answer(each).allowed)

    def _about_nothing(self, ptype: str) -> Line:
        """A rule that names nothing."""
        fields = self.snapshot.model.fields[ptype]
        return Line(
            ptype, tuple(Effect.ALLOW.value if name == "eft" else "" for name in fields)
        )

    def _posed(self) -> Iterator[Posed]:
        for case in self.file.cases:
            for expectation in case.expectations:
                try:
                    request = self.request(expectation)
                except RequestError:
                    continue
                if self.allows(expectation, case.day) is expectation.allowed:
                    yield self.snapshot.evaluator.pose(request, case.day)

    def request(self, expectation: Expectation) -> Request | PowerRequest:
        """The question that an expectation asks.

        Raises:
            RequestError: it is refused at the door.
        """
        request = expectation.request(self.file.root)
        check_kind(self.snapshot.kinds, expectation.subject)
        if isinstance(request, PowerRequest):
            check_kind(self.snapshot.kinds, request.recipient)
        return request

    def allows(self, expectation: Expectation, day: date) -> bool:
        """Answer; what is refused at the door is refused.

        Raises:
            ModelError: the matcher failed.
        """
        try:
            request = self.request(expectation)
        except RequestError:
            return False
        return self.snapshot.evaluator.ask(request, day).allowed

    def explain(self, expectation: Expectation, day: date) -> Decision | RequestError:
        """Answer with the reason, or say why the door refuses the question.

        Raises:
            ModelError: the matcher failed.
        """
        try:
            request = self.request(expectation)
        except RequestError as error:
            return error
        if isinstance(request, Request):
            return self.point.decide(request, day)
        parts = request.granter, request.recipient, request.role, request.organisation
        if isinstance(request, RevocationRequest):
            return self.point.may_revoke(*parts, day)
        return self.point.may_grant(*parts, day)
