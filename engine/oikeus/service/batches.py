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

from ..store import Scope
from .bodies import DecisionBody, DecisionContext, Error, Item
from .callers import needs
from .calls import Call
from .evaluating import Evaluating, check_place, decision_body
from .judging import Judge, Verdict
from .node import Decided, Together
from .plain import Asked, By, Plain
from .problems import HttpError
from .questions import Question, refused
from .resolving import Resolved, Several, read_all, resolved, whole
from .settings import Settings
from .telling import decision_ids, tell_together

_ENCODE = msgspec.json.Encoder().encode

_AT_A_TIME, _SLOW_AT_A_TIME = 500, 100
"""How many questions are decided before the loop has its turn, which takes less than a
millisecond; and how many that are not plain."""


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
        several = Several.of(asked, items, self._evaluating.node.point.version)
        await self._evaluating.fresh(several.version)
        batch = _Batch(self._evaluating, call, several, self._numbers)
        await self._explain(batch, several.others)
        answers = await batch.answer(items)
        return b'{"evaluations":[%b]}' % b",".join(answers)

    async def _explain(self, batch: _Batch, others: Mapping[int, Resolved]) -> None:
        explained = {
            number: each for number, each in others.items() if each.said.explains
        }
        if len(explained) > self._most_explained:
            most = self._most_explained
            detail = f"more than {most} explanations, ask in several requests"
            raise refused(detail)
        if explained:
            await batch.explain(explained)


class _Batch:
    """Decides the questions of one request by one version."""

    def __init__(
        self,
        evaluating: Evaluating,
        call: Call,
        several: Several,
        numbers: Sequence[bytes],
    ) -> None:
        self._evaluating = evaluating
        self._observer = evaluating.node.observer
        self._caller = call.caller
        self._several = several
        self._numbers = numbers
        self._judge = evaluating.judge(call)
        self._time = datetime.now(UTC)
        self._ids = decision_ids(self._time)
        self._explained: dict[int, Verdict] = {}
        self._plain = Plain(self._judge, call.caller, several)
        self._pieces: dict[By, _Pieces] = {}
        self._answers: list[bytes] = []
        self._decided: list[Decided | Together] = []

    async def answer(self, items: Sequence[Item | HttpError]) -> Sequence[bytes]:
        """Decide questions, and tell the observer.

        Returns:
            the answers as JSON.

        Raises:
            HttpError: 503, when the decisions could not be recorded: none is answered.
        """
        await self._decide(items)
        tell_together(self._observer, self._decided)
        return self._answers

    async def _decide(self, items: Sequence[Item | HttpError]) -> None:
        end, slow = self._several.end, 0
        for begin in range(0, len(items), _AT_A_TIME):
            if begin:
                await sleep(0)
            some = items[begin : begin + _AT_A_TIME]
            asked, found = self._plain.decide(some)
            at = 0
            others = [place for place, by in enumerate(found) if by is None]
            for place in others:
                if self._take(begin + at, asked[at:place], found[at:place]):
                    return
                if self._other(begin + place, some[place]) is end:
                    return
                at, slow = place + 1, slow + 1
                if slow % _SLOW_AT_A_TIME == 0:
                    await sleep(0)
            if self._take(begin + at, asked[at:], found[at:]):
                return

    def _take(self, first: int, asked: Sequence[Asked], found: Sequence[By]) -> bool:
        """Answer plain questions that follow each other.

        Args:
            first: the number of the first one.
            asked: their parts.
            found: what the tables say of them.

        Returns:
            whether that answer was among them.
        """
        known, end = self._pieces, self._several.end
        pieces = [known.get(by) or self._piece(by) for by in found]
        allowed = [each[0] for each in pieces]
        if end in allowed:
            del allowed[allowed.index(end) + 1 :]
        if not allowed:
            return False
        judge = self._judge
        together = Together(
            self._ids,
            first,
            self._time,
            self._caller,
            judge.day,
            judge.snapshot.version,
            asked,
            allowed,
        )
        self._decided.append(together)
        numbers = self._numbers[first : first + len(allowed)]
        self._answers += [
            head + number + tail
            for number, (_, head, tail) in zip(numbers, pieces, strict=False)
        ]
        return allowed[-1] is end

    def _piece(self, by: By) -> _Pieces:
        """What stands before and after the number in an answer, as JSON."""
        judge, verdict = self._judge, self._judge.found(by)
        context = DecisionContext(self._ids, judge.snapshot.version, verdict.reason)
        text = _ENCODE(DecisionBody(verdict.allowed, context))
        head, ids, tail = text.partition(self._ids.encode())
        self._pieces[by] = pieces = verdict.allowed, head + ids, tail
        return pieces

    def _other(self, number: int, item: Item | HttpError) -> bool:
        """Answer a question that is not plain; whether it is allowed."""
        several = self._several
        each = several.others.get(number) or resolved(item, several.defaults)
        body = self._body(number, each)
        self._answers.append(_ENCODE(body))
        return body.decision

    def _body(self, number: int, each: Resolved) -> DecisionBody:
        try:
            question = self._question(each)
        except HttpError as error:
            wrong = Error(error.status.value, error.detail)
            return DecisionBody(decision=False, context=DecisionContext(error=wrong))
        judge = self._judge.on(each.said.day)
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
        self._decided.append(decided)
        return decision_body(decided, verdict, each.said)

    async def explain(self, others: Mapping[int, Resolved]) -> None:
        """Decide questions with the whole explanation, for `answer` to give."""
        asked: dict[int, tuple[Judge, Question]] = {}
        for number, each in others.items():
            with suppress(HttpError):  # `answer` will say so
                judge = self._judge.on(each.said.day)
                asked[number] = judge, self._question(each)
        verdicts = await self._evaluating.explain(self._caller, [*asked.values()])
        self._explained = dict(zip(asked, verdicts, strict=True))

    def _question(self, each: Resolved) -> Question:
        asked = each.asked
        if isinstance(asked, HttpError):
            raise asked
        question = self._judge.questions.read(asked)
        check_place(self._caller, self._judge, question.organisation)
        return question
