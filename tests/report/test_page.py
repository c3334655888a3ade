"""The page: right by the JSON, inert, whole, and the same as it was reviewed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from oikeus import (
    Grant,
    Kept,
    Line,
    Names,
    Snapshot,
    broken_invariants,
    load_model,
    load_policies,
)
from oikeus_cli.report import page, render, report_view

from ..conftest import ROOT, GoldenCheck
from .conftest import AFTER, BEFORE, DAY, Compare

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "report" / "expected.html"
VOID = {"meta", "br"}
MODEL_TEXT = (Path(__file__).resolve().parents[2] / "model.conf").read_text("utf-8")


class Walk(HTMLParser):
    """Reads a page: its elements, its numbers, and whether its tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[dict[str, str | None], str]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an element."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold it against the one that is open."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Take in a text."""
        self.text.append(data)
        if self._open and self._open[-1] == "data":
            self.numbers.append((self.elements[-1][1], data))

    def having(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a sort."""
        return [attributes for name, attributes in self.elements if name == tag]


def pointed(view: Any, pointer: str) -> Any:  # noqa: ANN401 # whatever JSON holds
    """What a JSON Pointer points to."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        view = view[int(name) if isinstance(view, list) else name]
    return view


def assert_numbers_are(text: str, view: Any) -> int:  # noqa: ANN401 # as above
    """Hold every number that a page shows against the JSON; say how many they are."""
    numbers = Walk(text).numbers
    read = json.loads(json.dumps(view))
    for attributes, shown in numbers:
        assert shown == f"{int(attributes['value'] or ''):,}"
        if pointer := attributes.get("data-json"):
            assert pointed(read, pointer) == int(attributes["value"] or ""), pointer
    return len(numbers)


def test_page_is_as_it_was_reviewed(compare: Compare, golden: GoldenCheck) -> None:
    """The whole page of a small comparison is what an auditor gets to read."""
    text = render(compare())
    for apart in (r"(?<=<style>).+(?=</style>)", r"(?<='sha256-)[^']+"):
        text = re.sub(apart, "…", text, flags=re.DOTALL)
    golden(GOLDEN, text)


def test_numbers_are_those_of_the_json(compare: Compare) -> None:
    """Whatever is counted on the page stands in the JSON, where the page says."""
    report = compare()
    assert assert_numbers_are(render(report), report_view(report)) > 40


def test_every_count_of_the_summary_is_on_the_page(compare: Compare) -> None:
    """No group and no closing count is left out."""
    report = compare()
    view = report_view(report)
    shown = {found.get("data-json") for found, _ in Walk(render(report)).numbers}
    for name in ("access", "powers"):
        for index, group in enumerate(view["summary"][name]):
            for kind in group["kinds"]:
                assert f"/summary/{name}/{index}/kinds/{kind}" in shown
    counts = view["counts"]
    for name, value in counts.items():
        each = [f"/{key}" for key in value] if isinstance(value, dict) else [""]
        assert {f"/counts/{name}{key}" for key in each} <= shown


def test_tags_are_balanced_and_ids_unique(compare: Compare) -> None:
    """A page is well-formed, and what points to an id finds it."""
    walk = Walk(render(compare(texts=("", MODEL_TEXT))))
    ids = [found["id"] for _, found in walk.elements if "id" in found]
    assert len(ids) == len(set(ids)) > 5
    named = {found["aria-labelledby"] for found in walk.having("section")}
    assert named == set(ids) == {(at["href"] or "")[1:] for at in walk.having("a")}


def test_headings_go_down_by_one(compare: Compare) -> None:
    """Who is read to can tell the parts from their headings."""
    tags = [tag for tag, _ in Walk(render(compare())).elements]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_page_loads_and_runs_nothing(compare: Compare) -> None:
    """It is whole by itself: no script, no address, and a policy that says so."""
    text = render(compare())
    walk = Walk(text)
    assert "://" not in text
    tags = {tag for tag, _ in walk.elements}
    assert tags.isdisjoint(
        {"script", "link", "img", "iframe", "object", "form", "base"}
    )
    names = {name for _, found in walk.elements for name in found}
    assert names.isdisjoint({"src", "style", "srcset", "action"})
    assert not any(name.startswith("on") for name in names)
    assert all((at["href"] or "").startswith("#") for at in walk.having("a"))
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = [
        found["content"] or ""
        for found in walk.having("meta")
        if found.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><!--{{ 7*7 }}]]>"


def test_hostile_texts_stay_texts(compare: Compare) -> None:
    """An id, a name, a comment, a message or a label can be anything, and is shown."""
    rule = f"p, role:clerk, file{HOSTILE}, read{HOSTILE}, allow\n"
    grant = f"g, person:{HOSTILE}, role:clerk, north\n"
    names = {"north": Names(en=HOSTILE), "south": Names(en="</title></style>")}
    report = compare(after=f"{AFTER}{rule}{grant}", names=names, message=HOSTILE)
    text = render(report)
    walk = Walk(text)
    assert {tag for tag, _ in walk.elements}.isdisjoint({"script", "img"})
    assert "<!--" not in text
    assert "".join(walk.text).count(HOSTILE) > 5
    tags = {tag for tag, _ in walk.elements}
    assert tags == {tag for tag, _ in Walk(render(compare())).elements}
    assert assert_numbers_are(text, report_view(report)) > 40


@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200B, 0x1B, 0x00, 0x2028])
def test_what_is_obeyed_unseen_is_shown_as_its_code(
    compare: Compare, code: int
) -> None:
    """A character that turns text round, for example, could show another name."""
    text = render(compare(message=f"a{chr(code)}b", names={"north": Names(chr(code))}))
    assert chr(code) not in text
    assert f"a{ascii(chr(code))[1:-1]}b" in text


def test_nothing_differs(compare: Compare) -> None:
    """A page without a difference says so in every part."""
    text = render(compare(after=BEFORE))
    assert "Nobody gains or loses anything." in text
    assert "No definition of the model changed." in text
    assert text.count('<p class="none">None.</p>') == 11
    assert "<details" not in text
    assert "data-changed" not in text


def test_long_lists_are_cut_and_the_rest_is_counted(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left out is counted exactly, with where the JSON has it."""
    most = {"subjects": 3, "places": 2, "held": 1, "branches": 2, "rows": 4}
    monkeypatch.setattr(page, "MOST", most)
    grants = "".join(f"g, person:a{each}, role:clerk, north\n" for each in range(20))
    report = compare(after=f"{AFTER}{grants}")
    view = report_view(report)
    rests = {
        (found["data-rest"], shown)
        for found, shown in Walk(render(report)).numbers
        if "data-rest" in found
    }
    reading = [
        each
        for each in view["access"]
        if (each["sign"], each["action"]) == ("+", "read")
    ]
    assert len(reading) == 21
    assert ("/access", "18") in rests
    added = len(view["lines"]["added"])
    assert ("/lines/added", str(added - 4)) in rests
    # the top and the first branch below it are shown
    in_tree = sum(int(shown) for where, shown in rests if where == "/tree")
    assert in_tree == len(view["tree"]) - 2


