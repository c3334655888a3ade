"""Documents of the organisation register become organisations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.administration.register import Organisation, read_register, read_registers
from oikeus.errors import Problem, RegisterError
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.catalogue_reading import read_catalogue
from oikeus.terms import Names

ROOT = "1.0"
POLICY = Path(__file__).parents[3] / "policies" / "ehoks.yaml"
CATALOGUE = read_catalogue(POLICY.read_text(encoding="utf-8"), "policies/ehoks.yaml")


def entry(oid: object = "1.1", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """An organisation of a document; a field set to `...` is left out."""
    fields: dict[str, Any] = {
        "oid": oid,
        "parentOid": ROOT,
        "status": "AKTIIVINEN",
        "organisaatiotyypit": ["organisaatiotyyppi_01"],
        "nimi": {"fi": f"nimi {oid}"},
        **changes,
    }
    return {key: value for key, value in fields.items() if value is not ...}


def read(document: object, catalogue: Catalogue = CATALOGUE) -> list[Organisation]:
    """The organisations of a document."""
    return list(read_register(json.dumps(document), "a.json", catalogue, ROOT))


def faults(document: object) -> list[str]:
    """What is wrong with a document, in words."""
    with pytest.raises(RegisterError) as caught:
        read(document)
    return str(caught.value).splitlines()


def found(
    oid: str,
    parent: str | None = ROOT,
    *,
    names: Names | None = None,
    **changes: Any,  # noqa: ANN401
) -> Organisation:
    """What an `entry` is read as."""
    fields = {
        "levels": ("koulutustoimija",),
        "status": "active",
        "names": names or Names(fi=f"nimi {oid}"),
        "place": "",
        "file": "",
        **changes,
    }
    return Organisation(oid, parent, **fields)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (entry(), "$"),
        ([entry()], "$[0]"),
        ({"numHits": 1, "organisaatiot": [entry()]}, "$.organisaatiot[0]"),
    ],
)
def test_a_document_has_one_of_three_shapes(document: object, place: str) -> None:
    """One organisation, a list of them, or a search result."""
    (organisation,) = read(document)
    assert organisation == found("1.1")
    assert (organisation.place, organisation.file) == (place, "a.json")


@pytest.mark.parametrize("document", [[], {"organisaatiot": []}])
def test_a_document_may_be_empty(document: object) -> None:
    """A search without hits brings nothing and is no fault."""
    assert read(document) == []


def test_what_stands_inside_is_below() -> None:
    """Nesting gives the parent, alone or together with `parentOid`."""
    office = entry("1.1.1.1", parentOid=...)
    school = entry("1.1.1", parentOid="1.1", children=[office], subRows=None)
    organisations = read([entry("1.1", children=[school])])
    assert organisations == [
        found("1.1"),
        found("1.1.1", "1.1"),
        found("1.1.1.1", "1.1.1"),
    ]
    assert [each.place for each in organisations] == [
        "$[0]",
        "$[0].children[0]",
        "$[0].children[0].children[0]",
    ]


def test_sub_rows_repeat_children() -> None:
    """What stands in both is one organisation; what stands in one counts too."""
    both, alone = entry("1.1.1", parentOid="1.1"), entry("1.1.2", parentOid="1.1")
    document = [entry("1.1", children=[both], subRows=[both, alone])]
    assert [each.id for each in read(document)] == ["1.1", "1.1.1", "1.1.2"]


def test_the_parent_need_not_be_in_the_document() -> None:
    """It may come from another file or be known already."""
    assert read(entry("1.1", parentOid="1.9")) == [found("1.1", "1.9")]


@pytest.mark.parametrize("path", ["1.9/1.8", "|1.9|", "1/2/3", 7])
def test_the_path_of_parents_is_never_read(path: object) -> None:
    """It has three forms and is often wrong."""
    assert read(entry(parentOidPath=path)) == [found("1.1")]


def test_the_root_needs_no_parent() -> None:
    """It is the one organisation with nothing above; its type gives no level."""
    root = entry(ROOT, parentOid=..., organisaatiotyypit=["organisaatiotyyppi_05"])
    assert read(root) == [found(ROOT, None, levels=())]


@pytest.mark.parametrize(
    ("types", "levels"),
    [
        ({"organisaatiotyypit": ["organisaatiotyyppi_02"]}, ("oppilaitos",)),
        (
            {"organisaatiotyypit": ..., "tyypit": ["organisaatiotyyppi_03#1"]},
            ("toimipiste",),
        ),
        (
            {
                "organisaatiotyypit": [
                    "organisaatiotyyppi_04",
                    "organisaatiotyyppi_03",
                ],
                "tyypit": ["organisaatiotyyppi_02", "organisaatiotyyppi_03"],
            },
            ("oppilaitos", "toimipiste"),
        ),
        ({"organisaatiotyypit": ["organisaatiotyyppi_09#12"]}, ()),
        ({"organisaatiotyypit": [], "tyypit": None}, ()),
    ],
)
def test_types_are_sets_that_give_levels(
    types: dict[str, Any], levels: tuple[str, ...]
) -> None:
    """Ruling A: both fields count, versions do not, unmapped types give none."""
    assert [each.levels for each in read(entry(**types))] == [levels]


@pytest.mark.parametrize(
    ("word", "status"),
    [("AKTIIVINEN", "active"), ("SUUNNITELTU", "active"), ("PASSIIVINEN", "passive")],
)
def test_statuses_are_the_catalogues_words(word: str, status: str) -> None:
    """Ruling I: SUUNNITELTU counts as active."""
    assert [each.status for each in read(entry(status=word))] == [status]


@pytest.mark.parametrize(
    ("nimi", "names"),
    [
        ({"fi": "a", "sv": "b", "en": "c", "se": "d"}, Names("a", "b", "c")),
        ({"sv": "b", "fi": None}, Names(sv="b")),
        ({"fi": " a\t b\u00a0c\n\x1b[31m"}, Names(fi="a b c [31m")),
        ({}, Names()),
        (None, Names()),
        (..., Names()),
    ],
)
def test_names_are_read_per_language(nimi: object, names: Names) -> None:
    """There may be none; what a terminal would obey becomes a blank."""
    assert [each.names for each in read(entry(nimi=nimi))] == [names]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"content": []},
            (
                "$: holds no organisations, expected an organisation, a list of them, "
                "or `organisaatiot`"
            ),
        ),
        (
            {"organisaatiot": {}},
            (
                "$: holds no organisations, expected an organisation, a list of them, "
                "or `organisaatiot`"
            ),
        ),
        (
            "x",
            (
                "$: holds no organisations, expected an organisation, a list of them, "
                "or `organisaatiot`"
            ),
        ),
        ([[]], "$[0]: is a list, expected an organisation"),
        ([entry(oid=...)], "$[0]: has no `oid`, expected the id of an organisation"),
        ([entry(oid=12)], "$[0].oid: is `12`, expected an id as text"),
        ([entry(oid=None)], "$[0].oid: is nothing, expected an id as text"),
        ([entry("")], "$[0].oid: `` is blank, expected a value"),
        ([entry("1@2")], "$[0].oid: `1@2` holds @, which ids cannot"),
        ([entry("1..2")], "$[0].oid: `1..2` holds .., which ids cannot"),
        ([entry("1, 2")], "$[0].oid: `1, 2` holds ,, which ids cannot"),
        (
            [entry("1.1\n")],
            "$[0].oid: `1.1\\n` has a leading or trailing blank, expected none",
        ),
        (
            [entry("mode:integraatio")],
            "$[0].oid: `mode:integraatio` holds :, which ids of organisations cannot",
        ),
        (
            [entry(parentOid="status:passive")],
            (
                "$[0].parentOid: `status:passive` holds :, which ids of organisations "
                "cannot"
            ),
        ),
        ([entry(parentOid=7)], "$[0].parentOid: is `7`, expected an id as text"),
        (
            [entry(parentOid=...)],
            "$[0]: `1.1` has no parent and is not the root, expected `parentOid`",
        ),
        (
            [entry(children=[entry("1.2", parentOid="1.3")])],
            (
                "$[0].children[0].parentOid: is `1.3`, but it stands inside `1.1`, "
                "expected the same"
            ),
        ),
        (
            [entry(children={})],
            "$[0].children: is a mapping, expected a list of organisations",
        ),
        (
            [entry(organisaatiotyypit=...)],
            "$[0]: has no types, expected organisaatiotyypit or tyypit",
        ),
        (
            [entry(tyypit="organisaatiotyyppi_01")],
            "$[0].tyypit: is `organisaatiotyyppi_01`, expected a list of types",
        ),
        (
            [entry(tyypit=["organisaatiotyyppi_02", "KOULUTUSTOIMIJA"])],
            (
                "$[0].tyypit[1]: unknown type `KOULUTUSTOIMIJA`, expected "
                "organisaatiotyyppi_NN"
            ),
        ),
        (
            [entry(tyypit=[None])],
            "$[0].tyypit[0]: unknown type nothing, expected organisaatiotyyppi_NN",
        ),
        (
            [entry(status="LAKKAUTETTU")],
            (
                "$[0].status: unknown status `LAKKAUTETTU`, expected AKTIIVINEN, "
                "SUUNNITELTU or PASSIIVINEN"
            ),
        ),
        (
            [entry(status=...)],
            "$[0]: has no status, expected AKTIIVINEN, SUUNNITELTU or PASSIIVINEN",
        ),
        ([entry(nimi="x")], "$[0].nimi: is `x`, expected a name per language"),
        ([entry(nimi={"fi": 3})], "$[0].nimi.fi: is `3`, expected a name as text"),
        (
            [entry(ROOT, parentOid="1.1", tyypit=[], organisaatiotyypit=None)],
            "$[0]: the root has the parent `1.1`, expected none",
        ),
        (
            [entry(ROOT, parentOid=...)],
            "$[0]: the root is a koulutustoimija, expected no such type",
        ),
        (
            [entry(ROOT, parentOid=..., organisaatiotyypit=[], status="PASSIIVINEN")],
            "$[0]: the root is passive, expected active",
        ),
    ],
)
def test_what_is_refused(document: object, expected: str) -> None:
    """Each fault has the path inside the document and what was expected."""
    assert faults(document) == [f"a.json: {expected}"]


def test_all_faults_are_reported_in_one_go() -> None:
    """Faults of text, of fields and of what stands inside do not hide each other."""
    text = (
        '[{"oid": 3, "status": NaN, "tyypit": [], "tyypit": ["x"],'
        ' "children": [{"oid": "1.2", "status": "AKTIIVINEN", "tyypit": [1]}]}, 4]'
    )
    with pytest.raises(RegisterError) as caught:
        read_register(text, "a.json", CATALOGUE, ROOT)
    assert str(caught.value).splitlines() == [
        (
            "a.json: $[0].children[0].tyypit[0]: unknown type `1`, expected "
            "organisaatiotyyppi_NN"
        ),
        "a.json: $[0].oid: is `3`, expected an id as text",
        "a.json: $[0].status: `NaN` is no JSON, expected a number",
        (
            "a.json: $[0].status: unknown status `NaN`, expected AKTIIVINEN, "
            "SUUNNITELTU or PASSIIVINEN"
        ),
        "a.json: $[0].tyypit: the key is repeated, expected it once",
        "a.json: $[0].tyypit[0]: unknown type `x`, expected organisaatiotyyppi_NN",
        "a.json: $[1]: is `4`, expected an organisation",
    ]


def test_equal_duplicates_are_one() -> None:
    """The same organisation may come several times in one document."""
    assert read([entry(), entry("1.2"), entry()]) == [found("1.1"), found("1.2")]


@pytest.mark.parametrize(
    ("second", "differing"),
    [
        (entry(parentOid="1.9"), "parent"),
        (entry(status="PASSIIVINEN"), "status"),
        (entry(nimi={"sv": "namn"}), "names"),
        (entry(tyypit=["organisaatiotyyppi_02"], nimi={}), "levels and names"),
    ],
)
def test_unequal_duplicates_are_refused(second: dict[str, Any], differing: str) -> None:
    """The later one is named, with the place of the first."""
    assert faults([entry(), second]) == [
        (
            f"a.json: $[1]: `1.1` is at $[0] too, which differs in {differing}, "
            "expected the same"
        )
    ]


def test_several_files_are_read_as_one() -> None:
    """Equal entries of two files merge, each with the place where it came first."""
    texts = {
        "a.json": json.dumps([entry()]),
        "b.json": json.dumps([entry("1.2", parentOid="1.1"), entry()]),
    }
    organisations = read_registers(texts, CATALOGUE, ROOT)
    assert [(each.id, each.file, each.place) for each in organisations] == [
        ("1.1", "a.json", "$[0]"),
        ("1.2", "b.json", "$[0]"),
    ]


def test_faults_of_several_files_are_reported_in_one_go() -> None:
    """A file that is no JSON does not hide what is wrong in the next."""
    texts = {
        "a.json": "{",
        "b.json": json.dumps([entry()]),
        "c.json": json.dumps([entry(status="PASSIIVINEN"), entry(oid="")]),
    }
    with pytest.raises(RegisterError) as caught:
        read_registers(texts, CATALOGUE, ROOT)
    assert str(caught.value).splitlines() == [
        (
            "a.json:1: cannot be read as JSON, expecting property name enclosed in "
            "double quotes at column 2"
        ),
        (
            "c.json: $[0]: `1.1` is at b.json, $[0] too, which differs in status, "
            "expected the same"
        ),
        "c.json: $[1].oid: `` is blank, expected a value",
    ]


def test_a_long_chain_is_read() -> None:
    """How deep organisations stand is the register's choice, up to JSON's own depth."""
    document = entry("1.300", parentOid=...)
    for number in range(299, 0, -1):
        document = entry(f"1.{number}", parentOid=..., children=[document])
    organisations = read({**document, "parentOid": ROOT})
    assert len(organisations) == 300
    assert organisations[-1].parent == "1.299"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["oid", "parentOid", "children", "subRows", "status", "tyypit", "nimi"]
            ),
            inside,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_no_document_makes_the_reader_fail(document: object) -> None:
    """Whatever the values, there are organisations with a place, or fair texts."""
    organisations: list[Organisation] = []
    problems: tuple[Problem, ...] = ()
    try:
        organisations = read(document)
    except RegisterError as error:
        problems = error.problems
    assert all(each.parent or each.id == ROOT for each in organisations)
    assert all(problem.text.isprintable() for problem in problems)
    assert not (organisations and problems)
