"""The parts that are stood on, and the distributions that break them."""

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from oikeus import InstallationError, check_installation, installed, parts

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """What was found out about the installation is forgotten, before and after."""
    check_installation.cache_clear()
    yield
    check_installation.cache_clear()


def test_version_of_a_part_is_its_distributions() -> None:
    """As `pip` would say it."""
    assert installed("click") == importlib.metadata.version("click")


def test_absent_part_has_no_version() -> None:
    """Psycopg, for one, is optional."""
    assert installed("no-such-distribution") is None


def test_clean_installation_passes() -> None:
    """The one that runs these tests is clean, or nothing here would be true."""
    assert [installed(name) for name in parts.CONFLICTS] == [None, None]
    check_installation()


@pytest.mark.parametrize(
    "names", [("casbin",), ("casbin-sqlalchemy-adapter",), parts.CONFLICTS], ids=str
)
def test_distribution_that_overwrites_our_parts_is_refused(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    """What decides could be anybody's files, so nothing is decided."""
    monkeypatch.setattr(parts, "installed", lambda name: name in names or None)
    with pytest.raises(InstallationError) as refusal:
        check_installation()
    assert refusal.value.names == names
    assert str(refusal.value).startswith(f"`{' '.join(names)}` ")


def test_every_direct_dependency_is_named() -> None:
    """`oikeus doctor` leaves none out, optional ones included."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"].values()
    needed = [*project["dependencies"], *(each for group in optional for each in group)]
    names = {re.split(r"[<>=\[;]", each)[0] for each in needed}
    assert names | {project["name"]} == set(parts.PARTS)
