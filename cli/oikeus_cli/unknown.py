"""Names that nobody has ever heard of: probably misspelt, so that a near one is told.

An empty answer would be taken for a true one. Where the policy is here to be looked at,
a question names what no line is about; where the history is asked, a name is refused
of which no version knows anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import oikeus

from .views import bare_role


def unknown(
    snapshot: oikeus.Snapshot,
    *,
    deed: tuple[str, str] | None = None,
    subject: str | None = None,
    role: str | None = None,
    organisation: str | None = None,
) -> tuple[str, ...]:
    """Say what of a question no line is about; nothing where all is known.

    Args:
        snapshot: the policy.
        deed: an action and a resource, where they were asked about.
        subject: who was asked about.
        role: which one was asked about.
        organisation: where, unless it was asked about everywhere.
    """
    found = []
    if organisation is not None and organisation not in snapshot.tree:
        found.append(
            f"organisation `{organisation}` is not in the register, "
            "expected one of `oikeus show organisations`"
        )
    if role is not None and f"role:{bare_role(role)}" not in snapshot.roles:
        found.append(
            f"unknown role `{bare_role(role)}`, expected one of `oikeus show roles`"
            f"{_did_you_mean(role, snapshot.roles)}"
        )
    if deed is not None:
        found += _unknown_deed(snapshot, *deed)
    if subject is not None and not _is_named(snapshot, subject):
        found.append(f"no line is about `{subject}`")
    return ("; ".join(found),) if found else ()


def unknown_to(
    point: oikeus.Decides,
    *,
    deed: tuple[str, str] | None = None,
    subject: str | None = None,
    role: str | None = None,
    organisation: str | None = None,
) -> tuple[str, ...]:
    """The same as `unknown`, where the policy is here to be looked at."""
    if not isinstance(point, oikeus.DecisionPoint):
        return ()
    return unknown(
        point.snapshot,
        deed=deed,
        subject=subject,
        role=role,
        organisation=organisation,
    )


_IN_NO_VERSION = {
    "origin": "no version is of the origin `{}`, expected one of `oikeus log`",
    "subject": "no version is about `{}`, expected a subject such as person:ID",
    "role": "no version is about the role `{}`, expected one of {roles}",
    "organisation": (
        "no version is about organisation `{}`, "
        "expected one of `oikeus show organisations`"
    ),
}


def refuse_unknown(
    asked: oikeus.LogFilter,
    is_known: Callable[[oikeus.LogFilter], bool],
    roles: Collection[str] = (),
) -> None:
    """Refuse the names that the history was asked for, and never knew.

    That somebody has done nothing is an answer: actors and granters are not refused.

    Args:
        asked: of which nothing was found.
        is_known: whether any version is of this.
        roles: those that there are, as far as one may know.

    Raises:
        OikeusError: naming all such names.
    """
    found = []
    # a service has no `show roles`
    where = "`oikeus show roles`" if roles else "the policy's"
    for name, text in _IN_NO_VERSION.items():
        alone: dict[str, Any] = {name: getattr(asked, name)}
        value = alone[name]
        if value is not None and not is_known(oikeus.LogFilter(**alone)):
            near = _did_you_mean(value, roles) if name == "role" else ""
            found.append(f"{text.format(bare_role(value), roles=where)}{near}")
    if found:
        raise oikeus.OikeusError("; ".join(found))


def _unknown_deed(
    snapshot: oikeus.Snapshot, action: str, resource: str
) -> Iterator[str]:
    model = snapshot.model
    deeds = {
        (model.value(rule, "act"), model.value(rule, "obj"))
        for rule in snapshot.facts.rules["p"]
    }
    if (action, resource) not in deeds:
        actions, resources = zip(*deeds, strict=True) if deeds else ((), ())
        near = _did_you_mean(action, actions) or _did_you_mean(resource, resources)
        yield f"no rule is about `{action}` on `{resource}`{near}"


def _is_named(snapshot: oikeus.Snapshot, subject: str) -> bool:
    """Whether the subject holds anything, is blocked, or a line names it otherwise."""
    facts = snapshot.facts
    others = (line for rules in facts.rules.values() for line in rules)
    return (
        subject in facts.grants
        or subject in facts.links["g3"]
        or any(subject in line.values for line in (*others, *facts.idle))
    )


def _did_you_mean(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant; nothing where it is one of them."""
    known = [*map(bare_role, words)]
    near = get_close_matches(bare_role(word), known, n=1)
    return f" (did you mean `{near[0]}`?)" if near and word not in known else ""
