"""All that the service does, as its document says it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from ..store import Scope
from .administering.endpoints import OPERATIONS
from .bodies import (
    ActionSearch,
    DecisionBody,
    DecisionsBody,
    Evaluation,
    Evaluations,
    FoundAction,
    FoundContext,
    FoundEntity,
    FoundPage,
    FoundPermission,
    PermissionSearch,
    ResourceSearch,
    SubjectSearch,
)
from .health import Readiness
from .operations import Described, Method
from .paths import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    PERMISSIONS,
    RESOURCES,
    SUBJECTS,
)

_PLACE = {"organisation": "1.2.246.562.10.90101000000"}
_QUESTION = {
    "subject": {"type": "person", "id": "1.2.246.562.24.90100000013"},
    "action": {"name": "read"},
    "resource": {
        "type": "hoks",
        "id": "1",
        "properties": _PLACE,
    },
}
_SINCE = (
    "A question's `context.at_least_version` asks for that version or a later one, "
    "`context.day` for another day than today, and `context.attributes` says "
    "attributes of the policy by their names."
)
_EXPLAINED = "`context.explain` asks for the whole explanation."
_PAGES = f"`page.token` asks for the page that `page.next_token` names. {_SINCE}"
_ASKED = (HTTPStatus.SERVICE_UNAVAILABLE,)


class FoundEntities(msgspec.Struct):
    """The subjects or resources that a search found."""

    results: list[FoundEntity]
    page: FoundPage
    context: FoundContext


class FoundActions(msgspec.Struct):
    """The actions that a search found."""

    results: list[FoundAction]
    page: FoundPage
    context: FoundContext


class FoundPermissions(msgspec.Struct):
    """What a search found that a subject may do, and on what."""

    results: list[FoundPermission]
    page: FoundPage
    context: FoundContext


class Configuration(msgspec.Struct):
    """Where the service answers what (AuthZEN 1.0, section 9)."""

    policy_decision_point: str
    access_evaluation_endpoint: str
    access_evaluations_endpoint: str
    search_subject_endpoint: str
    search_resource_endpoint: str
    search_action_endpoint: str
    subject_types: list[str]


class Living(msgspec.Struct):
    """That the process lives."""

    live: bool


_AUTHZEN = (
    Described(
        name="evaluate",
        method=Method.POST,
        path=EVALUATION,
        summary="Decide a question",
        description="As OpenID AuthZEN 1.0 says. A denial is an answer. "
        f"{_SINCE} {_EXPLAINED}",
        scopes=(Scope.EVALUATE,),
        asked=Evaluation,
        answers={HTTPStatus.OK: DecisionBody},
        problems=_ASKED,
        example=_QUESTION,
    ),
    Described(
        name="evaluateMany",
        method=Method.POST,
        path=EVALUATIONS,
        summary="Decide several questions, by one version",
        description="What is said beside the questions is said for all of them. "
        "Without any, what is beside them is the one question, and is answered as "
        f"one. {_SINCE} {_EXPLAINED}",
        scopes=(Scope.EVALUATE,),
        asked=Evaluations,
        answers={HTTPStatus.OK: DecisionsBody | DecisionBody},
        problems=_ASKED,
        example={**_QUESTION, "evaluations": [{"action": {"name": "update"}}, {}]},
    ),
    Described(
        name="searchSubjects",
        method=Method.POST,
        path=SUBJECTS,
        summary="List who may do this",
        description=_PAGES,
        scopes=(Scope.SEARCH,),
        asked=SubjectSearch,
        answers={HTTPStatus.OK: FoundEntities},
        problems=_ASKED,
        example={**_QUESTION, "subject": {"type": "person"}},
    ),
    Described(
        name="searchResources",
        method=Method.POST,
        path=RESOURCES,
        summary="List on what a subject may do this",
        description=_PAGES,
        scopes=(Scope.SEARCH,),
        asked=ResourceSearch,
        answers={HTTPStatus.OK: FoundEntities},
        problems=_ASKED,
        example={**_QUESTION, "resource": {"type": "hoks"}},
    ),
    Described(
        name="searchActions",
        method=Method.POST,
        path=ACTIONS,
        summary="List what a subject may do with this",
        description=_PAGES,
        scopes=(Scope.SEARCH,),
        asked=ActionSearch,
        answers={HTTPStatus.OK: FoundActions},
        problems=_ASKED,
        example={name: _QUESTION[name] for name in ("subject", "resource")},
    ),
    Described(
        name="searchPermissions",
        method=Method.POST,
        path=PERMISSIONS,
        summary="List all that a subject may do, at one organisation or at each",
        description=f"Not of AuthZEN, but in its form. {_PAGES}",
        scopes=(Scope.SEARCH,),
        asked=PermissionSearch,
        answers={HTTPStatus.OK: FoundPermissions},
        problems=_ASKED,
        example={
            "subject": _QUESTION["subject"],
            "resource": {"properties": _PLACE},
        },
    ),
    Described(
        name="configuration",
        method=Method.GET,
        path="/.well-known/authzen-configuration",
        summary="Say where what is answered",
        answers={HTTPStatus.OK: Configuration},
        is_open=True,
    ),
)

_TOLD = (
    Described(
        name="live",
        method=Method.GET,
        path="/health/live",
        summary="Say that the process lives",
        answers={HTTPStatus.OK: Living},
        is_open=True,
    ),
    Described(
        name="ready",
        method=Method.GET,
        path="/health/ready",
        summary="Say whether requests may be sent here",
        answers={
            HTTPStatus.OK: Readiness,
            HTTPStatus.SERVICE_UNAVAILABLE: Readiness,
        },
        is_open=True,
    ),
    Described(
        name="metrics",
        method=Method.GET,
        path="/metrics",
        summary="Say what the process has done, in the form of Prometheus",
        description="An owner can have them given without a token. A collector that "
        "asks for OpenMetrics in `Accept` gets that.",
        scopes=(Scope.AUDIT,),
        answers={HTTPStatus.OK: str},
        media_type="text/plain",
    ),
    Described(
        name="document",
        method=Method.GET,
        path="/openapi.json",
        summary="Give this document",
        answers={HTTPStatus.OK: dict[str, Any]},
    ),
)

SERVED: tuple[Described, ...] = (*_AUTHZEN, *OPERATIONS, *_TOLD)
"""Everything, in the order of the document."""
