"""Decides single questions: what may be asked by whom, how fresh, and how explained."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from time import perf_counter
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from ..decide.decision import Decision
from ..decide.decision_point import DecisionPoint
from ..store import Scope
from ..terms import Request, RevocationRequest
from .bodies import DecisionBody, DecisionContext, Evaluation, read
from .callers import Caller, needs, needs_reach
from .calls import Call, header
from .freshness import until, wanted
from .judging import Judge, Verdict
from .node import Decided, Node
from .questions import Question
from .settings import Settings
from .telling import decision_ids, tell
from .threads import Threads
from .wording import ENGLISH, language

EXPLAIN = "explain"
"""The member of a question's context that asks for the whole explanation."""

Context = dict[str, Any] | UnsetType

_ENCODE = msgspec.json.Encoder().encode
_EVALUATION = msgspec.json.Decoder(Evaluation)


class Evaluating:
    """Answers single questions.

    Attributes:
        node: decides, and is told of decisions.
    """

    def __init__(self, node: Node, settings: Settings, threads: Threads) -> None:
        self.node = node
        self._patience = settings.patience
        self._threads = threads
        self._judges: dict[str, Judge] = {}

    async def one(self, call: Call) -> bytes:
        """Answer `POST /access/v1/evaluation`.

        Raises:
            HttpError: 400, 403 or 503.
        """
        needs(call.caller, Scope.EVALUATE)
        return _ENCODE(await self.evaluate(call, read(_EVALUATION, call.body)))

    async def evaluate(self, call: Call, asked: Evaluation) -> DecisionBody:
        """Decide a question, and tell the observer.

        Raises:
            HttpError: 400, 403 or 503.
        """
        if asked.context is not UNSET:
            await self.fresh(least_version(asked.context))
        judge = self.judge(call)
        question = judge.questions.read(asked)
        check_place(call.caller, judge, question.organisation)
        begun = perf_counter()
        if explains(asked.context):
            (verdict,) = await self.explain(judge, [question])
        else:
            verdict = judge.verdict(question)
        seconds = perf_counter() - begun
        time = datetime.now(UTC)
        decided = Decided(
            f"{decision_ids(time)}0000",
            time,
            call.caller,
            question,
            judge.day,
            verdict.allowed,
            judge.snapshot.version,
            verdict.rule,
            verdict.grant,
            seconds,
        )
        tell(self.node.observer, decided)
        return decision_body(decided, verdict)

    async def fresh(self, version: int) -> None:
        """Wait for a version, not for long.

        Raises:
            HttpError: 503, when it does not come.
        """
        if version:
            await until(self.node.point, version, self._patience)

    def judge(self, call: Call) -> Judge:
        """Who decides by the current version, in the language of the caller.

        Raises:
            HttpError: 401, for a token that is not good in that version: it was when
                the request began, which may have waited for its body or for a version.
        """
        accepted = header(call.headers, b"accept-language")
        tongue = ENGLISH if accepted is None else language(accepted)
        snapshot, day = self.node.point.snapshot, self.node.point.today()
        # after the version is taken: what is known of tokens is never older than it
        self.node.authenticator.check(call.caller)
        judge = self._judges.get(tongue)
        if judge is None or judge.snapshot is not snapshot or judge.day != day:
            judge = self._judges[tongue] = Judge(snapshot, day, tongue)
        return judge

    async def explain(self, judge: Judge, questions: list[Question]) -> list[Verdict]:
        """Decide questions with the whole explanation, in a thread.

        Raises:
            HttpError: 503, when too much is waiting for a thread.
        """
        return await self._threads.run(partial(_explained, judge, questions))


def check_place(caller: Caller, judge: Judge, organisation: str) -> None:
    """Refuse a question about an organisation that is not the caller's or not here.

    Raises:
        HttpError: 403, or 400.
    """
    if caller.organisations:
        needs_reach(caller, organisation, judge.snapshot.tree)
    judge.check(organisation)


def least_version(context: Context) -> int:
    """The version that a context asks to be decided by at least; 0 if it does not.

    Raises:
        HttpError: 400.
    """
    return 0 if context is UNSET else wanted(context)


def explains(context: Context) -> bool:
    """Whether a context asks for the whole explanation."""
    return context is not UNSET and context.get(EXPLAIN) is True


def decision_body(decided: Decided, verdict: Verdict) -> DecisionBody:
    """What is answered for a decision."""
    context = DecisionContext(decided.id, decided.version, verdict.reason)
    return DecisionBody(decided.allowed, context)


def _explained(judge: Judge, questions: list[Question]) -> list[Verdict]:
    point = DecisionPoint(judge.snapshot)  # of this version, whatever came meanwhile
    found = (_decide(point, question, judge.day) for question in questions)
    return [Verdict(each.allowed, each.reason, each.rule, each.grant) for each in found]


def _decide(point: DecisionPoint, question: Question, day: date) -> Decision:
    if isinstance(question, Request):
        return point.decide(question, day)
    ask = point.may_grant
    if isinstance(question, RevocationRequest):
        ask = point.may_revoke
    return ask(
        question.granter, question.recipient, question.role, question.organisation, day
    )
