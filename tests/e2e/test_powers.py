"""Who may grant what: answers on stdout, hints on stderr."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

VASTUU = "person:1.2.246.562.24.90100000001"
HEAD = "person:1.2.246.562.24.90100000002"
SYSTEM = "system:keuda-tiedonsiirto"
PROVIDER = "1.2.246.562.10.90100000000"
KEUDA = "1.2.246.562.10.90101000000"
AT = ("--at", "2026-11-02")
NAMED = f"`{KEUDA}` (Keski-Uudenmaan ammattiopisto Keuda)"


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Every question is asked in the example world."""
    assert world.exists()


def rule(line: str, policies: Path, file: str = "ehoks.csv") -> int:
    """The number of a line in a policy file."""
    lines = (policies / file).read_text(encoding="utf-8").splitlines()
    return lines.index(line) + 1


def test_power_ends_with_0_and_names_its_line(oikeus: Run, policies: Path) -> None:
    """Roles are named without `role:`, and may be named with it."""
    line = "p2, role:ehoks-paakayttaja, role:ehoks-kayttaja, mode:integraatio, active"
    for role in ("ehoks-kayttaja", "role:ehoks-kayttaja"):
        ended = oikeus("may-grant", HEAD, role, KEUDA, "--to", "person:new", *AT)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out == (
            f"allow: `ehoks-paakayttaja` at `{PROVIDER}` (Keski-Uudenmaan "
            f"koulutuskuntayhtymä) until 2026-12-31, by `{line}` "
            f"(policies/ehoks.csv:{rule(line, policies)}; R8, C, E)\n"
        )


def test_lack_of_power_ends_with_3_and_says_who_has_it(oikeus: Run) -> None:
    """Which roles could grant it is talk; programs find it in the object."""
    words = ("may-grant", HEAD, "ehoks-paakayttaja", KEUDA, "--to", "person:new", *AT)
    ended = oikeus(*words)
    assert ended.code == 3
    assert ended.out == (
        f"deny: the granter has no power over `ehoks-paakayttaja` at {NAMED}; may "
        "grant here: `ehoks-kayttaja`\n"
    )
    assert ended.err == "could be granted by a holder of: vastuukayttaja\n"
    ended = oikeus(*words, "--format", "json")
    found = json.loads(ended.out)
    assert (ended.code, ended.err) == (3, "")
    assert (found["granter"], found["recipient"], found["role"]) == (
        HEAD,
        "person:new",
        "ehoks-paakayttaja",
    )
    assert (found["decision"], found["granters"]) == ("deny", ["vastuukayttaja"])


def test_system_can_be_given_the_service_right_only_when_registered(
    oikeus: Run,
) -> None:
    """Its registration came with the import of its right (ruling M)."""
    words = ("may-grant", VASTUU, "palvelukayttaja", KEUDA, *AT, "--to")
    assert oikeus(*words, SYSTEM).code == 0
    assert oikeus(*words, "system:unknown").code == 3
    assert oikeus(*words, "person:anna").code == 3


def test_unknown_role_is_a_no_that_names_those_there_are(oikeus: Run) -> None:
    """The model denies it; the reason helps."""
    ended = oikeus("may-grant", HEAD, "kayttaja", KEUDA, "--to", "person:new", *AT)
    assert ended.code == 3
    assert ended.out.startswith("deny: unknown role `kayttaja`, expected one of `")
