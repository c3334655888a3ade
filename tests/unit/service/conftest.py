"""The fixture of the certification, and a small eHOKS, each served."""

from datetime import date
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint, Line, Snapshot, load_model, load_policies
from oikeus.service.application import application
from oikeus.service.settings import Settings

from .asking import node

HOME = Path(__file__).resolve().parents[3]
DAY = date(2026, 3, 1)

PLACES = """\
g2, 1.2, 1.2.246.562.10.00000000001
g4, 1.2, level:koulutustoimija
g2, 1.2, mode:integraatio
g2, 1.2.1, 1.2
g4, 1.2.1, level:oppilaitos
g2, 1.3, 1.2.246.562.10.00000000001
g4, 1.3, level:koulutustoimija
g, person:boss, role:ehoks-paakayttaja, 1.2@2026-01-01..2026-12-31
g, person:user, role:ehoks-kayttaja, 1.2@2026-01-01..2026-12-31
g, person:barred, role:ehoks-kayttaja, 1.2@2026-01-01..2026-12-31
g3, person:barred, blocked
"""


@pytest.fixture(scope="session")
def records() -> DecisionPoint:
    """The example that the certification is made with."""
    folder = HOME / "examples" / "authzen"
    return DecisionPoint.from_files(
        folder / "model.conf", folder / "policies", today=lambda: DAY
    )


@pytest.fixture(scope="session")
def lines() -> tuple[Line, ...]:
    """EHOKS with two providers, a boss, a user and somebody who is blocked."""
    model = load_model(HOME / "model.conf")
    rules = load_policies(HOME / "policies", model).lines
    places = (line.split(", ") for line in PLACES.splitlines())
    return (*rules, *(Line(ptype, tuple(rest)) for ptype, *rest in places))


@pytest.fixture(scope="session")
def ehoks(lines: tuple[Line, ...]) -> DecisionPoint:
    """Those lines, decided by."""
    model = load_model(HOME / "model.conf")
    catalogue = load_policies(HOME / "policies", model).catalogue
    snapshot = Snapshot.build(model, lines, catalogue=catalogue)
    return DecisionPoint(snapshot, today=lambda: DAY)


@pytest.fixture
def app(ehoks: DecisionPoint) -> ASGIApp:
    """The service of that eHOKS, for a caller who may evaluate and search."""
    return application(node(ehoks), Settings())
