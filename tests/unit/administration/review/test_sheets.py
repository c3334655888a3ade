"""A review as a spreadsheet gets it, and as it comes back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest

from oikeus import Grant, Matter, Names, Remark, Review, ReviewedGrant, review_sheet
from oikeus.administration.review.sheets import COLUMNS, Decided, Verb, read_decisions

from .conftest import CLERK, DAY, SOON

HEADER = ",".join(COLUMNS)
ROW = "person:clerk,clerk,1.1,Koulu,2026-01-01,2030-12-31,ends,person:head"

Write = Callable[[str], str]


def sheet(*grants: Grant, name: str = "", text: str = "ends") -> str:
    """The sheet of a review that finds these."""
    remark = Remark(Matter.ENDS, text)
    found = tuple(
        ReviewedGrant(grant, (remark, remark), ("person:a", "person:b"))
        for grant in grants
    )
    names = {"1.1": Names(fi=name)}
    return review_sheet(Review(3, DAY, None, None, 9, found, names))


def read(text: str) -> list[Decided]:
    """The decisions of a sheet without a fault."""
    found, problems = read_decisions("a.csv", text)
    assert problems == []
    return found


def faults(text: str) -> list[str]:
    """What is wrong with a sheet."""
    _, problems = read_decisions("a.csv", text)
    return [str(problem) for problem in problems]


def test_sheet_has_a_row_for_each_grant_and_no_decision() -> None:
    """Its columns are what `--apply` reads and what people need to decide."""
    assert sheet(CLERK, name="Koulu") == (
        f"{HEADER}\n"
        "person:clerk,clerk,1.1,Koulu,2026-01-01,2030-12-31,ends; ends,"
        "person:a person:b,,\n"
    )
    assert read(sheet(CLERK)) == []


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "x;=1+1", "x,-2", "a\n=b", "a\t@b", "'=1", "''+", "a'b"],
)
def test_cell_is_no_formula_to_a_spreadsheet(text: str) -> None:
    """Whatever it takes to stand between cells; and what is read is what was meant."""
    grant = replace(CLERK, subject=text, organisation="1.1")
    written = sheet(grant, name=text, text=text)
    for delimiter in ",;\t":
        for row in csv.reader(StringIO(written), delimiter=delimiter):
            for cell in row:
                assert cell[:1] not in {"=", "+", "-", "@"}
    (header, row) = csv.reader(StringIO(written))
    row[header.index("decision")] = "keep"
    back = StringIO()
    csv.writer(back).writerows([header, row])
    assert [each.grant for each in read(back.getvalue())] == [grant]


@pytest.mark.parametrize(
    "rewritten",
    [
        pytest.param(lambda text: text, id="as it was"),
        pytest.param(lambda text: f"\ufeff{text}", id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace(",", ";"), id="semicolons"),
        pytest.param(lambda text: text.replace(",", "\t"), id="tabs"),
        pytest.param(
            lambda text: "\n".join(
                ",".join(f'"{cell}"' for cell in row.split(","))
                for row in text.splitlines()
            ),
            id="quotes",
        ),
        pytest.param(
            lambda text: text.replace("2026-01-01", "1.1.2026").replace(
                "2030-12-31", "31.12.2030"
            ),
            id="local days",
        ),
        pytest.param(lambda text: text.replace("subject", " Subject "), id="header"),
        pytest.param(lambda text: f"\n\n{text}\n,,,\n", id="blank rows"),
        pytest.param(lambda text: text.replace("Revoke", " REVOKE "), id="letters"),
        pytest.param(lambda text: text.replace(",clerk", ",role:clerk"), id="role"),
    ],
)
def test_what_spreadsheets_write_is_read(rewritten: Write) -> None:
    """Whatever they made of it."""
    text = rewritten(f"{HEADER}\n{ROW},Revoke,left us\n{ROW.replace('clerk', 'b')}\n")
    (only,) = read(text)
    assert (only.grant, only.verb, only.reason) == (CLERK, Verb.REVOKE, "left us")


def test_columns_may_stand_otherwise_and_others_beside_them() -> None:
    """The names tell, and a reason need not be there."""
    text = (
        "decision,mine,until,from,organisation,role,subject\n"
        "keep,x,2030-12-31,2026-01-01,1.1,clerk,person:clerk\n"
    )
    assert read(text) == [Decided(CLERK, Verb.KEEP, "", "a.csv", 2)]


def test_line_of_a_row_is_where_it_begins() -> None:
    """Cells may hold more than one line."""
    many = ROW.replace("Koulu", '"Kou\nlu"')
    text = f"{HEADER}\n{many},keep,\n{ROW.replace('1.1', '1.2')},keep,\n"
    assert [each.line for each in read(text)] == [2, 4]


def test_everything_that_cannot_be_read_is_told() -> None:
    """With the line; rows without a decision may say anything."""
    text = "\n".join(
        [
            HEADER,
            f"{ROW},revke,",
            f"{ROW.replace('2030-12-31', '12/31/2030')},keep,",
            f"{ROW.replace('2030-12-31', '2025-12-31')},renew,",
            f"{ROW.replace('2030-12-31', 'nonsense')},,",
            f"{ROW},keep,",
            f"{ROW},revoke,",
        ]
    )
    assert faults(text) == [
        (
            "a.csv:2: unknown decision `revke`, expected keep, renew or revoke "
            "(did you mean `revoke`?)"
        ),
        "a.csv:3: `12/31/2030` is no day, expected the form 2026-03-01",
        (
            "a.csv:4: `2026-01-01..2025-12-31` ends before it begins, expected the "
            "first day first"
        ),
        "a.csv:7: repeats line 6, expected it once",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", f"a.csv: is empty, expected the header {', '.join(COLUMNS)}"),
        ("\n\n", f"a.csv: is empty, expected the header {', '.join(COLUMNS)}"),
        (
            "subject,role\n",
            (
                "a.csv:1: has no column organisation, from, until or decision, "
                f"expected {', '.join(COLUMNS)}"
            ),
        ),
        (f'{HEADER}\n"a"b,c\n', "a.csv: ',' expected after '\"'"),
    ],
)
def test_file_that_is_no_sheet_is_refused(text: str, fault: str) -> None:
    """And nothing of it is taken."""
    assert faults(text) == [fault]
    assert date(2026, 1, 1) == SOON.first
