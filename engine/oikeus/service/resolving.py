"""Reads several questions of one request, each with what the request says for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import msgspec
from msgspec import UNSET, Raw

from ..policy.wording import choice
from .besides import NOTHING, Besides, Context, besides
from .bodies import Evaluation, Evaluations, Item, RawEvaluations, read
from .freshness import MEMBER
from .problems import HttpError
from .questions import refused

_EVALUATIONS = msgspec.json.Decoder(Evaluations)
_RAW = msgspec.json.Decoder(RawEvaluations)
_ITEM = msgspec.json.Decoder(Item)

Questions = Evaluations | RawEvaluations

_ENDS: Mapping[str, bool | None] = MappingProxyType(
    {"execute_all": None, "deny_on_first_deny": False, "permit_on_first_permit": True}
)
"""With which answer each semantic ends."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with what the request says for all, or why it is none."""

    asked: Evaluation | HttpError
    said: Besides = NOTHING


@dataclass(frozen=True, slots=True)
class Several:
    """What one request asks, apart from those of its questions that are simple.

    Attributes:
        defaults: what it says for all questions.
        end: the answer after which no more is decided; nothing where all is.
        others: the questions that are wrong, or are decided in a context, by number.
        all_others: whether all of them are.
    """

    defaults: Item
    end: bool | None
    others: Mapping[int, Resolved]
    all_others: bool

    @classmethod
    def of(
        cls, asked: Questions, items: Sequence[Item | HttpError], version: int
    ) -> Self:
        """Tell those questions from the others.

        Args:
            asked: the request.
            items: its questions.
            version: that is decided by: whoever asks for one that is there already asks
                for nothing.

        Raises:
            HttpError: 400, when it names none of AuthZEN's semantics.
        """
        is_other = not _is_met(asked.context, version)
        others = {
            number: resolved(item, asked)
            for number, item in enumerate(items)
            if is_other or type(item) is not Item or item.context is not UNSET
        }
        return cls(asked, _end(asked), others, is_other)

    @property
    def version(self) -> int:
        """The version that all of them ask to be decided by at least."""
        return max((each.said.version for each in self.others.values()), default=0)


def _is_met(context: Context, version: int) -> bool:
    """Whether a context asks for nothing but what there is."""
    if context is UNSET:
        return True
    wanted = context.get(MEMBER)
    return len(context) == 1 and type(wanted) is int and 0 <= wanted <= version


def read_all(
    body: bytes,
) -> tuple[Questions, list[Item | HttpError]]:
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
        return read(_ITEM, bytes(raw))
    except HttpError as error:
        return error


def resolved(item: Item | HttpError, defaults: Item) -> Resolved:
    """A question, or why it is none."""
    if isinstance(item, HttpError):
        return Resolved(item)
    try:
        asked = whole(item, defaults)
        return Resolved(asked, besides(asked.context))
    except HttpError as error:
        return Resolved(error)


def whole(item: Item, defaults: Item) -> Evaluation:
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


def _end(asked: Questions) -> bool | None:
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
