"""The document of the service, printed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def test_document_is_the_committed_one(oikeus: Run) -> None:
    """On stdout, without a database."""
    ended = oikeus("openapi")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == DOCUMENT.read_text(encoding="utf-8")
    assert json.loads(ended.out)["openapi"] == "3.1.0"


def test_missing_extra_is_named(oikeus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the words that install it."""
    monkeypatch.setitem(sys.modules, "oikeus.service.openapi", None)
    ended = oikeus("openapi")
    assert ended.code == 1
    assert "pip install 'oikeus[service]'" in ended.err
