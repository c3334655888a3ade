"""The digests as docs/history.md specifies them, implemented from that page alone."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from oikeus import verify
from oikeus.store import (
    Application,
    ApplicationFilter,
    ApplicationState,
    ApplicationStep,
    Change,
    Scope,
    Store,
    Token,
    TokenState,
    TokenStep,
    recording,
)
from oikeus.terms import Line, Names, Source

TODAY = date(2026, 3, 1)
OPEN = (ApplicationState.REQUESTED, ApplicationState.LAPSED)
ALPHABET = "aZ0 ,\"'\\/\b\t\n\f\r\x01\x1f\x7f\x80é\u2028\ufeff\uffff😀"


# --- 30 lines that know nothing of ours but the tables and the page -------------------


def digest(form: object) -> str:
    """SHA-256 of the canonical JSON, in UTF-8."""
    spelt = json.dumps(form, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(spelt.encode("utf-8")).hexdigest()


def digests(
    versions: Iterable[dict[str, Any]],
    changes: list[dict[str, Any]],
    names: list[dict[str, Any]],
    steps: list[dict[str, Any]],
    tokens: list[dict[str, Any]],
) -> list[str]:
    """All digests there are, in the order of the chain."""
    values = ["position", "op", "rule", "ptype", "v0", "v1", "v2", "v3", "v4", "v5"]
    values += ["source_file", "source_line", "source_comment"]
    stepped = ["application", "state", "subject", "role", "organisation"]
    stepped += ["last_day", "reason"]
    of_token = ["token", "state", "subject", "scopes", "organisations"]
    of_token += ["last_day", "label", "secret_digest"]
    kept = ["number", "time", "actor", "origin", "message", "granter", "power"]
    kept += ["git_commit", "approval"]
    found = ["0" * 64]
    for version in sorted(versions, key=lambda row: row["number"]):
        previous, number = found[-1], version["number"]
        its = [row for row in changes if row["version"] == number]
        for row in sorted(its, key=lambda row: row["position"]):
            found.append(digest([found[-1], *(row[name] for name in values)]))
        its = [row for row in names if row["version"] == number]
        for row in sorted(its, key=lambda row: row["organisation"].encode()):
            named = [row[name] for name in ("organisation", "fi", "sv", "en")]
            found.append(digest([found[-1], *named]))
        for row in (row for row in steps if row["version"] == number):
            found.append(digest([found[-1], *(row[name] for name in stepped)]))
        for row in (row for row in tokens if row["version"] == number):
            found.append(digest([found[-1], *(row[name] for name in of_token)]))
        form = {name: version[name] for name in kept}
        form |= {"format": "oikeus-version-1", "previous": previous, "rows": found[-1]}
        for name in ("model", "catalogue"):
            brought = version[name]
            form[name] = brought and hashlib.sha256(brought.encode()).hexdigest()
        if version["invariants"] is not None:
            said = version["invariants"].encode()
            form["invariants"] = hashlib.sha256(said).hexdigest()
        found.append(digest(form))
    return found[1:]


# --- and what they are held against ---------------------------------------------------


def stored(store: Store) -> tuple[list[str], list[list[dict[str, Any]]]]:
    """The digests that the database has, in the same order, and its rows."""
    tables = []
    with store.database.reading() as connection:
        for name, order in (
            ("version", "number"),
            ("change", "version, position"),
            ("names", "version"),
            ("application", "version"),
            ("token", "version"),
        ):
            statement = text(f"SELECT * FROM oikeus_{name} ORDER BY {order}")  # noqa: S608 # ours
            rows = connection.execute(statement).mappings()
            tables.append([dict(row) for row in rows])
    versions, changes, names, steps, tokens = tables
    names.sort(key=lambda row: (row["version"], row["organisation"].encode()))
    found = []
    for version in versions:
        for rows_of in (changes, names, steps, tokens):
            its = [row for row in rows_of if row["version"] == version["number"]]
            found += [row["digest"] for row in its]
        found.append(version["digest"])
    return found, tables


def word(rng: random.Random) -> str:
    """Some text, of letters that are spelt in all the ways there are."""
    return "".join(rng.choices(ALPHABET, k=rng.randrange(1, 6)))


def random_step(
    rng: random.Random, there: tuple[Application, ...]
) -> ApplicationStep | None:
    """A request, or the decision of one."""
    decided = [state for state in ApplicationState if state not in OPEN]
    if there and rng.random() < 0.5:
        return rng.choice(there).step(rng.choice(decided), word(rng))
    if rng.random() < 0.5:
        return None
    words = [word(rng) for _ in range(4)]
    return ApplicationStep(
        ApplicationState.REQUESTED, words[0], words[1], words[2], TODAY, words[3]
    )


def random_token(rng: random.Random, there: tuple[Token, ...]) -> TokenStep | None:
    """A new token, or its revocation."""
    active = [token for token in there if token.state is TokenState.ACTIVE]
    if active and rng.random() < 0.5:
        return rng.choice(active).revocation()
    if rng.random() < 0.5:
        return None
    return TokenStep(
        TokenState.ACTIVE,
        word(rng),
        tuple(scope for scope in Scope if rng.random() < 0.5) or (Scope.AUDIT,),
        tuple(word(rng).replace(",", "-") for _ in range(rng.randrange(3))),
        TODAY,
        word(rng),
        secret_digest=digest(word(rng)),
    )


def random_change(
    rng: random.Random,
    there: list[Line],
    applications: tuple[Application, ...],
    tokens: tuple[Token, ...],
) -> Change:
    """A version that does anything."""
    source = (
        Source(word(rng), rng.randrange(9), word(rng)) if rng.random() < 0.7 else None
    )
    add = {
        Line(word(rng), tuple(word(rng) for _ in range(rng.randrange(1, 7))), source)
        for _ in range(rng.randrange(6))
    }
    remove = [line for line in there if line not in add and rng.random() < 0.3]
    moved = [Line(line.ptype, line.values, source) for line in there[:2]]
    moved = [line for line in moved if line not in remove]
    names = {
        word(rng): Names(word(rng), "", word(rng)) for _ in range(rng.randrange(4))
    }
    marks: dict[str, Any] = {
        name: "x" + word(rng)
        for name in ("granter", "power", "git_commit", "approval")
        if rng.random() < 0.5
    }
    marks |= {name: word(rng) for name in ("model", "catalogue") if rng.random() < 0.5}
    if rng.random() < 0.5:
        marks["invariants"] = rng.choice(["", word(rng)])
    return Change(
        "policy",
        "os:" + word(rng),
        "x" + word(rng),
        add=(*add, *moved),
        remove=tuple(remove),
        names=names,
        application=random_step(rng, applications),
        token=random_token(rng, tokens),
        **marks,
    )


def test_second_implementation_agrees_on_random_histories(store: Store) -> None:
    """The page is precise enough to be written from; and such a history is clean."""
    rng = random.Random(20260302)  # noqa: S311 # to be the same each time
    for _ in range(40):
        there = list(store.load().lines)
        with store.writing() as writer:
            asked = ApplicationFilter(states=(ApplicationState.REQUESTED,))
            applications = writer.applications(asked, day=TODAY)
            tokens = store.tokens(day=TODAY)
            writer.commit(random_change(rng, there, applications, tokens))
    expected, rows = stored(store)
    assert digests(*rows) == expected
    assert len(expected) > 150
    assert len(store.versions()) > 30
    states = {found.state for found in store.applications(day=TODAY)}
    assert states >= {*ApplicationState} - {*OPEN}
    assert {found.state for found in store.tokens(day=TODAY)} == {
        TokenState.ACTIVE,
        TokenState.REVOKED,
    }
    assert verify(store).findings == ()


def test_text_is_spelt_as_the_chain_has_it_by_the_database_too(
    store: Store, commit: Callable[..., int]
) -> None:
    """Every letter of the first plane, and some beyond: `verify` finds none amiss."""
    letters = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]
    letters += ["\U0001f600", "\U0010ffff"]
    size = 250
    texts = ["".join(letters[n : n + size]) for n in range(0, len(letters), size)]
    lines = tuple(Line("p", ("x", text), Source(text, 1, text)) for text in texts)
    commit(store, add=lines)
    assert verify(store).findings == ()


TIME = "2026-03-01T09:30:00.000000Z"
SMALL = (
    Line("g", ("person:1.2.246.562.24.1", "role:ehoks-kayttaja", "1.1@2026-01-01..")),
    Line("g", ("system:keuda", "role:tunnus", "1.1@2026-01-01..2099-12-31")),
    Line(
        "g", ('person:"ä"\\\n', "role:\u2028😀", ""), Source("a\tb.csv", 7, 'R2: "y"')
    ),
    Line("p2", ("a", "b", "c", "d", "e", "f"), Source("p/a.csv", 1)),
)


def test_digests_of_a_small_import_are_those_that_they_always_were(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is written: what others have signed must not change."""
    clocks = dict.fromkeys(("sqlite", "postgresql"), f"'{TIME}'")
    monkeypatch.setattr(recording, "_CLOCKS", clocks)
    named = {"1.2": Names("Yksi", "", "One"), "1.1": Names("Nolla")}
    elsewhere = Line("p2", SMALL[3].values, Source("p/b.csv", 2))
    for change in (
        Change("grants", "os:tester", "import grants a.csv", add=SMALL, names=named),
        Change("policy", "os:tester", "less", add=(elsewhere,), remove=SMALL[:1]),
    ):
        with store.writing() as writer:
            writer.commit(change)
    assert [version.digest for version in store.versions()] == [
        "c7ede78b0a50e8694bad42cd706413131458d14455a2a96842732489e9214e13",
        "29ddaf0616ff6577457a2a90664088665f16d8731044cc3cb8aeafb119ffc59a",
    ]
