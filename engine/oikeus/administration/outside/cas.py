"""The user details of CAS: role strings, `ROLE_APP_SERVICE_RIGHT_ORGANISATION`.

CAS gives each right three times: with its organisation, without it, and as the bare
name of the service. Only the first says where, so the others are passed over. A string
is matched whole: what merely contains the name of the service is of another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from ...policy.wording import shown
from ..register_json import below
from .documents import Document, Fields
from .entries import GivenRight, Place, Reading

_LISTS = ("roles", "authorities")
_WORD = "authority"
_FORM = "ROLE_APP_{}_{}_{}"


@dataclass(frozen=True, slots=True)
class _Forms:
    """How the role strings of one service look.

    Attributes:
        whole: a right at an organisation.
        placeless: the same without the organisation, or without either.
        begin: how all of them begin, and some of others.
    """

    whole: re.Pattern[str]
    placeless: re.Pattern[str]
    begin: str

    @classmethod
    def of(cls, service: str) -> Self:
        begin = re.escape(f"ROLE_APP_{service}")
        return cls(
            re.compile(rf"{begin}_(\w+)_([0-9]+(?:\.[0-9]+)+)", re.ASCII),
            re.compile(rf"{begin}(_\w+)?", re.ASCII),
            f"ROLE_APP_{service}_",
        )


def read_cas(text: str, file: str, service: str) -> Reading:
    """Read a document of user details.

    Args:
        text: the JSON text.
        file: its path, for problems.
        service: whose rights are asked for; those of others are only counted.
    """
    forms = _Forms.of(service)

    def rights(document: Document, holder: Fields, path: str) -> Iterator[GivenRight]:
        for place, role in _roles(document, holder, path):
            yield from _right(document, role, place, forms)

    return Document(file, service).read(text, ("oidHenkilo", "oid"), rights)


def _roles(document: Document, holder: Fields, path: str) -> Iterator[tuple[str, str]]:
    """The role strings of a holder, each with its path."""
    given = [key for key in _LISTS if holder.get(key) is not None]
    for key in given or _LISTS[:1]:
        for place, item in document.items(holder, key, path, "role strings"):
            match item:
                case str():
                    yield place, item
                case {"authority": str(role)}:
                    yield below(place, _WORD), role
                case _:
                    expected = f"expected a role string, or one as `{_WORD}`"
                    document.note(place, f"is {shown(item)}, {expected}")


def _right(
    document: Document, role: str, path: str, forms: _Forms
) -> Iterator[GivenRight]:
    place = Place(document.file, path)
    if found := forms.whole.fullmatch(role):
        organisation = document.fit(found[2], path)
        if organisation is not None:
            yield GivenRight(found[1], organisation, place)
    elif role.startswith(forms.begin) and not forms.placeless.fullmatch(role):
        form = _FORM.format(document.service, "RIGHT", "ORGANISATION")
        text = f"{shown(role)} is not of the form {form}, not imported"
        document.reading.reported.append(place.note(text))
    else:
        document.reading.ignored += 1
