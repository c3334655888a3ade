"""A model is what Casbin can decide with; what it would pay for later is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from casbin.effect import get_effector
from casbin.model import FunctionMap
from casbin.util import escape_assertion

from oikeus.errors import ModelError
from oikeus.policy.model import _EFFECTS, _FUNCTIONS, Model, load_model, parse_model
from oikeus.terms import Line

from .conftest import MODEL, MakeModel


def test_a_model_knows_its_fields_and_widths(model: Model) -> None:
    """The columns of requests and lines come from the text."""
    assert model.text == MODEL
    assert model.fields["r2"] == ("sub", "by", "to", "kind", "org", "day", "role")
    assert model.fields["p"] == ("sub", "obj", "act", "eft")
    assert model.widths == {"p": 4, "p2": 4, "g": 3, "g2": 2, "g3": 2, "g4": 2}


def test_models_of_the_same_text_are_equal(make_model: MakeModel) -> None:
    """A model compares by its text and what was read of it."""
    assert make_model({}) == make_model({})
    assert make_model({"# small": "# tiny"}) != make_model({})
    assert "BoolOp" not in repr(make_model({}))


def test_columns_may_stand_in_another_order_and_be_more(make_model: MakeModel) -> None:
    """A policy line's value is found by the name of its column."""
    model = make_model({"p = sub, obj, act, eft": "p = eft, act,obj , sub, note2"})
    line = Line("p", ("allow", "read", "hoks", "role:x", "why"))
    assert model.widths["p"] == 5
    assert model.value(line, "sub") == "role:x"
    assert model.value(line, "eft") == "allow"
    assert model.value(line, "note2") == "why"


def test_a_question_may_have_more_fields_than_it_must(make_model: MakeModel) -> None:
    """They are attributes, named in the order in which they stand."""
    fields = "sub, soft, kind, org, day, obj, act, role2"
    model = make_model(
        {
            "r = sub, kind, org, day, obj, act": f"r = {fields}",
            "r.act == p.act\n": 'r.act == p.act && r.role2 != "x"\n',
        }
    )
    assert model.attributes == ("soft", "role2")
    assert ", ".join(model.fields["r"]) == fields
    assert make_model({}).attributes == ()


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        ('p2.status == "active"', {"active"}),
        ('"active" != p2.status', {"active"}),
        ('p2.status in ("a", "b")', {"a", "b"}),
        ('p2.status not in ["a", r2.org]', {"a"}),
        ('!(p2.status == "a" || p2.status == "b")', {"a", "b"}),
        ('p2.status + "x" == "ax"', set()),
        ("p2.status == r2.org", set()),
        ('p2.sub == "a"', set()),
    ],
)
def test_the_words_of_a_column_are_those_that_matchers_compare_it_with(
    make_model: MakeModel, comparison: str, words: set[str]
) -> None:
    """A word in a power's column that no matcher knows can never decide."""
    model = make_model({'p2.status == "active"': comparison})
    assert model.words("p2", "status") == words
    assert model.words("p2", "mode") == {"*"}
    assert model.words("p", "status") == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "r = sub, kind, org, day, obj, act",
            "r = sub, kind, org, obj, act",
            "3: `r` lacks day, expected act, day, kind, obj, org, sub",
            id="missing field",
        ),
        pytest.param(
            "day, role\n",
            "day, role, ip, age\n",
            "4: `r2` asks for age, ip, expected only by, day, kind, org, role, sub, to",
            id="a field that no question about a power has",
        ),
        pytest.param(
            "p = sub, obj, act, eft",
            "p = sub, obj, act",
            "7: `p` lacks eft, expected act, eft, obj, sub",
            id="a rule without effect",
        ),
        pytest.param(
            "p = sub, obj, act, eft",
            "p = sub, obj, act, eft, sub",
            "7: `p` has the field `sub` twice, expected it once",
            id="repeated field",
        ),
        pytest.param(
            "p = sub, obj, act, eft",
            "p = sub, obj, act, eft,",
            "7: `p` has the field ``, expected small letters and digits",
            id="blank field",
        ),
        pytest.param(
            "p = sub, obj, act, eft",
            "p = sub, obj, act, eft, __class__",
            "7: `p` has the field `__class__`, expected small letters and digits",
            id="no name for a field",
        ),
        pytest.param(
            "p2 = sub, role, mode, status",
            "p2 = sub, role, mode, status, eft",
            "8: `p2` cannot have `eft`, because no power is denied",
            id="a power that denies",
        ),
        pytest.param(
            "g = _, _, _",
            "g = _, _",
            "11: `g` cannot be `_, _`, expected `_, _, _`",
            id="grants without domain",
        ),
        pytest.param(
            "g = _, _, _",
            "g = _, _, _, (_, _)",
            "11: `g` cannot be `_, _, _, (_, _)`, expected `_, _, _`",
            id="grants on a condition",
        ),
        pytest.param(
            "g3 = _, _",
            "g3 = _ _",
            "13: `g3` cannot be `_ _`, expected `_, _`",
            id="columns without comma",
        ),
        pytest.param(
            "act\nm2 = g(",
            "act && p.x == r.sub\nm2 = g(",
            "21: `m` has `p.x`, expected `p.act`, `p.eft`, `p.obj`, `p.sub`, `r.act`, "
            "`r.day`, `r.kind`, `r.obj`, `r.org` or `r.sub`",
            id="a matcher that asks for nothing that there is",
        ),
        pytest.param(
            "r2.role == p2.role",
            "r2.role == p.sub",
            "23: `m2` has `p.sub`, expected `p2.mode`, `p2.role`, `p2.status`, "
            "`p2.sub`, `r2.by`, `r2.day`, `r2.kind`, `r2.org`, `r2.role`, `r2.sub` or "
            "`r2.to`",
            id="a matcher that asks the other question's fields",
        ),
    ],
)
def test_a_model_that_cannot_decide_is_refused(
    make_model: MakeModel, old: str, new: str, message: str
) -> None:
    """Each error names file, line and what was expected."""
    with pytest.raises(ModelError) as caught:
        make_model({old: new})
    assert str(caught.value) == f"model.conf:{message}"


