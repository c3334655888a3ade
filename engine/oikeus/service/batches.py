"""Decides many questions of one request: by one version, on one day, in their order.

A question that cannot be decided is denied, with the error beside it; the others are
decided all the same. Many questions are decided some hundreds at a time, so that the
loop gets its turn between: a thread would hold the interpreter no less.
"""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET

from ..store import Scope
from .bodies import DecisionBody, DecisionContext, Error, Item
from .callers import needs
from .calls import Call
from .evaluating import Evaluating, check_place, decision_body
from .freshness import MEMBER
from .judging import Verdict
from .node import Decided, Together
from .plain import Asked, Plain
from .problems import HttpError
from .questions import Question, refused
from .resolving import Resolved, end_of, read_all, resolved, whole
from .settings import Settings
from .telling import decision_ids, tell, tell_together

_ENCODE = msgspec.json.Encoder().encode

_AT_A_TIME, _SLOW = 500, 10
"""How many plain questions are decided before the loop has its turn, which takes less
than a millisecond; and how many of them take as long as one that is not."""


_Pieces = tuple[bool, bytes, bytes]
"""An answer, and its JSON before and after the number of the question."""


class Batches:
    """Answers several questions at once.

    Args:
        evaluating: decides a single question.
        settings: how many may be asked.
    """

    def __init__(self, evaluating: Evaluating, settings: Settings) -> None:
        self._evaluating = evaluating
        self._most = settings.most_evaluations
        self._most_explained = settings.most_explained
        self._numbers = [b"%04x" % number for number in range(self._most)]

    async def many(self, call: Call) -> bytes:
        """Answer `POST /access/v1/evaluations`.

        Raises:
            HttpError: 400, 403 or 503, for all questions together.
        """
        needs(call.caller, Scope.EVALUATE)
        asked, items = read_all(call.body)
        if not items:
            return _ENCODE(await self._evaluating.evaluate(call, whole(asked, asked)))
        if len(items) > self._most:
            detail = f"more than {self._most} evaluations, ask in several requests"
            raise refused(detail)
        end = end_of(asked)
        is_plain = self._is_plain(asked)
        others = {
            number: resolved(item, asked)
            for number, item in enumerate(items)
            if not is_plain or type(item) is not Item or item.context is not UNSET
        }
        versions = (each.version for each in others.values())
        await self._evaluating.fresh(max(versions, default=0))
        batch = _Batch(self._evaluating, call, asked, others, is_plain=is_plain)
        await self._explain(batch, others)
        await batch.answer(items, self._numbers, end=end)
        return b'{"evaluations":[%b]}' % b",".join(batch.answers)

    def _is_plain(self, asked: Item) -> bool:
        """Whether what the request says for all asks for nothing but what there is."""
        if asked.context is UNSET:
            return True
        version = asked.context.get(MEMBER)
        return (
            len(asked.context) == 1
            and type(version) is int
            and 0 <= version <= self._evaluating.node.point.version
        )

    async def _explain(self, batch: _Batch, others: Mapping[int, Resolved]) -> None:
        explained = {number: each for number, each in others.items() if each.explains}
        if len(explained) > self._most_explained:
            most = self._most_explained
            detail = f"more than {most} explanations, ask in several requests"
            raise refused(detail)
        if explained:
            await batch.explain(explained)


