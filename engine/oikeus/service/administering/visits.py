"""A visit: somebody who comes to act or to look, and on whose power that is.

INVARIANT: the granter of every act is the subject of the token. Nothing that is sent
names another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from ...administration.administration import Administration
from ...decide.snapshot import Snapshot
from ...store import Scope
from ..callers import Caller
from ..problems import HttpError


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request for administration is made with.

    Attributes:
        caller: who sent it.
        subject: for whom the caller acts.
        administration: in the caller's name.
        snapshot: what the node decides by at the moment; acts are judged by the head.
        number: which thing of a list it is about, where the path says one.
    """

    caller: Caller
    subject: str
    administration: Administration
    snapshot: Snapshot
    number: int = 0

    @property
    def today(self) -> date:
        """The day on which it happens."""
        return self.administration.today()

    @property
    def audits(self) -> bool:
        """Whether the caller may see what other people hold and do."""
        return Scope.AUDIT in self.caller.scopes

    def reaches(self, organisation: str) -> bool:
        """Whether the token reaches an organisation."""
        return self.caller.reaches(organisation, self.snapshot.tree)

    def check_reaches(self, organisation: str) -> None:
        """Refuse an act at an organisation that the token does not reach.

        Raises:
            HttpError: 403.
        """
        if not self.reaches(organisation):
            detail = (
                "the token does not reach this organisation, expected one of its "
                "organisations or one below them"
            )
            raise HttpError(HTTPStatus.FORBIDDEN, detail)

    def check_reaches_all(self) -> None:
        """Refuse what touches all organisations to a token that is limited to some.

        Raises:
            HttpError: 403.
        """
        if self.caller.organisations:
            detail = (
                "this touches all organisations and the token is limited to some, "
                "expected a token without such a limit"
            )
            raise HttpError(HTTPStatus.FORBIDDEN, detail)
