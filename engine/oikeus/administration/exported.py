"""A version that was written as files, read back as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..decide.snapshot import Snapshot
from ..decide.stock import csv_line
from ..errors import ExportError, Problem
from ..policy.catalogue_reading import read_catalogue
from ..policy.model import parse_model
from ..terms import Line, Names, Source
from .export import ABOUT, CATALOGUE, FORMAT, LINES, MODEL, NAMES


def load_export(folder: str | Path) -> Snapshot:
    """Read a folder that `export_version` wrote, to decide by it without a database.

    Raises:
        ExportError: a file is missing, or is not the one that was written.
        ModelError: the model cannot be used by this program.
        PolicyError: nor can the catalogue.
    """
    place = Path(folder)
    about = _about(place)
    texts = {
        name: _text(place, name, about) for name in (MODEL, LINES, CATALOGUE, NAMES)
    }
    return Snapshot.build(
        parse_model(texts[MODEL]),
        _lines(texts[LINES]),
        version=about["number"],
        names={
            each: Names(**called) for each, called in json.loads(texts[NAMES]).items()
        },
        catalogue=read_catalogue(texts[CATALOGUE], CATALOGUE),
    )


def _about(folder: Path) -> Mapping[str, Any]:
    """What the folder says of itself."""
    path = folder / ABOUT
    try:
        about = json.loads(_bytes(path))
        if about["format"] == FORMAT and type(about["number"]) is int:
            return {"number": about["number"], "files": {**about["files"]}}
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    text = f"does not say which version it is, expected the format {FORMAT}"
    raise ExportError([Problem(str(path), 0, text)])


def _text(folder: Path, name: str, about: Mapping[str, Any]) -> str:
    """The text of a file, which must be as it was written."""
    path = folder / name
    written = _bytes(path)
    if sha256(written).hexdigest() != about["files"].get(name):
        text = f"is not the file that was exported, by its digest in {ABOUT}"
        raise ExportError([Problem(str(path), 0, text)])
    return written.decode()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "no such file").lower()
        problem = Problem(str(path), 0, f"cannot be read ({reason})")
        raise ExportError([problem]) from error


def _lines(text: str) -> Iterator[Line]:
    for number, written in enumerate(text.split("\n")[:-1], 1):
        yield csv_line(written, Source(LINES, number))
