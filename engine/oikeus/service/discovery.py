"""Where the service says what it answers, as AuthZEN 1.0 says (section 9)."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .paths import ACTIONS, EVALUATION, EVALUATIONS, RESOURCES, SUBJECTS
from .settings import Settings

PATHS = {
    "access_evaluation_endpoint": EVALUATION,
    "access_evaluations_endpoint": EVALUATIONS,
    "search_subject_endpoint": SUBJECTS,
    "search_resource_endpoint": RESOURCES,
    "search_action_endpoint": ACTIONS,
}
"""The endpoints, by what the configuration calls them."""


def configuration(settings: Settings) -> Route:
    """The route of the configuration.

    INVARIANT: it comes from the settings. What a request says in `Host` would let
    whoever sends it have others ask somewhere else.
    """
    public = settings.public_url.rstrip("/")
    found = {"policy_decision_point": public} | {
        name: f"{public}{path}" for name, path in PATHS.items()
    }
    body = msgspec.json.encode(found)

    async def say(_: Request) -> Response:
        return Response(body, media_type="application/json")

    return Route("/.well-known/authzen-configuration", say, methods=["GET"])
