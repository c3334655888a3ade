"""What stands in requests and answers, as AuthZEN 1.0 says.

Types are strict: a number is no text. Members that nobody knows are passed over, and
so are properties that the policy does not ask for. What comes by the thousand is no
matter for the collector of cycles: JSON has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from .administering.shapes import GrantShape, PolicyLine
from .once import check_once, is_whole
from .problems import HttpError, plain

Properties = Mapping[str, Any]
Body = TypeVar("Body")


class Entity(Struct, gc=False):
    """A subject or a resource."""

    type: str
    id: str
    properties: dict[str, Any] | UnsetType = UNSET


class Sort(Struct):
    """A subject or a resource that is searched for: an id is not looked at."""

    type: str
    properties: dict[str, Any] | UnsetType = UNSET


class Action(Struct, gc=False):
    """What is to be done."""

    name: str
    properties: dict[str, Any] | UnsetType = UNSET


class Evaluation(Struct, gc=False):
    """A question."""

    subject: Entity
    action: Action
    resource: Entity
    context: dict[str, Any] | UnsetType = UNSET


class Item(Struct, gc=False):
    """A question of several; what it does not say, the request says for all."""

    subject: Entity | UnsetType = UNSET
    action: Action | UnsetType = UNSET
    resource: Entity | UnsetType = UNSET
    context: dict[str, Any] | UnsetType = UNSET


class Options(Struct, omit_defaults=True):
    """How several questions are decided."""

    evaluations_semantic: str = "execute_all"


class Evaluations(Item):
    """Several questions, none of them malformed."""

    evaluations: list[Item] | UnsetType = UNSET
    options: Options | UnsetType = UNSET


class RawEvaluations(Item):
    """Several questions, each to be read by itself."""

    evaluations: list[Raw] | UnsetType = UNSET
    options: Options | UnsetType = UNSET


class Page(Struct, omit_defaults=True):
    """Which results of a search are wanted."""

    token: str = ""
    limit: int | UnsetType = UNSET


class SubjectSearch(Struct):
    """Who may do this?"""

    subject: Sort
    action: Action
    resource: Entity
    context: dict[str, Any] | UnsetType = UNSET
    page: Page | UnsetType = UNSET


class ResourceSearch(Struct):
    """On what may this subject do it?"""

    subject: Entity
    action: Action
    resource: Sort
    context: dict[str, Any] | UnsetType = UNSET
    page: Page | UnsetType = UNSET


class ActionSearch(Struct):
    """What may this subject do with it?"""

    subject: Entity
    resource: Entity
    context: dict[str, Any] | UnsetType = UNSET
    page: Page | UnsetType = UNSET


class Belonging(Struct):
    """A resource of which only that is said which tells where it belongs."""

    properties: dict[str, Any] | UnsetType = UNSET


class PermissionSearch(Struct):
    """All that this subject may do, here or anywhere; ours, in the form of AuthZEN."""

    subject: Entity
    resource: Belonging | UnsetType = UNSET
    context: dict[str, Any] | UnsetType = UNSET
    page: Page | UnsetType = UNSET


class Error(Struct):
    """Why one of several questions was not decided."""

    status: int
    message: str


class ExplainedMiss(Struct):
    """One thing that, had it been otherwise, would have made the answer an allow."""

    cause: str
    text: str


class Explained(Struct, omit_defaults=True):
    """The whole explanation of a decision; what there is nothing of is left out.

    Attributes:
        rule: the line that determined it, for whoever may audit.
        grant: the grant that it came through, for whoever may audit.
        misses: for a deny, the least that would have had to be otherwise, together.
        roles: for a deny, the roles with which it would be an allow.
        granters: the roles whose holders could grant one of them.
    """

    rule: PolicyLine | None = None
    grant: GrantShape | None = None
    misses: list[ExplainedMiss] = []
    roles: list[str] = []
    granters: list[str] = []


class DecisionContext(Struct, omit_defaults=True):
    """What is said of a decision.

    Attributes:
        id: no other decision has it.
        version: of the policy that decided.
        reason: one sentence, without people.
        error: why nothing was decided.
        day: decided for, where a day, attributes or an explanation were asked for.
        explain: the whole explanation, where it was asked for.
    """

    id: str | UnsetType = UNSET
    version: int | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    error: Error | UnsetType = UNSET
    day: date | UnsetType = UNSET
    explain: Explained | UnsetType = UNSET


class DecisionBody(Struct):
    """A decision."""

    decision: bool
    context: DecisionContext


class DecisionsBody(Struct):
    """Several decisions, in the order of the questions."""

    evaluations: list[DecisionBody]


class FoundEntity(Struct, omit_defaults=True):
    """A subject or a resource that was found."""

    type: str
    id: str
    properties: dict[str, Any] | UnsetType = UNSET


class FoundAction(Struct):
    """An action that was found."""

    name: str


class FoundPermission(Struct):
    """An action that may be done, and on what."""

    action: FoundAction
    resource: FoundEntity


class FoundPage(Struct):
    """Which results these are.

    Attributes:
        next_token: asks for those that follow; empty at the end.
        count: how many there are here.
        total: how many there are.
    """

    next_token: str
    count: int
    total: int


class FoundContext(Struct, omit_defaults=True):
    """What is said of a search.

    Attributes:
        version: of the policy that it was made in.
        day: searched for, where a day or attributes were asked for.
    """

    version: int
    day: date | UnsetType = UNSET


class Found(Struct):
    """What a search found."""

    results: list[FoundEntity] | list[FoundAction] | list[FoundPermission]
    page: FoundPage
    context: FoundContext


def read(decoder: msgspec.json.Decoder[Body], text: bytes) -> Body:
    """Read a body, in which every key stands once.

    Raises:
        HttpError: 400, saying where it is otherwise than it must be.
    """
    try:
        found = decoder.decode(text)
        # members that nobody knows are passed over
        if not is_whole(text, found):
            check_once(text)
    except msgspec.ValidationError as error:
        raise HttpError(HTTPStatus.BAD_REQUEST, plain(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        detail = "the body is not JSON"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail) from None
    except RecursionError:
        detail = "the body is nested too deeply"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail) from None
    return found
