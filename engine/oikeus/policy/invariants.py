"""What no delegation may ever lead to, as `invariants.yaml` in a policy's folder says.

Each statement is about every state that people can reach by acting on the powers that
they hold, any number of them together. It cites the rules that it follows from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..errors import PolicyError, Problem
from .catalogue import Catalogue
from .wording import choice, did_you_mean, shown
from .yaml_source import Document, read_yaml

ANY, NONE = "any", "none"
"""Every role; no transfer mode."""

FORMS = ("never", "never_granted", "only", "never_both", "cannot", "never_outside")
"""The statements that there are."""


@dataclass(frozen=True, slots=True)
class At:
    """Organisations: all that is said of them must be so.

    Attributes:
        mode: inherited or not; `none` where there must be none.
        level: of the organisation itself.
        status: inherited or not.
    """

    mode: str | None = None
    level: str | None = None
    status: str | None = None

    def __str__(self) -> str:
        said = {"mode": self.mode, "level": self.level, "status": self.status}
        return ", ".join(f"{name}: {word}" for name, word in said.items() if word)


@dataclass(frozen=True, slots=True)
class Never:
    """Nobody ever holds a role; or nobody can ever give it.

    Attributes:
        role: without `role:`.
        holder: the kind of holder; any where none.
        at: where; anywhere where none.
        granted: whether rights that are held at the beginning may be there.
    """

    role: str
    holder: str | None = None
    at: At | None = None
    granted: bool = False

    def __str__(self) -> str:
        holder = f"holder: {self.holder}, " if self.holder else ""
        at = f", at: {{{self.at}}}" if self.at else ""
        form = "never_granted" if self.granted else "never"
        return f"{form} {{{holder}role: {self.role}{at}}}"


@dataclass(frozen=True, slots=True)
class Only:
    """A role is given by holders of one role only."""

    role: str
    granted_by: str

    def __str__(self) -> str:
        return f"only {{role: {self.role}, granted_by: {self.granted_by}}}"


@dataclass(frozen=True, slots=True)
class NeverBoth:
    """Nobody ever holds two of these roles, or one of each of two lists.

    Attributes:
        roles: without `role:`.
        others: those that go with none of them; each other where there are none.
        within: at and below one organisation of this level; anywhere where none.
    """

    roles: tuple[str, ...]
    others: tuple[str, ...] = ()
    within: str | None = None

    def __str__(self) -> str:
        others = f", and: [{', '.join(self.others)}]" if self.others else ""
        within = f", within: {self.within}" if self.within else ""
        return f"never_both {{roles: [{', '.join(self.roles)}]{others}{within}}}"

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The roles that nobody may hold together."""
        for number, role in enumerate(self.roles):
            for other in self.others or self.roles[number + 1 :]:
                yield role, other


@dataclass(frozen=True, slots=True)
class Cannot:
    """Holders of a role can bring nobody to another one, or to none at all."""

    role: str
    reach: str

    def __str__(self) -> str:
        return f"cannot {{role: {self.role}, reach: {self.reach}}}"


@dataclass(frozen=True, slots=True)
class NeverOutside:
    """Holders of a role bring about nothing beyond where they hold it, and below."""

    power_of: str

    def __str__(self) -> str:
        return f"never_outside {{power_of: {self.power_of}, scope: own}}"


Statement: TypeAlias = Never | Only | NeverBoth | Cannot | NeverOutside


@dataclass(frozen=True, slots=True)
class Invariant:
    """A statement, why it must hold, and where it is written.

    Attributes:
        statement: what must hold.
        rules: those that it follows from.
        why: in one sentence.
        file: its file.
        line: where it begins.
    """

    statement: Statement
    rules: tuple[str, ...]
    why: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.statement} ({', '.join(self.rules)}: {self.why})"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it names, without `role:`."""
        match self.statement:
            case Never(role):
                return (role,)
            case Only(role, by):
                return role, by
            case NeverBoth(roles, others):
                return *roles, *others
            case Cannot(role, reach):
                return (role,) if reach == ANY else (role, reach)
            case _:
                return (self.statement.power_of,)


def read_invariants(
    text: str, file: str, catalogue: Catalogue
) -> tuple[Invariant, ...]:
    """Read the text of a file of invariants.

    Args:
        text: the YAML text.
        file: its path, for problems.
        catalogue: knows the words.

    Raises:
        PolicySyntaxError: the text is not plain YAML.
        PolicyError: it has not the shape of `invariants.schema.json`, or uses words
            that the catalogue does not know; every problem is listed.
    """
    document = read_yaml(text, file, "invariants")
    problems: list[Problem] = []
    found: list[Invariant] = []
    for number, value in enumerate(document.value["invariants"]):
        place = ("invariants", number)
        said = [form for form in FORMS if form in value]
        if len(said) > 1:
            text = f"says several things at once ({', '.join(said)}), expected one"
            problems.append(document.problem(text, *place))
            continue
        (form,) = said
        problems += _unknown(document, catalogue, value[form], *place, form)
        found.append(
            Invariant(
                _statement(form, value[form]),
                tuple(value["rule"]),
                value["why"],
                file,
                document.line(*place),
            )
        )
    if problems:
        raise PolicyError(problems)
    return tuple(found)


def _statement(form: str, said: Mapping[str, Any]) -> Statement:
    match form:
        case "only":
            return Only(said["role"], said["granted_by"])
        case "never_both":
            others = tuple(said.get("and", ()))
            return NeverBoth(tuple(said["roles"]), others, said.get("within"))
        case "cannot":
            return Cannot(said["role"], said["reach"])
        case "never_outside":
            return NeverOutside(said["power_of"])
        case _:
            at = At(**said["at"]) if "at" in said else None
            granted = form == "never_granted"
            return Never(said["role"], said.get("holder"), at, granted)


def _unknown(
    document: Document, catalogue: Catalogue, said: Mapping[str, Any], *at: str | int
) -> Iterator[Problem]:
    known: dict[str, tuple[str, list[str]]] = {
        "role": ("role", [*catalogue.roles]),
        "granted_by": ("role", [*catalogue.roles]),
        "power_of": ("role", [*catalogue.roles]),
        "roles": ("role", [*catalogue.roles]),
        "and": ("role", [*catalogue.roles]),
        "reach": ("role", [*catalogue.roles, ANY]),
        "holder": ("kind of holder", [*catalogue.kinds]),
        "within": ("level", [*catalogue.levels]),
        "level": ("level", [*catalogue.levels]),
        "mode": ("mode", [*catalogue.modes, NONE]),
        "status": ("status", [*catalogue.statuses]),
    }
    for name in said.get("and", ()):
        if name in said["roles"]:
            text = f"{shown(name)} stands in both lists, expected it in one"
            yield document.problem(text, *at, "and")
    for key, value in said.items():
        if key == "at":
            yield from _unknown(document, catalogue, value, *at, key)
        elif key in known:
            what, words = known[key]
            for word in value if isinstance(value, list) else [value]:
                if word not in words:
                    hint = did_you_mean(word, words)
                    text = f"unknown {what} {shown(word)}, expected {choice(words)}"
                    yield document.problem(f"{text}{hint}", *at, key)
