"""Checking a folder of policies: whether it loads, and what checks find in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ..analysis.linting.examined import Examined
from ..analysis.linting.running import lint, unloadable
from ..analysis.linting.values import Linted
from ..decide.allowing import today_in_finland
from ..errors import ModelError, PolicyError
from ..loading import uncollected
from ..policy.case_texts import CASES, CaseTexts, read_case_texts
from ..policy.folder import read_folder
from ..policy.model import load_model
from ..store import Contents
from .files import model_beside
from .laying import NOTHING, lay_over


def lint_policies(
    folder: Path | str,
    *,
    model: Path | str | None = None,
    contents: Contents | None = None,
    today: Callable[[], date] = today_in_finland,
) -> Linted:
    """Run all checks on a folder of policies, and load nothing.

    Args:
        folder: the policies.
        model: the path of the model; `model.conf` beside the folder by default.
        contents: what is in force where it would be loaded: the register, grants.
        today: the day on which it is looked at.

    Returns:
        what was found: what keeps it from being loaded, or else what checks find.

    Raises:
        ModelError: the model is not there, or a matcher failed.
    """
    with uncollected():
        return _linted(Path(folder), model, contents or NOTHING, today())


def _linted(place: Path, model: Path | str | None, base: Contents, day: date) -> Linted:
    try:
        parsed = load_model(model or model_beside(place))
        texts = read_folder(place)
        cases = _cases(place)
        laid = lay_over(texts, parsed, base)
    except PolicyError as error:
        return unloadable(error.problems)
    except ModelError as error:
        if error.problem is None:
            raise
        return unloadable([error.problem])
    return lint(Examined(place, texts, cases, laid.policies, laid.snapshot, day))


def _cases(folder: Path) -> CaseTexts:
    """The files of cases of a folder, which may have none."""
    if not (folder / CASES).is_dir():
        return CaseTexts((), ())
    return read_case_texts(folder)
