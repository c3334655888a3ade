"""Questions to Casbin's own role managers that leave no trace.

Casbin's managers remember every name that they are asked about, as if it were a role;
with a matching function, a name asked about can so change later answers. Here a
question changes nothing, and one about plain names only follows the links there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from casbin.rbac.default_role_manager.role_manager import DomainManager, RoleManager

from ..matcher.reading import PARSING
from .domains import Domain, matched

Ask = Callable[..., bool]
_DEFAULT_MATCH = "DomainManagerBase.__init__.<locals>.<lambda>"


def compares(manager: Any) -> bool:  # noqa: ANN401 # Casbin's managers have no types
    """Whether a manager takes names as they are: it was given no matching function."""
    matching = manager.matching_func
    return matching is None or getattr(matching, "__qualname__", "") == _DEFAULT_MATCH


def asker(manager: RoleManager | DomainManager) -> Ask:
    """A manager's `has_link`, without a trace."""
    if type(manager) is DomainManager:
        return _asker_in_domains(manager)

    def has_link(name1: Any, name2: Any, *domain: Any) -> bool:  # noqa: ANN401 # any values
        del domain  # this manager knows none
        if type(name1) is str and type(name2) is str and manager.matching_func is None:
            return _follow(manager, name1, name2)
        return _ask_and_forget(manager, name1, name2)

    return has_link


def _asker_in_domains(manager: DomainManager) -> Ask:
    def has_link(name1: Any, name2: Any, domain: str = "") -> bool:  # noqa: ANN401 # any values
        place = _place(manager, domain, name1, name2)
        if place is not None:
            return place.links(name1, name2)
        inner = manager.rm_map.get(domain) or _of_domain(manager, domain)
        if type(name1) is str and type(name2) is str and compares(inner):
            return _follow(inner, name1, name2)
        return _ask_and_forget(inner, name1, name2)

    return has_link


def _place(manager: DomainManager, domain: object, *names: object) -> Domain | None:
    """A domain, where domains match by a function, and names do not."""
    return matched(manager, domain, *names) if compares(manager) else None


def _of_domain(manager: DomainManager, domain: str) -> RoleManager:
    """The manager of a domain that nobody asked about yet; of an unknown one, none."""
    if domain in manager.all_links or manager.domain_matching_func is not None:
        return manager._get_role_manager(domain)  # noqa: SLF001 # which keeps it
    inner = RoleManager(manager.max_hierarchy_level)
    inner.matching_func = manager.matching_func
    return inner


def neighbours(
    manager: Any,  # noqa: ANN401 # Casbin's managers have no types
    side: Literal["roles", "users"],
    name: str,
    *domain: str,
) -> list[str]:
    """The names that one link leads to from a name, in no order."""
    inner = manager
    if type(manager) is DomainManager and len(domain) <= 1:
        asked = domain[0] if domain else ""
        place = _place(manager, asked, name)
        if place is not None:
            return [*place.roles([name])] if side == "roles" else place.users(name)
        inner = manager.rm_map.get(asked) or _of_domain(manager, asked)
    is_plain = type(inner) is RoleManager and type(name) is str
    if is_plain and (inner.matching_func is None or compares(inner)):
        role = inner.all_roles.get(name)
        if role is None:
            return []
        return [each.name for each in (role.roles if side == "roles" else role.users)]
    ask = inner.get_roles if side == "roles" else inner.get_users
    with without_trace([inner]):
        found: list[str] = ask(name, *domain)
    return found


Reach = Callable[..., "set[str] | None"]
"""Gives the names that a name leads to, with itself; none where that takes asking."""


def reacher(manager: Any) -> Reach:  # noqa: ANN401 # Casbin's managers have no types
    """What a name leads to by a manager's links: all that it has a link to."""

    def reach(name: str, domain: str = "") -> set[str] | None:
        inner = manager
        if type(manager) is DomainManager:
            place = _place(manager, domain, name)
            if place is not None:
                return place.reached(name)
            inner = manager.rm_map.get(domain)
            if inner is None:
                return None  # it is made when it is asked
        if inner is None:
            return {name}
        if not compares(inner):
            return None
        reached = {name} if inner.max_hierarchy_level > 0 else set()
        start = inner.all_roles.get(name)
        front = start.roles if start is not None else ()
        for _ in range(inner.max_hierarchy_level - 1):
            names = {role.name for role in front}
            if names <= reached:
                break
            reached |= names
            front = {further for role in front for further in role.roles}
        return reached

    return reach


