"""A model.conf is split as Casbin splits it, and refused where people would not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from casbin.model import Model as CasbinModel

from oikeus.errors import ModelError
from oikeus.policy.definitions import OPTIONAL, SECTIONS, Definition, read_definitions
from oikeus.terms import Source

from .conftest import MODEL, model_text

HASH = "has a `#` in it, expected comments on their own lines"


def refusal(text: str) -> str:
    """What is said of a text that is refused."""
    with pytest.raises(ModelError) as caught:
        read_definitions(text, "m.conf")
    return str(caught.value)


def test_every_definition_is_read_with_its_place() -> None:
    """A definition knows its file and the line on which it ends."""
    found = read_definitions(MODEL, "m.conf")
    every = {key for keys in SECTIONS.values() for key in keys}
    assert {*found} == every - OPTIONAL
    assert found["g2"] == Definition("g2", "_, _", Source("m.conf", 12))
    assert found["m2"].value == (
        'g(r2.sub, p2.sub, r2.org + "@" + r2.day) && r2.role == p2.role '
        '&& (p2.mode == "*" || g2(r2.org, p2.mode)) && p2.status == "active"'
    )
    assert found["m2"].place == Source("m.conf", 23)


def crlf(text: str) -> str:
    """The text as Windows writes it."""
    return text.replace("\n", "\r\n")


def indented(text: str) -> str:
    """The text with blanks and tabs around every line."""
    return "".join(f"\t {line} \t\n" for line in text.splitlines())


def commented(text: str) -> str:
    """The text with both kinds of comment before every section."""
    return text.replace("[", "; why\n# and why\n[")


def tight(text: str) -> str:
    """The text without blanks around the first equals sign of a line."""
    return "\n".join(line.replace(" = ", "=", 1) for line in text.splitlines())


@pytest.mark.parametrize("lay_out", [crlf, indented, commented, tight, str.rstrip])
def test_casbin_reads_the_same_definitions(lay_out: Callable[[str], str]) -> None:
    """Whatever the layout, Casbin gets to see what was checked here."""
    text = lay_out(MODEL)
    casbin = CasbinModel()
    casbin.load_model_from_text(text)
    ours = read_definitions(text, "m.conf")
    for section in casbin.model.values():
        for key, assertion in section.items():
            seen = ours[key].value
            for suffix in ("2", ""):
                seen = seen.replace(f"p{suffix}.", f"p{suffix}_")
                seen = seen.replace(f"r{suffix}.", f"r{suffix}_")
            assert assertion.value == seen
    assert {key for section in casbin.model.values() for key in section} == set(ours)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "[matchers]",
            "[matcher]",
            "m.conf:20: unknown section `[matcher]`, expected [request_definition], "
            "[policy_definition], [role_definition], [policy_effect] or [matchers]",
            id="unknown section",
        ),
        pytest.param(
            "[matchers]\n",
            "",
            "m.conf:20: `m` is unknown in [policy_effect], expected `e` or `e2`",
            id="section's name left out",
        ),
        pytest.param(
            "[request_definition]\n",
            "",
            "m.conf:2: `r = sub, kind, org, day, obj, act` stands in no section, "
            "expected [matchers] …",
            id="no section at all",
        ),
        pytest.param(
            "g4 = _, _\n",
            "",
            "m.conf: no `g4`, expected `g4 = …` below [role_definition]",
            id="missing definition",
        ),
        pytest.param(
            "g4 = _, _\n",
            "g4 =\n",
            "m.conf:14: `g4` is empty, expected text after `=`",
            id="empty definition",
        ),
        pytest.param(
            "g4 = _, _\n",
            "g4 = _, _\ng2 = _, _, _\n",
            "m.conf:15: `g2` is defined twice, expected it once",
            id="repeated definition",
        ),
        pytest.param(
            "g4 = _, _\n",
            "g4 = _, _\ng5 = _, _\n",
            "m.conf:15: `g5` is unknown in [role_definition], "
            "expected `g`, `g2`, `g3` or `g4`",
            id="definition that nothing uses",
        ),
        pytest.param(
            "g4 = _, _\n",
            "g4 = _, _\nG4 = _, _\n",
            "m.conf:15: cannot read `G4 = _, _`, expected `NAME = …`",
            id="no name",
        ),
        pytest.param(
            "g4 = _, _\n",
            "g4 _, _\n",
            "m.conf:14: cannot read `g4 _, _`, expected `NAME = …`",
            id="no equals sign",
        ),
        pytest.param(
            "g4 = _, _\n", "g4 = _, _ # x\n", f"m.conf:14: `g4` {HASH}", id="comment"
        ),
        pytest.param(
            "g4 = _, _\n",
            "g4 = _, \\ _\n",
            "m.conf:14: `g4` has a `\\` in it, expected it at ends of lines only",
            id="continuation within a line",
        ),
        pytest.param(
            "role == p2.role \\\n",
            "role == p2.role \\ \n\n",
            "m.conf:23: expected the rest of a line that ended in `\\`",
            id="continued by a blank line",
        ),
        pytest.param(
            "role == p2.role \\\n",
            "role == p2.role \\\n# why\n",
            "m.conf:23: expected the rest of a line that ended in `\\`",
            id="continued by a comment",
        ),
        pytest.param(
            "\n\n[policy_effect]",
            " \\\n[policy_effect]",
            "m.conf:15: expected the rest of a line that ended in `\\`",
            id="continued by a section",
        ),
        pytest.param(
            '"active"\n',
            '"active" \\\n',
            "m.conf:24: expected the rest of a line that ended in `\\`",
            id="continued by the end",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(old: str, new: str, message: str) -> None:
    """What Casbin would skip, join or overwrite silently is refused with its line."""
    assert refusal(model_text({old: new})) == message


def test_a_last_line_that_goes_on_is_refused() -> None:
    """A file that ends in the middle of a definition is refused."""
    assert refusal(MODEL.rstrip() + " \\") == (
        "m.conf:23: ends in `\\`, expected the rest of the line"
    )


@pytest.mark.parametrize("sign", list("\x00\x0b\x0c\x1c\x85\u200b\u2028\ufeff\r"))
def test_a_character_that_cannot_be_seen_is_refused(sign: str) -> None:
    """No line may look like two, or like a comment, to one reader and not another."""
    hidden = MODEL.replace("# small", f"# small{sign}e = some(where (true))")
    assert refusal(hidden) == (
        "m.conf:1: holds a control or invisible character, expected plain text"
    )


def test_an_empty_text_is_refused() -> None:
    """A model.conf that says nothing decides nothing."""
    assert refusal("") == (
        "m.conf: no `r`, expected `r = …` below [request_definition]"
    )
