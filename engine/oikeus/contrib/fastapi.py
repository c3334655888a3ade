"""Asks before a path operation of FastAPI: a dependency (extra `[fastapi]`)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Depends, HTTPException

from ..decide.decides import Decides
from .answering import answer


class Requires:
    """A dependency that the policy must allow: `Depends(Requires(…))`.

    Its value is the organisation that was asked about. Where the policy denies, FastAPI
    answers 403 with the reason; 400 where the organisation is no id, 401 where nobody
    is signed in, and 503 where nothing could be decided.

    Args:
        point: decides, for today.
        action: what is to be done.
        resource: on what.
        subject: a dependency that gives who asks, `person:ID` or `system:ID`; nothing
            where nobody is signed in.
        organisation: a dependency that gives where.
        challenge: how to sign in, for the header WWW-Authenticate of a 401.
    """

    def __init__(  # noqa: PLR0913 # what a question is made of
        self,
        point: Decides,
        action: str,
        resource: str,
        *,
        subject: Callable[..., Any],
        organisation: Callable[..., Any],
        challenge: str = "Bearer",
    ) -> None:
        self._point = point
        self._action = action
        self._resource = resource
        self._challenge = challenge
        # read by FastAPI, which asks these first, with whatever they depend on
        self.__signature__ = Signature(
            [
                _dependency("subject", Annotated[str | None, Depends(subject)]),
                _dependency("organisation", Annotated[str, Depends(organisation)]),
            ]
        )

    async def __call__(self, subject: str | None, organisation: str) -> str:
        """Decide; FastAPI calls this.

        Raises:
            HTTPException: the request is refused.
        """
        answered = await answer(
            self._point, subject, self._action, self._resource, organisation
        )
        if answered.goes_on:
            return organisation
        unknown = answered.status is HTTPStatus.UNAUTHORIZED
        raise HTTPException(
            answered.status,
            answered.detail,
            {"WWW-Authenticate": self._challenge} if unknown else None,
        )


def _dependency(name: str, annotation: object) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation)
