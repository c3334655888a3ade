"""Who is admitted to an act: judged before it waits, and again when it has its turn.

INVARIANT: an act is made by a token that stands at the version which it follows, whose
subject is not blocked there, and which reaches the organisation in that version's tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from ...administration.delegation.turns import Turn
from ...decide.held import is_blocked
from ...decide.snapshot import Snapshot
from ...store import TokenState
from ..bearing import no_good
from ..callers import Authenticator, Caller, needs_reach, needs_subject
from ..problems import HttpError


@dataclass(frozen=True, slots=True)
class TokenAdmission:
    """Admits who came with a token.

    Attributes:
        caller: as they were known when they came.
        authenticator: knows until when a token of a provider is good.
    """

    caller: Caller
    authenticator: Authenticator

    def check(self, turn: Turn, organisation: str | None) -> None:
        """Refuse an act, with the head locked.

        Raises:
            HttpError: 401, where the token was revoked meanwhile, or has expired; 403,
                where its subject is blocked, or it does not reach the organisation.
            StoreError: the database cannot be read, or is another one by now.
        """
        self._check_token(turn)
        check_not_blocked(turn.snapshot, needs_subject(self.caller))
        if organisation is None:
            check_unlimited(self.caller)
        else:
            needs_reach(self.caller, organisation, turn.snapshot.tree)

    def _check_token(self, turn: Turn) -> None:
        """Refuse a token that does not stand at the head."""
        caller = self.caller
        if caller.token is None:
            self.authenticator.check(caller)
            return
        found = turn.writer.token(caller.token, day=turn.today)
        # its subject as well: a database that was restored may have given the id anew
        if found.state is not TokenState.ACTIVE or found.subject != caller.subject:
            raise no_good()


def check_not_blocked(snapshot: Snapshot, subject: str) -> None:
    """Refuse whoever is blocked: they are denied everything.

    Raises:
        HttpError: 403.
    """
    if is_blocked(snapshot, subject):
        detail = "the subject is blocked, expected the block to be lifted"
        raise HttpError(HTTPStatus.FORBIDDEN, detail)


def check_unlimited(caller: Caller) -> None:
    """Refuse what touches all organisations to a token that is limited to some.

    Raises:
        HttpError: 403.
    """
    if caller.organisations:
        detail = (
            "this touches all organisations and the token is limited to some, "
            "expected a token without such a limit"
        )
        raise HttpError(HTTPStatus.FORBIDDEN, detail)
