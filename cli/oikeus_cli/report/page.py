"""The page: the view of a report, written as HTML that needs nothing else.

No script runs on it and it loads nothing, which its Content-Security-Policy states
too. Whatever it shows is escaped, and what would be obeyed unseen (a character that
turns the direction of text, for example) is shown as its code.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..output import harmless
from .values import Report
from .view import View, report_view
from .wording import Language, Words, compared

MOST = {"subjects": 100, "places": 50, "held": 10, "branches": 2000, "rows": 500}
"""Where lists are cut: subjects of a group, places of it and of one subject, rows of
the tree, lines. What is left out is counted exactly, and stands in the JSON."""


def render(report: Report, language: Language = "en") -> str:
    """Write a report as one HTML file.

    Args:
        report: what is to be shown.
        language: of labels and names; the text between them is English.
    """
    view = report_view(report)
    return written(
        "page.html.j2",
        view=view,
        words=Words(report, language),
        most=MOST,
        count=lambda *parts: _count(view, parts),
        access=_groups(view, "access", ("action", "resource")),
        powers=_groups(view, "powers", ("role",)),
        tree=_tree(view["tree"]),
        matrix=_rows(view["matrix"]),
        compared=compared,
    )


def written(template: str, **values: object) -> str:
    """Write a page of the look that all have, with the policy that keeps it inert."""
    style = _style()
    return (
        _environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 # our own file
            style_digest=b64encode(sha256(style.encode()).digest()).decode(),
            **values,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("oikeus_cli.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _shown(value: object) -> object:
    """What an expression of the template gives, with nothing in it that is unseen."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return harmless(value)
    return value


def _count(view: View, parts: Iterable[str | int | tuple[str | int, ...]]) -> Markup:
    """A number, with the JSON Pointer (RFC 6901) to where the JSON report has it."""
    path = [step for each in parts for step in _steps(each)]
    value: Any = view
    for step in path:
        value = value[step]
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    pointer = "".join(f"/{step}" for step in steps)
    element = Markup('<data value="{}" data-json="{}">{:,}</data>')
    return element.format(value, pointer, value)


def _steps(part: str | int | tuple[str | int, ...]) -> tuple[str | int, ...]:
    return part if isinstance(part, tuple) else (part,)


def _groups(view: View, name: str, same: Sequence[str]) -> list[dict[str, Any]]:
    """The groups of the summary, each with those whom it concerns."""
    members: dict[tuple[str, ...], list[View]] = {}
    for change in view[name]:
        key = tuple(change[word] for word in ("sign", *same))
        members.setdefault(key, []).append(change)
    return [
        {
            "path": ("summary", name, index),
            "group": group,
            "members": members[tuple(group[word] for word in ("sign", *same))],
        }
        for index, group in enumerate(view["summary"][name])
    ]


def _tree(listed: Sequence[View]) -> list[dict[str, Any]]:
    """The tree in parts: what is at the top, and each branch directly below it.

    Where it is cut, what is nearest to the top is kept.
    """
    nearest = sorted(range(len(listed)), key=lambda place: listed[place]["depth"])
    kept = {*nearest[: MOST["branches"]]}
    parts: list[dict[str, Any]] = []
    for place, branch in enumerate(listed):
        if branch["depth"] <= 1:
            parts.append({"head": place, "rows": [], "rest": 0})
        part = parts[-1]
        if place in kept:
            part["rows"].append(place)
        else:
            part["rest"] += 1
    return parts


def _rows(matrix: View) -> Iterable[tuple[str, list[View]]]:
    """The cells of each role."""
    width = len(matrix["deeds"])
    for index, role in enumerate(matrix["roles"]):
        yield role, matrix["cells"][index * width : (index + 1) * width]
