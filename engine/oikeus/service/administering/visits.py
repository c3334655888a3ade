"""A visit: somebody who comes to act or to look, and on whose power that is.

INVARIANT: the granter of every act is the subject of the token. Nothing that is sent
names another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ...administration.administration import Administration
from ...decide.snapshot import Snapshot
from ...store import Scope
from ..callers import Caller, needs_reach
from .admission import check_unlimited


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request for administration is made with.

    Attributes:
        caller: who sent it.
        subject: for whom the caller acts.
        administration: in the caller's name.
        snapshot: what is in force, whatever the node decides by; an act is judged once
            more when it has its turn.
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

    def within_reach(self, organisations: Iterable[str]) -> tuple[str, ...]:
        """What of some organisations, with those below, the token reaches."""
        tree, limits = self.snapshot.tree, self.caller.organisations
        found: dict[str, None] = {}
        for place in organisations:
            if self.reaches(place):
                found[place] = None
            else:
                found |= dict.fromkeys(
                    each for each in limits if place in tree.above(each)
                )
        return tuple(found)

    def check_reaches(self, organisation: str) -> None:
        """Refuse an act at an organisation that the token does not reach.

        Raises:
            HttpError: 403.
        """
        needs_reach(self.caller, organisation, self.snapshot.tree)

    def check_reaches_all(self) -> None:
        """Refuse what touches all organisations to a token that is limited to some.

        Raises:
            HttpError: 403.
        """
        check_unlimited(self.caller)
