"""The links of a domain manager, as Casbin keeps them, and by who has them.

They are a dictionary and lists to all of Casbin's code. Links that are added or removed
one by one are followed; any other change makes all stale, and all is looked through
again when it is next asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

from casbin.rbac.default_role_manager.role_manager import DomainManager, Link


class Held(NamedTuple):
    """What a link gives to who has it."""

    role: str
    domain: str


_LOCK = Lock()
_NONE: tuple[Held, ...] = ()


def links_of(manager: DomainManager) -> Links | None:
    """A manager's links, made ours; none where it keeps them in a way of its own.

    Readers may be many threads; the first of them catches up, while the others wait.
    """
    links = manager.all_links
    if type(links) is Links and not links.is_stale:
        return links
    with _LOCK:
        links = manager.all_links
        if type(links) is dict:
            links = manager.all_links = Links(links)
        if type(links) is not Links:
            return None
        links.catch_up()
        return links


def _in_bulk(kind: type[Any], name: str) -> Any:  # noqa: ANN401 # each has a signature of its own
    method: Callable[..., Any] = getattr(kind, name)

    def change(self: Links | LinksInDomain, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 # as in its kind
        try:
            return method(self, *arguments, **named)
        finally:
            self.owner.is_stale = True

    change.__name__ = name
    change.__doc__ = method.__doc__
    return change


class LinksInDomain(list[Any]):
    """The links of one domain, in their order, some of them perhaps more than once.

    Attributes:
        owner: the links of all domains.
        domain: the one that these are of.
    """

    __slots__ = ("domain", "owner")

    def __init__(self, links: Sequence[Any], owner: Links, domain: object) -> None:
        super().__init__(links)
        self.owner = owner
        self.domain = domain

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return list, (list(self),)

    def append(self, link: Any) -> None:  # noqa: ANN401 # as in list
        """Add a link at the end."""
        super().append(link)
        self.owner.note(self, link, is_new=True)

    def remove(self, link: Any) -> None:  # noqa: ANN401 # as in list
        """Take out the first link that is equal."""
        gone = super().pop(self.index(link))
        self.owner.note(self, gone, is_new=False)


class Links(dict[Any, Any]):
    """The links of all domains.

    Attributes:
        is_stale: whether they must be looked through again.
        odd: how many are not what Casbin links texts by.
        owner: these.
    """

    __slots__ = ("_held", "is_stale", "odd")

    def __init__(self, links: Mapping[Any, Any]) -> None:
        super().__init__(links)
        self.is_stale = True
        self.odd = 0
        self._held: dict[object, list[Held]] = {}

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return dict, ({domain: list(links) for domain, links in self.items()},)

    @property
    def owner(self) -> Links:
        """These links themselves, since what changes them makes them stale."""
        return self

    def held(self, name: object) -> Sequence[Held]:
        """What a name has by links of its own, in all domains."""
        return self._held.get(name, _NONE)

    def catch_up(self) -> None:
        """Look through all links, if they were changed otherwise than one by one."""
        if not self.is_stale:
            return
        self.odd = 0
        self._held = {}
        for domain, links in self.items():
            watched = links
            if type(links) is list or _is_misplaced(links, self, domain):
                watched = LinksInDomain(links, self, domain)
                super().__setitem__(domain, watched)
            if type(watched) is not LinksInDomain:
                self.odd += 1
                continue
            for link in watched:
                self._enter(domain, link, is_new=True)
        self.is_stale = False

    def note(self, links: LinksInDomain, link: object, *, is_new: bool) -> None:
        """Follow a link that was added to a domain, or taken out."""
        if self.get(links.domain) is links:  # and was not exchanged for others since
            self._enter(links.domain, link, is_new=is_new)

    def _enter(self, domain: Any, link: Any, *, is_new: bool) -> None:  # noqa: ANN401 # any values
        if not _is_plain(domain, link):
            self.odd += 1 if is_new else -1
        elif is_new:
            self._held.setdefault(link.user, []).append(Held(link.role, domain))
        elif not self.is_stale:
            held = self._held[link.user]
            held.remove(Held(link.role, domain))
            if not held:
                del self._held[link.user]

    def __setitem__(self, domain: Any, links: Any) -> None:  # noqa: ANN401 # as in dict
        if domain in self or type(links) is not list or links:
            self.is_stale = True
            super().__setitem__(domain, links)
        else:  # so Casbin begins a domain
            super().__setitem__(domain, LinksInDomain((), self, domain))


def _is_misplaced(links: object, owner: Links, domain: object) -> bool:
    return type(links) is LinksInDomain and (
        links.owner is not owner or links.domain is not domain
    )


def _is_plain(domain: object, link: Any) -> bool:  # noqa: ANN401 # any value
    return (
        type(domain) is str
        and type(link) is Link
        and type(link.user) is str
        and type(link.role) is str
    )


for _name in (
    *("__delitem__", "__iadd__", "__imul__", "__setitem__", "clear", "extend"),
    *("insert", "pop", "reverse", "sort"),
):
    setattr(LinksInDomain, _name, _in_bulk(list, _name))
for _name in (
    "__delitem__",
    "__ior__",
    "clear",
    "pop",
    "popitem",
    "setdefault",
    "update",
):
    setattr(Links, _name, _in_bulk(dict, _name))
