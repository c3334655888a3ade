"""Commands and files that many cases are made of."""

from __future__ import annotations

from collections.abc import Mapping

from .rules_transcripts import Words
from .rules_world import HOME, KEUDA, NEW, SPAN, STADI, VASTUU, grants_text

APPLY = ("apply", "policies", "--yes")
IMPORT = ("import", "grants", "new.csv")
CREATE = ("credential", "create", "uusi", "--as", VASTUU, "--at")


def grant(role: str, place: str, by: str, to: str = NEW, *more: str) -> Words:
    """The command that grants."""
    return ("grant", to, role, place, "--as", by, *more)


def revoke(of: str, role: str, place: str, by: str) -> Words:
    """The command that revokes."""
    return ("revoke", of, role, place, "--as", by)


def decide(subject: str, action: str, place: str) -> Words:
    """The command that decides about HOKS data."""
    return ("decide", subject, action, "hoks", place)


def imported(role: str, place: str, subject: str = NEW) -> Mapping[str, str]:
    """A file of one grant."""
    return {"new.csv": grants_text(((subject, role, place),))}


def written(role: str) -> Mapping[str, str]:
    """A policy file of one first grant more."""
    row = f"g, {NEW}, role:{role}, {STADI}@{SPAN}"
    return {"policies/more.csv": f"# B: so that there is one\n{row}\n"}


def entering() -> Mapping[str, str]:
    """Policy files in which Keuda types its data in from now on."""
    path = HOME / "policies" / "organisations.csv"
    old = path.read_text(encoding="utf-8")
    new = old.replace(f"{KEUDA}, mode:integraatio", f"{KEUDA}, mode:syottoliittyma")
    assert new != old
    return {"policies/organisations.csv": new}
