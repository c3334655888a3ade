"""How a refusal of the policy is shown: what refused, what is allowed, who could."""

from __future__ import annotations

from typing import Any

import oikeus

from .output import talk


def refuse(error: oikeus.RefusedError) -> None:
    """Say why an act was refused, a line a fact."""
    talk(f"refused: {error.reason}")
    for rule in error.rules:
        talk(f"  rule      {rule}")
    for allowance in error.allowed:
        talk(f"  allowed   {allowance}")
    if error.granters:
        talk(f"  granters  {', '.join(error.granters)}")


def refusal_view(error: oikeus.RefusedError) -> dict[str, Any]:
    """A refusal for programs."""
    return {
        "refused": error.reason,
        "rules": list(error.rules),
        "allowed": [
            {
                "role": allowance.role,
                "levels": list(allowance.levels),
                "organisations": list(allowance.organisations),
            }
            for allowance in error.allowed
        ],
        "granters": list(error.granters),
    }