def test_changed_cells_have_a_symbol(compare: Compare) -> None:
    """What a cell says does not depend on seeing its colour."""
    report = compare()
    text = render(report)
    walk = Walk(text)
    marks = [
        found["data-changed"] for found in walk.having("td") if "data-changed" in found
    ]
    assert sorted(marks, key=str) == ["+", "-"]
    assert "<strong>+</strong> <del>" in text
    assert "<strong>\N{MINUS SIGN}</strong> <del>allow</del>" in text


def test_names_are_in_the_language_asked_for(compare: Compare) -> None:
    """Where an organisation has no name in it, another one stands."""
    report = compare()
    assert "Norr" in render(report, "sv")
    assert "Etelä" in render(report, "sv")
    assert "Norr" not in render(report, "en")


def test_table_headings_say_what_they_head(compare: Compare) -> None:
    """Every heading cell has a scope."""
    cells = Walk(render(compare())).having("th")
    assert cells
    assert all(cell.get("scope") in {"row", "col"} for cell in cells)


def test_definitions_show_what_changed_in_them(compare: Compare) -> None:
    """A long matcher is not to be compared by eye."""
    before = MODEL_TEXT.replace(" && r2.sub != r2.to", "")
    text = render(compare(texts=(before, MODEL_TEXT)))
    assert '<ins class="gain">&amp;&amp; r2.sub != r2.to </ins>' in text


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, by WCAG 2."""

    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(first), light(second)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_text_stands_out_from_its_paper(compare: Compare) -> None:
    """In light, in dark and on paper, contrast is 4.5 to 1 at least."""
    blocks = re.findall(r":root \{(.+?)\}", render(compare()), re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block))
        for paper in ("paper", "shade"):
            assert contrast(colours["ink"], colours[paper]) >= 4.5
            assert contrast(colours["quiet"], colours[paper]) >= 4.5
            assert contrast(colours["focus"], colours[paper]) >= 4.5
        for name in ("gain", "loss", "change"):
            assert contrast(colours[name], colours[f"{name}-paper"]) >= 4.5


def test_invariants_that_are_broken(compare: Compare) -> None:
    """Each with its rules, its reason and the acts that lead there, all escaped."""
    model = load_model(ROOT / "model.conf")
    policies = load_policies(ROOT / "policies", model)
    more = Line("g3", ("role:palvelukayttaja", "person"))
    snapshot = Snapshot.build(
        model, [*policies.lines, more], catalogue=policies.catalogue
    )
    first = [Grant.parse(line) for line in policies.lines if line.ptype == "g"]
    (said,) = [
        replace(each, why="<never>")
        for each in policies.invariants
        if str(each.statement) == "never {holder: person, role: palvelukayttaja}"
    ]
    broken, world = broken_invariants(snapshot, [said], DAY, first)
    kept = Kept((said,), broken, frozenset({said}), world)
    text = render(compare(BEFORE, AFTER, kept=kept))
    read = " ".join("".join(Walk(text).text).split())
    assert "never {holder: person, role: palvelukayttaja}" in read
    assert "R10: <never> It did not hold before either." in read
    assert "grants `palvelukayttaja` at" in read
    kept = Kept((said,), (), frozenset(), world, "the matcher `m2` is <odd>")
    read = "".join(Walk(render(compare(BEFORE, AFTER, kept=kept))).text)
    assert "They cannot be judged: the matcher `m2` is <odd>" in read
    kept = Kept((said,), (), frozenset(), world)
    read = "".join(Walk(render(compare(BEFORE, AFTER, kept=kept))).text)
    assert "None is broken." in read
