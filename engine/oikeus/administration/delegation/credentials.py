"""Registering a credential: a plain permission, apart from giving it rights (R7, J).

The catalogue says which role marks a registered credential, and which permission it
takes to register one.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...decide.explain_access import explain_access
from ...decide.inert import find_inert
from ...decide.wording import bare, rule_text
from ...errors import RefusedError, RequestError
from ...terms import Grant, Line, Request, check_parts
from ..grant_checks import credential_of
from .days import span_of
from .revoking import Taken, taken
from .turns import Barred, Turn, bar, conflict


@dataclass(frozen=True, slots=True)
class Registered:
    """What registering a credential comes to.

    Attributes:
        grant: of the role that marks a credential.
        rule: the line that permits it.
    """

    grant: Grant
    rule: Line


def judge_registration(
    turn: Turn, granter: str, name: str, organisation: str
) -> Registered:
    """Judge the registration of a new credential at an organisation.

    Args:
        turn: in which it happens.
        granter: who registers it.
        name: of the credential, without the kind of subject.
        organisation: it can be granted rights there and below.

    Raises:
        RequestError: a name or another part that no id can be.
        Barred: the policy does not permit it, or there is such a credential.
    """
    role, rule = _permitted(turn, granter, organisation)
    snapshot = turn.snapshot
    subject = _subject(turn, role, name)
    span = span_of(snapshot, role, turn.today, None, turn.today)
    grant = Grant(subject, role, organisation, span)
    inert = find_inert(snapshot.model, snapshot.facts, snapshot.tree, [grant.line])
    if inert:
        raise bar(inert[0].reason)
    if snapshot.facts.of(subject):
        reason = (
            f"`{subject}` is registered already, here or elsewhere: grant it the right "
            "if it is yours, or take another name"
        )
        raise conflict(reason)
    return Registered(grant, rule)


def judge_removal(turn: Turn, granter: str, name: str, organisation: str) -> Taken:
    """Judge the removal of a credential from an organisation; its name is free then.

    Args:
        turn: in which it happens.
        granter: who removes it.
        name: of the credential, with or without the kind of subject.
        organisation: where it is registered.

    Raises:
        RequestError: a name or another part that no id can be.
        Barred: the policy does not permit it, it is not registered there, or it holds
            a right there or below.
    """
    role, rule = _permitted(turn, granter, organisation)
    subject = _subject(turn, role, name)
    below = {*turn.snapshot.tree.below(organisation)}
    for grant in turn.snapshot.facts.of(subject):
        is_right = grant.role != role and grant.span.last >= turn.today
        if is_right and grant.organisation in below:
            reason = (
                f"`{subject}` holds `{bare(grant.role)}` at `{grant.organisation}`, "
                "expected its rights revoked first"
            )
            raise conflict(reason)
    return taken(turn, subject, (role, organisation), rule)


def _permitted(turn: Turn, granter: str, organisation: str) -> tuple[str, Line]:
    """The role that marks a credential, and the line that permits to register one.

    Raises:
        Barred: there is none for this granter here.
    """
    snapshot = turn.snapshot
    catalogue = snapshot.catalogue
    registration = catalogue.registration if catalogue else None
    role = credential_of(snapshot)
    if registration is None or role is None:
        reason = (
            "the catalogue does not say what it takes to register a credential, "
            "expected `registration: {action: …, resource: …}`"
        )
        raise bar(reason)
    request = Request(granter, registration.action, registration.resource, organisation)
    answer = snapshot.evaluator.ask(request, turn.today)
    if not answer.allowed or answer.rule is None:
        raise _barred(turn, request)
    return role, answer.rule


def _subject(turn: Turn, role: str, name: str) -> str:
    """The id of a credential of this name.

    Raises:
        RequestError: it cannot be one.
    """
    (kind, *_) = turn.snapshot.facts.kinds(role) or ("system",)
    bare_name = name.removeprefix(f"{kind}:")
    subject = f"{kind}:{bare_name}"
    check_parts(name=subject)
    if ":" in bare_name or not bare_name:
        message = f"`{name}` is no name of a credential, expected NAME or {kind}:NAME"
        raise RequestError(message)
    return subject


def _barred(turn: Turn, request: Request) -> Barred:
    snapshot, today = turn.snapshot, turn.today

    def explain() -> RefusedError:
        answer = snapshot.evaluator.ask(request, today)
        decision = explain_access(snapshot, request, today, answer)
        rules = (
            line
            for line in snapshot.facts.rules["p"]
            if snapshot.model.value(line, "act") == request.action
            and snapshot.model.value(line, "obj") == request.resource
        )
        return RefusedError(
            decision.reason,
            rules=map(rule_text, rules),
            granters=map(bare, decision.roles),
        )

    return Barred(explain)
