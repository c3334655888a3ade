"""The lock files: whole, in step with pyproject.toml, and good for every platform."""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import requires
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CORE = ROOT / "requirements.lock"
DEV = ROOT / "requirements-dev.lock"
BENCH = ROOT / "requirements-bench.lock"
SERVICE = ROOT / "requirements-service.lock"
LOCKS = [CORE, DEV, BENCH, SERVICE]

DIRECT = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
DIRECT_DEV = [
    *DIRECT,
    *PROJECT["project"]["optional-dependencies"]["postgres"],
    *PROJECT["dependency-groups"]["dev"],
]
DIRECT_SERVICE = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["service"],
    *PROJECT["project"]["optional-dependencies"]["postgres"],
]
DIRECT_BENCH = [*DIRECT, *PROJECT["dependency-groups"]["bench"]]
PINNED = r"([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?"  # with its extras, if any are asked for
FOR_EDITABLE = "editables"  # hatchling asks for it when it is run, not by metadata

ENVIRONMENTS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": system.lower(),
        "platform_system": system,
        "platform_machine": machine,
    }
    for python, (system, machine) in product(
        ("3.11", "3.12", "3.13"),
        (("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64")),
    )
]


def pins(lock: Path) -> dict[str, str]:
    """The versions that a lock pins, by name."""
    found = re.findall(
        rf"^{PINNED}==(\S+) \\$", lock.read_text(encoding="utf-8"), re.MULTILINE
    )
    return dict(found)


def extras_of(lock: Path) -> set[str]:
    """What a lock pins with an extra, as `name[extra]`."""
    found = re.findall(
        r"^([a-z0-9-]+)\[(\S+)\]==", lock.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {f"{name}[{extra}]" for name, extras in found for extra in extras.split(",")}


def needed(texts: Iterable[str], environment: dict[str, str]) -> set[str]:
    """What these requirements bring in an environment: names, and `name[extra]`."""
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in texts]
    while waiting:
        requirement, extra = waiting.pop()
        marker = requirement.marker
        if marker and not marker.evaluate({**environment, "extra": extra}):
            continue
        for wanted in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), wanted)
            if key not in seen:
                seen.add(key)
                waiting += [
                    (Requirement(text), wanted)
                    for text in requires(requirement.name) or []
                ]
    return {f"{name}[{extra}]" if extra else name for name, extra in seen}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_holds_pins_and_hashes_only(lock: Path) -> None:
    """A lock names no index, host, option or path: it serves wherever it is used."""
    form = re.compile(
        rf"{PINNED}==[0-9][0-9a-z.+]* \\"  # a pin, and after it
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"  # its hashes
        r"|    # +(via|via .+|[a-z0-9-]+|-r requirements\.lock|-r -"
        r"|-c requirements-dev\.lock)"  # and who asked
        r"|    #   [a-z0-9-]+ \(pyproject\.toml\)"
        r"|# .+|"
    )
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not form.fullmatch(line)] == []
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_hashes_of_more_than_one_file(lock: Path) -> None:
    """Two files at least, so not only the one that suits the machine it was made on."""
    text = lock.read_text(encoding="utf-8")
    blocks = re.split(rf"^(?={PINNED}==)", text, flags=re.MULTILINE)[2::2]
    assert len(blocks) == len(pins(lock)) > 0
    for block in blocks:
        hashes = re.findall(r"sha256:(\w+)", block)
        assert len(set(hashes)) == len(hashes) > 1, block


@pytest.mark.parametrize("lock", [DEV, BENCH], ids=lambda lock: lock.name)
def test_other_locks_hold_the_same_versions(lock: Path) -> None:
    """What is tested, and what is measured, is what runs."""
    core, other = pins(CORE), pins(lock)
    assert core == {name: other.get(name) for name in core}


def test_service_lock_holds_the_versions_that_are_tested() -> None:
    """What is deployed is what is tested, and no tool of a developer comes along."""
    tested, deployed = pins(DEV), pins(SERVICE)
    assert deployed == {name: tested.get(name) for name in deployed}


def test_benchmarks_lock_holds_nothing_else_than_what_they_name() -> None:
    """What is compared with brings nothing with it that would run beside us."""
    named = {Requirement(text).name for text in PROJECT["dependency-groups"]["bench"]}
    assert set(pins(BENCH)) - set(pins(CORE)) == named


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_pins_are_within_the_bounds_of_the_project(lock: Path) -> None:
    """A bound that changed in pyproject.toml needs `make lock`."""
    pinned = pins(lock)
    direct = {
        CORE: DIRECT,
        DEV: DIRECT_DEV,
        BENCH: DIRECT_BENCH,
        SERVICE: DIRECT_SERVICE,
    }[lock]
    outside = [
        str(requirement)
        for requirement in map(Requirement, direct)
        if not requirement.specifier.contains(
            pinned.get(canonicalize_name(requirement.name), "0")
        )
    ]
    assert outside == []


@pytest.mark.parametrize(
    ("lock", "direct", "more"),
    [
        (CORE, DIRECT, {FOR_EDITABLE}),
        (DEV, DIRECT_DEV, {FOR_EDITABLE}),
        (SERVICE, DIRECT_SERVICE, set()),
    ],
    ids=["core", "dev", "service"],
)
def test_lock_is_whole_on_every_platform(
    lock: Path, direct: list[str], more: set[str]
) -> None:
    """Made on one Python, it names all that the others need, and nothing else.

    That goes for extras too: of `coverage[toml]`, pinned as `coverage`, an older pip
    would take the newest there is, and refuse it because it is not the one pinned.
    """
    pinned = {*pins(lock), *extras_of(lock)}
    reached = [needed(direct, environment) for environment in ENVIRONMENTS]
    for environment, names in zip(ENVIRONMENTS, reached, strict=True):
        assert names <= pinned, environment
    assert set().union(*reached) | more == pinned
