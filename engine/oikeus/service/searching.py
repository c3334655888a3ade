"""Answers searches, a page at a time; a thread looks for the results.

What was found is kept for the pages that follow, if nothing changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, structs

from ..errors import RequestError
from ..store import Scope
from .besides import ABOUT_ANSWERS, besides
from .bodies import (
    ActionSearch,
    Found,
    FoundAction,
    FoundContext,
    FoundEntity,
    FoundPermission,
    PermissionSearch,
    ResourceSearch,
    SubjectSearch,
    read,
)
from .callers import needs
from .calls import Call
from .evaluating import Evaluating
from .finding import Finder, permission_of
from .finds import Finds, key_of
from .judging import Judge
from .paging import cut
from .questions import refused
from .settings import Settings
from .threads import Threads

Search = TypeVar(
    "Search", SubjectSearch, ResourceSearch, ActionSearch, PermissionSearch
)
Shown = TypeVar("Shown", FoundEntity, FoundAction, FoundPermission)
_Asked: TypeAlias = SubjectSearch | ResourceSearch | ActionSearch | PermissionSearch
Find = Callable[[Finder, Search], list[str]]

ANY = "*"
"""The id of a found resource that stands for all of its type at an organisation."""

_ENCODE = msgspec.json.Encoder(order="deterministic").encode
_SUBJECTS = msgspec.json.Decoder(SubjectSearch)
_RESOURCES = msgspec.json.Decoder(ResourceSearch)
_ACTIONS = msgspec.json.Decoder(ActionSearch)
_PERMISSIONS = msgspec.json.Decoder(PermissionSearch)


class Searching:
    """Answers searches.

    Args:
        evaluating: knows the version that decides.
        settings: how long pages are.
        threads: look for results.
    """

    def __init__(
        self, evaluating: Evaluating, settings: Settings, threads: Threads
    ) -> None:
        self._evaluating = evaluating
        self._settings = settings
        self._threads = threads
        self._finds = Finds()

    async def subjects(self, call: Call) -> bytes:
        """Answer `POST /access/v1/search/subject`.

        Raises:
            HttpError: 400, 403 or 503.
        """
        needs(call.caller, Scope.SEARCH)
        asked = read(_SUBJECTS, call.body)
        kind = asked.subject.type

        def show(_: Judge, name: str) -> FoundEntity:
            return FoundEntity(kind, name)

        return await self._search(call, asked, Finder.subjects, show)

    async def resources(self, call: Call) -> bytes:
        """Answer `POST /access/v1/search/resource`.

        Raises:
            HttpError: 400, 403 or 503.
        """
        needs(call.caller, Scope.SEARCH)
        asked = read(_RESOURCES, call.body)

        def show(judge: Judge, name: str) -> FoundEntity:
            return _resource(judge, asked, name)

        return await self._search(call, asked, Finder.resources, show)

    async def actions(self, call: Call) -> bytes:
        """Answer `POST /access/v1/search/action`.

        Raises:
            HttpError: 400, 403 or 503.
        """
        needs(call.caller, Scope.SEARCH)
        asked = read(_ACTIONS, call.body)

        def show(_: Judge, name: str) -> FoundAction:
            return FoundAction(name)

        return await self._search(call, asked, Finder.actions, show)

    async def permissions(self, call: Call) -> bytes:
        """Answer `POST /access/v1/search/permission`.

        Raises:
            HttpError: 400, 403 or 503.
        """
        needs(call.caller, Scope.SEARCH)
        asked = read(_PERMISSIONS, call.body)
        return await self._search(call, asked, Finder.permissions, _permission)

    async def _search(
        self,
        call: Call,
        asked: Search,
        find: Find[Search],
        show: Callable[[Judge, str], Shown],
    ) -> bytes:
        said = besides(asked.context)
        await self._evaluating.fresh(said.version)
        judge = self._evaluating.judge(call).on(said.day)
        question = _question(asked)
        key = key_of(question, judge.day, call.caller)
        found = self._finds.get(judge.snapshot, key)
        if found is None:
            looking = partial(find, Finder(judge, call.caller), asked)
            found = await self._looked(looking)
        results, page = cut(found, question, asked.page, self._settings)
        if page.next_token:
            self._finds.keep(judge.snapshot, key, found)
        shown = [show(judge, name) for name in results]
        day = judge.day if said.tells_day else UNSET
        context = FoundContext(judge.snapshot.version, day)
        return _ENCODE(Found(shown, page, context))

    async def _looked(self, looking: Callable[[], list[str]]) -> list[str]:
        try:
            return await self._threads.run(looking)
        except RequestError:
            detail = "the question holds what is no id, expected ids"
            raise refused(detail) from None


def _resource(judge: Judge, asked: ResourceSearch, name: str) -> FoundEntity:
    """A resource that was found, so that asking about it says yes."""
    kind = asked.resource.type
    said: dict[str, Any] = {}
    if asked.resource.properties is not UNSET:
        said = asked.resource.properties
    if judge.questions.power(asked.action.name, kind) is not None:
        return FoundEntity(kind, name, said)
    return _placed(judge, kind, name, said)


def _permission(judge: Judge, text: str) -> FoundPermission:
    """A permission that was found, so that asking about it says yes."""
    kind, action, organisation = permission_of(text)
    return FoundPermission(FoundAction(action), _placed(judge, kind, organisation, {}))


def _placed(
    judge: Judge, kind: str, organisation: str, said: dict[str, Any]
) -> FoundEntity:
    """Any resource of a type at an organisation, with what was said of it besides."""
    place = judge.questions.mapping.organisation_of(kind)
    if place.property is None:
        return FoundEntity(kind, organisation, said or UNSET)
    return FoundEntity(kind, ANY, {**said, place.property: organisation})


def _question(asked: _Asked) -> bytes:
    """What a question asks, apart from the page, and from how it is answered."""
    context = asked.context
    if context is not UNSET:
        context = {
            name: value for name, value in context.items() if name not in ABOUT_ANSWERS
        }
    same = structs.replace(asked, page=UNSET, context=context or UNSET)
    return type(asked).__name__.encode() + _ENCODE(same)
