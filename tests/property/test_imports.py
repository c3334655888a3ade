"""The same rights give the same grants, however their documents are put together."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oikeus import (
    Grant,
    ImportedRights,
    RegisterError,
    RightsImport,
    RightsSource,
    Store,
    apply_policies,
    import_organisations,
    import_rights,
    load_model,
)

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 1)
OIDS = [f"1.2.246.562.24.8{number}" for number in range(4)]
TYPES = ["VIRKAILIJA", "PALVELU", "VIRKAILIJA", None]
# a provider, its school, and one whose mode is the other
PLACES = [f"1.2.246.562.10.90{rest}000000" for rest in ("100", "101", "400")]
WORDS = ["READ", "CRUD", "OPHPAAKAYTTAJA"]
MEANT = {
    ("VIRKAILIJA", "READ"): ("person", "role:ehoks-kayttaja"),
    ("VIRKAILIJA", "CRUD"): ("person", "role:tallentaja"),
    ("PALVELU", "CRUD"): ("system", "role:palvelukayttaja"),
}

Given = tuple[int, str, str]
"""Which holder has which right where."""

RIGHTS = st.frozensets(
    st.tuples(
        st.sampled_from(range(4)), st.sampled_from(PLACES), st.sampled_from(WORDS)
    ),
    max_size=10,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the shipped policy and the example organisations."""
    found = tmp_path_factory.mktemp("world") / "oikeus.db"
    with Store.open(f"sqlite:///{found}") as store:
        model = load_model(ROOT / "model.conf")
        apply_policies(store, model, ROOT / "policies", actor="os:tester")
        path = ROOT / "examples" / "organisations.json"
        texts = {path.name: path.read_text(encoding="utf-8")}
        import_organisations(store, texts, actor="os:tester")
    return found


@contextmanager
def copied(world: Path) -> Iterator[Store]:
    """The same in a database of its own."""
    with TemporaryDirectory() as folder:
        path = shutil.copy(world, folder)
        with Store.open(f"sqlite:///{path}") as store:
            yield store


@st.composite
def splits(draw: st.DrawFn, rights: frozenset[Given]) -> dict[str, str]:
    """The rights over documents, entries and organisations, in any order, repeated."""
    again = [right for right in sorted(rights) if draw(st.booleans())]
    order = draw(st.permutations([*sorted(rights), *again]))
    files: list[list[dict[str, Any]]] = [[], [], []]
    for number, place, word in order:
        right = {"palvelu": "EHOKS", "oikeus": word}
        where = {"organisaatioOid": place, "kayttooikeudet": [right]}
        file = files[draw(st.integers(0, 2))]
        # its own entry, or part of one that is there
        if file and file[-1]["oidHenkilo"] == OIDS[number]:
            file[-1]["organisaatiot"].append(where)
            continue
        entry = {"oidHenkilo": OIDS[number], "organisaatiot": [where]}
        file.append(entry | {"kayttajaTyyppi": TYPES[number]})
    return {f"{name}.json": json.dumps(file) for name, file in enumerate(files)}


def take(store: Store, texts: dict[str, str], **told: Any) -> ImportedRights:  # noqa: ANN401
    """Import documents of the user-rights service."""
    today = told.pop("today", TODAY)
    wanted = RightsImport(RightsSource.KAYTTOOIKEUS, texts, **told)
    return import_rights(store, wanted, actor="os:tester", today=lambda: today)


def held(store: Store) -> set[tuple[str, str, str]]:
    """Which rights are in force by import, credentials apart."""
    grants = (
        Grant.parse(line)
        for line in store.load().lines
        if line.ptype == "g" and line.source is None
    )
    return {
        (grant.subject, grant.role, grant.organisation)
        for grant in grants
        if grant.role != "role:tunnus"
    }


def meant(rights: frozenset[Given]) -> set[tuple[str, str, str]]:
    """What the rights mean, by a table of our own."""
    found = set()
    for number, place, word in rights:
        if meaning := MEANT.get((TYPES[number] or "", word)):
            kind, role = meaning
            found.add((f"{kind}:{OIDS[number]}", role, place))
    return found


@given(data=st.data(), rights=RIGHTS)
def test_any_split_of_the_same_rights_gives_the_same_grants(
    world: Path, data: st.DataObject, rights: frozenset[Given]
) -> None:
    """And a second import, of another split and on a later day, changes nothing."""
    with copied(world) as store:
        done = take(store, data.draw(splits(rights)))
        assert held(store) == meant(rights)
        later = TODAY + timedelta(days=data.draw(st.integers(0, 364)))
        again = take(store, data.draw(splits(rights)), today=later)
        assert (again.version, again.added) == (done.version, ())
        assert again.plan.vanished == again.plan.absent == ()


@given(data=st.data(), before=RIGHTS, after=RIGHTS)
def test_pruned_import_leaves_what_the_documents_give(
    world: Path,
    data: st.DataObject,
    before: frozenset[Given],
    after: frozenset[Given],
) -> None:
    """But for holders of no known type, who keep what they have; here they had none."""
    with copied(world) as store:
        take(store, data.draw(splits(before)))
        texts = data.draw(splits(after))
        if not after:
            with pytest.raises(RegisterError):
                take(store, texts, prune=True)
            assert held(store) == meant(before)
            return
        done = take(store, texts, prune=True)
        assert held(store) == meant(after)
        assert take(store, texts, prune=True).version == done.version
        grants = [Grant.parse(line) for line in store.load().lines if line.ptype == "g"]
        systems = {grant.subject for grant in grants if grant.subject[0] == "s"}
        # a credential is registered where it has a right, and nowhere without one
        assert systems == {
            grant.subject for grant in grants if grant.role == "role:tunnus"
        }
        assert systems == {row[0] for row in meant(after) if row[0][0] == "s"}