class _Batch:
    """Decides the questions of one request by one version.

    Attributes:
        answers: those that there are so far, as JSON.
    """

    def __init__(
        self,
        evaluating: Evaluating,
        call: Call,
        defaults: Item,
        others: Mapping[int, Resolved],
        *,
        is_plain: bool,
    ) -> None:
        self._evaluating = evaluating
        self._observer = evaluating.node.observer
        self._caller = call.caller
        self._defaults = defaults
        self._others = others
        self._judge = evaluating.judge(call)
        self._time = datetime.now(UTC)
        self._ids = decision_ids(self._time)
        self._explained: dict[int, Verdict] = {}
        self._plain = Plain(self._judge, call.caller, defaults) if is_plain else None
        self._pieces: dict[str | bool, _Pieces] = {}
        self._untold: list[tuple[Asked, bool]] = []
        self.answers: list[bytes] = []

    async def answer(
        self,
        items: Sequence[Item | HttpError],
        numbers: Sequence[bytes],
        *,
        end: bool | None,
    ) -> None:
        """Decide questions, and tell the observer.

        Args:
            items: the questions.
            numbers: of each, as it stands in its id.
            end: the answer after which no more is decided.

        Raises:
            HttpError: 503, when a decision could not be recorded.
        """
        spent = 0
        for begin in range(0, len(items), _AT_A_TIME):
            some = items[begin : begin + _AT_A_TIME]
            for number, found in enumerate(self._found(some), begin):
                if spent >= _AT_A_TIME:
                    spent = 0
                    await sleep(0)
                if found is None:
                    spent += _SLOW
                    allowed = self._other(number, items[number])
                else:
                    spent += 1
                    asked, by = found
                    pieces = self._pieces.get(by) or self._piece(by)
                    allowed, head, tail = pieces
                    self._untold.append((asked, allowed))
                    self.answers.append(head + numbers[number] + tail)
                if allowed is end:
                    self._tell()
                    return
        self._tell()

    def _found(
        self, items: Sequence[Item | HttpError]
    ) -> Sequence[tuple[Asked, str | bool] | None]:
        """What the tables say of each question that is plain."""
        if self._plain is None:
            return [None] * len(items)
        return self._plain.decide(items)

    def _piece(self, by: str | bool) -> _Pieces:  # noqa: FBT001 # as `Plain` says it
        """What stands before and after the number in an answer, as JSON."""
        judge, verdict = self._judge, self._judge.found(by)
        context = DecisionContext(self._ids, judge.snapshot.version, verdict.reason)
        text = _ENCODE(DecisionBody(verdict.allowed, context))
        head, ids, tail = text.partition(self._ids.encode())
        self._pieces[by] = pieces = verdict.allowed, head + ids, tail
        return pieces

    def _tell(self) -> None:
        """Tell of what was decided since the observer was told.

        Raises:
            HttpError: 503, when it could not be recorded.
        """
        untold, self._untold = self._untold, []
        if untold:
            asked, allowed = zip(*untold, strict=True)
            judge = self._judge
            together = Together(
                self._ids,
                len(self.answers) - len(untold),
                self._time,
                self._caller,
                judge.day,
                judge.snapshot.version,
                asked,
                allowed,
            )
            tell_together(self._observer, together)

    def _other(self, number: int, item: Item | HttpError) -> bool:
        """Decide a question that is not plain, and tell the observer.

        Raises:
            HttpError: 503, when the decision could not be recorded.
        """
        self._tell()
        each = self._others.get(number) or resolved(item, self._defaults)
        body = self._body(number, each)
        self.answers.append(_ENCODE(body))
        return body.decision

    def _body(self, number: int, each: Resolved) -> DecisionBody:
        try:
            question = self._question(each)
        except HttpError as error:
            wrong = Error(error.status.value, error.detail)
            return DecisionBody(decision=False, context=DecisionContext(error=wrong))
        judge = self._judge
        verdict = self._explained.get(number) or judge.verdict(question)
        decided = Decided(
            f"{self._ids}{number:04x}",
            self._time,
            self._caller,
            question,
            judge.day,
            verdict.allowed,
            judge.snapshot.version,
            verdict.rule,
            verdict.grant,
        )
        tell(self._observer, decided)
        return decision_body(decided, verdict)

    async def explain(self, others: Mapping[int, Resolved]) -> None:
        """Decide questions with the whole explanation, for `answer` to give."""
        questions: dict[int, Question] = {}
        for number, each in others.items():
            with suppress(HttpError):  # `answer` will say so
                questions[number] = self._question(each)
        asked = [*questions.values()]
        verdicts = await self._evaluating.explain(self._judge, asked)
        self._explained = dict(zip(questions, verdicts, strict=True))

    def _question(self, each: Resolved) -> Question:
        asked = each.asked
        if isinstance(asked, HttpError):
            raise asked
        question = self._judge.questions.read(asked)
        check_place(self._caller, self._judge, question.organisation)
        return question