def _follow(manager: RoleManager, name1: str, name2: str) -> bool:
    """Follow links breadth first, as far as Casbin does: its limit counts the start."""
    level: int = manager.max_hierarchy_level
    if level <= 0:
        return False
    if name1 == name2:
        return True
    roles = manager.all_roles
    start, target = roles.get(name1), roles.get(name2)
    if start is None or target is None:
        return False
    reached = start.roles
    while level > 1 and reached:
        if target in reached:
            return True
        level -= 1
        further: set[Any] = set()
        further.update(*(role.roles for role in reached))
        reached = further
    return False


def _ask_and_forget(manager: RoleManager, name1: object, name2: object) -> bool:
    """Ask, and take out again what the manager noted because it was asked."""
    with without_trace([manager]):
        found: bool = manager.has_link(name1, name2)
    return found


def forget_domains(manager: RoleManager | DomainManager) -> None:
    """Drop what was made of domains that match, before their links change.

    Casbin would change each domain that it has, but in another way than it makes them.
    """
    if type(manager) is DomainManager and manager.domain_matching_func is not None:
        manager.rm_map.clear()


def unlink(
    manager: RoleManager | DomainManager, name1: str, name2: str, *domain: str
) -> bool:
    """Take out the one link that a rule gave, as the manager would, but not slowly.

    Returns:
        whether that was possible; else the manager must be asked.
    """
    if type(manager) is DomainManager:
        link, place = (name1, name2), domain[0] if domain else ""
        links = manager.all_links.get(place, ())
        inner = manager.rm_map.get(place)
        if link not in links or (inner and not _unlink(inner, name1, name2)):
            return False
        links.remove(link)
        return True
    return _unlink(manager, name1, name2)


def _unlink(manager: RoleManager, name1: str, name2: str) -> bool:
    link, roles = (name1, name2), manager.all_roles
    user, role = roles.get(name1), roles.get(name2)
    if not user or not role or role not in user.roles or link not in manager.all_links:
        return False
    manager.all_links.remove(link)
    if link not in manager.all_links:  # else a rule of another type gives it too
        user.remove_role(role)
    return True


@contextmanager
def without_trace(managers: Iterable[Any]) -> Iterator[None]:
    """Let Casbin ask its managers whatever it likes, and undo what they note.

    Only managers of the classes that are known here are looked after. One thread asks
    at a time: what another notes meanwhile would be undone under its hands, and Casbin
    parses the matcher.
    """
    kept = [*managers]
    with PARSING:
        before = {id(known): len(known.all_roles) for known in _inner(kept)}
        try:
            yield
        finally:
            for manager in kept:
                _forget_unknown(manager)
            for known in _inner(kept):
                length = before.get(id(known))
                if length is None:  # made to answer; its links name what it may keep
                    length = len({name for link in known.all_links for name in link})
                _forget(known.all_roles, length)


def _inner(managers: Iterable[Any]) -> Iterator[RoleManager]:
    for manager in managers:
        if type(manager) is DomainManager:
            yield from manager.rm_map.values()
        elif type(manager) is RoleManager:
            yield manager


def _forget_unknown(manager: Any) -> None:  # noqa: ANN401 # Casbin's managers have no types
    if type(manager) is DomainManager and manager.domain_matching_func is None:
        for domain in manager.rm_map.keys() - manager.all_links.keys():
            del manager.rm_map[domain]


def _forget(roles: dict[Any, Any], length: int) -> None:
    while len(roles) > length:
        _, noted = roles.popitem()
        for role in noted.roles:
            role.users.discard(noted)
        for user in noted.users:
            user.roles.discard(noted)
