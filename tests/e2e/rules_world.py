"""The example world with somebody for every role, whose rights last in any year.

At Keuda, which transfers data, and at Kiipula, which types it in, each role has a
holder: those of the other group got their right while the provider had the other mode,
and hold it still (ruling D).
"""

from __future__ import annotations

from pathlib import Path

import oikeus

HOME = Path(__file__).resolve().parents[2]

ROOT = "1.2.246.562.10.00000000001"
KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90101010000"
ANOTHER_OFFICE = "1.2.246.562.10.90101020000"
HELSINKI = "1.2.246.562.10.90200000000"
STADI = "1.2.246.562.10.90201000000"
CAMPUS = "1.2.246.562.10.90201010000"
PLANNED = "1.2.246.562.10.90201040000"
CLOSED = "1.2.246.562.10.90202000000"
KIIPULA = "1.2.246.562.10.90400000000"
KIIPULA_SCHOOL = "1.2.246.562.10.90401000000"
KIIPULA_OFFICE = "1.2.246.562.10.90401010000"
RAUDASKYLA = "1.2.246.562.10.90501000000"
GRADIA = "1.2.246.562.10.90700000000"
KAINUU = "1.2.246.562.10.90800000000"
KAINUU_SCHOOL = "1.2.246.562.10.90801000000"

_PERSON = "person:1.2.246.562.24.9"
OPH, OPH_TOO = (f"{_PERSON}000000000{number}" for number in (1, 2))
NEW, OTHER = f"{_PERSON}9900000001", f"{_PERSON}9900000002"
NEW_SYSTEM = "system:uusi"

HOLDERS = {
    "integraatio": {
        "vastuukayttaja": f"{_PERSON}0100000011",
        "ehoks-paakayttaja": f"{_PERSON}0100000012",
        "ehoks-kayttaja": f"{_PERSON}0100000013",
        "palvelukayttaja": "system:keuda-tiedonsiirto",
        "tallentajan-paakayttaja": f"{_PERSON}0100000014",
        "tallentaja": f"{_PERSON}0100000015",
    },
    "syottoliittyma": {
        "vastuukayttaja": f"{_PERSON}0400000011",
        "ehoks-paakayttaja": f"{_PERSON}0400000016",
        "ehoks-kayttaja": f"{_PERSON}0400000013",
        "palvelukayttaja": "system:kiipula-tiedonsiirto",
        "tallentajan-paakayttaja": f"{_PERSON}0400000012",
        "tallentaja": f"{_PERSON}0400000015",
    },
}
PLACES = {"integraatio": KEUDA, "syottoliittyma": KIIPULA}

VASTUU, PAA, USER, SYSTEM, *_ = HOLDERS["integraatio"].values()
KIIPULA_VASTUU, *_, ENTRY, CLERK = HOLDERS["syottoliittyma"].values()
STADI_PAA = f"{_PERSON}0200000012"
STADI_USER = f"{_PERSON}0200000013"
GRADIA_VASTUU = f"{_PERSON}0700000011"
KAINUU_VASTUU = f"{_PERSON}0800000011"
KAINUU_PAA = f"{_PERSON}0800000012"
KAINUU_USER = f"{_PERSON}0800000013"
_ELSEWHERE = (
    (STADI_PAA, "ehoks-paakayttaja", STADI),
    (STADI_USER, "ehoks-kayttaja", STADI),
    (GRADIA_VASTUU, "vastuukayttaja", GRADIA),
    (KAINUU_VASTUU, "vastuukayttaja", KAINUU),
    (KAINUU_PAA, "ehoks-paakayttaja", KAINUU),
    (KAINUU_USER, "ehoks-kayttaja", KAINUU_SCHOOL),
)
DAYS = "2026-01-01,2099-12-31"
SPAN = DAYS.replace(",", "..")
HEADER = "subject,role,organisation,from,until\n"
_GROUPS = {
    "integraatio": ("vastuukayttaja", "ehoks-paakayttaja", "ehoks-kayttaja"),
    "syottoliittyma": ("tallentajan-paakayttaja", "tallentaja"),
}


def grants_text(rows: tuple[tuple[str, str, str], ...]) -> str:
    """Grants to import, as long as systems have them."""
    return HEADER + "".join(f"{','.join(row)},{DAYS}\n" for row in rows)


def _holders(place: str, group: str) -> tuple[tuple[str, str, str], ...]:
    """The holders of one group at a provider, whatever its mode is by now."""
    (mode,) = (mode for mode, each in PLACES.items() if each == place)
    roles = _GROUPS[group]
    if group == "integraatio":
        roles += ("palvelukayttaja",)
    return tuple((HOLDERS[mode][role], role, place) for role in roles)


def make_world(folder: Path) -> Path:
    """Make the database, with the policies beside it."""
    policies, path = folder / "policies", folder / "oikeus.db"
    policies.mkdir()
    for file in (HOME / "policies").glob("*.*"):
        text = file.read_text(encoding="utf-8")
        if file.name == "grants.csv":
            text = text.replace("2027-12-31", "2099-12-31")
        (policies / file.name).write_text(text, encoding="utf-8")
    model = oikeus.load_model(HOME / "model.conf")
    places = policies / "organisations.csv"
    shipped = places.read_text(encoding="utf-8")
    swapped = shipped
    for place, word, other in (
        (KEUDA, "integraatio", "syottoliittyma"),
        (KIIPULA, "syottoliittyma", "integraatio"),
    ):
        line = f"g2, {place}, mode:"
        assert f"{line}{word}" in swapped
        swapped = swapped.replace(f"{line}{word}", f"{line}{other}")
    extract = HOME / "examples" / "organisations.json"
    with oikeus.Store.open(f"sqlite:///{path}") as store:

        def apply(text: str) -> None:
            places.write_text(text, encoding="utf-8")
            oikeus.apply_policies(store, model, policies, actor="os:owner")

        def take_over(*rows: tuple[str, str, str]) -> None:
            files = [("grants.csv", grants_text(rows))]
            oikeus.import_grants(store, files, actor="os:owner")

        apply(swapped)
        texts = {"organisations.json": extract.read_text(encoding="utf-8")}
        oikeus.import_organisations(store, texts, actor="os:owner")
        take_over(*_holders(KEUDA, "syottoliittyma"), *_holders(KIIPULA, "integraatio"))
        apply(shipped)
        take_over(
            *_holders(KEUDA, "integraatio"),
            *_holders(KIIPULA, "syottoliittyma"),
            *_ELSEWHERE,
        )
    return path
