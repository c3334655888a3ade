"""Acts on somebody's power: by the database for its owner, or at a service.

At a service the token says who acts; at the database, `--as` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TypeAlias

import click

import oikeus

from .context import Exit, Settings, actor
from .output import talk, write_json
from .refusals import refusal_view, refuse


class OwnActs:
    """Acts on a database, on the power of somebody whom its owner names.

    Args:
        store: the database.
        granter: on whose power; an act of the owner where it is nobody's.
    """

    def __init__(self, store: oikeus.Store, granter: str | None) -> None:
        self._store = store
        self._administration = oikeus.Administration(store, actor=actor())
        self._granter = granter

    @property
    def _power(self) -> str:
        return self._granter or ""

    def grant(  # what a grant is made of
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        first: date | None = None,
        last: date | None = None,
        reason: str = "",
    ) -> oikeus.Granted:
        """Give a subject a role."""
        return self._administration.grant(
            subject,
            role,
            organisation,
            granter=self._power,
            first=first,
            last=last,
            reason=reason,
        )

    def renew(
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        last: date | None = None,
        reason: str = "",
    ) -> oikeus.Granted:
        """Give a grant another last day."""
        right = (subject, role, organisation)
        return self._administration.renew(
            *right, granter=self._power, last=last, reason=reason
        )

    def revoke(
        self, subject: str, role: str, organisation: str, *, reason: str = ""
    ) -> oikeus.Revoked:
        """Take a role away; as the owner where nobody's power is named."""
        right = (subject, role, organisation)
        if self._granter is None:
            return oikeus.revoke(self._store, *right, reason=reason, actor=actor())
        return self._administration.revoke(*right, granter=self._granter, reason=reason)

    def create_credential(
        self, name: str, organisation: str, *, reason: str = ""
    ) -> oikeus.Granted:
        """Register a credential."""
        return self._administration.create_credential(
            name, organisation, granter=self._power, reason=reason
        )

    def remove_credential(
        self, name: str, organisation: str, *, reason: str = ""
    ) -> oikeus.Revoked:
        """Take a credential off."""
        return self._administration.remove_credential(
            name, organisation, granter=self._power, reason=reason
        )

    def block(self, subject: str, *, reason: str) -> int | None:
        """Deny a subject everything; as the owner where nobody's power is named."""
        if self._granter is not None:
            return self._administration.block(
                subject, granter=self._granter, reason=reason
            )
        version = oikeus.block(self._store, subject, reason=reason, actor=actor())
        warn_of_nobody(self._store, subject)
        return version

    def unblock(self, subject: str, *, reason: str = "") -> int | None:
        """Lift a block; as the owner where nobody's power is named."""
        if self._granter is not None:
            return self._administration.unblock(
                subject, granter=self._granter, reason=reason
            )
        return oikeus.unblock(self._store, subject, reason=reason, actor=actor())

    def request(
        self, role: str, organisation: str, *, reason: str = ""
    ) -> oikeus.Requested:
        """Apply for a role."""
        return self._administration.request(
            self._power, role, organisation, reason=reason
        )

    def applications(
        self,
        *,
        to: str | None = None,
        by: str | None = None,
        states: Iterable[oikeus.ApplicationState] | None = None,
    ) -> tuple[oikeus.Application, ...]:
        """List applications."""
        return self._administration.applications(to=to, by=by, states=states)

    def approve(
        self,
        application: int,
        *,
        first: date | None = None,
        last: date | None = None,
        reason: str = "",
    ) -> oikeus.Approved:
        """Grant an application."""
        return self._administration.approve(
            application, granter=self._power, first=first, last=last, reason=reason
        )

    def reject(self, application: int, *, reason: str) -> oikeus.Application:
        """Refuse an application."""
        return self._administration.reject(
            application, granter=self._power, reason=reason
        )

    def withdraw(self, application: int, *, reason: str = "") -> oikeus.Application:
        """Take an application back."""
        return self._administration.withdraw(
            application, subject=self._power, reason=reason
        )


Acts: TypeAlias = OwnActs | oikeus.RemoteAdministration
"""What can be done here or there, by the same names."""


@contextmanager
def acting(settings: Settings, granter: str | None = None) -> Iterator[Acts]:
    """Begin to act, by the database or at a service.

    A refusal is a negative answer: it is written, and the command ends with 3.

    Args:
        settings: say where.
        granter: on whose power, at the database; the owner's act without it.
    """
    try:
        if settings.server is not None:
            with settings.service() as point:
                yield point.administration
        else:
            with settings.store() as store:
                yield OwnActs(store, granter)
    except oikeus.RefusedError as error:
        if settings.json:
            write_json(refusal_view(error))
        else:
            refuse(error)
        raise click.exceptions.Exit(Exit.NO) from error


def warn_of_nobody(store: oikeus.Store, subject: str) -> None:
    """Say so where the subject holds no grant, as far as that can be read."""
    # what was done is done, and must not look as if it had failed
    with suppress(oikeus.StoreError), store.reading() as reader:
        if not reader.has_grant(subject):
            talk(f"warning: `{subject}` holds no grant: is this the subject you mean?")
