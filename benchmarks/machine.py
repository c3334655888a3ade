"""What a run was made on: the machine and the versions, without names or paths."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PARTS = (
    "oikeus",
    "pycasbin",
    "simpleeval",
    "sqlalchemy_adapter",
    "SQLAlchemy",
    "immutables",
    "cedarpy",
)


def machine() -> dict[str, str]:
    """Describe the machine, in the words that the table has."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        **{part: found for part in _PARTS if (found := _version(part))},
    }


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        lines = known.read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.partition(":")[2] for line in lines if "model name" in line]
        return names[0].strip() if names else platform.processor()
    if platform.system() == "Darwin":
        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.check_output(command, text=True).strip()  # noqa: S603
    return platform.processor()
