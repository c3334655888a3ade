"""What somebody oversees: grants that they could take away, and places they hold.

Nothing here is a rule. Whether somebody could take a grant away is asked of the model,
as when they do; what is alike is asked about once.
"""

from __future__ import annotations

from datetime import date

from ...decide.held import held_here
from ...decide.reverse import places
from ...decide.snapshot import Snapshot
from ...decide.strangers import powerful_over, stranger
from ...errors import RequestError
from ...terms import Grant, Request, RevocationRequest, kind_of
from ..grant_checks import credential_of


class Overseer:
    """Somebody who looks at grants; for one version, on one day.

    Args:
        snapshot: what is in force.
        subject: who looks.
        day: on which.
    """

    def __init__(self, snapshot: Snapshot, subject: str, day: date) -> None:
        self._snapshot, self._subject, self._day = snapshot, subject, day
        held = snapshot.facts.of(subject)
        # itself, for a line may name it
        self._roles = frozenset((subject, *(grant.role for grant in held)))
        self._known: dict[tuple[str, str, str], bool] = {}

    def oversees(self, grant: Grant) -> bool:
        """Whether a grant is their own, or one that they could take away."""
        if grant.subject == self._subject:
            return True
        return self._takes(kind_of(grant.subject), grant.role, grant.organisation)

    def takes_any(self, organisation: str) -> bool:
        """Whether they could take any grant of others that is at an organisation.

        It spares whoever holds little a look at all that others hold where they do.
        """
        snapshot = self._snapshot
        roles = {snapshot.model.value(p2, "role") for p2 in snapshot.facts.rules["p2"]}
        return any(
            self._takes(kind, role, organisation)
            for role in (credential_of(snapshot), *roles)
            if role is not None
            for kind in snapshot.kinds
        )

    def places(self) -> frozenset[str]:
        """The organisations at which there can be grants that they oversee."""
        snapshot, subject = self._snapshot, self._subject
        own = (grant.organisation for grant in snapshot.facts.of(subject))
        powerful = (places(snapshot, name, subject, self._day) for name in ("m", "m2"))
        return frozenset(own).union(*powerful)

    def organisations(self) -> frozenset[str]:
        """The organisations at which they hold a role on that day, and all below."""
        snapshot, subject, day = self._snapshot, self._subject, self._day
        own = {grant.organisation for grant in snapshot.facts.of(subject)}
        tops = (top for top in own if [*held_here(snapshot, subject, top, day)])
        return frozenset(place for top in tops for place in snapshot.tree.below(top))

    def _takes(self, kind: str, role: str, organisation: str) -> bool:
        alike = kind, role, organisation
        if alike not in self._known:
            self._known[alike] = self._may_take(*alike)
        return self._known[alike]

    def _may_take(self, kind: str, role: str, organisation: str) -> bool:
        """Whether they could take a role here from somebody of this kind."""
        if role == credential_of(self._snapshot):
            return self._may_remove(organisation)
        matchers = self._snapshot.evaluator.matchers
        if "m3" not in matchers or self._roles.isdisjoint(
            powerful_over(self._snapshot, role)
        ):
            return False
        holder = stranger(self._snapshot, kind)
        try:
            asked = RevocationRequest(self._subject, holder, role, organisation)
        except RequestError:
            return False  # no question can name such a role or place
        return self._snapshot.evaluator.ask(asked, self._day).allowed

    def _may_remove(self, organisation: str) -> bool:
        """Whether they could remove a credential that is registered here."""
        catalogue = self._snapshot.catalogue
        said = catalogue.registration if catalogue else None
        if said is None:
            return False
        try:
            asked = Request(self._subject, said.action, said.resource, organisation)
        except RequestError:
            return False  # no question can name such a place
        return self._snapshot.evaluator.ask(asked, self._day).allowed
