"""The Casbin adapter: any Casbin enforcer on our tables, every write of it a version.

Rows are loaded as tuples, never through text; a batch is one transaction; a removal
removes exactly what was named; an update reaches the database or raises. Two faults
stay with pycasbin, where no adapter can cure them: it changes its model before it asks
to remove or update, and swallows whatever `update_filtered_policies` raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sqlalchemy_adapter
from sqlalchemy import ColumnElement, Engine

from ..errors import StoreError
from ..terms import Line
from .actor import operating_system_user
from .database import Database
from .lines import Stored, plain_lines
from .rows import shown
from .selection import Rule, checked, conditions_of, lines_of, matching, policies_of
from .store import Store
from .values import Change
from .writing import Writer

ORIGIN = "casbin"
"""The origin of every version that comes through the adapter."""


class Adapter(sqlalchemy_adapter.Adapter):  # type: ignore[misc] # it has no types
    """What `casbin.Enforcer("model.conf", Adapter(url))` loads from and saves to.

    Works with any Casbin model. Every method raises `StoreError` when the database
    cannot be used or a rule cannot be kept in it; nothing is written then.

    Args:
        engine: a URL, an SQLAlchemy engine, or a store that is open.
        actor: who changes the rules; `os:` and the operating-system user unless told.
        filtered: leave loading to `load_filtered_policy`.
        create: make a new SQLite file when there is none.

    Raises:
        StoreError: as `Store.open` does.
    """

    def __init__(
        self,
        engine: str | Engine | Store,
        *,
        actor: str | None = None,
        filtered: bool = False,
        create: bool = True,
    ) -> None:
        self._owned = not isinstance(engine, Store)
        if isinstance(engine, Store):
            self._store = engine
        elif isinstance(engine, Engine):
            self._store = Store.over(Database.over(engine), create=create)
        else:
            self._store = Store.open(engine, create=create)
        self._actor = f"os:{operating_system_user()}" if actor is None else actor
        super().__init__(
            self._store.database.engine, filtered=filtered, create_table=False
        )

    def load_policy(self, model: Any) -> None:  # noqa: ANN401 # casbin has no types
        """Load every rule whose section and type the model has."""
        self._load(model, [])
        self._filtered = False

    def load_filtered_policy(
        self,
        model: Any,  # noqa: ANN401
        filter: Any,  # noqa: A002, ANN401 # the name in the interface
    ) -> None:
        """Load the rules that have one of the wanted values in every column named.

        Args:
            model: to load into.
            filter: has lists of values, or one value, as `ptype` and `v0` to `v5`;
                none at all loads every rule.
        """
        if filter is None:
            self.load_policy(model)
            return
        self._load(model, conditions_of(filter))
        self._filtered = True

    def save_policy(self, model: Any) -> bool:  # noqa: ANN401
        """Make the database hold what the model holds, as one version.

        Rules of a type that the model does not have were never loaded; they stay.

        Raises:
            StoreError: only a part of the rules was loaded.
        """
        if self._filtered:
            message = "a policy that was loaded by a filter cannot be saved"
            raise StoreError(message)
        policies = policies_of(model)
        wanted = {
            line: None
            for ptype in policies
            for line in lines_of(ptype, policies[ptype])
        }
        with self._store.writing() as writer:
            present = {
                line: None
                for line in plain_lines(writer.connection)
                if line.ptype in policies
            }
            self._replace(writer, "save_policy", present, wanted)
        return True

    def add_policy(self, sec: str, ptype: str, rule: Rule) -> bool:
        """Add a rule; one that is there already stays as it is."""
        return self.add_policies(sec, ptype, [rule])

    def add_policies(self, sec: str, ptype: str, rules: Iterable[Rule]) -> bool:
        """Add rules as one version; those that are there already stay as they are."""
        lines = lines_of(checked(sec, ptype), rules)
        with self._store.writing() as writer:
            self._replace(writer, "add_policies", (), lines)
        return True

    add_policies_ex = add_policies

    def remove_policy(self, sec: str, ptype: str, rule: Rule) -> bool:
        """Remove this rule and no longer one; false when it was not there."""
        return self.remove_policies(sec, ptype, [rule])

    def remove_policies(self, sec: str, ptype: str, rules: Iterable[Rule]) -> bool:
        """Remove these rules as one version; false when none of them was there."""
        lines = lines_of(checked(sec, ptype), rules)
        with self._store.writing() as writer:
            found = writer.find(lines)
            self._replace(writer, "remove_policies", found, ())
        return bool(found) or not lines

    def remove_filtered_policy(
        self, sec: str, ptype: str, field_index: int, *field_values: str
    ) -> bool:
        """Remove the rules with these values from a column on; "" stands for any.

        Without any value every rule of the type goes, as it does from the model.
        """
        with self._store.writing() as writer:
            found = matching(writer, sec, ptype, field_index, field_values)
            self._replace(writer, "remove_filtered_policy", found, ())
        return bool(found)

    def update_policy(
        self, sec: str, ptype: str, old_rule: Rule, new_rule: Rule
    ) -> None:
        """Put a rule in the place of another.

        Raises:
            StoreError: the old rule is not in the database.
        """
        self.update_policies(sec, ptype, [old_rule], [new_rule])

    def update_policies(
        self,
        sec: str,
        ptype: str,
        old_rules: Sequence[Rule],
        new_rules: Sequence[Rule],
    ) -> None:
        """Put rules in the place of others, pair by pair, as one version.

        Raises:
            StoreError: an old rule is not in the database, or has no counterpart, or
                two.
        """
        old = lines_of(checked(sec, ptype), old_rules)
        new = lines_of(ptype, new_rules)
        if len(old) != len(new):
            message = f"{len(old)} rules cannot be updated to {len(new)}"
            raise StoreError(message + ", expected as many")
        with self._store.writing() as writer:
            found = writer.find((*old, *new))
            for line in old:
                if line not in found:
                    message = (
                        f"`{shown(line)}` cannot be updated: it is not in the database"
                    )
                    raise StoreError(message)
            places = _places(found, old, new)
            self._replace(writer, "update_policies", old, new, in_place=places)

    def update_filtered_policies(
        self,
        sec: str,
        ptype: str,
        new_rules: Iterable[Rule],
        field_index: int,
        *field_values: str,
    ) -> list[list[str]]:
        """Put these rules in the place of all that match, as one version.

        Returns:
            the rules that matched; when there are none, nothing is written.
        """
        new = lines_of(ptype, new_rules)
        with self._store.writing() as writer:
            old = matching(writer, sec, ptype, field_index, field_values)
            if old:
                self._replace(writer, "update_filtered_policies", old, new)
        return [list(line.values) for line in old]

    def close(self) -> None:
        """Close all connections, unless the store or the engine was handed in."""
        if self._owned:
            self._store.close()

    def _load(self, model: Any, conditions: Sequence[ColumnElement[bool]]) -> None:  # noqa: ANN401
        policies = policies_of(model)
        with self._store.database.reading() as connection:
            for line in plain_lines(connection, conditions):
                if line.ptype in policies:
                    policies[line.ptype].append(list(line.values))

    def _replace(
        self,
        writer: Writer,
        method: str,
        old: Iterable[Line],
        new: Iterable[Line],
        in_place: Mapping[Line, Line] = MappingProxyType({}),
    ) -> None:
        """Commit the difference of two sets of lines."""
        before, after = dict.fromkeys(old), dict.fromkeys(new)
        change = Change(
            origin=ORIGIN,
            actor=self._actor,
            message=f"{method} of a Casbin enforcer",
            add=tuple(line for line in after if line not in before),
            remove=tuple(line for line in before if line not in after),
        )
        writer.commit(change, in_place=in_place)


def _places(
    found: Mapping[Line, Stored], old: Sequence[Line], new: Sequence[Line]
) -> dict[Line, Line]:
    """For each new line the old line whose place it takes: the first, if of several.

    Raises:
        StoreError: an old line that is to become two.
    """
    becomes: dict[Line, Line] = {}
    for line, other in zip(old, new, strict=True):
        if becomes.setdefault(line, other) != other:
            message = f"`{shown(line)}` cannot be updated to two rules, expected one"
            raise StoreError(message)
    places: dict[Line, Line] = {}
    for line in sorted(becomes, key=lambda line: found[line].id):
        other = becomes[line]
        # a rule that is there and not updated itself keeps its place when it is before
        stays = other in found and other not in becomes
        if not stays or found[other].id > found[line].id:
            places.setdefault(other, line)
    return places
