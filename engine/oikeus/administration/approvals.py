"""A second person's approval of a plan: an Ed25519 signature over the plan's digest.

The digest is over all that the plan says, the version that it was made against too: so
who signs it approves exactly that change of exactly that database. The version that is
made keeps the approval, to be checked against the plan file and the public key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..canonical import canonical
from ..errors import SignatureError
from ..signatures import Signature, SigningKey, VerifyingKey
from .plan_files import plan_digest
from .plans import Plan

FORMAT: Final = "oikeus-approval-1"
"""Names the form that is signed; another one would get another name."""

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Approval:
    """Whose signature stands under which plan.

    Attributes:
        plan: the digest of the plan.
        signature: over the form of that digest.
    """

    plan: str
    signature: Signature

    @property
    def text(self) -> str:
        """As its file and the version have it."""
        return canonical(
            {
                **_form(self.plan),
                "key": self.signature.key,
                "signature": self.signature.text,
            }
        )


def sign_plan(plan: Plan, key: SigningKey) -> Approval:
    """Approve a plan."""
    digest = plan_digest(plan)
    return Approval(digest, key.sign(_form(digest)))


def read_approval(path: Path | str) -> Approval:
    """Read the file of an approval; whom it is of is not known yet.

    Raises:
        SignatureError: it cannot be read, or is none.
    """
    expected = "expected a file that `oikeus sign` wrote"
    try:
        with Path(path).open("rb") as file:
            form = json.loads(file.read(_LONGEST).decode("utf-8"))
        parts = [form[name] for name in ("plan", "key", "signature")]
        is_one = form["format"] == FORMAT and all(type(part) is str for part in parts)
    except OSError as error:
        message = f"the signature `{path}` cannot be read, {expected}"
        raise SignatureError(message) from error
    except (ValueError, TypeError, KeyError, RecursionError):
        is_one, parts = False, []
    if not is_one:
        message = f"`{path}` is no signature of a plan, {expected}"
        raise SignatureError(message)
    plan, key, text = parts
    return Approval(plan, Signature(key, text))


def approved(plan: Plan, approval: Approval, key: VerifyingKey) -> str:
    """Make sure that the owner of a key approved a plan.

    Returns:
        the approval, as the version is to keep it.

    Raises:
        SignatureError: another plan was signed, or by another key.
    """
    digest = plan_digest(plan)
    if approval.plan != digest:
        message = (
            f"the signature is of the plan `{approval.plan[:16]}`, not of this one "
            f"(`{digest[:16]}`): have this plan signed"
        )
        raise SignatureError(message)
    key.verify(_form(digest), approval.signature)
    return approval.text


def _form(digest: str) -> dict[str, str]:
    return {"format": FORMAT, "plan": digest}
