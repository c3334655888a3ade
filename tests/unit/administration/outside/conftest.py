"""A small world whose catalogue says what the rights of a service mean."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from oikeus import (
    ImportedRights,
    RightsImport,
    RightsSource,
    Store,
    import_rights,
    preview_rights,
)

IMPORTS = """\
imports:
  service: FILES
  types: {OFFICIAL: person, SERVICE: system}
  rights:
    person: {READ: clerk, LEAD: head}
    system: {MOVE: robot}
"""
TODAY = date(2026, 3, 1)

Take = Callable[..., ImportedRights]
Fields = dict[str, Any]


@pytest.fixture
def folder(folder: Path) -> Path:
    """The folder of policies, with the section in its catalogue."""
    path = folder / "words.yaml"
    path.write_text(path.read_text(encoding="utf-8") + IMPORTS, encoding="utf-8")
    return folder


def at(organisation: str, *rights: str, service: str = "FILES") -> Fields:
    """Rights of a service at an organisation."""
    given = [{"palvelu": service, "oikeus": right} for right in rights]
    return {"organisaatioOid": organisation, "kayttooikeudet": given}


def holder(oid: str, *organisations: Fields, type: str | None = "OFFICIAL") -> Fields:  # noqa: A002
    """A holder of rights as the user-rights service gives one."""
    return {
        "oidHenkilo": oid,
        "kayttajaTyyppi": type,
        "organisaatiot": [*organisations],
    }


def documents(*found: Any) -> dict[str, str]:  # noqa: ANN401
    """Values as the texts of files a.json, b.json and so on."""
    return {
        f"{name}.json": json.dumps(value)
        for name, value in zip("abcdef", found, strict=False)
    }


@pytest.fixture
def take(loaded: Store) -> Take:
    """Import values as documents of the user-rights service."""

    def imported(
        *found: Any,  # noqa: ANN401
        today: date = TODAY,
        dry: bool = False,
        source: RightsSource = RightsSource.KAYTTOOIKEUS,
        **told: Any,  # noqa: ANN401
    ) -> ImportedRights:
        wanted = RightsImport(source, documents(*found), **told)
        if dry:
            return preview_rights(loaded, wanted, today=lambda: today)
        return import_rights(loaded, wanted, actor="os:tester", today=lambda: today)

    return imported


def grants(store: Store) -> list[str]:
    """The grants in force that no file holds, as they are written."""
    return [
        ", ".join(line.values)
        for line in store.load().lines
        if line.ptype == "g" and line.source is None
    ]
