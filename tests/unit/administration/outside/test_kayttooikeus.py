"""Documents of the user-rights service, read strictly."""

import json

import pytest

from oikeus.administration.outside.entries import Entry, GivenRight, Place, Reading
from oikeus.administration.outside.kayttooikeus import read_kayttooikeus

from .conftest import Fields, at, holder


def read(value: object) -> Reading:
    """Read a value as a document."""
    return read_kayttooikeus(json.dumps(value), "a.json", "FILES")


def problems(value: object) -> list[str]:
    """What is wrong with a document."""
    return [str(problem) for problem in read(value).problems]


def test_rights_of_the_service_are_read_with_their_places() -> None:
    """Those of others are counted, whatever their organisation."""
    mixed = at("1.1", "READ")
    mixed["kayttooikeudet"].insert(0, {"palvelu": "OTHER", "oikeus": "READ"})
    found = read([holder("9"), holder("8", at("1.2", "X", service="FILES2"), mixed)])
    place = Place("a.json", "$[1].organisaatiot[1].kayttooikeudet[1]")
    assert found == Reading(
        entries=[
            Entry("9", "OFFICIAL", Place("a.json", "$[0]")),
            Entry(
                "8",
                "OFFICIAL",
                Place("a.json", "$[1]"),
                (GivenRight("READ", "1.1", place),),
            ),
        ],
        ignored=2,
    )


def test_one_holder_need_not_stand_in_a_list() -> None:
    """As the service gives one that is asked for by name."""
    (entry,) = read(holder("9", at("1.1", "READ"))).entries
    assert entry.place == Place("a.json", "$")


@pytest.mark.parametrize("type", [{}, {"kayttajaTyyppi": None}])
def test_type_may_be_missing(type: Fields) -> None:  # noqa: A002
    """Whoever reads on reports it."""
    (entry,) = read({"oidHenkilo": "9", "organisaatiot": []} | type).entries
    assert entry.type is None


WRONG = {
    "no holder": (3, ["$: is `3`, expected an object about a holder, or a list of"]),
    "text in the list": (["x"], ["$[0]: is `x`, expected an object about a holder"]),
    "nothing in it": ({}, ["$: has no `oidHenkilo`", "$: has no `organisaatiot`"]),
    "oid is no text": (
        holder("9") | {"oidHenkilo": 9},
        ["$.oidHenkilo: is `9`, expected text"],
    ),
    "oid is typed": (
        holder("person:9"),
        [
            (
                "$.oidHenkilo: `person:9` holds :, which ids of the national services "
                "cannot"
            )
        ],
    ),
    "oid is no id": (
        holder("9 "),
        ["$.oidHenkilo: `9 ` has a leading or trailing blank, expected none"],
    ),
    "half a letter": (
        holder("\ud800"),
        ["$.oidHenkilo: `\\ud800` holds a control or invisible character"],
    ),
    "type is no text": (
        holder("9") | {"kayttajaTyyppi": ["OFFICIAL"]},
        ["$.kayttajaTyyppi: is a list, expected text"],
    ),
    "organisations are no list": (
        holder("9") | {"organisaatiot": {}},
        ["$.organisaatiot: is a mapping, expected a list of organisations"],
    ),
    "organisation is no object": (
        holder("9") | {"organisaatiot": [None]},
        ["$.organisaatiot[0]: is nothing, expected an object"],
    ),
    "nothing of an organisation": (
        holder("9", {}),
        [
            "$.organisaatiot[0]: has no `kayttooikeudet`, expected a list of rights",
            "$.organisaatiot[0]: has no `organisaatioOid`, expected text",
        ],
    ),
    "nothing of a right": (
        holder("9", {"organisaatioOid": "1.1", "kayttooikeudet": [{}]}),
        [
            "$.organisaatiot[0].kayttooikeudet[0]: has no `oikeus`, expected text",
            "$.organisaatiot[0].kayttooikeudet[0]: has no `palvelu`, expected text",
        ],
    ),
    "a right at a typed place": (
        holder("9", at("mode:paper", "READ")),
        ["$.organisaatiot[0].organisaatioOid: `mode:paper` holds :, which ids of the"],
    ),
}


@pytest.mark.parametrize(("value", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_path(
    value: object, expected: list[str]
) -> None:
    """All of it, and nothing is read past it."""
    found = sorted(problems(value))
    assert len(found) == len(expected)
    for text, begin in zip(found, expected, strict=True):
        assert text.startswith(f"a.json: {begin}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[", "a.json:1: cannot be read as JSON, expecting value at column 2"),
        ("[" * 99_999, "a.json: is nested too deep, expected some dozen levels"),
        (
            '[{"oidHenkilo": "9", "oidHenkilo": "8", "organisaatiot": []}]',
            "a.json: $[0].oidHenkilo: the key is repeated, expected it once",
        ),
        (
            '{"oidHenkilo": "9", "organisaatiot": [], "x": NaN}',
            "a.json: $.x: `NaN` is no JSON, expected a number",
        ),
    ],
)
def test_hostile_text_is_refused(text: str, expected: str) -> None:
    """As that of the organisation register is."""
    found = read_kayttooikeus(text, "a.json", "FILES")
    assert [str(problem) for problem in found.problems] == [expected]