@pytest.mark.parametrize(
    "effect",
    [
        "!some(where (p.eft == deny))",
        "priority(p.eft) || deny",
        "subjectPriority(p.eft) || deny",
        "some(where (p.eft == allow)) || true",
        "some(where(p.eft==allow))",
        "some(where (p2.eft == allow))",
        "true",
    ],
)
@pytest.mark.parametrize("key", ["e", "e2"])
def test_nothing_is_allowed_by_default(
    make_model: MakeModel, key: str, effect: str
) -> None:
    """An effect that allows where no line does, or that Casbin cannot, is refused."""
    old = {
        "e": "e = some(where (p.eft == allow)) && !some(where (p.eft == deny))",
        "e2": "e2 = some(where (p.eft == allow))",
    }[key]
    with pytest.raises(ModelError) as caught:
        make_model({old: f"{key} = {effect}"})
    assert str(caught.value) == (
        f"model.conf:{17 if key == 'e' else 18}: `{key}` cannot be `{effect}`, "
        "expected `some(where (p.eft == allow))` or `some(where (p.eft == allow)) && "
        "!some(where (p.eft == deny))`"
    )


def test_casbin_knows_the_effects_and_functions_that_are_taken() -> None:
    """What passes here is what Casbin can evaluate."""
    for effect in _EFFECTS:
        assert get_effector(escape_assertion(effect)) is not None
    known = FunctionMap.load_function_map().get_functions()
    assert set(_FUNCTIONS) <= set(known)


def test_a_model_is_loaded_from_a_file(tmp_path: Path) -> None:
    """Errors name the file as it is called."""
    path = tmp_path / "other.conf"
    path.write_text(MODEL, encoding="utf-8")
    assert load_model(path) == parse_model(MODEL)
    path.write_text("[matchers]\nx", encoding="utf-8")
    with pytest.raises(ModelError, match=r"^other\.conf:2: cannot read `x`"):
        load_model(path)


@pytest.mark.parametrize("content", [None, b"\xff", "folder"])
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes | str | None
) -> None:
    """A missing file, a folder, and text of another encoding have one answer."""
    path = tmp_path / "model.conf"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        load_model(path)
    assert str(caught.value) == f"cannot read `{path}`, expected a model.conf in UTF-8"
    assert caught.value.__cause__ is not None


def test_the_shipped_model_is_taken(repository: Path) -> None:
    """model.conf compares what the columns of powers hold with what they may hold."""
    model = load_model(repository / "model.conf")
    assert model.words("p2", "mode") == {"*"}
    assert model.words("p2", "status") == {"*", "active"}
