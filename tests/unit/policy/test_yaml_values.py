"""YAML text, with the lines of its values and everything that is wrong in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.policy.yaml_values import MAX_DEPTH, MAX_LENGTH, read_values


def problems(text: str) -> list[str]:
    """What is wrong with a text, in words."""
    return [str(problem) for problem in read_values(text, "a.yaml").problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("no", "no"),
        ("on", "on"),
        ("2026-03-01", "2026-03-01"),
        ("1:30", "1:30"),
        ("0x1f", "0x1f"),
        ("1.2.246.562", "1.2.246.562"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        (".5e3", 500.0),
        ("9" * 5000, float("inf")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ('"12"', "12"),
        ("'null'", "null"),
        ("|\n  a\n  b", "a\nb\n"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(written: str, value: object) -> None:
    """Words such as `no` and days are text; only plain scalars are ever more."""
    found = read_values(f"key: {written}\n", "a.yaml")
    assert (found.value, found.problems) == ({"key": value}, [])


def test_lists_and_mappings_nest() -> None:
    """Block and flow forms give the same values."""
    found = read_values("a: [1, {b: c}]\nd:\n  - - x\n", "a.yaml")
    assert found.value == {"a": [1, {"b": "c"}], "d": [["x"]]}


def test_every_value_has_its_line() -> None:
    """An entry of a mapping stands where its key does."""
    found = read_values("# note\na:\n  - x\n  - b:\n      c\n\nd: [1,\n  2]\n", "f")
    assert found.lines == {
        (): 2,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 1): 4,
        ("a", 1, "b"): 4,
        ("d",): 7,
        ("d", 0): 7,
        ("d", 1): 8,
    }


def test_an_empty_text_holds_nothing() -> None:
    """Comments alone are no value, and no problem of reading."""
    found = read_values("# nothing\n", "a.yaml")
    assert (found.value, found.lines, found.problems) == (None, {(): 1}, [])


def test_a_byte_order_mark_is_passed_over() -> None:
    """Some editors write one."""
    assert read_values("\ufeffa: b\n", "a.yaml").value == {"a": "b"}


def test_keys_are_text_however_they_look() -> None:
    """A key that looks like a number, a day or nothing is text all the same."""
    found = read_values("1: a\n2026-01-01: b\nnull: c\n", "a.yaml")
    assert found.value == {"1": "a", "2026-01-01": "b", "null": "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: 1\nb: 2\na: 3\n",
            "a.yaml:3: repeats the key `a` of line 1, expected it once",
        ),
        ("a: &x 1\nb: *x\n", "a.yaml:2: uses the alias `*x`, expected it in full"),
        ("*x : 1\n", "a.yaml:1: uses the alias `*x`, expected it in full"),
        (
            "a: !!python/object:os.system x\n",
            (
                "a.yaml:1: uses the tag `tag:yaml.org,2002:python/object:os.system`, "
                "expected plain values"
            ),
        ),
        ("! a: b\n", "a.yaml:1: uses the tag `!`, expected plain values"),
        (
            "a: !!map {}\n",
            "a.yaml:1: uses the tag `tag:yaml.org,2002:map`, expected plain values",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "a.yaml:2: begins a second document, expected one a file",
        ),
        ("? [a]\n: b\n", "a.yaml:1: has a collection for a key, expected text"),
        ('"": b\n', "a.yaml:1: has a blank key, expected text"),
        (
            "a: b: c\n",
            "a.yaml:1: cannot be read as YAML, mapping values are not allowed here",
        ),
        ("a: \x00\n", "a.yaml:1: holds the character `\\x00`, which YAML cannot"),
        (
            "a: b\nc: \ud800\n",
            "a.yaml:2: holds the character `\\ud800`, which YAML cannot",
        ),
        (
            'a: b\nc: "\\UFFFFFFFF"\n',
            "a.yaml:2: cannot be read as YAML, an escape is no character",
        ),
        (
            'c: "\\U00110000"\n',
            "a.yaml:1: cannot be read as YAML, an escape is no character",
        ),
    ],
)
def test_what_is_refused(text: str, expected: str) -> None:
    """Each refusal names the line and what was expected."""
    assert problems(text) == [expected]


def test_all_that_can_be_read_past_is_reported_in_one_go() -> None:
    """A repeated key, an alias and a tag do not hide each other."""
    found = problems("a: &x 1\na: *x\nb: !!str c\n*x : d\n")
    assert [problem.split(": ")[0] for problem in found] == [
        "a.yaml:2",
        "a.yaml:2",
        "a.yaml:3",
        "a.yaml:4",
    ]


def test_where_reading_stops_is_known() -> None:
    """Half a document must not be judged as if it were whole."""
    assert not read_values("a: [1\n", "a.yaml").whole
    assert read_values("a: *x\n", "a.yaml").whole


def test_an_alias_leaves_its_place_unreadable() -> None:
    """Nothing further is said about a place whose value is refused."""
    assert read_values("a: [1, *x]\n", "a.yaml").unreadable == {("a", 1)}


def test_aliases_cannot_multiply() -> None:
    """A few lines that would stand for billions of values are read as they stand."""
    rows = [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 9)]
    found = read_values("\n".join(["k0: &k0 x", *rows]), "a.yaml")
    assert len(found.problems) == 8 * 9


@pytest.mark.parametrize("nesting", ["[", "{a: ", "- "])
def test_depth_is_bounded(nesting: str) -> None:
    """Nesting without end is refused and exhausts nothing."""
    assert problems(nesting * 100_000) == [
        f"a.yaml:1: is nested too deep, expected at most {MAX_DEPTH} levels"
    ]


def test_length_is_bounded() -> None:
    """A file of megabytes is no policy."""
    assert problems("#" * (MAX_LENGTH + 1)) == [
        "a.yaml: is too long, expected at most 1,000,000 characters"
    ]


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`?,~ \n\t\\U0\x85\ud800", max_size=40))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    """Whatever the text, there is a value or a problem, and every line is one of it."""
    found = read_values(text, "a.yaml")
    last = len(text.splitlines()) + 1
    assert found.whole or found.problems
    assert all(0 <= problem.line <= last for problem in found.problems)
