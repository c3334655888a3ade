"""Keys and signatures: made, read and held against values; nothing secret is told."""

from __future__ import annotations

import base64
import hashlib
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from oikeus.canonical import canonical
from oikeus.errors import SignatureError
from oikeus.signatures import PASSPHRASE, Signature, SigningKey, VerifyingKey, make_key

FORM = {"format": "test-1", "name": "é", "of": [1, None]}


@pytest.fixture(autouse=True)
def no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs these tests may have one of their own."""
    monkeypatch.delenv(PASSPHRASE, raising=False)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """The two files of a key."""
    private, public = tmp_path / "key.pem", tmp_path / "key.pub.pem"
    make_key(private, public)
    return private, public


def refusal(path: Path, half: type[SigningKey | VerifyingKey]) -> str:
    """What is said of a file that is not that half of a key."""
    with pytest.raises(SignatureError) as refused:
        half.load(path)
    return str(refused.value)


def test_what_one_half_signs_the_other_verifies(pair: tuple[Path, Path]) -> None:
    """A value is vouched for by whoever has the private key."""
    private, public = map(Path, pair)
    signature = SigningKey.load(private).sign(FORM)
    VerifyingKey.load(public).verify(dict(reversed(FORM.items())), signature)


@pytest.mark.parametrize("other", [{**FORM, "name": "e"}, {}, None, [FORM]])
def test_another_value_does_not_fit(pair: tuple[Path, Path], other: object) -> None:
    """A signature is over one value, exactly."""
    signature = SigningKey.load(pair[0]).sign(FORM)
    with pytest.raises(SignatureError, match="does not fit"):
        VerifyingKey.load(pair[1]).verify(other, signature)


@pytest.mark.parametrize("text", ["", "AAAA", "é", "not base64!", "A" * 88])
def test_no_signature_is_refused_as_one(pair: tuple[Path, Path], text: str) -> None:
    """Any text may stand where the signature should."""
    key = VerifyingKey.load(pair[1])
    with pytest.raises(SignatureError, match="does not fit"):
        key.verify(FORM, Signature(key.id, text))


def test_signature_of_another_key_is_named(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    """Whoever brings the wrong key learns which one is wanted."""
    make_key(tmp_path / "b.pem", tmp_path / "b.pub.pem")
    signature = SigningKey.load(pair[0]).sign(FORM)
    other = VerifyingKey.load(tmp_path / "b.pub.pem")
    with pytest.raises(SignatureError, match=signature.key):
        other.verify(FORM, signature)
    with pytest.raises(SignatureError, match="does not fit"):
        other.verify(FORM, replace(signature, key=other.id))


def test_key_id_is_the_digest_of_the_public_half(pair: tuple[Path, Path]) -> None:
    """Anybody can compute it: the last 32 bytes of the file are the raw key."""
    body = "".join(pair[1].read_text(encoding="ascii").splitlines()[1:-1])
    raw = base64.b64decode(body)[-32:]
    expected = hashlib.sha256(raw).hexdigest()[:16]
    assert VerifyingKey.load(pair[1]).id == expected
    assert SigningKey.load(pair[0]).public.id == expected


def test_private_key_is_its_owners_only(pair: tuple[Path, Path]) -> None:
    """Nobody else on the machine can read it, whatever the umask is."""
    assert stat.S_IMODE(pair[0].stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["key.pem", "key.pub.pem"])
def test_no_key_is_overwritten(tmp_path: Path, there: str) -> None:
    """A key that is lost cannot be made again; nor is half a pair left behind."""
    (tmp_path / there).symlink_to("nowhere")
    with pytest.raises(SignatureError, match="is there already"):
        make_key(tmp_path / "key.pem", tmp_path / "key.pub.pem")
    assert [path.name for path in tmp_path.iterdir()] == [there]


def test_passphrase_is_asked_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key made with one needs the same one, and no error repeats it."""
    private = tmp_path / "key.pem"
    monkeypatch.setenv(PASSPHRASE, "correct horse")
    key = make_key(private, tmp_path / "key.pub.pem")
    assert SigningKey.load(private).public.id == key
    assert b"ENCRYPTED" in private.read_bytes()
    monkeypatch.setenv(PASSPHRASE, "wrong horse")
    assert "has another passphrase than OIKEUS_KEY_PASSPHRASE says" in refusal(
        private, SigningKey
    )
    monkeypatch.delenv(PASSPHRASE)
    assert refusal(private, SigningKey) == (
        f"the key `{private}` has a passphrase, expected it in OIKEUS_KEY_PASSPHRASE"
    )


def test_key_without_passphrase_is_read_although_there_is_one(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment may hold that of another key."""
    monkeypatch.setenv(PASSPHRASE, "of another key")
    SigningKey.load(pair[0])


def test_halves_are_not_taken_for_each_other(pair: tuple[Path, Path]) -> None:
    """A private key in the public one's place is a private key on a wrong host."""
    private, public = pair
    text = private.read_text(encoding="ascii").splitlines()[1]
    assert "holds a private key" in refusal(private, VerifyingKey)
    assert text not in refusal(private, VerifyingKey)
    assert "holds a public key" in refusal(public, SigningKey)


def test_only_keys_of_ed25519_are_taken(tmp_path: Path) -> None:
    """One kind of signature, so that whoever checks one needs to know no other."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, public = tmp_path / "a.pem", tmp_path / "b.pem"
    private.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    assert "is no key of Ed25519" in refusal(private, SigningKey)
    assert "is no key of Ed25519" in refusal(public, VerifyingKey)


@pytest.mark.parametrize("half", [SigningKey, VerifyingKey])
def test_file_that_is_no_key_is_refused(
    tmp_path: Path, half: type[SigningKey | VerifyingKey]
) -> None:
    """Any file may be named as the key, or none that is there."""
    path = tmp_path / "key.pem"
    assert "no such file" in refusal(path, half)
    path.write_bytes(b"\xff secret")
    assert "is no key of Ed25519 in PEM" in refusal(path, half)
    assert "secret" not in refusal(path, half)
    assert "is a directory" in refusal(tmp_path, half)


def test_key_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The folder may be missing."""
    with pytest.raises(SignatureError, match="cannot be written: no such file"):
        make_key(tmp_path / "none" / "key.pem", tmp_path / "key.pub.pem")


@pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl is another program"
)
def test_openssl_reads_our_keys(pair: tuple[Path, Path]) -> None:
    """The files are what other programs call keys."""
    done = subprocess.run(  # noqa: S603 # the same
        ["openssl", "pkey", "-in", pair[0], "-pubout"],  # noqa: S607 # as installed
        check=True,
        capture_output=True,
    )
    assert done.stdout == pair[1].read_bytes()


def test_signed_is_the_canonical_spelling(pair: tuple[Path, Path]) -> None:
    """Whoever verifies elsewhere needs these bytes and nothing of ours."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_public_key,
    )

    signature = SigningKey.load(pair[0]).sign(FORM)
    key = load_pem_public_key(pair[1].read_bytes())
    key.verify(base64.b64decode(signature.text), canonical(FORM).encode())  # type: ignore[call-arg,union-attr]
