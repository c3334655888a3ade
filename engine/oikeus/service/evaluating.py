"""Decides single questions: what may be asked by whom, how fresh, and how explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

import msgspec

from ..decide.snapshot import Snapshot
from ..store import Scope
from .besides import NOTHING, Besides, besides
from .bodies import DecisionBody, DecisionContext, Evaluation, read
from .callers import Caller, needs, needs_reach
from .calls import Call, header
from .explaining import explained
from .freshness import until
from .judging import Judge, Verdict
from .node import Decided, Node
from .questions import Question, Questions
from .settings import Settings
from .telling import decision_ids, tell
from .threads import Threads
from .wording import ENGLISH, language

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
        self._questions: Questions | None = None

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
        said = besides(asked.context)
        await self.fresh(said.version)
        judge = self.judge(call).on(said.day)
        question = judge.questions.read(asked)
        check_place(call.caller, judge, question.organisation)
        begun = perf_counter()
        if said.explains:
            (verdict,) = await self.explain(call.caller, [(judge, question)])
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
        return decision_body(decided, verdict, said)

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
            judge = self._judges[tongue] = Judge(self._read(snapshot), day, tongue)
        return judge

    def _read(self, snapshot: Snapshot) -> Questions:
        """What reads questions of a version: one, for readers of all languages."""
        if self._questions is None or self._questions.snapshot is not snapshot:
            self._questions = Questions(snapshot)
        return self._questions

    async def explain(
        self, caller: Caller, asked: Sequence[tuple[Judge, Question]]
    ) -> Sequence[Verdict]:
        """Decide questions with the whole explanation, in a thread.

        Raises:
            HttpError: 503, when too much is waiting for a thread.
        """
        return await self._threads.run(partial(explained, caller, asked))


def check_place(caller: Caller, judge: Judge, organisation: str) -> None:
    """Refuse a question about an organisation that is not the caller's or not here.

    Raises:
        HttpError: 403, or 400.
    """
    if caller.organisations:
        needs_reach(caller, organisation, judge.snapshot.tree)
    judge.check(organisation)


def decision_body(
    decided: Decided, verdict: Verdict, said: Besides = NOTHING
) -> DecisionBody:
    """What is answered for a decision."""
    context = DecisionContext(decided.id, decided.version, verdict.reason)
    if said.tells_day:
        context.day = decided.at
    if verdict.explained is not None:
        context.explain = verdict.explained
    return DecisionBody(decided.allowed, context)
