"""Wrong policies are refused whole, and everything wrong is said in one go."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.errors import PolicyError
from oikeus.policy.folder import load_policies
from oikeus.policy.model import load_model

from ..conftest import GoldenCheck

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("case", ["everything-wrong", "unreadable", "wrong-catalogue"])
def test_everything_wrong_is_said_in_one_go(
    case: str, repository: Path, golden: GoldenCheck
) -> None:
    """The whole text of the refusal is what a security officer gets to read.

    Where a file is unreadable, what may stand in it is not missed in the others.
    """
    model = load_model(repository / "model.conf")
    with pytest.raises(PolicyError) as caught:
        load_policies(HERE / case / "policies", model)
    golden(HERE / case / "expected.txt", f"{caught.value}\n")
