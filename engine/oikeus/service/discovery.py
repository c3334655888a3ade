"""Where the service says what it answers, as AuthZEN 1.0 says (section 9)."""

from __future__ import annotations

from collections.abc import Callable, Collection

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


def configuration(settings: Settings, kinds: Callable[[], Collection[str]]) -> Route:
    """The route of the configuration.

    INVARIANT: addresses come from the settings. What a request says in `Host` would let
    whoever sends it have others ask somewhere else.

    Args:
        settings: what the service is called.
        kinds: the types that subjects may be of, by the version that decides.
    """
    public = settings.public_url.rstrip("/")
    found = {"policy_decision_point": public} | {
        name: f"{public}{path}" for name, path in PATHS.items()
    }

    async def say(_: Request) -> Response:
        body = msgspec.json.encode({**found, "subject_types": sorted(kinds())})
        return Response(body, media_type="application/json")

    return Route("/.well-known/authzen-configuration", say, methods=["GET"])
