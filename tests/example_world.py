"""The example world as a database: versions 1 to 4."""

from __future__ import annotations

from pathlib import Path

import oikeus

HOME = Path(__file__).resolve().parents[1]


def make_example_world(url: str) -> None:
    """Make it: the policy, the register, the grants, the administrators."""
    examples = HOME / "examples"
    with oikeus.Store.open(url) as store:
        model = oikeus.load_model(HOME / "model.conf")
        oikeus.apply_policies(store, model, HOME / "policies", actor="os:tester")
        register = dict([_read(examples / "organisations.json")])
        oikeus.import_organisations(store, register, actor="os:tester")
        for name in ("grants.csv", "administrators.csv"):
            files = [_read(examples / name)]
            oikeus.import_grants(store, files, actor="os:tester")


def _read(path: Path) -> tuple[str, str]:
    """Name and text of a file."""
    return path.name, path.read_text(encoding="utf-8")
