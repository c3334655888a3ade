"""A second person's approval: of this plan, by this key, or none."""

import json
from pathlib import Path

import pytest

from oikeus import (
    Plan,
    SignatureError,
    SigningKey,
    VerifyingKey,
    approved,
    make_key,
    plan_digest,
    read_approval,
    sign_plan,
)
from oikeus.store import Mark

PLAN = Plan("policy", Mark(1, "d"), "policies", "m")
OTHER = Plan("policy", Mark(1, "d"), "policies", "n")


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    """Somebody's key."""
    make_key(tmp_path / "private.pem", tmp_path / "public.pem")
    return SigningKey.load(tmp_path / "private.pem")


def test_approval_is_read_back_and_verified(key: SigningKey, tmp_path: Path) -> None:
    """And kept as canonical JSON: key, plan and signature."""
    approval = sign_plan(PLAN, key)
    (tmp_path / "a.sig").write_text(approval.text)
    read = read_approval(tmp_path / "a.sig")
    assert read == approval
    public = VerifyingKey.load(tmp_path / "public.pem")
    assert json.loads(approved(PLAN, read, public)) == {
        "format": "oikeus-approval-1",
        "key": public.id,
        "plan": plan_digest(PLAN),
        "signature": approval.signature.text,
    }


def test_approval_of_another_plan_or_key_is_none(
    key: SigningKey, tmp_path: Path
) -> None:
    """Nothing is done then."""
    approval = sign_plan(PLAN, key)
    with pytest.raises(SignatureError, match="have this plan signed"):
        approved(OTHER, approval, key.public)
    make_key(tmp_path / "private2.pem", tmp_path / "public2.pem")
    other = VerifyingKey.load(tmp_path / "public2.pem")
    with pytest.raises(SignatureError):
        approved(PLAN, approval, other)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 9000, '{"format": 1}', "1"])
def test_file_that_is_no_approval_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever it is."""
    path = tmp_path / "a.sig"
    path.write_text(text)
    with pytest.raises(SignatureError, match="is no signature of a plan"):
        read_approval(path)


def test_approval_of_wrong_parts_is_refused(key: SigningKey, tmp_path: Path) -> None:
    """Of another format, or with a number for a text; or no file."""
    path = tmp_path / "a.sig"
    form = json.loads(sign_plan(PLAN, key).text)
    for change in ({"format": "x"}, {"plan": 1}):
        path.write_text(json.dumps(form | change))
        with pytest.raises(SignatureError, match="is no signature of a plan"):
            read_approval(path)
    with pytest.raises(SignatureError, match="cannot be read"):
        read_approval(tmp_path)
