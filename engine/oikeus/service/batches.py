"""Decides many questions of one request: by one version, on one day, in their order.

A question that cannot be decided is denied, with the error beside it; the others are
decided all the same. Many questions are decided a hundred at a time, so that the loop
gets its turn between: a thread would hold the interpreter no less.
"""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

import msgspec
from msgspec import UNSET, Raw

from ..policy.wording import choice
from ..store import Scope
from .bodies import (
    DecisionBody,
    DecisionContext,
    DecisionsBody,
    Error,
    Evaluation,
    Evaluations,
    Item,
    RawEvaluations,
    read,
)
from .callers import needs
from .calls import Call
from .evaluating import (
    Evaluating,
    check_place,
    decision_body,
    explains,
    least_version,
)
from .judging import Verdict
from .node import Decided
from .problems import HttpError
from .questions import Question, refused
from .settings import Settings
from .telling import decision_ids, tell

_ENCODE = msgspec.json.Encoder().encode
_EVALUATIONS = msgspec.json.Decoder(Evaluations)
_RAW = msgspec.json.Decoder(RawEvaluations)
_ITEM = msgspec.json.Decoder(Item)

_AT_A_TIME = 100
"""How many questions are decided before the loop has its turn: under a millisecond."""

_ENDS: Mapping[str, bool | None] = MappingProxyType(
    {"execute_all": None, "deny_on_first_deny": False, "permit_on_first_permit": True}
)
"""With which answer each semantic ends."""


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

    async def many(self, call: Call) -> bytes:
        """Answer `POST /access/v1/evaluations`.

        Raises:
            HttpError: 400, 403 or 503, for all questions together.
        """
        needs(call.caller, Scope.EVALUATE)
        asked, items = _read(call.body)
        if not items:
            return _ENCODE(await self._evaluating.evaluate(call, _whole(asked, asked)))
        if len(items) > self._most:
            detail = f"more than {self._most} evaluations, ask in several requests"
            raise refused(detail)
        end = _end(asked)
        resolved = [_resolved(item, asked) for item in items]
        await self._evaluating.fresh(max(each.version for each in resolved))
        batch = _Batch(self._evaluating, call)
        await self._explain(batch, resolved)
        answered: list[DecisionBody] = []
        for number, each in enumerate(resolved):
            if number and number % _AT_A_TIME == 0:
                await sleep(0)
            answered.append(batch.answer(number, each))
            if answered[-1].decision is end:
                break
        return _ENCODE(DecisionsBody(answered))

    async def _explain(self, batch: _Batch, resolved: list[_Resolved]) -> None:
        numbers = [number for number, each in enumerate(resolved) if each.explains]
        if len(numbers) > self._most_explained:
            most = self._most_explained
            detail = f"more than {most} explanations, ask in several requests"
            raise refused(detail)
        if numbers:
            await batch.explain({number: resolved[number] for number in numbers})


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A question with what the request says for all, or why it is none."""

    asked: Evaluation | HttpError
    version: int = 0
    explains: bool = False


class _Batch:
    """Decides the questions of one request by one version."""

    def __init__(self, evaluating: Evaluating, call: Call) -> None:
        self._evaluating = evaluating
        self._observer = evaluating.node.observer
        self._caller = call.caller
        self._judge = evaluating.judge(call)
        self._time = datetime.now(UTC)
        self._ids = decision_ids(self._time)
        self._explained: dict[int, Verdict] = {}

    def answer(self, number: int, resolved: _Resolved) -> DecisionBody:
        """Decide one question, and tell the observer.

        Raises:
            HttpError: 503, when the decision could not be recorded.
        """
        try:
            question = self._question(resolved)
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

    async def explain(self, resolved: Mapping[int, _Resolved]) -> None:
        """Decide questions with the whole explanation, for `answer` to give."""
        questions: dict[int, Question] = {}
        for number, each in resolved.items():
            with suppress(HttpError):  # `answer` will say so
                questions[number] = self._question(each)
        asked = [*questions.values()]
        verdicts = await self._evaluating.explain(self._judge, asked)
        self._explained = dict(zip(questions, verdicts, strict=True))

    def _question(self, resolved: _Resolved) -> Question:
        asked = resolved.asked
        if isinstance(asked, HttpError):
            raise asked
        question = self._judge.questions.read(asked)
        check_place(self._caller, self._judge, question.organisation)
        return question


def _read(body: bytes) -> tuple[Evaluations | RawEvaluations, list[Item | HttpError]]:
    """Read questions; only where one is malformed, each by itself.

    Raises:
        HttpError: 400, when it is not the questions that are malformed.
    """
    try:
        asked = read(_EVALUATIONS, body)
    except HttpError:
        raw = read(_RAW, body)
        return raw, [] if raw.evaluations is UNSET else [*map(_item, raw.evaluations)]
    return asked, [] if asked.evaluations is UNSET else [*asked.evaluations]


def _item(raw: Raw) -> Item | HttpError:
    try:
        return read(_ITEM, raw)
    except HttpError as error:
        return error


def _resolved(item: Item | HttpError, defaults: Item) -> _Resolved:
    if isinstance(item, HttpError):
        return _Resolved(item)
    try:
        asked = _whole(item, defaults)
        context = asked.context
        if context is UNSET:
            return _Resolved(asked)
        return _Resolved(asked, least_version(context), explains(context))
    except HttpError as error:
        return _Resolved(error)


def _whole(item: Item, defaults: Item) -> Evaluation:
    """A question, each part its own or else that of the request.

    Raises:
        HttpError: 400, when a part is in neither.
    """
    subject = defaults.subject if item.subject is UNSET else item.subject
    action = defaults.action if item.action is UNSET else item.action
    resource = defaults.resource if item.resource is UNSET else item.resource
    context = defaults.context if item.context is UNSET else item.context
    if subject is UNSET or action is UNSET or resource is UNSET:
        detail = "a question has no subject, action or resource, expected all three"
        raise refused(detail)
    return Evaluation(subject, action, resource, context)


def _end(asked: Evaluations | RawEvaluations) -> bool | None:
    """The answer after which no more is decided; nothing where all is.

    Raises:
        HttpError: 400, when the request names none of AuthZEN's semantics.
    """
    options = asked.options
    semantic = "execute_all" if options is UNSET else options.evaluations_semantic
    if semantic not in _ENDS:
        detail = f"unknown options.evaluations_semantic, expected {choice(_ENDS)}"
        raise refused(detail)
    return _ENDS[semantic]
