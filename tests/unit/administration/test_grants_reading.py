"""Reading files of grants: every form that programs write, and everything wrong."""

import pytest

from oikeus import Problem
from oikeus.administration.grant_rows import GrantRow, read_rows

HEADER = "subject,role,organisation,from,until"
DAYS = "2026-01-01,2026-12-31"


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\nperson:a,clerk,1.1,{DAYS}\n",
        f"{HEADER}\r\nperson:a,clerk,1.1,{DAYS}\r\n",
        f"{HEADER}\nperson:a,clerk,1.1,{DAYS}",
        f"{HEADER}\n\n  \nperson:a,clerk,1.1,{DAYS}\n\n",
    ],
    ids=["byte order mark", "Windows", "no last line end", "blank lines"],
)
def test_forms_that_programs_write_are_read(text: str) -> None:
    """What spreadsheets and editors do to a file does not matter."""
    rows, problems = read_rows([("a.csv", text)])
    assert problems == []
    (row,) = rows
    assert str(row.grant.line) == "g, person:a, role:clerk, 1.1@2026-01-01..2026-12-31"


READING = [
    ("person:a,clerk,1.1", "has 3 of the values {header}"),
    (f"person:a,clerk,1.1,{DAYS},", "has 6 of the values {header}"),
    (f",clerk,1.1,{DAYS}", "subject `` is blank, expected a value"),
    (
        f" person:a,clerk,1.1,{DAYS}",
        "subject ` person:a` has a leading or trailing blank, expected none",
    ),
    (
        f'"person:a",clerk,1.1,{DAYS}',
        'subject `"person:a"` holds ", which ids cannot',
    ),
    (f"person:a,,1.1,{DAYS}", "role `` is blank, expected a value"),
    (
        f"person:a,clerk,1.1@x,{DAYS}",
        "organisation `1.1@x` holds @, which ids cannot",
    ),
    (f"person:a,clerk,1..1,{DAYS}", "organisation `1..1` holds .., which ids cannot"),
    (
        f"person:\x1b[31m,clerk,1.1,{DAYS}",
        (
            "subject `person:\\x1b[31m` holds a control or invisible character, "
            "expected plain text"
        ),
    ),
    (
        "person:a,clerk,1.1,2026-1-1,2026-12-31",
        "from `2026-1-1` is no day, expected the form 2026-03-01",
    ),
    (
        "person:a,clerk,1.1,2026-01-01,2026-02-30",
        "until `2026-02-30` is no day of the calendar, expected one that there is",
    ),
    (
        "person:a,clerk,1.1,\x07,2026-02-01",
        "from `\\x07` is no day, expected the form 2026-03-01",
    ),
    (
        "person:a,clerk,1.1,2026-02-01,2026-01-31",
        "ends on 2026-01-31, before it begins on 2026-02-01",
    ),
]


@pytest.mark.parametrize(("row", "text"), READING)
def test_row_that_cannot_be_read_is_refused_with_its_place(row: str, text: str) -> None:
    """File and line, what is wrong, and what was expected."""
    names = HEADER.replace(",", ", ")
    rows, problems = read_rows([("a.csv", f"{HEADER}\n\n{row}\n")])
    assert rows == []
    assert problems == [Problem("a.csv", 3, text.format(header=names))]


def test_every_value_of_a_row_is_judged() -> None:
    """One row can be wrong in five places."""
    rows, problems = read_rows([("a.csv", f"{HEADER}\n,a\tb,1@1,1,2\n")])
    assert rows == []
    assert [problem.text for problem in problems] == [
        "subject `` is blank, expected a value",
        "role `a\\tb` holds a control or invisible character, expected plain text",
        "organisation `1@1` holds @, which ids cannot",
        "from `1` is no day, expected the form 2026-03-01",
        "until `2` is no day, expected the form 2026-03-01",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "",
        "subject;role;organisation;from;until",
        f"person:a,clerk,1.1,{DAYS}",
        "role,subject,organisation,from,until\nclerk,person:a,1.1,1,2\n",
    ],
    ids=["empty", "semicolons", "none", "another order"],
)
def test_header_is_needed(first: str) -> None:
    """Without it nobody can tell whether the columns are those that are meant.

    It is one problem, and not one for each row that is read in the wrong columns.
    """
    rows, problems = read_rows([("a.csv", first)])
    assert rows == []
    assert problems == [Problem("a.csv", 1, f"expected the header `{HEADER}`")]


def test_days_at_both_ends_are_inclusive() -> None:
    """A grant can last a single day (ruling H)."""
    rows, problems = read_rows(
        [("a.csv", f"{HEADER}\nperson:a,clerk,1.1,2026-01-01,2026-01-01")]
    )
    assert problems == []
    assert [type(row) for row in rows] == [GrantRow]
    assert str(rows[0].grant.span) == "2026-01-01..2026-01-01"


MANY = 2_500


def test_long_file_is_read_as_a_short_one() -> None:
    """What came before is known, and what is new or wrong is found wherever it is."""
    lines = [f"person:{n},clerk,1.{n % 7},{DAYS}" for n in range(MANY)]
    lines[1_200] = f"person:a..b,clerk,1.1,{DAYS}"
    lines[1_300] = ""
    lines[1_400] = f"person:ä,role:clerk,1.1,{DAYS}"
    lines[2_100] = "person:a,clerk,1.1,2026-12-31,2026-01-01"
    lines[2_200] = "person:a,clerk,1.1"
    rows, problems = read_rows([("a.csv", "\n".join((HEADER, *lines)))])
    assert [(problem.line, problem.text) for problem in problems] == [
        (1_202, "subject `person:a..b` holds .., which ids cannot"),
        (2_102, "ends on 2026-01-01, before it begins on 2026-12-31"),
        (2_202, f"has 3 of the values {HEADER.replace(',', ', ')}"),
    ]
    by_line = {row.line: row.grant for row in rows}
    assert len(by_line) == len(rows) == MANY - 4
    assert by_line[1_402].subject == "person:ä"
    assert by_line[MANY + 1].subject == f"person:{MANY - 1}"
    assert {grant.role for grant in by_line.values()} == {"role:clerk"}


def test_value_that_is_right_in_one_column_is_judged_in_the_others() -> None:
    """A word is known where it stood, and nowhere else."""
    text = f"{HEADER}\nperson:a,clerk,1.1,{DAYS}\nperson:a,clerk,1.1,clerk,1.1\n"
    _, problems = read_rows([("a.csv", text)])
    assert [problem.text for problem in problems] == [
        "from `clerk` is no day, expected the form 2026-03-01",
        "until `1.1` is no day, expected the form 2026-03-01",
    ]
