"""The JSON of the user-rights service: holders, organisations, rights at each.

The same organisation may stand several times in one holder. `username` is not read: it
may be missing and may change, while `oidHenkilo` does neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from .documents import Document, Fields
from .entries import GivenRight, Place, Reading


def read_kayttooikeus(text: str, file: str, service: str) -> Reading:
    """Read a document of the user-rights service.

    Args:
        text: the JSON text.
        file: its path, for problems.
        service: whose rights are asked for; those of others are only counted.
    """
    return Document(file, service).read(text, ("oidHenkilo",), _rights)


def _rights(document: Document, holder: Fields, path: str) -> Iterator[GivenRight]:
    organisations = document.objects(holder, "organisaatiot", path, "organisations")
    for place, organisation in organisations:
        oid = document.id(organisation, "organisaatioOid", place)
        rights = document.objects(organisation, "kayttooikeudet", place, "rights")
        for inside, right in rights:
            service = document.text(right, "palvelu", inside)
            word = document.text(right, "oikeus", inside)
            if service is not None and service != document.service:
                document.reading.ignored += 1
            elif None not in (service, word, oid):
                where = Place(document.file, inside)
                yield GivenRight(str(word), str(oid), where)
